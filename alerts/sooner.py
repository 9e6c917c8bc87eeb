"""A follow-up that became more urgent: the times of that priority hold, where they are sooner."""

from datetime import datetime

from alerts.changing import Change
from alerts.clocks import Policies
from alerts.models import Escalation, FollowUp, Promise, SlaPolicy


def promise_sooner(changed: Change, *, at: datetime) -> None:
    """Within a change: promise what the policy of its priority does, counted from `at`, where that is sooner.

    A promise that is kept or broken already stays, and so does everything where no policy is named for the priority.
    """
    follow_up = changed.follow_up
    policy = SlaPolicy.objects.select_related("calendar").filter(priority=follow_up.priority).first()
    if policy is None or follow_up.resolved_at is not None or follow_up.state == FollowUp.State.MERGED:
        return
    # A clock that stands still keeps the time that was left when it stopped.
    start = follow_up.paused_at or at
    promised = Policies().promised(policy, follow_up.organization, start=start)
    running = (Promise.RESOLUTION,) if follow_up.first_contacted_at else tuple(Promise)
    sooner = [
        promise
        for promise in running
        if start < getattr(follow_up, f"{promise}_due_at") > promised[f"{promise}_due_at"]  # type: ignore[literal-required]
    ]
    if not sooner:
        return
    for promise in sooner:
        names = (f"{promise}_due_at", f"{promise}_budget")
        changed.set(**{name: promised[name] for name in names})  # type: ignore[literal-required]
    changed.set(sla_policy=policy)
    changed.entry.details["policy"] = policy.name
    # New promises: their steps can be taken again.
    Escalation.objects.filter(follow_up=follow_up, promise__in=sooner).delete()
