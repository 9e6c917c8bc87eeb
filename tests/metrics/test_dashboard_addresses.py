"""What the dashboard shows stands in its address, written in one way only."""

import re
from html import unescape

import pytest
from django.test import Client

from tests.metrics.answers import answer, make_survey


@pytest.fixture
def victor(world) -> Client:
    with world.home.scope():
        world.home.rows.survey = make_survey()
        answer(world.home.survey, [10] * 40, touchpoint=world.home.delivery)
    client = Client()
    client.force_login(world.home.victor)
    return client


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("?period=30d&compare=previous&survey=&channel=", ""),
        ("?period=year&compare=none", "?compare=none&period=year"),
        ("?unit=week&period=quarter", "?period=quarter"),
        ("?unit=day&period=quarter", "?period=quarter&unit=day"),
        ("?unit=fortnight", ""),
        ("?measure=csat", ""),
        ("?sort=-n", ""),
        ("?sort=-score&nonsense=1", "?sort=-score"),
        ("?channel=email", "?channel=email"),
        ("?from=2026-01-01&to=2026-01-31&period=custom", "?from=2026-01-01&to=2026-01-31"),
    ],
)
def test_equal_choices_have_equal_addresses(world, victor, query, canonical):
    response = victor.get(world.home.url(query))
    if query == canonical:
        assert response.status_code == 200
    else:
        assert response.headers["Location"] == world.home.url(canonical)


def test_part_of_the_page_is_swapped_and_its_address_pushed(world, victor):
    response = victor.get(world.home.url("?period=year&compare=previous"), headers={"HX-Request": "true"})
    html = response.content.decode()
    assert html.lstrip().startswith('<div id="dashboard"')
    assert "<html" not in html
    assert response.headers["HX-Push-Url"] == world.home.url("?period=year")
    assert "HX-Request" in response.headers["Vary"]


def test_long_address_leads_to_the_same_choices(world, victor):
    response = victor.get(world.home.url("dashboard/?period=year"))
    assert response.headers["Location"] == world.home.url("?period=year")


def test_period_that_cannot_be_shown_is_named(world, victor):
    response = victor.get(world.home.url("?from=2026-05-01&to=2026-04-01"))
    assert response.status_code == 422
    assert "from: must not be after 2026-04-01" in response.content.decode()


def test_every_choice_on_the_page_leads_to_a_canonical_address(world, victor):
    html = victor.get(world.home.url(f"?touchpoint={world.home.delivery.id}")).content.decode()
    links = {unescape(link) for link in re.findall(r'href="(/o/[^"]*)"', html)}
    own = [link for link in links if link.split("?")[0] == world.home.url()]
    assert len(own) > 7
    for link in own:
        assert victor.get(link).status_code == 200, link


def test_keys_choose_the_period(world, victor):
    html = victor.get(world.home.url()).content.decode()
    for key in "dwmqyacxf":
        assert f'data-key="{key}"' in html
