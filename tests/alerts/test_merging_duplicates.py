"""Two follow-ups of one customer become one, and nothing of either is lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alerts.changing import StaleVersion
from alerts.following_up import acknowledge, add_note, assign, contact
from alerts.joining import by_response
from alerts.models import Alert, FollowUp, FollowUpAnswer, FollowUpStep, InitiativeFollowUp, Recovery
from alerts.pausing import wait_for_customer
from alerts.queues import NEVER
from alerts.work.merging import duplicates_of, merge
from alerts.work.paging import due_order
from alerts.work.watching import watch, watchers_of
from tests.alerts.access import a_playbook
from tests.alerts.answering import TUESDAY, evaluate, give_answers
from tests.alerts.mending import an_initiative
from tests.alerts.pages import client_of, do, queue
from tests.calling import Api, fields_of

HOUR = timedelta(hours=1)


@pytest.fixture
def pair(world) -> tuple[FollowUp, FollowUp]:
    """Two of Chiara's: the first was open before the product added further answers to what is open."""
    give_answers(world.home, 3, at=TUESDAY, verbatim="The first words")
    give_answers(world.home, 2, at=TUESDAY, verbatim="The other words")
    evaluate(world.home)
    with world.home.scope():
        FollowUp.objects.update(customer=world.home.chiara)
        first, second = FollowUp.objects.order_by("number")
        return first, second


def merged(ground, pair, **values) -> tuple[FollowUp, FollowUp]:
    first, second = pair
    with ground.scope():
        merge(first, duplicate=second, by=ground.greta, at=TUESDAY + HOUR, **values)
        rows = FollowUp.objects.order_by("number")
        return rows[0], rows[1]


def test_steps_of_both_are_asked_for_once_and_what_is_done_stays_done(world, pair):
    first, second = pair
    with world.home.scope():
        values = {"playbook_id": a_playbook(world.home)}
        for row in pair:
            FollowUpStep.objects.create(follow_up=row, text="Ring them", **values)
        FollowUpStep.objects.create(follow_up=second, text="Send another", **values)
        FollowUpStep.objects.filter(follow_up=second, text="Ring them").update(done_at=TUESDAY)
    merged(world.home, pair)
    with world.home.scope():
        found = FollowUpStep.objects.filter(follow_up=first).order_by("text")
        assert [(each.text, bool(each.done_at)) for each in found] == [("Ring them", True), ("Send another", False)]
        assert FollowUpStep.objects.count() == 2


def test_duplicate_points_to_the_one_that_stays_and_is_in_no_queue(world, pair):
    stays, goes = merged(world.home, pair)
    assert (goes.state, goes.merged_into_id, due_order(goes)) == ("merged", stays.pk, NEVER)
    for view in ("mine", "unassigned", "overdue", "due_today"):
        assert 2 not in [row.number for row in queue(world.home, query=f"?view={view}").context["page"]]
    with world.home.scope():
        assert FollowUp.objects.active().count() == 1


def test_answers_reasons_history_watchers_and_tags_come_along(world, pair):
    first, second = pair
    with world.home.scope():
        FollowUp.objects.filter(pk=first.pk).update(tags=["vip"])
        FollowUp.objects.filter(pk=second.pk).update(tags=["depot", "vip"], priority="urgent")
        for user in (world.home.anton, world.home.greta):
            watch(second, user=user, by=user, at=TUESDAY)
        watch(first, user=world.home.anton, by=world.home.anton, at=TUESDAY)
        add_note(second, text="She prefers mornings", by=world.home.anton, at=TUESDAY)
        answer = second.response
    stays, goes = merged(world.home, pair)
    with world.home.scope():
        assert (stays.tags, stays.priority) == (["vip", "depot"], "urgent")
        assert [each.response_id for each in FollowUpAnswer.objects.filter(follow_up=stays)] == [answer.pk]
        assert not Alert.objects.filter(follow_up=goes).exists()
        assert watchers_of(stays) == [world.home.anton, world.home.greta]
        assert by_response([answer])[answer.pk] == stays
        assert [entry.kind for entry in goes.entries.all()] == ["merged"]
    html = client_of(world.home.greta).get(world.home.url("followups/1/")).content.decode()
    for part in ("The first words", "The other words", "She prefers mornings", "(follow-up 2)", "was merged into this"):
        assert part in html


def test_stricter_clock_holds(world, pair):
    first, second = pair
    contact_due_at, resolution_due_at = first.first_contact_due_at, first.resolution_due_at
    with world.home.scope():
        FollowUp.objects.filter(pk=second.pk).update(
            first_contact_due_at=contact_due_at - HOUR, first_contact_budget=HOUR
        )
        FollowUp.objects.filter(pk=first.pk).update(resolution_due_at=resolution_due_at - HOUR)
    stays, _ = merged(world.home, pair)
    assert stays.first_contact_due_at == contact_due_at - HOUR
    assert stays.first_contact_budget == HOUR
    assert stays.resolution_due_at == resolution_due_at - HOUR


