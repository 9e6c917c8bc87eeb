"""Texts that a reply starts from: adding, changing and removing them, and one filled in for a follow-up."""

from dataclasses import dataclass
from uuid import UUID

from alerts.models import FollowUp, Playbook, ReplyTemplate
from alerts.playbooks.merge_fields import check, fill, missing
from tenancy.audit import Actor, record
from tenancy.models import User


@dataclass(frozen=True)
class Filled:
    """A template as a reply starts with it; `left_out` are fields that had no value, in words."""

    subject: str
    text: str
    left_out: list[str]


def save_template(
    template: ReplyTemplate | None,
    *,
    name: str,
    subject: str,
    text: str,
    language: str = "",
    playbook: Playbook | None = None,
    by: Actor | User,
) -> ReplyTemplate:
    """A new template, or this one changed. Raises UnknownField."""
    check(subject)
    check(text)
    values = {"name": name, "subject": subject, "text": text, "language": language, "playbook": playbook}
    if template is None:
        template = ReplyTemplate.objects.create(**values)
        record("reply_template.created", on=template, by=by)
        return template
    for field, value in values.items():
        setattr(template, field, value)
    template.save(update_fields=list(values))
    record("reply_template.changed", on=template, by=by)
    return template


def remove_template(template: ReplyTemplate, *, by: Actor | User) -> None:
    """Replies that were written from it stay as they are."""
    record("reply_template.removed", on=template, by=by)
    template.delete()


def templates_for(follow_up: FollowUp) -> list[ReplyTemplate]:
    """All templates, the fitting first: those of its playbook, in the customer's language, in any."""
    language = (follow_up.customer.language if follow_up.customer else "") or ""

    def place(template: ReplyTemplate) -> tuple[bool, int, str]:
        in_language = 0 if language and template.language == language else 1 if not template.language else 2
        is_elsewhere = template.playbook_id is None or template.playbook_id != follow_up.playbook_id
        return is_elsewhere, in_language, template.name.casefold()

    return sorted(ReplyTemplate.objects.select_related("playbook"), key=place)


def template_of(pk: str) -> ReplyTemplate | None:
    try:
        return ReplyTemplate.objects.filter(pk=UUID(pk)).first()
    except ValueError:
        return None


def filled(template: ReplyTemplate, follow_up: FollowUp, *, writer: str) -> Filled:
    """The template with this follow-up's facts."""
    values = values_of(follow_up, writer=writer)
    left_out = missing(f"{template.subject}\n{template.text}", values)
    return Filled(fill(template.subject, values), fill(template.text, values), left_out)


def values_of(follow_up: FollowUp, *, writer: str) -> dict[str, str]:
    response, customer = follow_up.response, follow_up.customer
    values = {
        "customer.name": customer.name if customer else "",
        "number": str(follow_up.number),
        "organization": follow_up.organization.name,
        "owner": str(follow_up.owner or ""),
        "writer": writer,
    }
    if response is not None:
        touchpoint = response.touchpoint.name if response.touchpoint else ""
        values |= {"score": str(response.score), "survey": response.survey.name, "touchpoint": touchpoint}
    return values
