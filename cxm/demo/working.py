"""The demo's staff at work for five weeks, in order of time: every deed and every sweep happens when it would have.

They close most loops in time and some late, wait for customers, put things off, reopen what was not solved, and leave
the last days to whoever tries the demo.
"""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from alerts import breaches, following_up, pausing
from alerts.escalation.escalating import escalate_batch
from alerts.models import FollowUp, FollowUpStep
from alerts.opening import open_follow_ups
from alerts.playbooks.starting import mark_step
from alerts.states import State
from alerts.work.merging import duplicates_of, merge
from cxm.demo.recovering import Recovering
from cxm.demo.staffing import AGENTS
from cxm.demo.words import CAUSES, DONE, NOTES, OUTCOMES, REOPENED, TOLD, UNTOLD
from surveys.models import Response
from tenancy.models import Organization, User
from tenancy.scope import current_organization_id

ADMIN = "admin@demo.example"
# Younger ones are left to whoever tries the demo, or in the middle of it.
LATELY = timedelta(days=20)
ZONE = ZoneInfo("Europe/Berlin")
# The sweeps of the demo go by once a day, not every few seconds; lately more often.
BETWEEN_SWEEPS, BETWEEN_LATE_SWEEPS = timedelta(days=1), timedelta(hours=6)

Deed = Callable[[datetime], None]


class Staff:
    """Everything that happened to follow-ups between two moments."""

    def __init__(self, users: dict[str, User], organization: Organization, *, until: datetime, random: Random):
        self.agents, self.admin = [users[email] for email in AGENTS], users[ADMIN]
        self.organization, self.until, self.random = organization, until, random
        self._planned: list[tuple[datetime, int, Deed]] = []
        self._order = count()

    def live(self, *, since: datetime) -> None:
        """Open the follow-ups of all bad answers of that time, and do whatever was done about them until now."""
        self.recovering = Recovering(
            self.organization, by=self.admin, since=since, random=self.random, on_reopened=self._again
        )
        for response in Response.objects.filter(group="detractor", responded_at__gte=since):
            self.plan(response.created_at + timedelta(minutes=1), lambda at, pk=response.pk: self._open(pk, at))
        moment = since
        while moment < self.until:
            self.plan(moment, self._sweep)
            moment += BETWEEN_LATE_SWEEPS if self.until - moment < LATELY else BETWEEN_SWEEPS
        while self._planned:
            at, _, deed = heapq.heappop(self._planned)
            deed(at)
        self._put_one_off()
        self._sweep(self.until)

    def plan(self, at: datetime, deed: Deed) -> None:
        """Nothing is done that is still to come."""
        if at < self.until:
            heapq.heappush(self._planned, (at, next(self._order), deed))

    def _put_one_off(self) -> None:
        """So that every state of the queue can be seen, whatever chance brought."""
        taken = FollowUp.objects.filter(state=State.ACKNOWLEDGED, paused_at=None).select_related("owner").first()
        if taken and taken.owner:
            pausing.snooze(taken, until=self.until + timedelta(days=2), by=taken.owner, at=self.until)

    def _sweep(self, at: datetime) -> None:
        organization_id = current_organization_id()
        self.recovering.ask(at, plan=self.plan)
        pausing.resume_batch(organization_id, at=at)
        breaches.note_batch(organization_id, at=at)
        while escalate_batch(organization_id, at=at):
            pass

    def _again(self, pk: UUID, at: datetime) -> None:
        follow_up = FollowUp.objects.select_related("owner").get(pk=pk)
        Case(self, follow_up, owner=follow_up.owner or self.agents[0]).begin(at)

    def _open(self, response_id: UUID, at: datetime) -> None:
        for follow_up in open_follow_ups([response_id], at=at):
            # What came in lately mostly waits still.
            if self.random.random() < 0.95 - (self.until - at) / LATELY:
                continue
            Case(self, follow_up, owner=follow_up.owner or self.random.choice(self.agents)).begin(at)


