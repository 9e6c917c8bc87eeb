"""Setting targets, changing and archiving them."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from metrics.measures import Instrument
from metrics.models import Target
from metrics.reading import Slice
from tenancy.audit import Actor, record
from tenancy.models import User

# Each costs the list of targets two queries.
MOST = 30
TAKEN = "There is a target for this already. Change it, or archive it first."


def live_target(wanted: Slice) -> Target | None:
    """The target of exactly these answers, if there is one. One query."""
    return Target.objects.filter(
        archived_at=None,
        measure=wanted.measure,
        points=wanted.points,
        survey=wanted.survey_id,
        touchpoint=wanted.touchpoint_id,
        channel=wanted.channel or "",
    ).first()


def save_target(
    target: Target | None,
    *,
    instrument: Instrument,
    survey_id: UUID | None,
    touchpoint_id: UUID | None,
    channel: str,
    from_value: Decimal,
    to_value: Decimal,
    start_on: date,
    by_on: date,
    by: Actor | User,
) -> Target:
    """A new target, or this one changed. Raises ValueError when somebody set one for the same answers just now."""
    values = {
        "measure": instrument.measure,
        "points": instrument.points,
        "survey_id": survey_id,
        "touchpoint_id": touchpoint_id,
        "channel": channel,
        "from_value": from_value,
        "to_value": to_value,
        "start_on": start_on,
        "by_on": by_on,
    }
    verb = "target.changed" if target else "target.set"
    try:
        with transaction.atomic():
            if target is None:
                target = Target.objects.create(**values)
            else:
                for field, value in values.items():
                    setattr(target, field, value)
                target.save(update_fields=list(values))
    except IntegrityError as error:
        if "target_once" not in str(error):
            raise
        raise ValueError(TAKEN) from None
    details = {"from": str(from_value), "to": str(to_value), "start": str(start_on), "by": str(by_on)}
    record(verb, on=target, by=by, details=details)
    return target


def archive(target: Target, *, by: Actor | User, at: datetime) -> None:
    """It is shown no more, and another one can be set. Archiving twice changes nothing."""
    if target.archived_at is None:
        target.archived_at = at
        target.save(update_fields=["archived_at"])
        record("target.archived", on=target, by=by, at=at)
