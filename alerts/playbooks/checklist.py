"""The checklist as the page of a follow-up and the rows of the queue show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from alerts.models import FollowUp, FollowUpStep, Playbook
from alerts.playbooks.playbook_forms import StepMarkForm
from tenancy.models import User


@dataclass(frozen=True)
class Progress:
    """How many steps of a follow-up are done."""

    done: int
    total: int


@dataclass(frozen=True)
class Item:
    """One step, the form that ticks it or takes the tick away (None for who may not), and who has to do it."""

    step: FollowUpStep
    form: StepMarkForm | None
    doer: User | None


@dataclass(frozen=True)
class Checklist:
    playbook: Playbook | None
    items: list[Item]

    @property
    def progress(self) -> Progress:
        return Progress(sum(each.step.done_at is not None for each in self.items), len(self.items))


def checklist_of(follow_up: FollowUp, *, may_act: bool) -> Checklist:
    """One query for any number of steps."""
    steps = list(FollowUpStep.objects.filter(follow_up=follow_up).select_related("owner", "done_by"))
    items = []
    for step in steps:
        initial = {"is_done": step.done_at is None}
        form = StepMarkForm(follow_up=follow_up, deed=f"step-{step.pk}", initial=initial) if may_act else None
        items.append(Item(step, form, step.owner or follow_up.owner))
    return Checklist(follow_up.playbook, items)


def progress_of(follow_ups: Iterable[UUID]) -> dict[UUID, Progress]:
    """By follow-up, for those with steps; one query."""
    rows = FollowUpStep.objects.filter(follow_up__in=list(follow_ups)).order_by().values_list("follow_up_id")
    counted = rows.annotate(total=Count("pk"), done=Count("pk", filter=Q(done_at__isnull=False)))
    return {pk: Progress(done, total) for pk, total, done in counted}
