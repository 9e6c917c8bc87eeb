"""Which escalation steps of a follow-up are still to be taken, and when; kept on the row as `escalates_at`."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from alerts.clocks import Policies
from alerts.escalation.moments import Span, step_moment
from alerts.models import Escalation, EscalationStep, FollowUp, FollowUpPause, Promise
from alerts.sla import business_time_between
from tenancy.models import Organization

# A change of one of these moves the next step, or ends them all.
CLOCK_FIELDS = frozenset(
    {
        "state",
        "first_contact_due_at",
        "resolution_due_at",
        "first_contacted_at",
        "resolved_at",
        "paused_at",
        "sla_policy",
    }
)
OVER = (FollowUp.State.CLOSED, FollowUp.State.MERGED)
Key = tuple[str, int, str, str]


@dataclass(frozen=True)
class Waiting:
    """A step that was not taken yet, and when it is due."""

    step: EscalationStep
    due_at: datetime


class Clocks:
    """The steps of several follow-ups: read once, three statements for any number; one where all are new."""

    def __init__(
        self, follow_ups: Sequence[FollowUp], organization: Organization, *, policies: Policies, are_new: bool = False
    ) -> None:
        self.organization, self.policies = organization, policies
        self.steps: dict[UUID, list[EscalationStep]] = defaultdict(list)
        self.taken: dict[UUID, set[Key]] = defaultdict(set)
        self.pauses: dict[UUID, list[Span]] = defaultdict(list)
        wanted = {each.sla_policy_id for each in follow_ups}
        for step in EscalationStep.objects.filter(sla_policy__in=wanted).select_related("person"):
            self.steps[step.sla_policy_id].append(step)
        if are_new:
            return
        for row in Escalation.objects.filter(follow_up__in=follow_ups):
            self.taken[row.follow_up_id].add((row.promise, row.percent, row.tells, row.person_key))
        over = FollowUpPause.objects.filter(follow_up__in=follow_ups, resumed_at__isnull=False)
        for pause in over.order_by("paused_at"):
            if pause.resumed_at is not None:
                self.pauses[pause.follow_up_id].append((pause.paused_at, pause.resumed_at))

    def next_at(self, follow_up: FollowUp) -> datetime | None:
        """When its next step is due; None when none is left or its clocks do not run."""
        # Within a promise the smallest share comes first: only those need to be worked out.
        first: dict[str, EscalationStep] = {}
        for step in self._left(follow_up):
            first.setdefault(step.promise, step)
        return min((self.moment_of(step, follow_up) for step in first.values()), default=None)

    def waiting(self, follow_up: FollowUp) -> list[Waiting]:
        """All steps still to be taken, the soonest first."""
        found = [Waiting(step, self.moment_of(step, follow_up)) for step in self._left(follow_up)]
        return sorted(found, key=lambda each: (each.due_at, each.step.percent, each.step.pk))

    def moment_of(self, step: EscalationStep, follow_up: FollowUp) -> datetime:
        is_contact = step.promise == Promise.FIRST_CONTACT
        due_at = follow_up.first_contact_due_at if is_contact else follow_up.resolution_due_at
        budget = follow_up.first_contact_budget if is_contact else follow_up.resolution_budget
        calendar = self.policies.calendar_of(follow_up.sla_policy, self.organization)
        if budget is None:  # from before budgets were kept
            budget = max(business_time_between(follow_up.opened_at, due_at, calendar), timedelta(0))
        pauses = self.pauses[follow_up.pk]
        return step_moment(step.percent, due_at=due_at, budget=budget, calendar=calendar, pauses=pauses)

    def _left(self, follow_up: FollowUp) -> Iterable[EscalationStep]:
        running = running_promises(follow_up)
        taken = self.taken[follow_up.pk]
        steps = self.steps[follow_up.sla_policy_id] if running else []
        return [step for step in steps if step.promise in running and key_of(step) not in taken]


def running_promises(follow_up: FollowUp) -> tuple[Promise, ...]:
    """The promises whose clocks run now."""
    if follow_up.resolved_at is not None or follow_up.paused_at is not None or follow_up.state in OVER:
        return ()
    return (Promise.RESOLUTION,) if follow_up.first_contacted_at else (Promise.FIRST_CONTACT, Promise.RESOLUTION)


def start_escalations(follow_ups: Sequence[FollowUp], organization: Organization, *, policies: Policies) -> None:
    """Set when the first step of each new follow-up is due; stores nothing. One statement for any number."""
    clocks = Clocks(follow_ups, organization, policies=policies, are_new=True)
    for follow_up in follow_ups:
        follow_up.escalates_at = clocks.next_at(follow_up)


def next_escalation_at(follow_up: FollowUp) -> datetime | None:
    """What `escalates_at` of this follow-up must be now. Five statements, none while no clock runs."""
    if not running_promises(follow_up):
        return None
    return Clocks([follow_up], follow_up.organization, policies=Policies()).next_at(follow_up)


def key_of(step: EscalationStep) -> Key:
    return step.promise, step.percent, step.tells, str(step.person_id or "")
