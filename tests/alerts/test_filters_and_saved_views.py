"""What narrows the queue stands in its address; views kept by name; pages that begin after a row."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alerts.following_up import assign
from alerts.models import FollowUp, SavedView, Team
from alerts.work.paging import Place
from tests.alerts.answering import evaluate, give_answers, open_follow_up
from tests.alerts.pages import client_of, queue


def numbers(ground, query: str, person: str = "greta") -> list[int]:
    return [row.number for row in queue(ground, person, query=query).context["page"]]


@pytest.fixture
def follow_ups(world) -> list[FollowUp]:
    give_answers(world.home, 1, 2, 3, at=timezone.now() - timedelta(hours=1), verbatim="Late")
    evaluate(world.home)
    with world.home.scope():
        team = Team.objects.create(name="Depot")
        rows = list(FollowUp.objects.order_by("number"))
        assign(rows[0], owner=world.home.greta, by=world.home.greta, at=timezone.now())
        FollowUp.objects.filter(number=2).update(priority="urgent", team=team, tags=["vip"])
        FollowUp.objects.filter(number=3).update(root_cause="price", state="resolved", resolved_at=timezone.now())
        return rows


def test_every_filter_narrows_as_it_says(world, follow_ups):
    with world.home.scope():
        team = Team.objects.get()
    expected = {
        "owner=me": [1],
        f"owner={world.home.greta.pk}": [1],
        "owner=none": [2, 3],
        f"team={team.pk}": [2],
        "priority=urgent": [2],
        f"touchpoint={world.home.delivery.pk}": [1, 2, 3],
        f"touchpoint={world.home.support.pk}": [],
        "score=detractor": [1, 2, 3],
        "score=promoter": [],
        "cause=price": [3],
        "tag=vip": [2],
        "q=late": [1, 2, 3],
        "q=2": [2],
    }
    found = {query: sorted(numbers(world.home, f"?view=all&{query}")) for query in expected}
    assert found == expected


@pytest.mark.parametrize("query", ["owner=x", "team=me", "priority=hot", "score=9", "touchpoint=none", "after=~~~~"])
def test_what_cannot_be_a_value_narrows_nothing(world, follow_ups, query):
    assert sorted(numbers(world.home, f"?view=all&{query}")) == [1, 2, 3]


def test_address_holds_no_empty_parameter_and_is_sorted(world, follow_ups):
    answer = queue(world.home, query="?view=all&tag=vip&owner=&team=&priority=urgent")
    assert answer.status_code == 302
    assert answer.url == world.home.url("followups/?priority=urgent&tag=vip&view=all")


def test_pills_remove_one_filter_each(world, follow_ups):
    response = queue(world.home, query="?view=all&priority=urgent&owner=none")
    with world.home.scope():
        assert response.context["queue"].pills == [
            ("Owner", "Nobody", world.home.url("followups/?priority=urgent&view=all")),
            ("Priority", "Urgent", world.home.url("followups/?owner=none&view=all")),
        ]


def test_view_is_kept_shown_among_the_tabs_and_found_again(world, follow_ups):
    client = client_of(world.home.greta)
    address = world.home.url("followups/views/")
    page = client.get(address + "?view=all&priority=urgent").content.decode()
    assert "priority=urgent&amp;view=all" in page
    answer = client.post(address, {"name": "Urgent ones", "query": "view=all&priority=urgent&after=1"})
    assert answer.url == world.home.url("followups/?priority=urgent&view=all")
    tabs = client.get(answer.url).context["queue"].tabs
    assert tabs[-1] == ("Urgent ones", answer.url, True, None)
    assert [is_current for _, _, is_current, _ in tabs].count(True) == 1
    assert client.post(address, {"name": "Urgent ones", "query": "view=all"}).status_code == 422


def test_own_views_are_seen_by_nobody_else_and_those_of_everybody_by_all(world, follow_ups):
    address = world.home.url("followups/views/")
    client_of(world.home.greta).post(address, {"name": "Mine alone", "query": "view=all&q=x"})
    assert (
        client_of(world.home.greta)
        .post(address, {"name": "Ours", "query": "view=all&q=y", "for_everybody": "on"})
        .status_code
        == 403
    )
    client_of(world.home.anton).post(address, {"name": "Ours", "query": "view=all&q=y", "for_everybody": "on"})
    assert [tab[0] for tab in queue(world.home).context["queue"].tabs][9:] == ["Ours", "Mine alone"]
    assert [tab[0] for tab in queue(world.home, "victor").context["queue"].tabs][9:] == ["Ours"]
    with world.home.scope():
        own = SavedView.objects.get(name="Mine alone")
    assert client_of(world.home.ana).post(f"{address}{own.pk}/deletion/").status_code == 404


def test_views_are_renamed_ordered_and_deleted(world):
    client, address = client_of(world.home.greta), world.home.url("followups/views/")
    for name in ("A", "B", "C"):
        client.post(address, {"name": name, "query": f"q={name}&view=all"})
    with world.home.scope():
        ids = {view.name: view.pk for view in SavedView.objects.all()}
    client.post(f"{address}{ids['C']}/position/", {"direction": "up"})
    client.post(f"{address}{ids['A']}/position/", {"direction": "up"})
    client.post(f"{address}{ids['B']}/name/", {"name": "Bee"})
    assert client.post(f"{address}{ids['B']}/name/", {"name": "A"}).status_code == 422
    client.post(f"{address}{ids['A']}/deletion/")
    assert [tab[0] for tab in queue(world.home).context["queue"].tabs][9:] == ["C", "Bee"]


def test_pages_hold_every_row_once_in_order(world, monkeypatch):
    monkeypatch.setattr("alerts.queue_page.ROWS_A_PAGE", 2)
    for day in range(5):
        open_follow_up(world.home, at=timezone.now() - timedelta(days=day % 2, hours=1))
    with world.home.scope():
        FollowUp.objects.filter(number__in=[2, 4]).update(state="closed", closed_at=timezone.now())
        FollowUp.objects.filter(number=5).update(state="merged", merged_into=FollowUp.objects.get(number=1))
    client, query, seen = client_of(world.home.greta), "view=all", []
    while query:
        page = client.get(world.home.url(f"followups/?{query}")).context["page"]
        assert page.start == len(seen) + 1
        seen += [row.number for row in page]
        query = page.next_query
    assert (sorted(seen), seen[-1]) == ([1, 2, 3, 4, 5], 5)
    assert set(seen[:2]) == {1, 3}


def test_row_worked_off_meanwhile_hides_none_of_the_next_page(world, monkeypatch):
    monkeypatch.setattr("alerts.queue_page.ROWS_A_PAGE", 2)
    for _ in range(4):
        open_follow_up(world.home)
    client = client_of(world.home.greta)
    first = client.get(world.home.url("followups/?view=unassigned")).context["page"]
    with world.home.scope():
        FollowUp.objects.filter(number=first.object_list[0].number).update(owner=world.home.greta)
    second = client.get(world.home.url(f"followups/?{first.next_query}")).context["page"]
    assert [row.number for row in second] == [3, 4]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1~to-do~~~1",
        "1~to-do~never~~1",
        "1~to-do~2026-01-01T00:00:00~~1",
        "1~done~~~99999999999",
        "1~x~~~1",
        "1~to-do~2026-01-01T00:00:00+00:00~NaN~1",
        "-1~done~~~1",
        "1~to-do~2026-01-01T00:00:00+00:00~1e99~1",
    ],
)
def test_place_that_nobody_wrote_is_the_beginning(text):
    assert Place.read(text) is None
