"""Dashboards are kept by name: for oneself or for everybody, above the filters or in the list, one of them first."""

from html import unescape

import pytest
from django.test import Client

from metrics.models import DashboardView
from tenancy.models import AuditEntry
from tests.metrics.answers import answer, make_survey

PEOPLE = ("ana", "anton", "greta", "victor")


@pytest.fixture
def clients(world) -> dict[str, Client]:
    with world.home.scope():
        world.home.rows.survey = make_survey()
        answer(world.home.survey, [10] * 40, touchpoint=world.home.delivery)
    found = {name: Client() for name in PEOPLE}
    for name, client in found.items():
        client.force_login(getattr(world.home, name))
    return found


def save(client: Client, ground, name: str, query: str = "", **flags) -> None:
    response = client.post(ground.url("dashboard/views/"), {"name": name, "query": query, **flags})
    assert response.status_code == 302, response.content.decode()


def view_named(ground, name: str) -> DashboardView:
    with ground.scope():
        return DashboardView.objects.get(name=name)


def tabs(client: Client, ground, query: str = "") -> dict[str, str]:
    """{name: address} of the views above the filters; the one that is shown has a star."""
    response = client.get(ground.url(query), follow=True)
    assert response.status_code == 200
    return {tab.name + ("*" if tab.is_current else ""): tab.url for tab in response.context["saved"].tabs}


def test_view_is_saved_and_opened_with_all_that_the_address_said(world, clients):
    query = f"?channel=email&period=quarter&sort=-score&touchpoint={world.home.delivery.id}&unit=day"
    page = clients["victor"].get(world.home.url(query))
    save(clients["victor"], world.home, "Deliveries", page.context["page"].choices.kept_query, is_pinned="on")
    assert tabs(clients["victor"], world.home, query) == {"Deliveries*": world.home.url(query)}
    assert tabs(clients["victor"], world.home) == {"Deliveries": world.home.url(query)}
    own = clients["victor"].get(world.home.url(f"dashboard/views/{view_named(world.home, 'Deliveries').pk}/"))
    assert own.headers["Location"] == world.home.url(query)


def test_own_views_are_seen_by_nobody_else_and_shared_ones_by_all(world, clients):
    save(clients["anton"], world.home, "Mine", "period=year", is_pinned="on")
    save(clients["anton"], world.home, "Ours", "period=7d", is_pinned="on", is_everybodys="on")
    assert list(tabs(clients["anton"], world.home)) == ["Ours", "Mine"]
    assert list(tabs(clients["greta"], world.home)) == ["Ours"]
    mine = view_named(world.home, "Mine").pk
    for deed in ("", "name/", "pin/", "first/", "position/", "deletion/"):
        address = world.home.url(f"dashboard/views/{mine}/{deed}")
        answered = clients["ana"].post(address, {"name": "Taken"}) if deed else clients["ana"].get(address)
        assert answered.status_code == 404, deed


def test_only_analysts_share_and_only_the_author_and_admins_change_what_is_shared(world, clients):
    refused = clients["greta"].post(world.home.url("dashboard/views/"), {"name": "Ours", "is_everybodys": "on"})
    assert refused.status_code == 403
    assert "is_everybodys" not in clients["greta"].get(world.home.url("dashboard/views/?period=7d")).content.decode()
    save(clients["ana"], world.home, "Ours", "period=7d", is_everybodys="on")
    address = world.home.url(f"dashboard/views/{view_named(world.home, 'Ours').pk}/name/")
    assert {name: clients[name].post(address, {"name": "Theirs"}).status_code for name in PEOPLE} == {
        "ana": 302,
        "anton": 403,
        "greta": 403,
        "victor": 403,
    }
    save(clients["anton"], world.home, name := "By Anton", "period=7d", is_everybodys="on")
    address = world.home.url(f"dashboard/views/{view_named(world.home, name).pk}/deletion/")
    assert clients["anton"].post(address).status_code == 302


def test_name_is_taken_once_among_ones_own(world, clients):
    save(clients["victor"], world.home, "Week", "period=7d")
    save(clients["greta"], world.home, "Week", "period=7d")
    again = clients["victor"].post(world.home.url("dashboard/views/"), {"name": "Week", "query": "period=year"})
    assert again.status_code == 422
    assert "There is a view of this name already." in again.content.decode()
    assert "Last 12 months" in again.content.decode()  # what was to be saved is still there
    save(clients["victor"], world.home, "Year", "period=year")
    address = world.home.url(f"dashboard/views/{view_named(world.home, 'Year').pk}/name/")
    assert clients["victor"].post(address, {"name": "Week"}).status_code == 422
    assert clients["victor"].post(address, {"name": ""}).status_code == 422
    assert clients["victor"].post(address, {"name": "12 months"}).status_code == 302


