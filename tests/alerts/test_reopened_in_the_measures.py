"""Follow-ups that were opened again stay in the measures: their cause, their broken promise, what the customer said."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alerts.breaches import note_batch
from alerts.following_up import reopen, resolve
from alerts.models import FollowUp, Playbook, Recovery, RootCause, SlaBreach
from alerts.playbooks.results import results_of_playbooks
from alerts.proof.measures.counting import WHOLE, count_loops
from metrics.statistics.shares import Share
from tests.alerts.answering import TUESDAY, open_follow_up
from tests.alerts.closing import DAY, HOUR, answer_again, ask, asked_again, close, closed_follow_up, sent, switch_on
from tests.alerts.letters import DOMAIN, customer_writes

EVER = TUESDAY - 400 * DAY


def counted(ground, *, at=None):
    at = at or timezone.now() + DAY
    with ground.scope():
        return count_loops(EVER, at + DAY, at=at)


def test_failed_recovery_still_counts_under_its_cause(world):
    home = world.home
    switch_on(home)
    asked_again(home, 0)
    with home.scope():
        follow_up = FollowUp.objects.get()
        assert (follow_up.state, follow_up.root_cause) == ("open", "")
    by_cause = counted(home)["root_cause", "price"]
    assert (by_cause.opened, by_cause.worse, by_cause.contacted) == (1, 1, 1)
    assert ("root_cause", "") not in counted(home)


def test_the_last_cause_counts(world):
    home = world.home
    follow_up = closed_follow_up(home, at=timezone.now() - 2 * DAY)
    with home.scope():
        reopen(follow_up, by=home.greta, at=timezone.now() - DAY)
        other = RootCause.objects.exclude(key="price").filter(is_archived=False, children=None).first().key
        resolve(follow_up, outcome="lost", root_cause=other, text="Gone", by=home.greta, at=timezone.now())
    assert ("root_cause", other) in counted(home)
    assert ("root_cause", "price") not in counted(home)


def test_mail_that_opens_again_counts_as_reopened(world, settings):
    settings.INBOUND_MAIL_DOMAIN = DOMAIN
    follow_up = closed_follow_up(world.home, at=timezone.now() - DAY)
    customer_writes(world.home, follow_up, "It broke again")
    whole = counted(world.home)[WHOLE, ""]
    assert (whole.reopened, whole.resolved_ever) == (1, 1)


def test_broken_promise_stays_broken_after_a_new_one(world):
    home = world.home
    follow_up = open_follow_up(home, at=timezone.now())
    with home.scope():
        due = follow_up.resolution_due_at
    assert note_batch(home.organization.id, at=due + HOUR)
    close(home, follow_up, at=due + 2 * HOUR)
    with home.scope():
        assert SlaBreach.objects.filter(promise="resolution").count() == 1
        reopen(follow_up, by=home.greta, at=due + DAY)
    close(home, follow_up, at=due + DAY + HOUR)
    whole = counted(home, at=due + 2 * DAY)[WHOLE, ""]
    assert (whole.resolution_kept, whole.resolution_decided) == (0, 1)


def test_resolved_in_time_and_open_again_stays_kept_until_the_new_time_is_over(world):
    home = world.home
    now = timezone.now()
    follow_up = closed_follow_up(home, at=now)
    with home.scope():
        reopen(follow_up, by=home.greta, at=now + 2 * HOUR)
        due = follow_up.resolution_due_at
    before, after = (counted(home, at=at)[WHOLE, ""] for at in (due - HOUR, due + HOUR))
    assert (before.resolution_kept, before.resolution_decided) == (1, 1)
    assert (after.resolution_kept, after.resolution_decided) == (0, 1)


def test_playbook_keeps_the_recovery_that_failed(world):
    home = world.home
    switch_on(home)
    with home.scope():
        playbook = Playbook.objects.create(name="Late parcel")
    for score, customer in ((9, home.chiara), (0, home.karim)):
        follow_up = asked_again(home, score, customer=customer)
        with home.scope():
            FollowUp.objects.filter(pk=follow_up.pk).update(playbook=playbook)
    with home.scope():
        assert results_of_playbooks(at=timezone.now() + timedelta(days=1))[playbook.pk].recovered == Share(1, 2)


@pytest.mark.parametrize(("before", "after", "share"), [(10, 9, (0, 0)), (10, 3, (0, 1)), (3, 9, (1, 1))])
def test_who_began_well_and_stands_well_is_no_failure(world, before, after, share):
    home = world.home
    switch_on(home)
    follow_up = open_follow_up(home)
    with home.scope():
        follow_up.response.group, follow_up.response.score = ("promoter", 10) if before == 10 else ("detractor", 3)
        follow_up.response.save(update_fields=["group", "score"])
    close(home, follow_up, at=TUESDAY + HOUR)
    ask(home, at=TUESDAY + 8 * DAY)
    answer_again(home, sent(home, follow_up, at=TUESDAY + 8 * DAY), after, at=TUESDAY + 9 * DAY)
    with home.scope():
        assert Recovery.objects.get().result
    whole = counted(home)[WHOLE, ""]
    assert (whole.recovered, whole.answered) == share
    assert whole.stayed_well == (share == (0, 0))
