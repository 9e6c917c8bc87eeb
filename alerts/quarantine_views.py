"""The page of what was set aside, and its two buttons."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from alerts.correspondence.held import mails_held
from alerts.evaluating import replay
from alerts.quarantine import evaluations_set_aside, mails_given_up, send_again, send_all_again, unreached_since
from alerts.states import IllegalMove
from tenancy.roles import Role, for_role, get_for_role

SHOWN = 100


@require_safe
@for_role(Role.ANALYST)
def set_aside(request: HttpRequest, org: str) -> HttpResponse:
    evaluations, mails, held = evaluations_set_aside(), mails_given_up(), mails_held()
    context = {
        "evaluations": evaluations[:SHOWN],
        "evaluation_count": evaluations.count(),
        "mails": mails[:SHOWN],
        "mail_count": mails.count(),
        "unreached_since": unreached_since(),
        "held": held[:SHOWN],
        "held_count": held.count(),
    }
    return render(request, "alerts/set_aside.html", context)


@require_POST
def evaluation_replay(request: HttpRequest, org: str, pk: UUID) -> HttpResponse:
    evaluation = get_for_role(request, Role.ANALYST, evaluations_set_aside(), pk=pk)
    replay(evaluation, by=request.actor, at=timezone.now())  # type: ignore[attr-defined]
    messages.success(request, "The answer will be evaluated again.")
    return redirect("set_aside", org=org)


@require_POST
def mail_replay(request: HttpRequest, org: str, pk: UUID) -> HttpResponse:
    mail = get_for_role(request, Role.ANALYST, mails_given_up(), pk=pk)
    try:
        send_again(mail, by=request.actor, at=timezone.now())  # type: ignore[attr-defined]
    except (ValueError, IllegalMove) as refusal:
        messages.error(request, f"The mail is not sent again. {refusal}")
    else:
        messages.success(request, "The mail will be sent again.")
    return redirect("set_aside", org=org)


@require_POST
@for_role(Role.ANALYST)
def mail_replays(request: HttpRequest, org: str) -> HttpResponse:
    """All mail that was given up at once."""
    sent, left = send_all_again(request.organization, by=request.actor, at=timezone.now())  # type: ignore[attr-defined]
    messages.success(request, f"{sent} mail{'' if sent == 1 else 's'} will be sent again.")
    if left:
        messages.warning(request, f"{left} of the replies may not be sent: their follow-ups say why.")
    return redirect("set_aside", org=org)
