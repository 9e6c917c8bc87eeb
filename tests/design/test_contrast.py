"""The colour pairs of the design keep their contrast in both themes, computed as WCAG 2.2 defines it."""

import re
from pathlib import Path

import pytest

from metrics.charts.palette import COLOURS

TOKENS = Path("static/css/tokens.css").read_text()
SURVEY = Path("static/css/survey.css").read_text()
THEMES = ("light", "dark")
TEXT, SHAPE = 4.5, 3.0

# foreground, background, least contrast (text 4.5; graphical objects and control borders 3)
PAIRS = [
    ("ink", "bg", TEXT),
    ("ink", "surface", TEXT),
    ("ink", "brand-tint", TEXT),
    ("muted", "bg", TEXT),
    ("muted", "surface", TEXT),
    ("muted", "brand-tint", TEXT),
    ("control", "bg", SHAPE),
    ("control", "surface", SHAPE),
    ("brand", "bg", TEXT),
    ("brand", "surface", TEXT),
    ("brand", "brand-tint", TEXT),
    ("on-brand", "brand", TEXT),
    ("promoter", "bg", SHAPE),
    ("passive", "bg", SHAPE),
    ("detractor", "bg", SHAPE),
    ("promoter-text", "promoter-tint", TEXT),
    ("passive-text", "passive-tint", TEXT),
    ("detractor-text", "detractor-tint", TEXT),
    ("ok-text", "ok-tint", TEXT),
    ("warn-text", "warn-tint", TEXT),
    ("breach-text", "breach-tint", TEXT),
    ("breach-text", "bg", TEXT),
]


def tokens() -> dict[str, tuple[str, str]]:
    """Token to its light and its dark colour."""
    found = re.findall(r"--([a-z-]+): light-dark\((#[0-9A-F]{6}), (#[0-9A-F]{6})\)", TOKENS)
    return {name: (light, dark) for name, light, dark in found}


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2, definition of relative luminance)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """1 to 21 (WCAG 2.2, definition of contrast ratio)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_of_black_on_white_is_21():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("theme", range(2), ids=THEMES)
@pytest.mark.parametrize(("front", "back", "least"), PAIRS, ids=lambda value: str(value))
def test_pair_is_readable(front, back, least, theme):
    colours = tokens()
    assert contrast(colours[front][theme], colours[back][theme]) >= least


@pytest.mark.parametrize("theme", range(2), ids=THEMES)
@pytest.mark.parametrize(
    ("front", "back", "stated"),
    [
        ("ink", "bg", (15.7, 15.9)),
        ("muted", "bg", (6.4, 8.2)),
        ("control", "bg", (4.2, 4.9)),
        ("brand", "bg", (8.9, 8.4)),
        ("promoter", "bg", (8.9, 11.5)),
        ("passive", "bg", (3.25, 4.9)),
        ("detractor", "bg", (4.5, 7.1)),
        ("promoter-text", "promoter-tint", (7.7, 8.9)),
        ("passive-text", "passive-tint", (6.4, 7.3)),
        ("detractor-text", "detractor-tint", (5.4, 5.9)),
        ("ok-text", "ok-tint", (6.9, 7.8)),
        ("warn-text", "warn-tint", (6.5, 8.7)),
        ("breach-text", "breach-tint", (7.5, 7.6)),
    ],
)
def test_token_has_the_contrast_the_design_states(front, back, stated, theme):
    colours = tokens()
    assert contrast(colours[front][theme], colours[back][theme]) == pytest.approx(stated[theme], abs=0.15)


def test_charts_use_the_colours_of_the_tokens():
    colours = tokens()
    assert {role: colours[role] for role in COLOURS} == COLOURS


def test_respondent_pages_use_the_colours_of_the_tokens():
    colours = tokens()
    light, dark = (
        dict(re.findall(r"--([a-z-]+): (#[0-9A-F]{6})", rule)) for rule in re.findall(r":root \{(.*?)\}", SURVEY)
    )
    named = {"bad": "breach-text", "bad-tint": "breach-tint", "ok": "ok-text"}
    for name, value in light.items():
        assert (value, dark[name]) == colours[named.get(name, name)], name
