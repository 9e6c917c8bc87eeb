"""Where a score stands on its whole scale: a flat bar with the interval and the previous value."""

from html import escape

from django.utils.safestring import SafeString, mark_safe

from metrics.charts.frame import Frame, number
from metrics.charts.palette import WEB, Palette
from metrics.charts.scale import Scale

HEIGHT, TRACK_TOP, TRACK = 58, 22, 10


def headline_bar(
    value: float | None,
    *,
    low: float | None,
    high: float | None,
    previous: float | None,
    scale: Scale,
    label: str,
    chart_id: str,
    previous_word: str = "previous",
    palette: Palette = WEB,
    is_rtl: bool = False,
    width: int = 480,
) -> SafeString:
    """SVG of 58 px height. Without a value the empty scale is drawn; without bounds there is no interval."""
    frame = Frame(width, HEIGHT, is_rtl=is_rtl, is_fixed=palette is not WEB)
    parts = [frame.open(chart_id=chart_id, label=label), _track(frame, scale, palette)]
    if low is not None and high is not None:
        parts.append(_interval(frame, scale.share(low), scale.share(high), palette))
    if previous is not None:
        parts.append(_previous(frame, scale.share(previous), f"{previous_word} {scale.words(previous)}", palette))
    if value is not None:
        at = frame.percent(scale.share(value))
        parts.append(
            f'<line{palette.stroke("brand")} stroke-width="4" stroke-linecap="round" x1="{at}" x2="{at}" '
            f'y1="{TRACK_TOP - 3}" y2="{TRACK_TOP + TRACK + 3}"/>'
        )
    return mark_safe("".join(parts) + frame.close())  # noqa: S308  (all words are escaped where they enter)


def _track(frame: Frame, scale: Scale, palette: Palette) -> str:
    middle = (scale.low + scale.high) / 2
    ends = ((0.0, "start", scale.low), (0.5, "middle", middle), (1.0, "end", scale.high))
    words = "".join(
        f'<text x="{frame.percent(share)}" y="{HEIGHT - 8}" text-anchor="{frame.anchor(anchor)}">'
        f"{scale.words(at, decimals=0)}</text>"
        for share, anchor, at in ends
    )
    return (
        f'<rect{palette.fill("hairline")} y="{TRACK_TOP}" width="100%" height="{TRACK}" rx="5"/>'
        f'<line{palette.stroke("control")} x1="50%" x2="50%" y1="{TRACK_TOP}" y2="{TRACK_TOP + TRACK}"/>'
        f"<g{palette.fill('muted')}>{words}</g>"
    )


def _interval(frame: Frame, low: float, high: float, palette: Palette) -> str:
    left = 1 - high if frame.is_rtl else low
    box = f'x="{number(100 * left)}%" width="{number(100 * max(high - low, 0.004))}%"'
    return f'<rect{palette.fill("brand")} fill-opacity=".45" {box} y="{TRACK_TOP}" height="{TRACK}" rx="2"/>'


def _previous(frame: Frame, share: float, words: str, palette: Palette) -> str:
    at = frame.percent(share)
    anchor = "start" if share < 0.12 else "end" if share > 0.88 else "middle"
    return (
        f'<line{palette.stroke("ink")} stroke-dasharray="2 2" x1="{at}" x2="{at}" '
        f'y1="{TRACK_TOP - 4}" y2="{TRACK_TOP + TRACK + 3}"/>'
        f'<text{palette.fill("muted")} x="{at}" y="{TRACK_TOP - 9}" text-anchor="{frame.anchor(anchor)}">'
        f"{escape(words)}</text>"
    )
