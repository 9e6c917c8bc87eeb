"""“You said, we did”: written, looked at with whom it reaches, let go, and what became of it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alerts.models import Initiative, InitiativeMessage
from alerts.proof.initiatives.fate import fate_of, mail_states
from alerts.proof.initiatives.forms import MessageForm
from alerts.proof.initiatives.messages import (
    STARTING_TEXT,
    NotADraft,
    change_message,
    discard_message,
    let_go,
    preview,
    write_message,
)
from tenancy.roles import Role, get_for_role

PAGE_SIZE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def message_new(request: HttpRequest, org: str, pk) -> HttpResponse:
    initiative = get_for_role(request, Role.ANALYST, Initiative.objects.all(), pk=pk)
    name = request.organization.name  # type: ignore[attr-defined]
    initial = {"subject": f"You said, we did: news from {name}"[:200], "text": STARTING_TEXT}
    form = MessageForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        message = write_message(initiative, **form.cleaned_data, by=request.user, at=timezone.now())  # type: ignore[arg-type]
        return redirect("message_detail", org=org, pk=message.pk)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "initiative": initiative}
    return render(request, "alerts/proof/message_form.html", context, status=status)


@require_safe
def message_detail(request: HttpRequest, org: str, pk) -> HttpResponse:
    """A draft with whom it would reach; afterwards what became of it."""
    message = _message(request, pk)
    context: dict = {"message": message, "initiative": message.initiative}
    if message.state == InitiativeMessage.State.DRAFT:
        found = preview(message, request.organization, at=timezone.now())  # type: ignore[attr-defined]
        context |= {"preview": found, "first": found.reached, "rest": found.more_count}
    else:
        context["fate"] = fate_of(message)
    return render(request, "alerts/proof/message_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def message_edit(request: HttpRequest, org: str, pk) -> HttpResponse:
    message = _message(request, pk)
    if message.state != InitiativeMessage.State.DRAFT:
        return redirect("message_detail", org=org, pk=pk)
    form = MessageForm(request.POST or None, initial={"subject": message.subject, "text": message.text})
    if request.method == "POST" and form.is_valid():
        try:
            change_message(message, **form.cleaned_data, by=request.actor, at=timezone.now())  # type: ignore[attr-defined]
        except NotADraft as refusal:
            messages.error(request, str(refusal))
        return redirect("message_detail", org=org, pk=pk)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "initiative": message.initiative, "message": message}
    return render(request, "alerts/proof/message_form.html", context, status=status)


@require_POST
def message_sending(request: HttpRequest, org: str, pk) -> HttpResponse:
    message = _message(request, pk)
    try:
        at = timezone.now()
        reached = preview(message, request.organization, at=at).reached_count  # type: ignore[attr-defined]
        let_go(message, by=request.actor, at=at)  # type: ignore[attr-defined]
        messages.success(request, f"On its way to {reached:,} customer{'' if reached == 1 else 's'}.")
    except ValueError as refusal:
        messages.error(request, str(refusal))
    return redirect("message_detail", org=org, pk=pk)


@require_POST
def message_removal(request: HttpRequest, org: str, pk) -> HttpResponse:
    message = _message(request, pk)
    try:
        discard_message(message, by=request.actor, at=timezone.now())  # type: ignore[attr-defined]
    except NotADraft as refusal:
        messages.error(request, str(refusal))
        return redirect("message_detail", org=org, pk=pk)
    messages.success(request, "The draft is gone.")
    return redirect("initiative_detail", org=org, pk=message.initiative_id)


@require_safe
def message_recipients(request: HttpRequest, org: str, pk) -> HttpResponse:
    """Everybody it was meant for: written to, or why not."""
    message = _message(request, pk)
    rows = message.recipients.select_related("customer").order_by("is_sent", "why_not", "pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "message": message,
        "initiative": message.initiative,
        "page": page,
        "mails": mail_states(message, [row.customer_id for row in page]),
    }
    return render(request, "alerts/proof/message_recipients.html", context)


def _message(request: HttpRequest, pk) -> InitiativeMessage:
    rows = InitiativeMessage.objects.select_related("initiative", "by")
    return get_for_role(request, Role.ANALYST, rows, pk=pk)
