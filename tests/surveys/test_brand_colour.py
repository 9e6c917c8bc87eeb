"""The organization's colour reaches respondents' pages readable, and its stylesheet names nobody."""

from hypothesis import given
from hypothesis import strategies as st

from surveys.brand import (
    DARK_BACKGROUND,
    ENOUGH,
    LIGHT_BACKGROUND,
    brand_css,
    brand_css_name,
    contrast,
    css_named,
    ink_on,
    readable,
)

colors = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_that_of_wcag():
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48
    assert round(contrast("#274690", "#ffffff"), 1) == 8.9


@given(colors)
def test_every_colour_becomes_readable_on_both_backgrounds(color):
    for background in (LIGHT_BACKGROUND, DARK_BACKGROUND):
        shade = readable(color, background)
        assert contrast(shade, background) >= ENOUGH
        assert contrast(ink_on(shade), shade) >= ENOUGH


def test_colour_that_is_readable_stays_as_it_is():
    assert readable("#274690", LIGHT_BACKGROUND) == "#274690"


@given(colors)
def test_stylesheet_is_found_by_its_name_alone(color):
    assert css_named(brand_css_name(color)) == brand_css(color)


def test_stylesheet_can_be_kept_for_ever(client, db, django_assert_num_queries):
    name = brand_css_name("#0B4F6C")
    with django_assert_num_queries(0):
        page = client.get(f"/brand/{name}.css")
    assert page.status_code == 200 and page["Content-Type"].startswith("text/css")
    assert "immutable" in page["Cache-Control"] and not page.cookies
    assert "--brand:#0b4f6c" in page.content.decode()


def test_names_we_would_not_give_are_not_found(client, db):
    for name in ("0b4f6c-00000000", "nothing", "12", "zzzzzz-1"):
        assert client.get(f"/brand/{name}.css").status_code == 404