def test_unpinned_views_stay_in_the_list_and_pinned_ones_keep_their_order(world, clients):
    for name in ("One", "Two", "Three"):
        save(clients["victor"], world.home, name, "period=7d", is_pinned="on")
    two, three = (view_named(world.home, name).pk for name in ("Two", "Three"))
    clients["victor"].post(world.home.url(f"dashboard/views/{two}/pin/"), {"pinned": "no"})
    clients["victor"].post(world.home.url(f"dashboard/views/{three}/position/"), {"direction": "up"})
    clients["victor"].post(world.home.url(f"dashboard/views/{three}/position/"), {"direction": "up"})
    assert [name.rstrip("*") for name in tabs(clients["victor"], world.home)] == ["Three", "One"]
    assert "Two" in clients["victor"].get(world.home.url("dashboard/views/")).content.decode()
    clients["victor"].post(world.home.url(f"dashboard/views/{three}/deletion/"))
    assert [name.rstrip("*") for name in tabs(clients["victor"], world.home)] == ["One"]


def test_first_view_opens_by_itself_and_everything_else_can_still_be_shown(world, clients):
    save(clients["ana"], world.home, "Quarter", "period=quarter", is_everybodys="on")
    first = world.home.url(f"dashboard/views/{view_named(world.home, 'Quarter').pk}/first/")
    assert clients["anton"].post(first).status_code == 403
    clients["ana"].post(first)
    victor = clients["victor"]
    assert victor.get(world.home.url()).headers["Location"] == world.home.url("?period=quarter")
    # The default period has to say its name now, else nobody could choose it.
    assert victor.get(world.home.url("?compare=")).headers["Location"] == world.home.url("?period=30d")
    page = victor.get(world.home.url("?period=30d"))
    assert page.status_code == 200
    assert f'href="{world.home.url("?period=30d")}"' in page.content.decode()
    clients["ana"].post(first, {"first": "no"})
    assert victor.get(world.home.url()).status_code == 200


def test_there_is_one_first_view_at_most_and_none_that_is_personal(world, clients):
    for name in ("One", "Two"):
        save(clients["ana"], world.home, name, "period=year", is_everybodys="on")
        clients["ana"].post(world.home.url(f"dashboard/views/{view_named(world.home, name).pk}/first/"))
    save(clients["ana"], world.home, "Mine", "period=7d")
    clients["ana"].post(world.home.url(f"dashboard/views/{view_named(world.home, 'Mine').pk}/first/"))
    with world.home.scope():
        assert list(DashboardView.objects.filter(is_first=True).values_list("name", flat=True)) == ["Two"]


def test_view_whose_survey_is_gone_opens_with_a_clear_message(world, clients):
    with world.home.scope():
        gone = make_survey("After a call", measure="csat", points=5)
    page = clients["ana"].get(world.home.url(f"?period=year&survey={gone.id}"))
    save(
        clients["ana"],
        world.home,
        "Calls",
        page.context["page"].choices.kept_query,
        is_pinned="on",
        is_everybodys="on",
    )
    view = view_named(world.home, "Calls")
    clients["ana"].post(world.home.url(f"dashboard/views/{view.pk}/first/"))
    with world.home.scope():
        gone.versions.all().delete()
        gone.delete()
    own = world.home.url(f"dashboard/views/{view.pk}/")
    assert tabs(clients["victor"], world.home, "?period=30d") == {"Calls": own}
    response = clients["victor"].get(world.home.url(), follow=True)
    assert response.redirect_chain == [(own, 302)]
    text = unescape(response.content.decode())
    assert "“Calls” is shown with the rest of its choices" in text
    assert "the survey it was about is no longer there and no survey asks for its measure any more" in text
    assert response.context["page"].choices.period.label == "Last 12 months"
    assert [tab.is_current for tab in response.context["saved"].tabs] == [True]
    assert "no longer there" in clients["victor"].get(world.home.url("dashboard/views/")).content.decode()


def test_what_is_no_choice_is_not_saved(world, clients):
    nonsense = "period=fortnight&touchpoint=x&sort=colour&q=<script>&period=7d&survey=" + "0" * 36
    save(clients["victor"], world.home, "Odd", nonsense)
    assert view_named(world.home, "Odd").query == "measure=nps&period=7d"


def test_every_deed_is_in_the_audit_log(world, clients):
    save(clients["ana"], world.home, "Ours", "period=7d", is_everybodys="on", is_pinned="on")
    own = world.home.url(f"dashboard/views/{view_named(world.home, 'Ours').pk}/")
    for deed, data in (
        ("name/", {"name": "Week"}),
        ("pin/", {"pinned": "no"}),
        ("pin/", {"pinned": "yes"}),
        ("first/", {}),
        ("first/", {"first": "no"}),
        ("position/", {"direction": "down"}),
        ("deletion/", {}),
    ):
        clients["ana"].post(own + deed, data)
    with world.home.scope():
        verbs = AuditEntry.objects.filter(object_kind="dashboardview").order_by("id").values_list("verb", flat=True)
        assert [verb.removeprefix("dashboard_view.") for verb in verbs] == [
            "saved",
            "renamed",
            "unpinned",
            "pinned",
            "put_first",
            "put_back",
            "moved",
            "deleted",
        ]


def test_part_of_the_page_brings_its_deeds_along(world, clients):
    part = clients["victor"].get(world.home.url("?period=year"), headers={"HX-Request": "true"}).content.decode()
    assert 'id="dashboard-deeds" hx-swap-oob="true"' in part
    assert 'value="measure=nps&amp;period=year"' in part
    whole = clients["victor"].get(world.home.url("?period=year")).content.decode()
    assert whole.count('id="dashboard-deeds"') == 1
    assert "hx-swap-oob" not in whole
