"""A file a customer sent along, replies that are sent again, and the two buttons of mail that was set aside."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from alerts.correspondence.held import NotHeld, drop_held, mails_held, take_held
from alerts.correspondence.undelivered import resend
from alerts.deeds import do_deed
from alerts.forms import DeedForm
from alerts.models import Attachment, FollowUp, FollowUpEntry
from tenancy.roles import Role, get_for_role


@require_safe
def attachment(request: HttpRequest, org: str, number: int, pk: UUID) -> HttpResponse:
    """Handed out as a download, never shown: what is in it was written by somebody we do not know."""
    files = Attachment.objects.filter(entry__follow_up__number=number)
    file = get_for_role(request, Role.VIEWER, files, pk=pk)
    response = HttpResponse(bytes(file.data), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, file.file_name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def follow_up_resending(request: HttpRequest, org: str, number: int, pk: UUID) -> HttpResponse:
    replies = FollowUpEntry.objects.filter(kind=FollowUpEntry.Kind.REPLY, follow_up__number=number)
    reply = get_object_or_404(replies, pk=pk)

    def again(follow_up: FollowUp, **values: Any) -> Any:
        return resend(follow_up, reply=reply, **values)

    return do_deed(request, number, "resending", DeedForm, again, "Your reply is on its way again.")


@require_POST
def inbound_mail_taking(request: HttpRequest, org: str, pk: UUID) -> HttpResponse:
    return _decide(request, org, pk, take_held, "The mail is taken.")


@require_POST
def inbound_mail_removal(request: HttpRequest, org: str, pk: UUID) -> HttpResponse:
    return _decide(request, org, pk, drop_held, "The mail is gone.")


def _decide(request: HttpRequest, org: str, pk: UUID, verb: Callable[..., None], done: str) -> HttpResponse:
    mail = get_for_role(request, Role.AGENT, mails_held(), pk=pk)
    try:
        verb(mail, by=request.actor, at=timezone.now())  # type: ignore[attr-defined]
    except NotHeld as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("follow_up_detail", org=org, number=mail.follow_up.number)
