"""The demo's surveys, and a month of their asks and answers at a time, stored as the product itself stores them."""

from datetime import datetime, timedelta
from itertools import groupby
from random import Random

from customers.models import Customer
from cxm.demo.words import VERBATIMS
from cxm.demo.year import Asked
from journeys.models import Milestone, MilestoneEvent, Touchpoint
from surveys.models import Distribution, Invitation, Survey, SurveyVersion
from surveys.responding import Given, record_responses
from surveys.scoring import group_of
from surveys.survey_templates import TEMPLATES
from surveys.versions import create_survey, publish
from tenancy.audit import SYSTEM
from tenancy.models import User
from tenancy.owned import new_id
from tenancy.scope import current_organization_id

# Key -> template, name, touchpoint and milestone, delay.
SURVEYS = {
    "relationship": ("relationship_nps", "How are we doing?", "First weeks of use", timedelta(days=14)),
    "delivery": ("touchpoint_nps", "After delivery", "Delivery", timedelta(hours=4)),
    "renewal": ("touchpoint_nps", "After the renewal", "Renewal", timedelta(days=1)),
    "checkout": ("touchpoint_ces", "After checkout", "Checkout", timedelta(minutes=30)),
    "support": ("touchpoint_csat", "After a support request", "Support request", timedelta(hours=1)),
}

FATIGUE_DAYS = 10


class Asker:
    """Asks and records; `ask` takes asks in order of time."""

    def __init__(
        self, customers: list[Customer], *, by: User, since: datetime, followed_up_since: datetime, random: Random
    ):
        self.customers, self.random, self.followed_up_since = customers, random, followed_up_since
        self.fatigue_days, self.last_sent = FATIGUE_DAYS, {}
        self.surveys: dict[str, Survey] = {}
        self.versions: dict[str, SurveyVersion] = {}
        self.plans: dict[str, Distribution] = {}
        self.milestones: dict[str, Milestone] = {}
        for key, (template, name, touchpoint, delay) in SURVEYS.items():
            self._make(key, template, name, Touchpoint.objects.get(name=touchpoint), delay, by, since)

    def ask(self, asks: list[Asked]) -> None:
        events = [self._event(asked) for asked in asks]
        MilestoneEvent.objects.bulk_create(events, batch_size=500)
        invitations = [self._invitation(asked, event) for asked, event in zip(asks, events, strict=True)]
        Invitation.objects.bulk_create(invitations, batch_size=500)
        sent = [pair for pair in zip(asks, invitations, strict=True) if pair[1].sent_at]
        answered = [pair for pair in sent if pair[0].score is not None]
        answered.sort(key=lambda pair: (pair[0].survey, pair[0].answered_at))
        for key, pairs in groupby(answered, key=lambda pair: pair[0].survey):
            self._record(key, list(pairs))

    def _make(self, key, template, name, touchpoint, delay, by, since) -> None:
        survey = create_survey(
            template=TEMPLATES[template], name=name, touchpoint=touchpoint if key != "relationship" else None, by=by
        )
        self.versions[key] = publish(survey, by=by, at=since)
        survey.refresh_from_db()
        self.surveys[key] = survey
        self.milestones[key] = touchpoint.milestones.get()
        self.plans[key] = Distribution.objects.create(
            survey=survey, milestone=self.milestones[key], delay_minutes=delay.total_seconds() // 60
        )

    def _event(self, asked: Asked) -> MilestoneEvent:
        event_id = new_id()
        return MilestoneEvent(
            id=event_id,
            organization_id=current_organization_id(),
            customer=self.customers[asked.customer],
            milestone=self.milestones[asked.survey],
            occurred_at=asked.at - SURVEYS[asked.survey][3],
            idempotency_key=f"demo:{event_id}",
            source="api",
        )

    def _invitation(self, asked: Asked, event: MilestoneEvent) -> Invitation:
        """Sent, or dropped when the customer was asked too short a time before."""
        last = self.last_sent.get(asked.customer)
        if last and asked.at - last.at < timedelta(days=self.fatigue_days):
            details = {"asked_at": last.at.isoformat(), "survey": SURVEYS[last.survey][1], "days": self.fatigue_days}
            return self._ask_row(asked, event, status="dropped", reason="asked_recently", reason_details=details)
        self.last_sent[asked.customer] = asked
        delay = SURVEYS[asked.survey][3] // timedelta(minutes=1)
        return self._ask_row(
            asked,
            event,
            status="sent",
            reason="sent",
            reason_details={"milestone": event.milestone.name, "delay_minutes": delay},
            version=self.versions[asked.survey],
            sent_at=asked.at,
            expires_at=asked.at + timedelta(days=self.plans[asked.survey].expires_days),
            attempts=1,
        )

    def _ask_row(self, asked: Asked, event: MilestoneEvent, **values) -> Invitation:
        survey, plan = self.surveys[asked.survey], self.plans[asked.survey]
        return Invitation(
            organization_id=current_organization_id(),
            survey=survey,
            distribution=plan,
            customer=event.customer,
            milestone_event=event,
            touchpoint=event.milestone.touchpoint,
            idempotency_key=f"distribution:{plan.id}:event:{event.id}",
            to_address=event.customer.email,
            language=event.customer.language or "en",
            due_at=asked.at,
            **values,
        )

    def _record(self, key: str, pairs: list[tuple[Asked, Invitation]]) -> None:
        """One statement a day; the recent answers one by one, since their clocks start when they were stored."""
        for _, group in groupby(pairs, key=lambda pair: self._batch(pair[0])):
            given = [self._given(key, *pair) for pair in group]
            survey, at = self.surveys[key], max(each.responded_at for each in given)
            record_responses(given, survey=survey, version=self.versions[key], by=SYSTEM, at=at, raise_alerts=False)

    def _batch(self, asked: Asked) -> object:
        return asked.answered_at if asked.answered_at > self.followed_up_since else asked.answered_at.date()

    def _given(self, key: str, asked: Asked, invitation: Invitation) -> Given:
        survey = self.surveys[key]
        return Given(
            score=asked.score,
            responded_at=asked.answered_at,
            submission_key=f"invitation:{invitation.id}",
            channel="email",
            invitation=invitation,
            customer=invitation.customer,
            touchpoint=invitation.touchpoint,
            verbatim=self._words(survey, key, asked),
            may_contact=self.random.random() < 0.7,
            language=invitation.language,
        )

    def _words(self, survey: Survey, key: str, asked: Asked) -> str:
        if asked.words or not asked.has_words:
            return asked.words
        return self.random.choice(VERBATIMS[key][group_of(survey.measure, asked.score, survey.points)])
