"""What people are told of: each event once, with its words and the way it goes where nobody chose another."""

from dataclasses import dataclass

from alerts.models import NotificationChoice
from tenancy.roles import Role

Way = NotificationChoice.Way


@dataclass(frozen=True)
class Event:
    """`label` and `explanation` stand on the page of choices; who is below `role` is never told.

    `outside` is the name by which channels may be told of it as well, whoever owns what it is about; empty where it
    concerns single people. `outside_label` says what that is where the words for people would say less.
    """

    key: str
    label: str
    explanation: str
    default_mail_way: Way
    default_in_app: bool
    role: Role = Role.VIEWER
    icon: str = "bell"
    outside: str = ""
    outside_label: str = ""
    # What many of them are called in a summary; "" where the label says it.
    many_label: str = ""
    # Who may choose, where that is not everybody who may be told: a bell that an admin set up shows it to others too.
    chosen_from: Role | None = None
    # False: nobody is told of it by themselves, only places outside that an admin set up.
    is_for_people: bool = True

    @property
    def words_for_many(self) -> str:
        return self.many_label or self.label

    @property
    def words_outside(self) -> str:
        return self.outside_label or self.label


EVENTS = {
    event.key: event
    for event in (
        Event(
            "opened",
            "A follow-up opened that nobody owns",
            "An answer asked for a follow-up, and no rule gave it an owner.",
            Way.INSTANT,
            True,
            many_label="Follow-ups that opened and nobody owns",
            chosen_from=Role.AGENT,
            icon="inbox",
            outside="follow_up.opened",
            outside_label="A follow-up opened",
        ),
        Event(
            "assigned",
            "A follow-up became mine",
            "You are its owner now.",
            Way.INSTANT,
            True,
            role=Role.AGENT,
            many_label="Follow-ups that became yours",
            icon="user-check",
        ),
        Event(
            "answer_added",
            "The customer answered again",
            "A new answer was added to a follow-up you own, or that nobody owns.",
            Way.INSTANT,
            True,
            many_label="Further answers of customers",
            icon="message-square-plus",
            outside="follow_up.answer_added",
        ),
        Event(
            "customer_wrote",
            "The customer wrote back",
            "A mail from the customer arrived in a follow-up you own, or that nobody owns.",
            Way.INSTANT,
            True,
            many_label="Mails from customers",
            icon="mail",
            outside="follow_up.customer_wrote",
        ),
        Event(
            "mail_held",
            "A mail of a customer was set aside",
            "It looks like an automatic answer, a bulk mail or a repetition: somebody has to decide about it.",
            Way.HOURLY,
            True,
            role=Role.AGENT,
            many_label="Mails of customers that were set aside",
            icon="mail-question-mark",
        ),
        Event(
            "reply_failed",
            "A reply did not reach the customer",
            "The receiving server refused it, or none could be reached for two days: it counts as no contact.",
            Way.INSTANT,
            True,
            role=Role.AGENT,
            many_label="Replies that did not reach the customer",
            icon="mail-x",
        ),
        Event(
            "mentioned",
            "Somebody mentioned me",
            "A colleague named you in a note.",
            Way.INSTANT,
            True,
            many_label="Notes that mention you",
            icon="at-sign",
        ),
        Event(
            "owned_changed",
            "Somebody changed a follow-up of mine",
            "A colleague wrote a note in it, resolved, closed or reopened it, took it away, or its clock goes on.",
            Way.HOURLY,
            True,
            role=Role.AGENT,
            many_label="Changes in follow-ups of yours",
            icon="user-pen",
        ),
        Event(
            "watched_changed",
            "Something changed that I watch",
            "A follow-up you watch was moved, given away, paused, or written in.",
            Way.HOURLY,
            True,
            many_label="Changes in what you watch",
            icon="eye",
        ),
        Event(
            "step_due",
            "A step of a playbook is due",
            "A step that is yours, or one of a follow-up you own, should be done by now.",
            Way.INSTANT,
            True,
            role=Role.AGENT,
            many_label="Steps of playbooks that are due",
            icon="list-checks",
        ),
        Event(
            "escalated",
            "A promised time is running out",
            "An escalation step named you: as the owner, the lead, an admin, or in person.",
            Way.INSTANT,
            True,
            many_label="Promised times that run out",
            icon="alarm-clock",
            outside="follow_up.escalated",
        ),
        Event(
            "promise_broken",
            "A promise was not kept",
            "First contact or resolution is overdue, and an escalation step named you.",
            Way.INSTANT,
            True,
            many_label="Promises that were not kept",
            icon="triangle-alert",
            outside="follow_up.promise_broken",
        ),
        Event(
            "threshold",
            "A score fell",
            "A rule watches a score, and it fell below its limit by more than chance.",
            Way.INSTANT,
            True,
            icon="trending-down",
            outside="score.fell",
        ),
        Event(
            "initiative",
            "An initiative became mine",
            "Somebody made you the owner of an initiative.",
            Way.INSTANT,
            True,
            role=Role.ANALYST,
            icon="megaphone",
        ),
        Event(
            "rule_fired",
            "A rule names me",
            "A rule that is to tell you, or your team, fired.",
            Way.INSTANT,
            True,
            many_label="Rules that name you",
            icon="bell-ring",
        ),
        Event(
            "delivery_given_up",
            "A place outside could not be told",
            "A message to Slack, Teams, a webhook or a mailbox was given up. For admins.",
            Way.INSTANT,
            True,
            role=Role.ADMIN,
            icon="unplug",
        ),
        Event(
            "mail_given_up",
            "A mail could not be sent",
            "It waits under Follow-ups, Set aside. For admins, in the product only.",
            Way.OFF,
            True,
            role=Role.ADMIN,
            icon="mail-x",
        ),
        *(
            Event(
                key,
                label,
                "For places outside, whoever did it.",
                Way.OFF,
                True,
                icon=icon,
                outside=f"follow_up.{key}",
                is_for_people=False,
            )
            for key, label, icon in (
                ("given", "A follow-up got another owner", "user-check"),
                ("resolved", "A follow-up was resolved", "check"),
                ("closed", "A loop was closed", "circle-check"),
                ("reopened", "A follow-up was reopened", "rotate-ccw"),
            )
        ),
    )
}

# What channels may be told of: event -> the key it has inside.
OUTSIDE = {event.outside: event for event in EVENTS.values() if event.outside}
