"""The organization's colour on respondents' pages, made readable, as a tiny stylesheet that can be kept for ever.

The address carries the colour and a hash of the content: it names no organization, needs no look at the database and
changes when the content does. Contrast as in WCAG 2.2 (relative luminance of sRGB).
"""

import hashlib
import re
from functools import lru_cache

LIGHT_BACKGROUND, DARK_BACKGROUND = "#FFFFFF", "#12171F"
DARK_INK = "#12171F"
# Text and the edge of controls in the brand's colour.
ENOUGH = 4.5
DEFAULT_COLOR = "#274690"


@lru_cache(maxsize=512)
def brand_css_name(color: str) -> str:
    """The stylesheet's name for a colour like "#274690"; for anything else that of the default colour."""
    color = color if is_color(color) else DEFAULT_COLOR
    return f"{color[1:].lower()}-{_hash(brand_css(color))}"


@lru_cache(maxsize=512)
def brand_css(color: str) -> str:
    """--brand, which stands out from the page, and --on-brand, which is readable on it, for light and dark."""
    light, dark = _rule(readable(color, LIGHT_BACKGROUND)), _rule(readable(color, DARK_BACKGROUND))
    return f"{light}@media (prefers-color-scheme:dark){{{dark}}}"


def css_named(name: str, *, is_dark: bool = False) -> str | None:
    """The stylesheet with this name, or its dark half for a preview; None for a name we would not give today."""
    color = f"#{name.partition('-')[0]}"
    if not is_color(color) or brand_css_name(color) != name:
        return None
    return _rule(readable(color, DARK_BACKGROUND)) if is_dark else brand_css(color)


def is_color(text: str) -> bool:
    """Whether this is "#" and six hexadecimal digits."""
    return bool(re.fullmatch(r"#[0-9a-fA-F]{6}", text))


def contrast(one: str, other: str) -> float:
    """1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def ink_on(color: str) -> str:
    """White or nearly black, whichever reads better on `color`."""
    return max(("#FFFFFF", DARK_INK), key=lambda ink: contrast(ink, color))


def readable(color: str, background: str) -> str:
    """The colour itself when it stands out enough from the background, else the nearest shade or tint that does."""
    target = "#000000" if _luminance(background) > 0.5 else "#FFFFFF"
    for percent in range(0, 101, 2):
        shade = _mix(color, target, percent / 100)
        if contrast(shade, background) >= ENOUGH:
            return shade
    return target


def _rule(color: str) -> str:
    return f":root{{--brand:{color};--on-brand:{ink_on(color)}}}"


def _mix(color: str, target: str, share: float) -> str:
    parts = zip(_channels(color), _channels(target), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)


def _luminance(color: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(color))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
