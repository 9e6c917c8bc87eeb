"""The demo's customers are asked again after their loop was closed, and about half of them answer."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from alerts.models import FollowUp, Recovery, RecoveryPlan
from alerts.proof.recovery.answering import take_answers
from alerts.proof.recovery.asking import ask_batch
from alerts.proof.recovery.plans import change_plan
from cxm.demo.words import AGAIN_GOOD, AGAIN_POOR
from surveys.models import Invitation
from surveys.published import instrument
from surveys.responding import Given, record_responses
from tenancy.audit import SYSTEM
from tenancy.models import Organization, User
from tenancy.scope import current_organization_id

ANSWER_RATE = 0.52
EXPIRES_DAYS = 30
# Scores after each outcome: satisfied customers mostly are, lost ones are not.
SCORES = {"recovered": range(7, 11), "compensated": range(6, 11), "explained": range(4, 10), "lost": range(1, 7)}


class Recovering:
    """Asks as the product's sweep does, hands the mails over at once, and answers for the customers."""

    def __init__(
        self,
        organization: Organization,
        *,
        by: User,
        since: datetime,
        random: Random,
        on_reopened: Callable[[UUID, datetime], None],
    ):
        """`on_reopened(key, moment)` is told of follow-ups that a bad answer has opened again."""
        self.random, self.on_reopened = random, on_reopened
        change_plan(organization, is_active=True, days_after=7, fatigue_days=60, silent_after_days=14, by=by, at=since)
        self.survey = RecoveryPlan.objects.select_related("survey").get().survey
        self.instrument = instrument(self.survey.versions.get())

    def ask(self, at: datetime, *, plan: Callable[[datetime, Callable[[datetime], None]], None]) -> None:
        """What is due at `at`; each answer that will come is given to `plan`, with its moment."""
        while ask_batch(current_organization_id(), at=at):
            pass
        due = Invitation.objects.filter(survey=self.survey, status=Invitation.Status.PLANNED)
        for invitation in due.select_related("customer"):
            invitation.status, invitation.reason = Invitation.Status.SENT, "sent"
            invitation.version_id, invitation.sent_at, invitation.attempts = self.instrument.id, at, 1
            invitation.expires_at = at + timedelta(days=EXPIRES_DAYS)
            invitation.save()
            if self.random.random() < ANSWER_RATE:
                answered_at = at + timedelta(hours=self.random.uniform(1, 60))
                plan(answered_at, lambda moment, invitation=invitation: self._answer(invitation, moment))

    def _answer(self, invitation: Invitation, at: datetime) -> None:
        follow_up = Recovery.objects.select_related("follow_up").get(invitation=invitation).follow_up
        score = self.random.choice(SCORES.get(follow_up.outcome, range(2, 9)))
        given = Given(
            score=score,
            responded_at=at,
            submission_key=f"invitation:{invitation.pk}",
            channel="email",
            invitation=invitation,
            customer=invitation.customer,
            verbatim=self.random.choice(AGAIN_GOOD if score > 6 else AGAIN_POOR) if self.random.random() < 0.5 else "",
            language=invitation.language,
        )
        recorded = record_responses(
            [given], survey=self.survey, version=self.instrument, by=SYSTEM, at=at, raise_alerts=False
        )
        take_answers([response.pk for response, _ in recorded], at=at)
        if FollowUp.objects.filter(pk=follow_up.pk, state="open").exists():
            self.on_reopened(follow_up.pk, at)
