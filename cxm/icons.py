"""Icons as inline SVG, from the lucide package. Pages name an icon; only this module knows the set."""

import re
from functools import cache, lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide


@cache
def shapes(name: str) -> SafeString:
    """What is drawn inside the 24 by 24 box. Colour, size and line width come from the class `icon`.
    Raises lucide.IconDoesNotExist for an unknown name."""
    drawing = lucide(name)
    inner = drawing[drawing.index(">") + 1 : drawing.rindex("</svg>")]
    return mark_safe(re.sub(r"\s*\n\s*", "", inner).replace(" />", "/>"))  # noqa: S308  (the package's own drawing)


@lru_cache(maxsize=2048)
def icon(name: str, *, label: str = "", css: str = "") -> SafeString:
    """Decoration by default, hidden from screen readers; with `label` a picture that is read out."""
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" {}>{}</svg>',
        f" {css}" if css else "",
        format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"'),
        shapes(name),
    )
