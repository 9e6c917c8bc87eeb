"""The drawing surface all charts share: where things stand, in both reading directions, and what is skipped."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

MIN_LABEL_GAP = 40  # px between the middles of two axis labels
CHARACTER = 6.6  # px a character of 12 px type takes, roughly
WIDE_ONLY = ' class="wide-label"'
LABEL_SPACE = 10  # px between two labels
NARROW = 260  # px the plot gets on the smallest phone


def number(value: float) -> str:
    """A coordinate with at most one decimal and nothing superfluous."""
    text = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@dataclass(frozen=True)
class Frame:
    """`width` px are drawn for; the web stretches them. `gutter` px beside the plot hold the value axis: on the
    left, in right-to-left languages on the right."""

    width: int
    height: int
    gutter: int = 0
    is_rtl: bool = False
    is_fixed: bool = False  # PNG and PDF: exactly this wide

    @property
    def plot_width(self) -> int:
        return self.width - self.gutter

    def x(self, share: float) -> float:
        """The x inside the plot of a share (0 to 1) of the reading direction."""
        return self.plot_width * (1 - share if self.is_rtl else share)

    def left(self, share: float, length: float) -> float:
        """The left edge inside the plot of a box that begins at `share` and is `length` (a share) long."""
        return self.plot_width * (1 - share - length if self.is_rtl else share)

    def percent(self, share: float) -> str:
        return f"{number(100 * (1 - share if self.is_rtl else share))}%"

    def anchor(self, name: str) -> str:
        """text-anchor by reading direction; `direction` is ltr on every chart, so that start always means left."""
        return {"start": "end", "end": "start"}.get(name, name) if self.is_rtl else name

    def open(self, *, chart_id: str, label: str, role: str = "img", extra: str = "") -> str:
        """Everything inside is placed by percent of the plot. On the web the page keeps the gutter free beside the
        drawing (class `gutter`); a picture of its own holds both."""
        size = f'height="{self.height}" direction="ltr" font-size="12"'
        name = f'id="{escape(chart_id)}" role="{role}" aria-label="{escape(label)}"'
        namespace = 'xmlns="http://www.w3.org/2000/svg"'
        if not self.is_fixed:
            gutter = ' class="gutter"' if self.gutter else ""
            return f'<svg {namespace} {name}{gutter} width="100%" {size}{extra}>'
        side = 0 if self.is_rtl else self.gutter
        return (
            f'<svg {namespace} {name} width="{self.width}" {size} font-family="sans-serif">'
            f'<svg x="{side}" width="{self.plot_width}" height="{self.height}" overflow="visible">'
        )

    def close(self) -> str:
        return "</svg></svg>" if self.is_fixed else "</svg>"

    def open_plot(self) -> str:
        """The inner drawing that stretches with the page; its lines keep their width."""
        return (
            f'<svg width="100%" height="{self.height}" viewBox="0 0 {self.plot_width} {self.height}" '
            'preserveAspectRatio="none">'
        )


def kept_labels(shares: Sequence[float], labels: Sequence[str], *, width: float) -> set[int]:
    """Which labels are drawn where the plot is `width` px wide: from the last backwards, each with its middle at
    least 40 px from the next one's and clear of its words."""
    kept: set[int] = set()
    next_at = next_start = float("inf")
    for index in range(len(labels) - 1, -1, -1):
        at, half = shares[index] * width, len(labels[index]) * CHARACTER / 2
        shift = min(0.0, width - at - half) if sticks_out(shares[index], labels[index]) else 0.0
        if labels[index] and at + MIN_LABEL_GAP <= next_at and at + half + shift + LABEL_SPACE <= next_start:
            kept.add(index)
            next_at, next_start = at, at - half + shift
    return kept


def sticks_out(share: float, label: str) -> bool:
    """Whether a label around this place would leave the plot of the smallest phone at its end."""
    return len(label) * CHARACTER / 2 > (1 - share) * NARROW


def axis_labels(frame: Frame, shares: Sequence[float], labels: Sequence[str], *, y: int) -> str:
    """The labels of the bucket axis. Those for which a phone has no room carry a class that hides them there;
    a long last label ends where the plot ends instead of sticking out."""
    wide = kept_labels(shares, labels, width=frame.plot_width)
    narrow = kept_labels(shares, [label if at in wide else "" for at, label in enumerate(labels)], width=NARROW)
    drawn = []
    for index in sorted(wide):
        hidden = "" if index in narrow or frame.is_fixed else WIDE_ONLY
        place = f'x="{frame.percent(shares[index])}"'
        if sticks_out(shares[index], labels[index]):
            place = f'x="{frame.percent(1)}" text-anchor="{frame.anchor("end")}"'
        drawn.append(f'<text {place} y="{y}"{hidden}>{escape(labels[index])}</text>')
    return "".join(drawn)
