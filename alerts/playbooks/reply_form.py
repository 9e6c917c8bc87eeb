"""The form of a reply as a page shows it: started from a template where one was chosen, previewed before it is sent."""

from dataclasses import dataclass

from django.http import HttpRequest

from alerts.forms import ReplyForm
from alerts.models import FollowUp
from alerts.playbooks.reply_templates import filled, template_of, templates_for
from alerts.replying import starting_text
from tenancy.mail import Sender


@dataclass(frozen=True)
class Preview:
    """A reply as the customer will see it."""

    sender: Sender
    to: str
    subject: str
    text: str


def reply_form(request: HttpRequest, follow_up: FollowUp) -> ReplyForm:
    """With the texts to choose from as `templates`; the chosen one of ?template= is `chosen`, and filled in."""
    writer = str(request.user)
    subject, text = starting_text(follow_up, author=writer)
    template = template_of(request.GET.get("template", "")) if request.method == "GET" else None
    left_out: list[str] = []
    if template is not None:
        found = filled(template, follow_up, writer=writer)
        subject, text, left_out = found.subject, found.text, found.left_out
    form = ReplyForm(follow_up=follow_up, deed="replies", initial={"subject": subject, "text": text})
    return with_templates(form, follow_up, chosen=template.pk if template else None, left_out=left_out)


def with_templates(
    form: ReplyForm, follow_up: FollowUp, *, chosen=None, left_out: list[str] | None = None
) -> ReplyForm:
    form.templates, form.chosen, form.left_out = templates_for(follow_up), chosen, left_out or []
    return form


def preview_of(form: ReplyForm, follow_up: FollowUp) -> Preview:
    """What a valid form would send."""
    values = form.cleaned_data
    to = follow_up.customer.email if follow_up.customer else ""
    return Preview(Sender.of(follow_up.organization), to, values["subject"].strip(), values["text"].strip())
