"""Open, overdue and closed within SLA, counted in the organization's own days."""

from datetime import date, timedelta

from alerts.figures import closed_within_sla, open_counts
from alerts.following_up import close_loop, contact, resolve
from metrics import measures
from tests.alerts.answering import TUESDAY, open_follow_up

DAY = date(2026, 3, 10)


def finish(ground, follow_up, *, contacted_at, resolved_at):
    with ground.scope():
        contact(follow_up, way="phone", by=ground.greta, at=contacted_at)
        resolve(follow_up, outcome="recovered", root_cause="price", text="Mended", by=ground.greta, at=resolved_at)
        close_loop(follow_up, closing="told", text="They know", by=ground.greta, at=resolved_at)


def test_open_and_overdue(world):
    follow_up = open_follow_up(world.home)
    open_follow_up(world.home, at=TUESDAY + timedelta(days=1))
    open_follow_up(world.other)
    with world.home.scope():
        counts = open_counts(at=follow_up.first_contact_due_at)
        assert (counts.open, counts.overdue) == (2, 1)


def test_closed_within_sla_needs_both_promises(world):
    for contacted, resolved in ((1, 2), (24 * 5, 24 * 6), (1, 24 * 20)):
        follow_up = open_follow_up(world.home)
        finish(
            world.home,
            follow_up,
            contacted_at=TUESDAY + timedelta(hours=contacted),
            resolved_at=TUESDAY + timedelta(hours=resolved),
        )
    with world.home.scope():
        loops = closed_within_sla(DAY, date(2026, 4, 30))
        assert (loops.closed, loops.within_sla, loops.share) == (3, 1, 1 / 3)
        assert closed_within_sla(date(2026, 5, 1), date(2026, 5, 2)).share is None


def test_day_is_a_day_in_the_organizations_zone(world):
    follow_up = open_follow_up(world.home)
    late = TUESDAY.replace(hour=23, minute=30)  # Wednesday in Berlin
    finish(world.home, follow_up, contacted_at=late, resolved_at=late)
    with world.home.scope():
        assert closed_within_sla(DAY, DAY).closed == 0
        assert closed_within_sla(DAY + timedelta(days=1), DAY + timedelta(days=1)).closed == 1


def test_dashboard_is_told_of_both(world):
    with world.home.scope():
        facts = [measures.registered[key](DAY, DAY) for key in ("open_follow_ups", "closed_within_sla")]
    assert [fact.label for fact in facts] == ["Open follow-ups", "Closed within SLA"]
    assert [fact.value for fact in facts] == ["0", "–"]
    assert facts[0].href == "/o/northwind/followups/?view=overdue"
