"""A follow-up that became more urgent: the times of that priority hold, where they are sooner."""

from datetime import datetime
from typing import Any

from alerts.changing import Change
from alerts.clocks import Policies
from alerts.escalation.clocks import next_escalation_at
from alerts.models import AlertRule, Escalation, FollowUp, Promise, SlaPolicy


def promise_sooner(changed: Change, *, at: datetime) -> None:
    """Within a change: promise what the policy of its priority does, counted from `at`, where that is sooner.

    A promise that is kept or broken already stays, and so does everything where no policy is named for the priority.
    """
    follow_up = changed.follow_up
    policy = SlaPolicy.objects.select_related("calendar").filter(priority=follow_up.priority).first()
    if policy and (values := _sooner(follow_up, policy, at=at)):
        changed.set(**values)
        changed.entry.details["policy"] = policy.name


def hasten(follow_up: FollowUp, rule: AlertRule, *, at: datetime) -> set[str]:
    """The same for a follow-up that an alert of `rule` made more urgent: by the policy it names, or its priority's.

    Sets the fields and returns their names; the caller stores them.
    """
    policy = rule.sla_policy or SlaPolicy.objects.select_related("calendar").filter(priority=rule.priority).first()
    values = _sooner(follow_up, policy, at=at) if policy else {}
    for name, value in values.items():
        setattr(follow_up, name, value)
    if not values:
        return set()
    follow_up.escalates_at = next_escalation_at(follow_up)
    return {*values, "escalates_at"}


def _sooner(follow_up: FollowUp, policy: SlaPolicy, *, at: datetime) -> dict[str, Any]:
    """The fields of what `policy` promises sooner, itself among them; the steps of those can be taken again."""
    if follow_up.resolved_at is not None or follow_up.state == FollowUp.State.MERGED:
        return {}
    # A clock that stands still keeps the time that was left when it stopped.
    start = follow_up.paused_at or at
    promised: dict[str, Any] = {**Policies().promised(policy, follow_up.organization, start=start)}
    running = (Promise.RESOLUTION,) if follow_up.first_contacted_at else tuple(Promise)
    sooner = [each for each in running if start < getattr(follow_up, f"{each}_due_at") > promised[f"{each}_due_at"]]
    if not sooner:
        return {}
    Escalation.objects.filter(follow_up=follow_up, promise__in=sooner).delete()
    names = [f"{each}_{what}" for each in sooner for what in ("due_at", "budget")]
    return {"sla_policy": policy, **{name: promised[name] for name in names}}
