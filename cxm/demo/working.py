"""The demo's staff at work: they close most loops in time, some late, and leave a few for whoever tries the demo."""

from datetime import datetime, timedelta
from random import Random

from alerts import following_up
from alerts.models import FollowUp
from alerts.opening import open_follow_ups
from cxm.demo.words import DONE, NOTES, TOLD
from surveys.models import Response
from tenancy.models import User

AGENTS = ("agent@demo.example", "agent2@demo.example")


def work_follow_ups(users: dict[str, User], *, since: datetime, until: datetime, random: Random) -> None:
    """Open the follow-ups of `since`..`until` when their answers came, and work on them as far as time allows."""
    detractors = Response.objects.filter(group="detractor", responded_at__gte=since).order_by("responded_at")
    agents = [users[email] for email in AGENTS]
    for response in detractors:
        for follow_up in open_follow_ups([response.pk], at=response.responded_at + timedelta(minutes=1)):
            _work(follow_up, random.choice(agents), until, random)


def _work(follow_up: FollowUp, agent: User, until: datetime, random: Random) -> None:
    """Somebody cares, calls, mends and tells; each step only if it happened before `until`."""
    at = follow_up.opened_at
    age = until - at
    if age < timedelta(days=8) and random.random() < 0.4:
        return
    steps = (
        (timedelta(hours=3), lambda at: following_up.assign(follow_up, owner=agent, by=agent, at=at)),
        (timedelta(minutes=2), lambda at: following_up.acknowledge(follow_up, by=agent, at=at)),
        (timedelta(hours=2), lambda at: following_up.add_note(follow_up, text=random.choice(NOTES), by=agent, at=at)),
        (timedelta(hours=9), lambda at: following_up.contact(follow_up, way="phone", by=agent, at=at)),
        (timedelta(hours=30), lambda at: _resolve(follow_up, agent, at, random)),
        (timedelta(hours=6), lambda at: _close(follow_up, agent, at, random)),
    )
    for usual, step in steps:
        at += usual * random.uniform(0.3, 2.4)
        if at >= until or random.random() < 0.02:
            return
        step(at)
        follow_up.refresh_from_db()


def _resolve(follow_up: FollowUp, agent: User, at: datetime, random: Random) -> None:
    outcome = random.choices(("recovered", "explained", "compensated", "lost"), (50, 22, 18, 10))[0]
    cause = random.choices(
        ("delivery", "price", "staff", "support", "product", "expectation"), (42, 14, 10, 18, 10, 6)
    )[0]
    following_up.resolve(follow_up, outcome=outcome, root_cause=cause, text=random.choice(DONE), by=agent, at=at)


def _close(follow_up: FollowUp, agent: User, at: datetime, random: Random) -> None:
    following_up.close_loop(follow_up, closing="told", text=random.choice(TOLD), by=agent, at=at)
