"""What people are told of: each event once, with its words and the way it goes where nobody chose another."""

from dataclasses import dataclass

from alerts.models import NotificationChoice
from tenancy.roles import Role

Way = NotificationChoice.Way


@dataclass(frozen=True)
class Event:
    """`label` and `explanation` stand on the page of choices; who is below `role` is never told."""

    key: str
    label: str
    explanation: str
    default_mail_way: Way
    default_in_app: bool
    role: Role = Role.VIEWER


EVENTS = {
    event.key: event
    for event in (
        Event(
            "opened",
            "A follow-up opened that nobody owns",
            "An answer asked for a follow-up, and no rule gave it an owner.",
            Way.INSTANT,
            True,
        ),
        Event("assigned", "A follow-up became mine", "You are its owner now.", Way.INSTANT, True, Role.AGENT),
        Event(
            "answer_added",
            "The customer answered again",
            "A new answer was added to a follow-up you own, or that nobody owns.",
            Way.INSTANT,
            True,
        ),
        Event(
            "customer_wrote",
            "The customer wrote back",
            "A mail from the customer arrived in a follow-up you own, or that nobody owns.",
            Way.INSTANT,
            True,
        ),
        Event("mentioned", "Somebody mentioned me", "A colleague named you in a note.", Way.INSTANT, True),
        Event(
            "watched_changed",
            "Something changed that I watch",
            "A follow-up you watch was moved, given away, paused, or written in.",
            Way.HOURLY,
            True,
        ),
        Event(
            "step_due",
            "A step of a playbook is due",
            "A step that is yours, or one of a follow-up you own, should be done by now.",
            Way.INSTANT,
            True,
            Role.AGENT,
        ),
        Event(
            "escalated",
            "A promised time is running out",
            "An escalation step named you: as the owner, the lead, an admin, or in person.",
            Way.INSTANT,
            True,
        ),
        Event(
            "promise_broken",
            "A promise was not kept",
            "First contact or resolution is overdue. For analysts and admins.",
            Way.INSTANT,
            True,
        ),
        Event(
            "threshold",
            "A score fell",
            "A rule watches a score, and it fell below its limit by more than chance.",
            Way.INSTANT,
            True,
        ),
        Event("rule_fired", "A rule names me", "A rule that is to tell you, or your team, fired.", Way.INSTANT, True),
        Event(
            "delivery_given_up",
            "A place outside could not be told",
            "A message to Slack, Teams, a webhook or a mailbox was given up. For admins.",
            Way.INSTANT,
            True,
            Role.ADMIN,
        ),
    )
}
