"""How a score moved: line with its interval, the answers as stacked bars beneath."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

from metrics.charts.frame import Frame, axis_labels, number
from metrics.charts.palette import GROUPS, WEB, Palette
from metrics.charts.scale import Scale

LINE_TOP, LINE_HEIGHT = 22, 140
BARS_TOP, BARS_HEIGHT = 178, 48
HEIGHT, GUTTER = 250, 40
PALER = ' fill-opacity=".55"'
STILL = ' vector-effect="non-scaling-stroke"'


@dataclass(frozen=True)
class Bucket:
    """One period. `value` None: too few answers to draw; `say` is what pointer and arrow keys read out."""

    label: str
    say: str
    value: float | None
    low: float | None = None
    high: float | None = None
    detractors: int = 0
    passives: int = 0
    promoters: int = 0
    is_partial: bool = False

    @property
    def counts(self) -> tuple[int, int, int]:
        """In the fixed order of GROUPS."""
        return self.detractors, self.passives, self.promoters


@dataclass(frozen=True)
class Annotation:
    """Something that happened during the bucket at `index`: a release, a changed wording.

    With `is_level` the score itself is another one from this bucket on: a solid line at its beginning instead of a
    dashed one in its middle.
    """

    index: int
    label: str
    is_level: bool = False


@dataclass(frozen=True)
class _Plot:
    """The buckets on their scale: shares across, pixels down."""

    buckets: Sequence[Bucket]
    frame: Frame
    low: float
    high: float

    def middle(self, index: int) -> float:
        return (index + 0.5) / len(self.buckets)

    def place(self, note: Annotation) -> float:
        return note.index / len(self.buckets) if note.is_level else self.middle(note.index)

    def x(self, index: int) -> float:
        return self.frame.x(self.middle(index))

    def y(self, value: float) -> float:
        return LINE_TOP + LINE_HEIGHT * (1 - (value - self.low) / (self.high - self.low))

    def runs(self) -> Iterator[list[int]]:
        """Neighbouring buckets that have a value: the line breaks where there is none."""
        run: list[int] = []
        for index, bucket in enumerate(self.buckets):
            if bucket.value is None:
                if run:
                    yield run
                run = []
            else:
                run.append(index)
        if run:
            yield run


def trend(
    buckets: Sequence[Bucket],
    *,
    scale: Scale,
    label: str,
    chart_id: str,
    annotations: Sequence[Annotation] = (),
    guide: Sequence[float | None] = (),
    partial_word: str = "so far",
    palette: Palette = WEB,
    is_rtl: bool = False,
    is_still: bool = False,
    width: int = 640,
) -> SafeString:
    """SVG of 250 px height. `label` is the finding, for those who cannot see the picture. Without buckets the
    axis alone is drawn. `guide` says where the score should be at each bucket (None: not there). `is_still`: without
    what pointer and arrow keys reach, for pages without script."""
    frame = Frame(width, HEIGHT, GUTTER, is_rtl=is_rtl, is_fixed=palette is not WEB)
    shown = [value for bucket in buckets for value in (bucket.low, bucket.value, bucket.high) if value is not None]
    low, high, ticks = scale.window(shown + [place for place in guide if place is not None])
    plot = _Plot(buckets, frame, low, high)
    has_hits = palette is WEB and not is_still
    parts = [
        frame.open(chart_id=chart_id, label=label, extra=' data-chart="" tabindex="0"' if has_hits else ""),
        _grid(plot, ticks, scale, palette),
        _band(plot, palette),
        _bars(plot, palette),
        _markers(plot, annotations, palette),
        _guide(plot, guide, palette),
        _line(plot, palette),
        _hits(plot) if has_hits else "",
        "</svg>",
        _words(plot, annotations, partial_word, palette),
        frame.close(),
    ]
    return mark_safe("".join(parts))  # noqa: S308  (all words are escaped where they enter)


def _grid(plot: _Plot, ticks: Sequence[float], scale: Scale, palette: Palette) -> str:
    """Lines on the round values, their words in the gutter beside them."""
    frame = plot.frame
    width = frame.plot_width
    lines = "".join(f"M0 {number(plot.y(tick))}h{width}" for tick in ticks)
    shift = 8 if frame.is_rtl else -8
    words = "".join(
        f'<text x="{frame.percent(0)}" dx="{shift}" y="{number(plot.y(tick) + 4)}">{scale.words(tick)}</text>'
        for tick in ticks
    )
    return (
        f'<g{palette.fill("muted")} text-anchor="{frame.anchor("end")}">{words}</g>'
        f'{frame.open_plot()}<path{palette.stroke("hairline")}{STILL} d="{lines}"/>'
    )


def _band(plot: _Plot, palette: Palette) -> str:
    outline = []
    for run in plot.runs():
        framed = [index for index in run if plot.buckets[index].low is not None]
        if len(framed) < 2:
            continue
        over = [f"{number(plot.x(i))} {number(plot.y(plot.buckets[i].high or 0))}" for i in framed]
        under = [f"{number(plot.x(i))} {number(plot.y(plot.buckets[i].low or 0))}" for i in reversed(framed)]
        outline.append(f"M{'L'.join(over + under)}z")
    return f'<path{palette.band()} d="{"".join(outline)}"/>' if outline else ""


def _line(plot: _Plot, palette: Palette) -> str:
    """The line; the step into a partial last bucket is dashed, since it will still move."""
    solid, dashed, dots = [], [], []
    for run in plot.runs():
        points = [f"{number(plot.x(i))} {number(plot.y(plot.buckets[i].value or 0))}" for i in run]
        is_partial = plot.buckets[run[-1]].is_partial
        if is_partial and len(points) > 1:
            dashed.append(f"M{points[-2]}L{points[-1]}")
        whole = points[:-1] if is_partial else points
        if len(whole) > 1:
            solid.append(f"M{'L'.join(whole)}")
        dots += [f"M{points[0]}h0"] if len(points) == 1 else []
        dots += [f"M{points[-1]}h0"] if run[-1] == len(plot.buckets) - 1 and len(points) > 1 else []
    rounded = f'{palette.stroke("brand")} stroke-linecap="round" stroke-linejoin="round"{STILL}'
    return "".join(
        f'<path{rounded} stroke-width="{width}"{dash} d="{"".join(pieces)}"/>'
        for pieces, width, dash in ((solid, 2, ""), (dashed, 2, ' stroke-dasharray="2 5"'), (dots, 7, ""))
        if pieces
    )


def _guide(plot: _Plot, guide: Sequence[float | None], palette: Palette) -> str:
    """Dashed, so that it is told from the score without colour; a dot where it has one place only."""
    points = [f"{number(plot.x(at))} {number(plot.y(place))}" for at, place in enumerate(guide) if place is not None]
    if not points:
        return ""
    shape = f'd="M{"L".join(points)}"' if len(points) > 1 else f'stroke-linecap="round" d="M{points[0]}h0"'
    style = 'stroke-width="1.5" stroke-dasharray="7 4"' if len(points) > 1 else 'stroke-width="6"'
    return f"<path{palette.stroke('ink')} {style}{STILL} {shape}/>"


def _bars(plot: _Plot, palette: Palette) -> str:
    """One path a group; 1 px between the groups; the partial bucket is paler."""
    most = max((sum(bucket.counts) for bucket in plot.buckets), default=0)
    if not most:
        return ""
    length = min(0.62 / len(plot.buckets), 0.05)
    drawn = {(group, is_partial): "" for is_partial in (False, True) for group in GROUPS}
    for index, bucket in enumerate(plot.buckets):
        left = plot.frame.left(plot.middle(index) - length / 2, length)
        bottom = float(BARS_TOP + BARS_HEIGHT)
        for group, count in zip(GROUPS, bucket.counts, strict=True):
            height = BARS_HEIGHT * count / most
            if count:
                wide = number(length * plot.frame.plot_width)
                tall = number(max(height - 1, 0.5))
                drawn[group, bucket.is_partial] += f"M{number(left)} {number(bottom)}h{wide}v-{tall}h-{wide}z"
            bottom -= height
    return "".join(
        f'<path{palette.fill(group, also="bar")}{PALER if is_partial else ""} d="{path}"/>'
        for (group, is_partial), path in drawn.items()
        if path
    )


def _markers(plot: _Plot, annotations: Sequence[Annotation], palette: Palette) -> str:
    drawn = dict.fromkeys((False, True), "")
    for note in annotations:
        x = number(plot.frame.x(plot.place(note)))
        drawn[note.is_level] += f"M{x} {LINE_TOP - 4}V{BARS_TOP + BARS_HEIGHT}"
    return "".join(
        f'<path{palette.stroke("control")}{dash}{STILL} d="{drawn[is_level]}"/>'
        for is_level, dash in ((False, ' stroke-dasharray="3 3"'), (True, ""))
        if drawn[is_level]
    )


def _hits(plot: _Plot) -> str:
    """The boxes that pointer and arrow keys find, in reading order, and the line that follows them."""
    length = 1 / max(len(plot.buckets), 1)
    boxes = "".join(
        f'<rect x="{number(plot.frame.left(index * length, length))}" width="{number(length * plot.frame.plot_width)}" '
        f'height="{BARS_TOP + BARS_HEIGHT}" data-say="{escape(bucket.say)}"/>'
        for index, bucket in enumerate(plot.buckets)
    )
    cursor = f'<line class="chart-cursor" y1="{LINE_TOP}" y2="{BARS_TOP + BARS_HEIGHT}"{STILL}/>'
    return f'{cursor}<g class="c-hit">{boxes}</g>'


def _words(plot: _Plot, annotations: Sequence[Annotation], partial_word: str, palette: Palette) -> str:
    shares = [plot.middle(index) for index in range(len(plot.buckets))]
    labels = [
        f"{bucket.label} ({partial_word})" if bucket.is_partial and partial_word else bucket.label
        for bucket in plot.buckets
    ]
    buckets = axis_labels(plot.frame, shares, labels, y=HEIGHT - 6)
    named = sorted((note for note in annotations if note.label), key=plot.place)
    notes = axis_labels(plot.frame, [plot.place(note) for note in named], [note.label for note in named], y=12)
    return f'<g{palette.fill("muted")} text-anchor="middle">{buckets}{notes}</g>'
