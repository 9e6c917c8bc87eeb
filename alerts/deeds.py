"""What people do on a follow-up's page: one address, one deed."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from alerts import following_up
from alerts.changing import StaleVersion
from alerts.forms import ClosureForm, ContactForm, DeedForm, OwnerForm, ReasonForm, ReplyForm, ResolutionForm
from alerts.playbooks.reply_form import preview_of, with_templates
from alerts.states import IllegalMove
from alerts.views import follow_ups_of, render_detail
from alerts.work.filters import kept_query
from tenancy.roles import Role, get_for_role


def do_deed(
    request: HttpRequest,
    number: int,
    deed: str,
    form_class: type[DeedForm],
    verb: Callable[..., Any],
    done: str,
    *,
    role: Role = Role.AGENT,
) -> HttpResponse:
    """One deed on one follow-up, for every file of views: fetch, check the form, call the verb, answer.

    `deed` names form, address and element of the page. What was typed comes back with every refusal.
    """
    follow_up = get_for_role(request, role, follow_ups_of(request), number=number)
    form = form_class(request.POST, follow_up=follow_up, deed=deed)
    if not form.is_valid():
        return render_detail(request, follow_up, status=422, bound={deed: form})
    try:
        verb(follow_up, by=request.actor, at=timezone.now(), **form.values, **form.seen)  # type: ignore[attr-defined]
    except StaleVersion as conflict:
        return _show_conflict(request, number, deed, form_class, conflict)
    except IllegalMove as refusal:  # its form is not on the page any more
        return render_detail(request, follow_up, status=409, bound={deed: form}, refusal=str(refusal))
    except ValueError as refusal:
        form.add_error(getattr(refusal, "field", None), str(refusal))
        return render_detail(request, follow_up, status=422, bound={deed: form})
    messages.success(request, done)
    address = reverse("follow_up_detail", kwargs={"org": follow_up.organization.slug, "number": number})
    query = kept_query(request)
    return redirect(f"{address}?{query}" if query else address)


@require_POST
def follow_up_acknowledgement(request: HttpRequest, org: str, number: int) -> HttpResponse:
    return do_deed(request, number, "acknowledgement", DeedForm, following_up.acknowledge, "Acknowledged.")


@require_POST
def follow_up_contact(request: HttpRequest, org: str, number: int) -> HttpResponse:
    return do_deed(request, number, "contact", ContactForm, following_up.contact, "The contact is recorded.")


@require_POST
def follow_up_resolution(request: HttpRequest, org: str, number: int) -> HttpResponse:
    return do_deed(request, number, "resolution", ResolutionForm, following_up.resolve, "Resolved.")


@require_POST
def follow_up_closure(request: HttpRequest, org: str, number: int) -> HttpResponse:
    return do_deed(request, number, "closure", ClosureForm, following_up.close_loop, "The loop is closed.")


@require_POST
def follow_up_reopening(request: HttpRequest, org: str, number: int) -> HttpResponse:
    return do_deed(request, number, "reopening", ReasonForm, following_up.reopen, "Open again.")


@require_POST
def follow_up_owner(request: HttpRequest, org: str, number: int) -> HttpResponse:
    return do_deed(request, number, "owner", OwnerForm, following_up.assign, "The owner is changed.")


@require_POST
def follow_up_replies(request: HttpRequest, org: str, number: int) -> HttpResponse:
    if "preview" in request.POST:
        return _preview_reply(request, number)
    return do_deed(request, number, "replies", ReplyForm, following_up.reply, "Your reply is on its way.")


def _preview_reply(request: HttpRequest, number: int) -> HttpResponse:
    """The page with the mail as the customer will see it above its form; nothing is sent."""
    follow_up = get_for_role(request, Role.AGENT, follow_ups_of(request), number=number)
    form = with_templates(ReplyForm(request.POST, follow_up=follow_up, deed="replies"), follow_up)
    is_valid = form.is_valid()
    if is_valid:
        form.preview = preview_of(form, follow_up)
    return render_detail(request, follow_up, status=200 if is_valid else 422, bound={"replies": form})


def _show_conflict(
    request: HttpRequest, number: int, deed: str, form_class: type[DeedForm], conflict: StaleVersion
) -> HttpResponse:
    """Both versions side by side and the form as it was typed, now on top of what is there."""
    follow_up = follow_ups_of(request).get(number=number)
    typed = request.POST.copy()
    typed["version"] = str(follow_up.version)
    form = form_class(typed, follow_up=follow_up, deed=deed)
    form.is_valid()
    return render_detail(request, follow_up, status=409, bound={deed: form}, conflict=conflict)
