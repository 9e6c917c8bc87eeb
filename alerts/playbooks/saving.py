"""Adding and changing playbooks. Follow-ups under way keep the steps they began with."""

from dataclasses import dataclass

from alerts.models import Playbook, PlaybookStep
from tenancy.audit import Actor, record
from tenancy.models import User


@dataclass(frozen=True)
class Step:
    """One line of a checklist as it was filled in."""

    text: str
    doer: str = PlaybookStep.Doer.OWNER
    person: User | None = None
    due_hours: int | None = None
    guideline_url: str = ""


def save_playbook(
    playbook: Playbook | None,
    *,
    name: str,
    situation: str = "",
    guideline_url: str = "",
    steps: list[Step],
    by: Actor | User,
) -> Playbook:
    """A new playbook with these steps in this order, or this one changed."""
    values = {"name": name, "situation": situation, "guideline_url": guideline_url}
    verb = "playbook.changed" if playbook else "playbook.created"
    if playbook is None:
        playbook = Playbook.objects.create(**values)
    else:
        for field, value in values.items():
            setattr(playbook, field, value)
        playbook.save(update_fields=list(values))
        playbook.steps.all().delete()
    PlaybookStep.objects.bulk_create(
        PlaybookStep(
            organization_id=playbook.organization_id,
            playbook=playbook,
            position=position,
            text=step.text,
            doer=step.doer,
            person=step.person if step.doer == PlaybookStep.Doer.PERSON else None,
            due_hours=step.due_hours,
            guideline_url=step.guideline_url,
        )
        for position, step in enumerate(steps)
    )
    record(verb, on=playbook, by=by, details={"steps": len(steps)})
    return playbook


def set_active(playbook: Playbook, *, is_active: bool, by: Actor | User) -> None:
    """An archived playbook is offered no more; rules and follow-ups that name it keep it."""
    playbook.is_active = is_active
    playbook.save(update_fields=["is_active"])
    record("playbook.restored" if is_active else "playbook.archived", on=playbook, by=by)
