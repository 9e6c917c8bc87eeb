"""Initiatives and their messages, for tests."""

from uuid import UUID

from django.utils import timezone

from alerts.models import FollowUp, Initiative, InitiativeFollowUp, InitiativeMessage, RootCause
from alerts.proof.initiatives.messages import write_message
from tenancy.owned import new_id


def an_initiative(ground, *, follow_ups: list[FollowUp] | None = None, **values) -> Initiative:
    """In the ground's scope."""
    initiative = Initiative.objects.create(name=values.pop("name", f"Mend {new_id()}"), **values)
    InitiativeFollowUp.objects.bulk_create(
        InitiativeFollowUp(organization=ground.organization, initiative=initiative, follow_up=each)
        for each in follow_ups or []
    )
    return initiative


def a_message(ground, *, follow_ups: list[FollowUp] | None = None) -> InitiativeMessage:
    initiative = an_initiative(ground, follow_ups=follow_ups)
    return write_message(initiative, subject="You said, we did", text="We did.", by=ground.ana, at=timezone.now())


def a_root_cause(ground) -> UUID:
    return RootCause.objects.create(key=f"{new_id()}", name="Weather").pk
