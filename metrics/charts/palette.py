"""The colours of charts. One dict, two ways to use it: classes on the web (where they follow the theme),
literal colours for PNG and PDF, whose rasteriser draws CSS variables as black."""

from dataclasses import dataclass

# role: (light, dark); the same values as static/css/tokens.css, which a test compares
COLOURS = {
    "bg": ("#FFFFFF", "#12171F"),
    "ink": ("#1B2430", "#EEF1F6"),
    "muted": ("#556070", "#A7B0BF"),
    "control": ("#737D8C", "#7B8698"),
    "hairline": ("#D5DAE2", "#2F3947"),
    "brand": ("#274690", "#8FB0FF"),
    "promoter": ("#0B4F6C", "#8ADBEC"),
    "passive": ("#8A8F98", "#7E8693"),
    "detractor": ("#C8501E", "#F4845C"),
}
BAND_OPACITY = ".16"
GROUPS = ("detractor", "passive", "promoter")  # the fixed order: detractor at the bottom


@dataclass(frozen=True)
class Palette:
    """How a shape says its colour: `theme` None gives classes, 0 the light and 1 the dark literal colours."""

    theme: int | None

    def fill(self, role: str, *, also: str = "") -> str:
        """Attributes that fill a shape; `also` names further classes for the web."""
        if self.theme is None:
            return f' class="{f"{also} " if also else ""}c-{role}"'
        return f' fill="{COLOURS[role][self.theme]}"'

    def band(self) -> str:
        """Attributes of an interval: the brand colour, let through."""
        if self.theme is None:
            return ' class="c-band"'
        return f' fill="{COLOURS["brand"][self.theme]}" fill-opacity="{BAND_OPACITY}"'

    def stroke(self, role: str) -> str:
        """Attributes of a line without a filling."""
        if self.theme is None:
            return f' class="s-{role}"'
        return f' fill="none" stroke="{COLOURS[role][self.theme]}"'


WEB = Palette(None)
LIGHT = Palette(0)
DARK = Palette(1)
