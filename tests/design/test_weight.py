"""Stylesheets and scripts stay within their budgets, compressed as a browser gets them."""

import gzip
from pathlib import Path

import pytest

STATIC = Path("static")
APP_STYLES = ("tokens", "base", "app", "controls", "data")


def compressed(*paths: Path) -> int:
    """Bytes after gzip, each file by itself, as it is served."""
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def test_styles_of_the_app_take_at_most_14_kilobytes():
    assert compressed(*(STATIC / "css" / f"{name}.css" for name in APP_STYLES)) <= 14 * 1024


def test_style_of_respondent_pages_takes_at_most_4_kilobytes():
    assert compressed(STATIC / "css" / "survey.css") <= 4 * 1024


@pytest.mark.parametrize(("name", "kilobytes"), [("app", 4), ("keys", 3), ("chart", 2)])
def test_script_stays_small(name, kilobytes):
    assert compressed(STATIC / "js" / f"{name}.js") <= kilobytes * 1024


def test_every_app_style_is_linked_once():
    head = Path("templates/components/head.html").read_text()
    assert [head.count(f"css/{name}.css") for name in APP_STYLES] == [1] * len(APP_STYLES)
