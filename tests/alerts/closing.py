"""Loops that were closed, for tests of the proof that it helped."""

from datetime import datetime, timedelta
from typing import Any

from alerts.following_up import close_loop, contact, resolve
from alerts.models import FollowUp, Recovery
from alerts.proof.recovery.asking import ask_batch
from alerts.proof.recovery.plans import change_plan
from surveys.models import Invitation, Response
from surveys.responding import Given, record_responses
from tenancy.audit import SYSTEM
from tests.alerts.answering import TUESDAY, evaluate, open_follow_up
from tests.surveys.listening import instrument_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def switch_on(ground, *, at: datetime = TUESDAY, **values: Any) -> None:
    with ground.scope():
        plan = {"is_active": True, "days_after": 7, "fatigue_days": 60, "silent_after_days": 14, **values}
        change_plan(ground.organization, **plan, by=ground.ana, at=at)


def close(ground, follow_up: FollowUp, *, at: datetime, closing: str = "told", **values: Any) -> FollowUp:
    """Contacted, resolved and closed at `at`."""
    with ground.scope():
        contact(follow_up, way="phone", by=ground.greta, at=at)
        values = {"outcome": "recovered", "root_cause": "price", "text": "Mended", **values}
        resolve(follow_up, by=ground.greta, at=at, **values)
        close_loop(follow_up, closing=closing, text="They know", by=ground.greta, at=at)
    return follow_up


def closed_follow_up(ground, *, score: int = 3, at: datetime = TUESDAY, **values: Any) -> FollowUp:
    """Opened by this score at `at` and closed an hour later."""
    return close(ground, open_follow_up(ground, score=score, at=at, **values), at=at + HOUR)


def ask(ground, *, at: datetime) -> int:
    return ask_batch(ground.organization.id, at=at)


def recovery_of(ground, follow_up: FollowUp) -> Recovery:
    with ground.scope():
        rows = Recovery.objects.select_related("invitation", "response").filter(follow_up=follow_up)
        return rows.order_by("-closed_at").get()


def sent(ground, follow_up: FollowUp, *, at: datetime) -> Invitation:
    """As if the mail that asks had gone out."""
    with ground.scope():
        invitation = recovery_of(ground, follow_up).invitation
        Invitation.objects.filter(pk=invitation.pk).update(status="sent", reason="sent", sent_at=at)
        invitation.refresh_from_db()
        return invitation


def answer_again(ground, invitation: Invitation, score: int, *, at: datetime, verbatim: str = "") -> Response:
    """The customer answers, and the answer is evaluated."""
    with ground.scope():
        survey = invitation.survey
        given = Given(
            score=score,
            responded_at=at,
            submission_key=f"invitation:{invitation.pk}",
            channel="email",
            invitation=invitation,
            customer=invitation.customer,
            verbatim=verbatim,
        )
        ((response, _),) = record_responses([given], survey=survey, version=instrument_of(survey), by=SYSTEM, at=at)
    evaluate(ground)
    return response


def asked_again(
    ground, score: int, *, before: int = 3, at: datetime = TUESDAY, verbatim: str = "", **values
) -> FollowUp:
    """A closed loop whose customer was asked a week later and gave this score; recovery must be on."""
    follow_up = closed_follow_up(ground, score=before, at=at, **values)
    ask(ground, at=at + 8 * DAY)
    invitation = sent(ground, follow_up, at=at + 8 * DAY)
    answer_again(ground, invitation, score, at=at + 9 * DAY, verbatim=verbatim)
    return follow_up
