"""A tiny trend for a table cell; the figures stand beside it, so it is decoration for screen readers."""

from collections.abc import Sequence

from django.utils.safestring import SafeString, mark_safe

from metrics.charts.frame import number
from metrics.charts.palette import WEB, Palette
from metrics.charts.scale import Scale

WIDTH, HEIGHT, INSET = 88, 24, 4


def sparkline(
    values: Sequence[float | None], *, scale: Scale, palette: Palette = WEB, is_rtl: bool = False
) -> SafeString:
    """SVG of 88 by 24 px; empty when fewer than two values are known. Gaps are bridged."""
    known = [(index, value) for index, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return mark_safe("")
    low, high, _ = scale.window([value for _, value in known])
    across = (WIDTH - 2 * INSET) / (len(values) - 1)
    points = []
    for index, value in known:
        x = INSET + index * across
        y = INSET + (HEIGHT - 2 * INSET) * (1 - (value - low) / (high - low))
        points.append(f"{number(WIDTH - x if is_rtl else x)} {number(y)}")
    rounded = f'{palette.stroke("brand")} stroke-linecap="round" stroke-linejoin="round"'
    return mark_safe(  # noqa: S308  (numbers only)
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" aria-hidden="true" class="spark">'
        f'<path{rounded} stroke-width="1.5" d="M{"L".join(points)}"/>'
        f'<path{rounded} stroke-width="5" d="M{points[-1]}h0"/></svg>'
    )
