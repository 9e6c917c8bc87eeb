"""What the content security policy would refuse, and what a template may not name wrongly."""

import re
from pathlib import Path

import pytest
from django.template import engines
from django.template.loader import get_template

from cxm import icons

TEMPLATES = sorted(path for path in Path("templates").rglob("*.html") if "emails" not in path.parts)
NAMES = [str(path.relative_to("templates")) for path in TEMPLATES]
INLINE = {
    "style attribute": r"\sstyle\s*=",
    "style element": r"<style[\s>]",
    "event handler": r"<[^>]*\son[a-z]+\s*=",
    "script in an address": r"javascript:",
    "htmx expression": r"\bhx-on|\bhx-(?:vals|headers)\s*=\s*[\"']js:",
}


def inline_parts(text: str) -> list[str]:
    """Names of what the policy would refuse in this text."""
    return [name for name, pattern in INLINE.items() if re.search(pattern, text, re.IGNORECASE)]


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_template_has_nothing_inline(path):
    assert inline_parts(path.read_text()) == []


def test_inline_parts_are_found():
    assert inline_parts('<p style="color: red" onclick="go()">') == ["style attribute", "event handler"]
    assert inline_parts("<style>p {}</style>") == ["style element"]
    assert inline_parts('<p data-style="x" hx-get="/on">') == []


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_script_elements_name_a_file_or_hold_data(path):
    for opening in re.findall(r"<script\b[^>]*>", path.read_text()):
        assert "src=" in opening or 'type="application/json"' in opening, opening


@pytest.mark.parametrize("name", NAMES)
def test_template_can_be_parsed(name):
    get_template(name)


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_icons_a_template_names_exist(path):
    text = path.read_text()
    for name in re.findall(r'{%\s*icon\s+"([^"]+)"', text) + re.findall(r'icon_name(?:=|\|default:)"([^"]+)"', text):
        assert icons.shapes(name)


def test_icon_is_decoration_unless_it_has_a_label():
    render = engines["django"].from_string('{% icon "clock" %}{% icon "x" label="Remove" %}').render({})
    assert render.count('aria-hidden="true"') == 1
    assert 'role="img" aria-label="Remove"' in render
    assert "style=" not in render
