"""A file a customer sent along, and the two buttons of mail that was set aside."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from alerts.correspondence.held import drop_held, mails_held, take_held
from alerts.models import Attachment
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
def inbound_mail_taking(request: HttpRequest, org: str, pk: UUID) -> HttpResponse:
    mail = get_for_role(request, Role.AGENT, mails_held(), pk=pk)
    take_held(mail, by=request.actor, at=timezone.now())
    messages.success(request, "The mail is taken.")
    return redirect("follow_up_detail", org=org, number=mail.follow_up.number)


@require_POST
def inbound_mail_removal(request: HttpRequest, org: str, pk: UUID) -> HttpResponse:
    mail = get_for_role(request, Role.AGENT, mails_held(), pk=pk)
    drop_held(mail, by=request.actor, at=timezone.now())
    messages.success(request, "The mail is gone.")
    return redirect("follow_up_detail", org=org, number=mail.follow_up.number)
