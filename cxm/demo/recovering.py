"""The demo's customers are asked again after their loops were closed; most answer, and some are still unhappy."""

from datetime import datetime, timedelta
from random import Random

from alerts.models import Recovery
from alerts.proof.recovery.answering import take_answers
from alerts.proof.recovery.asking import ask_batch
from alerts.proof.recovery.plans import change_plan
from cxm.demo.words import AGAIN_GOOD, AGAIN_POOR
from surveys.models import Invitation
from surveys.responding import Given, record_responses
from surveys.versions import live_version
from tenancy.audit import SYSTEM
from tenancy.models import Organization, User

SCORES, WEIGHTS = (10, 9, 8, 7, 6, 4, 1), (12, 16, 18, 16, 16, 13, 9)
ANSWERED = 0.6
DAY = timedelta(days=1)


def switch_on(organization: Organization, *, by: User, at: datetime) -> None:
    change_plan(organization, is_active=True, days_after=7, fatigue_days=30, silent_after_days=14, by=by, at=at)


def ask_again(organization: Organization, *, since: datetime, until: datetime, random: Random) -> None:
    """Day by day what the sweep would have done, and what customers answered a day later."""
    at = since
    while at < until:
        ask_batch(organization.id, at=at)
        asked = Recovery.objects.filter(invitation__status=Invitation.Status.PLANNED).select_related("invitation")
        for recovery in asked:
            _send(recovery.invitation, at)
            if random.random() < ANSWERED and at + DAY < until:
                _answer(recovery.invitation, at + DAY, random)
        at += DAY


def _send(invitation: Invitation, at: datetime) -> None:
    invitation.status, invitation.reason, invitation.attempts = Invitation.Status.SENT, "sent", 1
    invitation.version, invitation.sent_at = live_version(invitation.survey), at
    invitation.expires_at = at + 30 * DAY
    invitation.save(update_fields=["status", "reason", "attempts", "version", "sent_at", "expires_at"])


def _answer(invitation: Invitation, at: datetime, random: Random) -> None:
    score = random.choices(SCORES, WEIGHTS)[0]
    words = random.choice(AGAIN_GOOD if score > 6 else AGAIN_POOR) if random.random() < 0.6 else ""
    given = Given(
        score=score,
        responded_at=at,
        submission_key=f"invitation:{invitation.pk}",
        channel="email",
        invitation=invitation,
        customer=invitation.customer,
        language=invitation.language or "en",
        verbatim=words,
    )
    survey, version = invitation.survey, invitation.version
    if version is not None:
        stored = record_responses([given], survey=survey, version=version, by=SYSTEM, at=at, raise_alerts=False)
        take_answers([response.pk for response, _ in stored], at=at)
