"""How the answers spread over the scores: a bar a score, in the colours of its group."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

from metrics.charts.frame import Frame, number
from metrics.charts.palette import WEB, Palette

TOP, BARS_HEIGHT, HEIGHT = 20, 130, 172


@dataclass(frozen=True)
class ScoreBar:
    """One score, or the name of a bar that is none: how many answers, its group, where a click leads (nowhere when
    empty), and its words for those who cannot see the bar ("Score 3: 42 answers, 13 %")."""

    score: int | str
    count: int
    group: str
    say: str
    href: str = ""


def distribution(
    bars: Sequence[ScoreBar],
    *,
    label: str,
    chart_id: str,
    palette: Palette = WEB,
    is_rtl: bool = False,
    width: int = 480,
) -> SafeString:
    """SVG of 172 px height: 11 bars for 0-10, or 5 or 7. The count stands on each bar, the score beneath."""
    frame = Frame(width, HEIGHT, is_rtl=is_rtl, is_fixed=palette is not WEB)
    most = max((bar.count for bar in bars), default=0) or 1
    step = 1 / max(len(bars), 1)
    drawn = "".join(_bar(bar, index * step, step, most, frame, palette) for index, bar in enumerate(bars))
    floor = TOP + BARS_HEIGHT + 0.5
    return mark_safe(  # noqa: S308  (all words are escaped where they enter)
        frame.open(chart_id=chart_id, label=label, role="group")
        + f'<line{palette.stroke("hairline")} x1="0" x2="100%" y1="{floor}" y2="{floor}"/>'
        + f'<g text-anchor="middle">{drawn}</g>{frame.close()}'
    )


def _bar(bar: ScoreBar, share: float, step: float, most: int, frame: Frame, palette: Palette) -> str:
    gap = step * 0.12
    tall = max(BARS_HEIGHT * bar.count / most, 1 if bar.count else 0)
    left = 1 - share - step + gap if frame.is_rtl else share + gap
    middle = frame.percent(share + step / 2)
    shapes = (
        f'<rect{palette.fill(bar.group, also="bar")} x="{number(100 * left)}%" y="{number(TOP + BARS_HEIGHT - tall)}" '
        f'width="{number(100 * (step - 2 * gap))}%" height="{number(tall)}" rx="2"/>'
        f'<text{palette.fill("muted")} x="{middle}" y="{number(TOP + BARS_HEIGHT - tall - 6)}">{bar.count}</text>'
        f'<text{palette.fill("ink")} x="{middle}" y="{HEIGHT - 4}">{escape(str(bar.score))}</text>'
    )
    if palette is not WEB:
        return shapes
    if not bar.href:
        return f'<g role="img" aria-label="{escape(bar.say)}">{shapes}</g>'
    surface = f'<rect class="c-hit" x="{number(100 * (left - gap))}%" width="{number(100 * step)}%" height="{HEIGHT}"/>'
    return f'<a href="{escape(bar.href)}" aria-label="{escape(bar.say)}">{surface}{shapes}</a>'