def test_clock_that_runs_is_stricter_than_one_that_stands_still(world, pair):
    with world.home.scope():
        contact(pair[0], way="phone", by=world.home.greta, at=TUESDAY)
        wait_for_customer(pair[0], by=world.home.greta, at=TUESDAY)
    assert merged(world.home, pair)[0].paused_at is None


def test_clocks_that_both_wait_go_on_waiting(world, pair):
    with world.home.scope():
        for each in pair:
            contact(each, way="phone", by=world.home.greta, at=TUESDAY)
            wait_for_customer(each, by=world.home.greta, at=TUESDAY)
    stays, goes = merged(world.home, pair)
    assert (stays.pause_reason, goes.paused_at) == ("customer", None)


def test_contact_and_owner_of_the_duplicate_count(world, pair):
    with world.home.scope():
        assign(pair[1], owner=world.home.greta, by=world.home.greta, at=TUESDAY)
        contact(pair[1], way="phone", by=world.home.greta, at=TUESDAY)
    stays, _ = merged(world.home, pair)
    assert (stays.state, stays.first_contacted_at, stays.owner_id) == ("contacted", TUESDAY, world.home.greta.pk)


def test_history_of_the_duplicate_makes_no_conflict(world, pair):
    with world.home.scope():
        for at in (TUESDAY, TUESDAY + HOUR):
            contact(pair[1], way="phone", by=world.home.greta, at=at)
    stays, _ = merged(world.home, pair)
    with world.home.scope(), pytest.raises(StaleVersion) as stale:
        acknowledge(stays, by=world.home.greta, at=TUESDAY, version=1)
    with world.home.scope():
        assert [entry.kind for entry in stale.value.changes()] == ["merged"]


@pytest.mark.parametrize("case", ["itself", "stranger", "closed", "stays_closed", "stale"])
def test_what_cannot_be_merged_is_refused_in_words(world, pair, case):
    first, second = pair
    with world.home.scope():
        if case == "stranger":
            FollowUp.objects.filter(pk=second.pk).update(customer=world.home.karim)
        if case in ("closed", "stays_closed"):
            FollowUp.objects.filter(pk=(second if case == "closed" else first).pk).update(state="closed")
        if case == "stale":
            acknowledge(second, by=world.home.anton, at=TUESDAY)
        duplicate, version = (first if case == "itself" else second), (1 if case == "stale" else None)
        with pytest.raises(ValueError):
            merge(first, duplicate=duplicate, duplicate_version=version, by=world.home.greta, at=TUESDAY)
        assert not FollowUp.objects.filter(state="merged").exists()


def test_page_finds_the_duplicate_and_merges_it(world, pair):
    html = client_of(world.home.greta).get(world.home.url("followups/1/")).content.decode()
    assert "This customer has another open follow-up" in html
    answer = do(world.home, pair[0], "merging", duplicate=2, duplicate_version=1)
    assert answer.status_code == 302
    html = client_of(world.home.greta).get(world.home.url("followups/2/")).content.decode()
    assert "everything stands there now" in html
    assert "notes/" not in html
    assert do(world.home, pair[0], "merging", version=2, duplicate=2, duplicate_version=2).status_code == 422
    assert do(world.home, pair[0], "merging", version=2, duplicate=99, duplicate_version=1).status_code == 422


def test_only_open_ones_of_the_same_customer_are_found(world, pair):
    with world.home.scope():
        assert [each.number for each in duplicates_of(pair[0])] == [2]
        FollowUp.objects.filter(pk=pair[1].pk).update(state="closed", closed_at=timezone.now())
        assert duplicates_of(pair[0]) == []


def test_duplicates_are_merged_by_the_api(world, pair):
    first, second = pair
    api = Api(world.home)
    path = f"follow-ups/{first.pk}/merging"
    stale = {"version": 1, "duplicate": str(second.pk), "duplicate_version": 2}
    assert api.post(path, stale).status_code == 400
    told = api.post(path, {**stale, "duplicate_version": 1}).json()
    assert (told["number"], told["version"], told["merged_into"]) == (1, 2, None)
    assert api.get(f"follow-ups/{second.pk}").json()["merged_into"] == str(first.pk)
    unknown = {"version": 2, "duplicate": str(world.home.chiara.pk), "duplicate_version": 1}
    assert fields_of(api.post(path, unknown)) == {"duplicate": "unknown"}


def test_initiatives_and_what_came_of_asking_again_go_along(world, pair):
    first, second = pair
    with world.home.scope():
        both = an_initiative(world.home, follow_ups=[first, second])
        one = an_initiative(world.home, follow_ups=[second])
        Recovery.objects.create(follow_up=second, closed_at=TUESDAY, result="worse")
    stays, goes = merged(world.home, pair)
    with world.home.scope():
        links = InitiativeFollowUp.objects.filter(follow_up=stays)
        assert set(links.values_list("initiative_id", flat=True)) == {both.pk, one.pk}
        assert not InitiativeFollowUp.objects.filter(follow_up=goes).exists()
        assert Recovery.objects.get().follow_up == stays
