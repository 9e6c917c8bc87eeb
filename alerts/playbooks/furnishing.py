"""The playbooks a new organization starts with: three situations that every company knows."""

from alerts.models import Playbook
from alerts.playbooks.reply_templates import save_template
from alerts.playbooks.saving import Step, save_playbook
from tenancy.models import User

PLAYBOOKS = [
    (
        "Something went wrong",
        "A delivery, a product or a service failed, and the customer says so.",
        [
            Step("Read what they wrote, and what they answered before", due_hours=1),
            Step("Find out what happened; ask the colleagues who were there", due_hours=4),
            Step("Get in touch, say what happened and what you do about it", due_hours=8),
            Step("Do what was promised, and note it here", due_hours=24),
            Step("Tell them that it is done, and ask whether it is well now", due_hours=40),
        ],
        "Your feedback to {{ organization }}",
        "Hello {{ customer.name }},\n\nthank you for telling us about {{ touchpoint }}. This is not how it should have "
        "been, and I am sorry.\n\nI have looked into it: \n\nWhat I do now: \n\nKind regards,\n{{ writer }}",
    ),
    (
        "A customer may leave",
        "Somebody of value is disappointed, again or for a long time.",
        [
            Step("Look at their history, their value and who knows them", due_hours=2),
            Step("Call, do not write; let them talk", due_hours=4),
            Step("Agree on one thing that will change, and by when", due_hours=8),
            Step("Let the lead know what was agreed", doer="lead", due_hours=16),
            Step("Call again once it has changed", due_hours=80),
        ],
        "I would like to call you",
        "Hello {{ customer.name }},\n\nyou gave us a {{ score }}, and I would like to understand what lies behind it. "
        "When may I call you?\n\nKind regards,\n{{ writer }}",
    ),
    (
        "We cannot change it",
        "What the customer wants is not possible: a price, a rule, a product that is gone.",
        [
            Step("Make sure that it really is not possible", due_hours=4),
            Step("Explain why, in plain words, without a rule number", due_hours=8),
            Step("Offer the nearest thing that is possible", due_hours=8),
            Step("Note the wish with its root cause, so that it is counted", due_hours=16),
        ],
        "Your wish",
        "Hello {{ customer.name }},\n\nthank you for asking. We cannot do this, and I want you to know why: \n\n"
        "What I can offer instead: \n\nKind regards,\n{{ writer }}",
    ),
]


def furnish_playbooks(by: User) -> None:
    """Three playbooks, each with a text to start from; where there are none yet."""
    if Playbook.objects.exists():
        return
    for name, situation, steps, subject, text in PLAYBOOKS:
        playbook = save_playbook(None, name=name, situation=situation, steps=steps, by=by)
        save_template(None, name=name, subject=subject, text=text, language="en", playbook=playbook, by=by)
