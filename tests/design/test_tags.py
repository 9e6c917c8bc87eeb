"""The tags every page uses."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.http import QueryDict
from django.template import engines
from django.utils import timezone, translation

from cxm.templatetags.cxm import figure, percent, short_moment, signed, span

BERLIN = SimpleNamespace(time_zone="Europe/Berlin")


def render(text: str, **context) -> str:
    request = SimpleNamespace(organization=BERLIN, GET=QueryDict(context.pop("query", "")))
    template = engines["django"].from_string(text).template
    from django.template import Context

    return template.render(Context({"request": request, **context}))


@pytest.mark.parametrize(
    ("value", "decimals", "words"),
    [(42, 0, "+42"), (-26.2, 1, "−26.2"), (0, 0, "0"), (-0.04, 1, "0.0"), (None, 0, "–"), (3.26, 1, "+3.3")],
)
def test_signed_figure_has_a_true_minus(value, decimals, words):
    assert signed(value, decimals) == words


def test_signed_figure_keeps_its_sign_before_it_from_right_to_left():
    with translation.override("ar"):
        assert signed(-26) == "\u200e−26"


def test_figures_are_grouped_and_shares_are_percent():
    assert figure(1160) == "1,160"
    assert figure(None) == "–"
    assert percent(0.2405) == "24 %"
    assert percent(None) == "–"


def test_moment_is_shown_in_the_zone_of_the_organization():
    html = render("{% when at 'full' %}", at=datetime(2026, 7, 1, 12, 0, tzinfo=UTC))
    assert 'datetime="2026-07-01T14:00:00+02:00"' in html
    assert "1 July 2026, 14:00 CEST</time>" in html


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 3, 12, 9, 5, tzinfo=UTC), "Today 09:05"),
        (datetime(2026, 3, 11, 23, 59, tzinfo=UTC), "Yesterday 23:59"),
        (datetime(2026, 1, 2, 8, 0, tzinfo=UTC), "2 Jan 08:00"),
        (datetime(2025, 3, 12, 9, 5, tzinfo=UTC), "12 Mar 2025"),
    ],
)
def test_moment_says_as_much_as_one_needs(moment, words):
    assert short_moment(moment, at=datetime(2026, 3, 12, 18, 0, tzinfo=UTC)) == words


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=5), "1 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=3), "3 d"),
    ],
)
def test_length_of_time_is_in_its_largest_unit(length, words):
    assert span(length) == words


@pytest.mark.parametrize(
    ("due", "done", "state", "words"),
    [
        (timedelta(hours=-3, minutes=-1), None, "breach", "Overdue 3 h"),
        (timedelta(hours=2, minutes=1), None, "warn", "(in 2 h)"),
        (timedelta(hours=9, minutes=1), None, "ok", "(in 9 h)"),
        (timedelta(hours=-3), timedelta(hours=-4), "ok", "In time"),
        (timedelta(hours=-3), timedelta(hours=-1), "breach", "Late by 2 h"),
    ],
)
def test_due_chip_says_in_words_how_it_stands(due, done, state, words):
    now = timezone.now()
    html = render("{% due_chip due done %}", due=now + due, done=done and now + done)
    assert f"chip-{state}" in html
    assert words in html
    assert "<svg" in html


def test_score_chip_is_number_and_word():
    assert render('{% score_chip 3 "detractor" %}').strip() == (
        '<span class="chip chip-detractor"><b>3</b>Detractor</span>'
    )


@pytest.mark.parametrize(
    ("query", "link", "aria"),
    [
        ("", "?sort=nps", ""),
        ("sort=nps&page=2", "?sort=-nps", 'aria-sort="ascending"'),
        ("sort=-nps&q=a", "?sort=nps&amp;q=a", 'aria-sort="descending"'),
    ],
)
def test_sort_header_turns_the_order_round(query, link, aria):
    html = render('{% sort_header "NPS" "nps" numeric=True %}', query=query)
    assert f'href="{link}"' in html
    assert aria in html
    assert html.count("aria-sort") == bool(aria)
