"""What one person chose: how each event reaches them, and when they want to be left in peace."""

from collections.abc import Mapping
from datetime import datetime, time

from alerts.models import NotificationChoice, QuietHours
from alerts.notifying.events import EVENTS, Event, Way
from alerts.notifying.ways import Choice
from tenancy.audit import Actor, record
from tenancy.models import User
from tenancy.roles import Role


def events_for(role: Role) -> list[Event]:
    """What somebody of this role may choose about, in the order of the registry."""
    known = (event for event in EVENTS.values() if event.is_for_people)
    return [event for event in known if role.includes(event.chosen_from or event.role)]


def choices_of(user: User) -> dict[str, Choice]:
    """How each event reaches this person, chosen or by itself."""
    found = {key: Choice(event.default_mail_way, event.default_in_app) for key, event in EVENTS.items()}
    for row in NotificationChoice.objects.filter(user=user, event__in=EVENTS):
        found[row.event] = Choice(Way(row.mail), row.in_app)
    return found


def quiet_hours_of(user: User) -> tuple[time, time] | None:
    row = QuietHours.objects.filter(user=user).first()
    return (row.quiet_from, row.quiet_until) if row else None


def choose(
    user: User,
    choices: Mapping[str, Choice],
    *,
    quiet: tuple[time, time] | None,
    by: Actor | User,
    at: datetime,
) -> None:
    """Keep what this person chose; what waits for the hour already is mailed or not as chosen now."""
    before = choices_of(user), quiet_hours_of(user)
    changed = {event: choice for event, choice in choices.items() if before[0][event] != choice}
    NotificationChoice.objects.bulk_create(
        [
            NotificationChoice(user=user, event=event, mail=choice.mail, in_app=choice.is_shown)
            for event, choice in changed.items()
        ],
        update_conflicts=True,
        unique_fields=["organization", "user", "event"],
        update_fields=["mail", "in_app"],
    )
    if quiet is None:
        QuietHours.objects.filter(user=user).delete()
    else:
        QuietHours.objects.update_or_create(user=user, defaults={"quiet_from": quiet[0], "quiet_until": quiet[1]})
    if changed or quiet != before[1]:
        details = {event: [choice.mail, choice.is_shown] for event, choice in changed.items()}
        record("notification_choices.changed", on=user, by=by, at=at, details=details)
