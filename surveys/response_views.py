"""What came back: the list of answers and the page of one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from journeys.models import Touchpoint
from surveys.models import Question, Response, Survey
from surveys.published import fill
from surveys.response_filters import GROUPS, ResponseFilters
from surveys.response_links import links_of
from surveys.response_pages import page_of
from surveys.scoring import group_word
from surveys.wording import language_name
from tenancy.models import AuditEntry
from tenancy.roles import Role, for_role, get_for_role


@require_GET
@for_role(Role.VIEWER)
def response_list(request: HttpRequest, org: str) -> HttpResponse:
    filters = ResponseFilters.read(request.GET)
    zone = request.organization.time_zone  # type: ignore[attr-defined]
    page = page_of(filters.apply(Response.objects.all(), zone=zone), cursor=request.GET.get("after", ""))
    languages = Response.objects.exclude(language="").order_by().values_list("language", flat=True).distinct()
    context = {
        "filters": filters,
        "page": page,
        "rows": [(response, group_word(response.measure, response.group)) for response in page.responses],
        "tabs": [(words, filters.as_query(group=group), filters.group == group, None) for group, words in _TABS],
        "pills": filters.pills(),
        "next_url": filters.as_query(after=page.next_cursor) if page.next_cursor else "",
        "first_url": filters.as_query() if request.GET.get("after") else "",
        "surveys": Survey.objects.order_by("name"),
        "touchpoints": Touchpoint.objects.order_by("name"),
        "languages": [(code, language_name(code)) for code in languages],
        "has_any": page.count or Response.objects.exists(),
    }
    return render(request, "surveys/response_list.html", context)


@require_GET
def response_detail(request: HttpRequest, org: str, pk) -> HttpResponse:
    """Everything one customer said, to which version, and what became of it."""
    rows = Response.objects.select_related("survey", "version", "touchpoint", "customer", "invitation")
    response = get_for_role(request, Role.VIEWER, rows, pk=pk)
    context = {
        "response": response,
        "word": group_word(response.measure, response.group),
        "answers": _answers(response, request.organization.name),  # type: ignore[attr-defined]
        "answered_in": language_name(response.language) if response.language else "",
        "links": links_of(response),
        "click": _click(response),
        "edits": [
            _edit(entry) for entry in AuditEntry.objects.filter(object_id=pk, verb="response.edited").order_by("at")
        ],
    }
    return render(request, "surveys/response_detail.html", context)


_TABS = (("", "All"), *GROUPS.items())


def _answers(response: Response, organization: str) -> list[dict[str, Any]]:
    """Each answer with its question, as the customer read it."""
    default = response.version.default_language
    touchpoint = response.touchpoint.name if response.touchpoint else ""
    shown = []
    for answer in response.answers.select_related("question").order_by("question__position"):
        texts = answer.question.texts.get(response.language) or answer.question.texts.get(default) or {}
        title = texts.get("title") or texts.get(response.group) or texts.get("any", "")
        value = answer.text
        if answer.kind == Question.Kind.CONTACT:
            value = "Yes" if answer.number else "No"
        shown.append(
            {
                "kind": answer.kind,
                "question": fill(title, organization=organization, touchpoint=touchpoint),
                "value": value,
            }
        )
    return shown


def _click(response: Response) -> int | None:
    """The score clicked in the mail where another one was sent in the end."""
    invitation = response.invitation
    clicked = invitation.provisional_score if invitation else None
    return clicked if clicked != response.score else None


def _edit(entry: AuditEntry) -> dict[str, Any]:
    """One edit in words: which score became which; of the verbatim only that it was changed."""
    changes = entry.details.get("changes", {})
    said = []
    if "score" in changes:
        said.append("score {} → {}".format(*changes["score"]))
    if "may_contact" in changes:
        said.append("consent to be contacted " + ("given" if changes["may_contact"][1] else "taken back"))
    if entry.details.get("is_reworded"):
        said.append("words changed")
    return {"at": entry.at, "text": ", ".join(said)}