class Case:
    """One follow-up in the hands of one person."""

    def __init__(self, staff: Staff, follow_up: FollowUp, *, owner: User):
        self.staff, self.random, self.pk, self.owner = staff, staff.random, follow_up.pk, owner
        # Some people and some weeks are slow: that is where promises break.
        self.pace = self.random.choices((1.0, 1.6, 5.0), (70, 20, 10))[0]

    def begin(self, at: datetime) -> None:
        self._later(at, hours=3, deed=self._take)

    def _take(self, at: datetime) -> None:
        follow_up = self._now()
        for other in duplicates_of(follow_up):
            merge(follow_up, duplicate=other, by=self.owner, at=at)
        if follow_up.owner_id is None:
            following_up.assign(follow_up, owner=self.owner, by=self.owner, at=at)
        if follow_up.state == State.OPEN:
            following_up.acknowledge(follow_up, by=self.owner, at=at + timedelta(minutes=2))
        if self.random.random() < 0.3:
            self._later(at, hours=2, deed=self._note)
        chance = self.random.random()
        if self._is_recent(at) and chance < 0.25:
            return
        is_put_off = chance < (0.5 if self._is_recent(at) else 0.06)
        if is_put_off:
            self._later(at, hours=1, deed=self._put_off)
        self._later(at, hours=80 if is_put_off else 9, deed=self._contact)

    def _is_recent(self, at: datetime) -> bool:
        """Whether it is one of the last days, of which something is left to be seen."""
        return self.staff.until - at < LATELY

    def _note(self, at: datetime) -> None:
        following_up.add_note(self._now(), text=self.random.choice(NOTES), by=self.owner, at=at)

    def _put_off(self, at: datetime) -> None:
        follow_up = self._now()
        if follow_up.paused_at is None and follow_up.resolved_at is None:
            until = at + timedelta(days=self.random.choice((2, 4, 6)))
            pausing.snooze(follow_up, until=until, by=self.owner, at=at)

    def _contact(self, at: datetime) -> None:
        follow_up = self._now()
        if follow_up.resolved_at is not None:
            return
        self._tick(at)
        following_up.contact(follow_up, way=self.random.choice(("phone", "phone", "in_person")), by=self.owner, at=at)
        if self.random.random() < (0.5 if self._is_recent(at) else 0.12):
            pausing.wait_for_customer(follow_up, by=self.owner, at=at + timedelta(minutes=5))
            self._later(at, hours=50, deed=self._resolve)
        elif self.random.random() < 0.97:
            self._later(at, hours=30, deed=self._resolve)

    def _tick(self, at: datetime) -> None:
        """The first steps of the playbook; of old follow-ups nobody looks at the checklist any more."""
        if self._is_recent(at):
            for step in FollowUpStep.objects.filter(follow_up=self.pk, done_at=None)[: self.random.randint(1, 3)]:
                mark_step(self._now(), step=step, is_done=True, by=self.owner, at=at - timedelta(minutes=3))

    def _resolve(self, at: datetime) -> None:
        outcome = self.random.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
        cause = self.random.choices(list(CAUSES), list(CAUSES.values()))[0]
        following_up.resolve(
            self._now(), outcome=outcome, root_cause=cause, text=self.random.choice(DONE), by=self.owner, at=at
        )
        if self.random.random() < 0.97:
            self._later(at, hours=6, deed=self._close)

    def _close(self, at: datetime) -> None:
        follow_up = self._now()
        is_lost = follow_up.outcome == FollowUp.Outcome.UNREACHABLE
        closing, text = ("impossible", UNTOLD) if is_lost else ("told", self.random.choice(TOLD))
        following_up.close_loop(follow_up, closing=closing, text=text, by=self.owner, at=at)
        if self.random.random() < 0.04:
            self._later(at, hours=60, deed=self._reopen)

    def _reopen(self, at: datetime) -> None:
        following_up.reopen(self._now(), text=REOPENED, by=self.owner, at=at)
        self._later(at, hours=5, deed=self._contact)

    def _now(self) -> FollowUp:
        return FollowUp.objects.select_related("organization", "sla_policy", "customer", "response", "owner").get(
            pk=self.pk
        )

    def _later(self, at: datetime, *, hours: float, deed: Deed) -> None:
        moment = at + timedelta(hours=hours) * self.random.uniform(0.3, 1.8) * self.pace
        self.staff.plan(self._at_work(moment), lambda at: None if self._now().state == State.MERGED else deed(at))

    def _at_work(self, moment: datetime) -> datetime:
        """Then, or the next morning at work."""
        local = moment.astimezone(ZONE)
        while local.isoweekday() > 5 or not 8 <= local.hour < 18:
            days = 0 if local.hour < 8 and local.isoweekday() <= 5 else 1
            morning = (local + timedelta(days=days)).replace(hour=8, minute=0)
            local = morning + timedelta(minutes=self.random.randrange(100))
        return local
