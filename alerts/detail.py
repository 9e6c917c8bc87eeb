"""Everything the page of one follow-up shows, gathered in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest
from django.utils.translation import get_language_info

from alerts.changing import StaleVersion
from alerts.correspondence.held import mails_held
from alerts.following_up import was_told
from alerts.forms import (
    ClosureForm,
    ContactForm,
    DeedForm,
    OwnerForm,
    ReasonForm,
    ResolutionForm,
    initial_owner,
)
from alerts.history import history_of, line_of
from alerts.models import FollowUp, FollowUpAnswer
from alerts.pausing import why_not_wait
from alerts.playbooks.checklist import checklist_of
from alerts.playbooks.playbook_forms import PlaybookChoiceForm
from alerts.playbooks.reply_form import reply_form
from alerts.proof.recovery.showing import recovery_of
from alerts.replying import contact_permission, reply_place
from alerts.root_causes import names_of_causes
from alerts.states import State, allowed_deeds
from alerts.work.beside import beside, mark_forms
from alerts.work.filters import kept_query
from alerts.work.pause_forms import SnoozeForm
from surveys.models import Response
from surveys.responding import verbatim_of
from surveys.scoring import group_word
from tenancy.roles import Role

EARLIER_ANSWERS = 8
UNREACHABLE = FollowUp.Outcome.UNREACHABLE
# So much of a verbatim stands open on the page; the rest unfolds.
VERBATIM_SHOWN = 800


@dataclass(frozen=True)
class Earlier:
    """One of the customer's earlier answers: score, group, its word, when."""

    score: int
    group: str
    word: str
    moment: datetime


@dataclass(frozen=True)
class NextDeed:
    """The primary button: which form it opens, and its words."""

    form: str
    icon_name: str
    title: str


def detail_context(
    request: HttpRequest,
    follow_up: FollowUp,
    *,
    bound: dict[str, django_forms.Form] | None = None,
    conflict: StaleVersion | None = None,
    refusal: str = "",
) -> dict[str, Any]:
    """Context of `_follow_up.html`. `bound` are forms that came back, by deed; `conflict` a lost race;
    `refusal` says why a move was not allowed."""
    response, may_act = follow_up.response, Role(request.membership.role).includes(Role.AGENT)  # type: ignore[attr-defined]
    permission = contact_permission(follow_up)
    deeds = allowed_deeds(follow_up.state)
    extra = beside(request, follow_up, may_act=may_act)
    forms = _forms(request, follow_up) | {"notes": extra.pop("note_form")} | (bound or {}) if may_act else {}
    return extra | {
        "follow_up": follow_up,
        "response": response,
        "customer": follow_up.customer,
        "customer_language": _language_of(follow_up),
        "group_word": group_word(response.measure, response.group) if response else "",
        "verbatim": in_two(verbatim_of(response)) if response else ("", ""),
        "earlier": _earlier(follow_up),
        "lines": history_of(follow_up),
        "checklist": checklist_of(follow_up, may_act=may_act),
        "held_mails": mails_held().filter(follow_up=follow_up) if may_act else [],
        "reply_to": reply_place(follow_up),
        "permission": permission,
        "may_act": may_act and follow_up.state != State.MERGED,
        "may": {deed.value: True for deed in deeds},
        "next_deed": _next_deed(follow_up),
        "may_pause": may_act and _has_running_clock(follow_up),
        "why_not_wait": why_not_wait(follow_up),
        "is_mine": follow_up.owner_id == request.user.pk,
        "forms": forms,
        "open_form": next(iter(bound), "") if bound else "replies" if "template" in request.GET else "",
        "conflict": conflict and {"seen": conflict.seen, "lines": [line_of(each) for each in conflict.changes()]},
        "refusal": refusal,
        "root_cause": names_of_causes().get(follow_up.root_cause, "") if follow_up.root_cause else "",
        "recovery": recovery_of(follow_up),
        "back": kept_query(request),
    }


def _forms(request: HttpRequest, follow_up: FollowUp) -> dict[str, django_forms.Form]:
    found: dict[str, django_forms.Form] = {
        "acknowledgement": DeedForm(follow_up=follow_up, deed="acknowledgement"),
        "contact": ContactForm(follow_up=follow_up, deed="contact"),
        "resolution": ResolutionForm(follow_up=follow_up, deed="resolution"),
        "closure": ClosureForm(follow_up=follow_up, deed="closure"),
        "reopening": ReasonForm(follow_up=follow_up, deed="reopening"),
        "owner": OwnerForm(follow_up=follow_up, deed="owner", initial=initial_owner(follow_up)),
        "mine": DeedForm(follow_up=follow_up, deed="mine"),
        "waiting": DeedForm(follow_up=follow_up, deed="waiting"),
        "resumption": DeedForm(follow_up=follow_up, deed="resumption"),
        "replies": reply_form(request, follow_up),
        "playbook": PlaybookChoiceForm(follow_up=follow_up, deed="playbook"),
    }
    if _has_running_clock(follow_up):
        found["snooze"] = SnoozeForm(follow_up=follow_up, deed="snooze")
    return found | mark_forms(follow_up)


def _has_running_clock(follow_up: FollowUp) -> bool:
    return follow_up.resolved_at is None and follow_up.paused_at is None and follow_up.state != State.MERGED


def _next_deed(follow_up: FollowUp) -> NextDeed | None:
    """The deed the loop asks for now, beside acknowledging, which is a button of its own."""
    closing = NextDeed("closure", "circle-check", "Close the loop")
    contacting = NextDeed("contact", "phone", "Log a contact")
    return {
        State.ACKNOWLEDGED: contacting,
        State.CONTACTED: NextDeed("resolution", "check", "Resolve"),
        State.RESOLVED: closing if was_told(follow_up) or follow_up.outcome == UNREACHABLE else contacting,
    }.get(State(follow_up.state))


def in_two(text: str) -> tuple[str, str]:
    """The beginning that is shown at once, and the rest; cut between words where there are any."""
    if len(text) <= VERBATIM_SHOWN * 1.25:
        return text, ""
    end = text.rfind(" ", VERBATIM_SHOWN // 2, VERBATIM_SHOWN)
    end = end if end > 0 else VERBATIM_SHOWN
    return text[:end], text[end:]


def _language_of(follow_up: FollowUp) -> str:
    """The name of the customer's language in English; its code where it has none."""
    code = follow_up.customer.language if follow_up.customer else ""
    try:
        return get_language_info(code)["name"] if code else ""
    except KeyError:
        return code


def _earlier(follow_up: FollowUp) -> list[Earlier]:
    if follow_up.customer_id is None:
        return []
    joined = FollowUpAnswer.objects.filter(follow_up=follow_up).values("response")
    rows = Response.objects.filter(customer_id=follow_up.customer_id).exclude(pk=follow_up.response_id)
    before = follow_up.response.responded_at if follow_up.response else follow_up.opened_at
    rows = rows.exclude(pk__in=joined).filter(responded_at__lt=before)
    return [
        Earlier(each.score, each.group, group_word(each.measure, each.group), each.responded_at)
        for each in rows.order_by("-responded_at")[:EARLIER_ANSWERS]
    ]
