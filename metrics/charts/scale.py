"""The ranges measures live on, and round steps on them."""

from dataclasses import dataclass
from math import floor, log10


@dataclass(frozen=True)
class Scale:
    """From `low` to `high`; `is_signed` figures carry their plus, `unit` follows them."""

    low: float
    high: float
    is_signed: bool = False
    decimals: int = 0
    unit: str = ""

    def words(self, value: float, *, decimals: int | None = None) -> str:
        """A value as it is written on an axis: +42, −7, 60 %, 5.5."""
        text = f"{abs(value):.{self.decimals if decimals is None else decimals}f}"
        is_zero = not float(text)
        sign = "" if is_zero else "−" if value < 0 else "+" if self.is_signed else ""
        return f"{sign}{text}{self.unit}"

    def share(self, value: float) -> float:
        """Where a value stands between low (0) and high (1); values outside stand at the end."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))

    def window(self, values: list[float]) -> tuple[float, float, list[float]]:
        """The part of the scale a chart shows and its ticks: around the values, never narrower than a fifth of
        the scale (so that noise does not fill the picture), on round steps."""
        low, high = (min(values), max(values)) if values else (self.low, self.high)
        least = (self.high - self.low) / 5
        if high - low < least:
            middle = (low + high) / 2
            low, high = middle - least / 2, middle + least / 2
        step = round_step((high - low) / 4)
        low = max(self.low, self.low + floor((low - self.low) / step) * step)
        high = min(self.high, self.low - floor(-(high - self.low) / step) * step)
        ticks = [low + step * index for index in range(round((high - low) / step) + 1)]
        return low, high, [tick for tick in ticks if tick <= high]


def round_step(rough: float) -> float:
    """The smallest of 1, 2, 2.5, 5 times a power of ten that is not below `rough`; 2.5 only for whole steps."""
    power: float = 10.0 ** floor(log10(rough))
    factors = (1, 2, 2.5, 5, 10) if power >= 10 else (1, 2, 5, 10)
    return next(factor * power for factor in factors if factor * power >= rough * 0.999)


NPS = Scale(-100, 100, is_signed=True)
SHARE = Scale(0, 100, unit=" %")
CES = Scale(1, 7, decimals=1)
