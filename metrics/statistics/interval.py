"""An interval of plausible values: the 95 % confidence interval of a figure."""

from dataclasses import dataclass

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both included, in the unit of the figure it belongs to."""

    low: float
    high: float

    @property
    def margin(self) -> float:
        """Half its width."""
        return (self.high - self.low) / 2

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0

    def clipped(self, low: float, high: float) -> "Interval":
        """The part of it from `low` to `high`, the range that the figure can have at all."""
        return Interval(min(max(self.low, low), high), max(min(self.high, high), low))
