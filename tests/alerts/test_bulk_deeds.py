"""One deed to many follow-ups: chosen, shown beforehand, done with a result a row, and taken back while it is fresh."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alerts.following_up import acknowledge, assign, contact, resolve
from alerts.models import BulkDeed, FollowUp, FollowUpStep, Playbook, Recovery
from alerts.pausing import snooze
from alerts.playbooks.starting import choose_playbook
from alerts.work.bulk import working
from tenancy.models import AuditEntry, Membership
from tests.alerts.answering import evaluate, give_answers
from tests.alerts.closing import switch_on
from tests.alerts.pages import client_of

HOUR = timedelta(hours=1)


@pytest.fixture
def follow_ups(world) -> list[FollowUp]:
    give_answers(world.home, 1, 2, 3, at=timezone.now() - HOUR)
    evaluate(world.home)
    with world.home.scope():
        return list(FollowUp.objects.order_by("number"))


def choose(ground, *rows: str, person: str = "greta", **values) -> BulkDeed:
    answer = client_of(getattr(ground, person)).post(ground.url("followups/bulk/"), {"row": rows, **values})
    assert answer.status_code == 302
    with ground.scope():
        return BulkDeed.objects.order_by("-id")[0]


def plan(ground, deed: BulkDeed, key: str, **values):
    data = {f"{key}-{name}": value for name, value in values.items()}
    return client_of(ground.greta).post(ground.url(f"followups/bulk/{deed.pk}/plan/{key}/"), data)


def press(ground, deed: BulkDeed, button: str):
    return client_of(ground.greta).post(ground.url(f"followups/bulk/{deed.pk}/{button}/"))


def shown(ground, deed: BulkDeed) -> str:
    return client_of(ground.greta).get(ground.url(f"followups/bulk/{deed.pk}/")).content.decode()


def by_number(ground) -> dict[int, FollowUp]:
    with ground.scope():
        return {each.number: each for each in FollowUp.objects.select_related("owner").order_by("number")}


def test_preview_says_what_will_happen_to_each_and_changes_nothing(world, follow_ups):
    with world.home.scope():
        assign(follow_ups[1], owner=world.home.anton, by=world.home.anton, at=timezone.now())
    deed = choose(world.home, "1:1", "2:2", "3:1")
    assert plan(world.home, deed, "assign", owner=world.home.greta.pk).status_code == 302
    html = shown(world.home, deed)
    assert "Owner: Greta Northwind" in html
    assert "Somebody owns it: say why that changes." in html
    assert "Do it to 2" in html
    assert f'value="{world.home.greta.pk}" selected' in html
    assert by_number(world.home)[1].owner is None


def test_rows_are_done_one_by_one_and_each_says_its_result(world, follow_ups):
    deed = choose(world.home, "1:1", "2:1")
    plan(world.home, deed, "assign", owner=world.home.greta.pk)
    with world.home.scope():
        acknowledge(follow_ups[1], by=world.home.anton, at=timezone.now())
    assert "Somebody changed it since you chose it." in shown(world.home, deed)
    press(world.home, deed, "start")
    rows = by_number(world.home)
    assert (rows[1].owner, rows[2].owner) == (world.home.greta, None)
    html = shown(world.home, deed)
    assert "1 of 2 done" in html
    assert "Somebody changed it since you chose it." in html


def test_started_twice_is_done_once(world, follow_ups):
    deed = choose(world.home, "1:1")
    plan(world.home, deed, "priority", priority="urgent")
    for _ in range(2):
        press(world.home, deed, "start")
    assert (by_number(world.home)[1].priority, by_number(world.home)[1].version) == ("urgent", 2)
    with world.home.scope():
        assert AuditEntry.objects.filter(verb="bulk_deed.done").count() == 1


@pytest.mark.parametrize(
    ("key", "values", "field", "expected"),
    [
        ("assign", {"owner": "greta"}, "owner_id", None),
        ("priority", {"priority": "urgent"}, "priority", "normal"),
        ("tag", {"add": "vip, depot 4"}, "tags", []),
        ("snooze", {"until": "2026-12-24T09:00"}, "pause_reason", ""),
    ],
)
def test_undo_puts_every_row_back_that_nobody_changed_since(world, follow_ups, key, values, field, expected):
    dues = {each.number: (each.first_contact_due_at, each.resolution_due_at) for each in follow_ups}
    if key == "snooze":
        values = {"until": f"{timezone.now() + timedelta(days=3):%Y-%m-%dT%H:%M}"}
    if key == "assign":
        values = {"owner": world.home.greta.pk}
    deed = choose(world.home, "1:1", "2:1")
    assert plan(world.home, deed, key, **values).status_code == 302
    press(world.home, deed, "start")
    assert getattr(by_number(world.home)[1], field) != expected
    with world.home.scope():
        contact(FollowUp.objects.get(number=2), way="phone", by=world.home.anton, at=timezone.now())
    press(world.home, deed, "undoing")
    rows = by_number(world.home)
    assert getattr(rows[1], field) == expected
    assert (rows[1].first_contact_due_at, rows[1].resolution_due_at) == dues[1]
    assert rows[2].state == "contacted"
    html = shown(world.home, deed)
    assert "1 put back as they were." in html
    assert "Somebody changed it after that." in html


def test_undo_comes_too_late_after_some_seconds(world, follow_ups):
    deed = choose(world.home, "1:1")
    plan(world.home, deed, "priority", priority="urgent")
    press(world.home, deed, "start")
    with world.home.scope():
        BulkDeed.objects.update(done_at=timezone.now() - HOUR)
    press(world.home, deed, "undoing")
    assert by_number(world.home)[1].priority == "urgent"


def test_only_what_is_resolved_and_told_is_closed_and_undo_opens_no_clock(world, follow_ups):
    now = timezone.now()
    with world.home.scope():
        contact(follow_ups[0], way="phone", by=world.home.greta, at=now)
        for each in follow_ups[:2]:
            resolve(each, outcome="recovered", root_cause="price", text="Mended", by=world.home.greta, at=now)
    deed = choose(world.home, "1:3", "2:2", "3:1")
    plan(world.home, deed, "close", closing="told", text="They know")
    html = shown(world.home, deed)
    assert "No contact with the customer is recorded." in html
    assert "It is open, not resolved." in html
    press(world.home, deed, "start")
    assert [each.state for each in by_number(world.home).values()] == ["closed", "resolved", "open"]
    press(world.home, deed, "undoing")
    closed = by_number(world.home)[1]
    with world.home.scope():
        # What was written stands in the histories alone, where it is forgotten with the customer.
        assert "text" not in BulkDeed.objects.get().values
    assert (closed.state, closed.closed_at, closed.closing) == ("resolved", None, "")


def test_all_that_match_are_chosen_by_view_and_filter(world, follow_ups):
    with world.home.scope():
        assign(follow_ups[0], owner=world.home.greta, by=world.home.greta, at=timezone.now())
    deed = choose(world.home, all="yes", query="view=unassigned")
    assert [row["number"] for row in deed.rows] == [2, 3]
    deed = choose(world.home, all="yes", query="owner=me&view=all")
    assert [row["number"] for row in deed.rows] == [1]


def test_what_was_prepared_and_left_is_forgotten(world, follow_ups):
    choose(world.home, "1:1")
    choose(world.home, "2:1")
    with world.home.scope():
        assert BulkDeed.objects.count() == 1


def test_many_rows_are_done_by_the_worker_in_batches(world, follow_ups, monkeypatch):
    monkeypatch.setattr(working, "AT_ONCE", 2)
    monkeypatch.setattr(working, "BATCH", 2)
    deed = choose(world.home, "1:1", "2:1", "3:1")
    plan(world.home, deed, "priority", priority="low")
    press(world.home, deed, "start")
    assert "0 / 3" in shown(world.home, deed)
    assert working.bulk_batch(world.home.organization.id) == 1
    assert "2 / 3" in shown(world.home, deed)
    assert working.bulk_batch(world.home.organization.id) == 1
    assert working.bulk_batch(world.home.organization.id) == 0
    assert "3 of 3 done." in shown(world.home, deed)


def test_batch_that_keeps_killing_its_worker_is_given_up_with_a_word(world, follow_ups, monkeypatch):
    monkeypatch.setattr(working, "AT_ONCE", 0)
    deed = choose(world.home, "1:1")
    plan(world.home, deed, "priority", priority="low")
    press(world.home, deed, "start")
    with world.home.scope():
        BulkDeed.objects.update(attempts=working.TRIES)
    working.bulk_batch(world.home.organization.id)
    assert "It could not be done; nothing was changed." in shown(world.home, deed)


def test_who_lost_the_role_meanwhile_changes_nothing(world, follow_ups, monkeypatch):
    monkeypatch.setattr(working, "AT_ONCE", 0)
    deed = choose(world.home, "1:1")
    plan(world.home, deed, "priority", priority="low")
    press(world.home, deed, "start")
    with world.home.scope():
        Membership.objects.filter(user=world.home.greta).update(role="viewer")
        working.bulk_batch(world.home.organization.id)
        assert FollowUp.objects.get(number=1).priority == "normal"


@pytest.mark.parametrize("rows", [[], ["1:x"], ["one:1"], ["99999999999:1"]])
def test_nothing_chosen_leads_back_with_words(world, follow_ups, rows):
    answer = client_of(world.home.greta).post(world.home.url("followups/bulk/"), {"row": rows}, follow=True)
    assert answer.status_code == 200
    assert "Choose" in answer.content.decode()


def test_incomplete_form_comes_back_and_nothing_is_planned(world, follow_ups):
    deed = choose(world.home, "1:1")
    assert plan(world.home, deed, "tag").status_code == 422
    assert plan(world.home, deed, "snooze", until="2020-01-01T09:00").status_code == 422
    with world.home.scope():
        assert BulkDeed.objects.get().deed == ""


def test_snooze_of_many_respects_clocks_that_stand_still(world, follow_ups):
    with world.home.scope():
        snooze(follow_ups[0], until=timezone.now() + HOUR, by=world.home.anton, at=timezone.now())
    deed = choose(world.home, "1:2", "2:1")
    plan(world.home, deed, "snooze", until=f"{timezone.now() + timedelta(days=3):%Y-%m-%dT%H:%M}")
    assert "Its clock stands still already." in shown(world.home, deed)


def test_many_go_by_another_playbook_and_undo_brings_their_steps_back(world, follow_ups):
    with world.home.scope():
        old, new = Playbook.objects.order_by("name")[:2]
        choose_playbook(follow_ups[0], playbook=old, by=world.home.greta, at=timezone.now())
        values = ("text", "due_at", "tells_at", "owner", "playbook")
        steps = list(FollowUpStep.objects.filter(follow_up=follow_ups[0]).values_list(*values))
    deed = choose(world.home, "1:2", "2:1")
    plan(world.home, deed, "playbook", playbook=new.pk)
    assert f"Playbook: {new.name}; what is not ticked goes" in shown(world.home, deed)
    press(world.home, deed, "start")
    assert {row.playbook_id for number, row in by_number(world.home).items() if number < 3} == {new.pk}
    with world.home.scope():
        assert set(FollowUpStep.objects.values_list("playbook", flat=True)) == {new.pk}
    press(world.home, deed, "undoing")
    rows = by_number(world.home)
    assert (rows[1].playbook_id, rows[2].playbook_id) == (old.pk, None)
    with world.home.scope():
        assert list(FollowUpStep.objects.values_list(*values)) == steps


def test_undone_closing_asks_nobody_and_the_customer_still_waits(world, follow_ups):
    switch_on(world.home)
    wrote_at = timezone.now() - timedelta(minutes=5)
    with world.home.scope():
        contact(follow_ups[0], way="phone", by=world.home.greta, at=timezone.now())
        resolve(
            follow_ups[0], outcome="recovered", root_cause="price", text="Ok", by=world.home.greta, at=timezone.now()
        )
        FollowUp.objects.filter(number=1).update(customer_wrote_at=wrote_at)
    deed = choose(world.home, "1:3")
    plan(world.home, deed, "close", closing="told", text="By phone")
    press(world.home, deed, "start")
    assert (by_number(world.home)[1].state, by_number(world.home)[1].customer_wrote_at) == ("closed", None)
    with world.home.scope():
        assert Recovery.objects.filter(due_at__isnull=False).count() == 1
    press(world.home, deed, "undoing")
    assert (by_number(world.home)[1].state, by_number(world.home)[1].customer_wrote_at) == ("resolved", wrote_at)
    with world.home.scope():
        assert not Recovery.objects.filter(due_at__isnull=False).exists()


def test_all_of_a_view_that_does_not_exist_is_refused_in_words(world, follow_ups):
    client = client_of(world.home.greta)
    answer = client.post(world.home.url("followups/bulk/"), {"all": "1", "query": "view=nonsense"}, follow=True)
    assert "There is no such view: choose the rows again." in answer.content.decode()


def test_a_page_of_the_preview_reads_the_rows_of_that_page(world):
    give_answers(world.home, *[1] * 60, at=timezone.now() - HOUR)
    evaluate(world.home)
    deed = choose(world.home, *(f"{number}:1" for number in range(1, 61)))
    plan(world.home, deed, "priority", priority="urgent")
    answer = client_of(world.home.greta).get(world.home.url(f"followups/bulk/{deed.pk}/?page=2"))
    assert [row.number for row in answer.context["foreseen"]] == list(range(51, 61))
    assert "Do it to 60" in answer.content.decode()
