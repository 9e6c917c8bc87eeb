"""The audit log as a page."""

from dataclasses import asdict
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from tenancy.audit_reading import AUDIT_EXPORT, ENTRIES_A_PAGE, AuditFilters, page_of, readable
from tenancy.exports import request_export
from tenancy.models import AuditEntry
from tenancy.requests import MemberRequest
from tenancy.roles import Role, for_role


@require_safe
@for_role(Role.ADMIN)
def settings_audit(request: MemberRequest, org: str) -> HttpResponse:
    filters = _filters_from(request.GET)
    entries, after = page_of(filters.entries(), after=request.GET.get("after", ""), size=ENTRIES_A_PAGE)
    chosen = {name: value for name, value in asdict(filters).items() if value}
    context = {
        "lines": [(entry, readable(entry.details)) for entry in entries],
        "filters": filters,
        "is_filtered": filters.is_active(),
        "is_later_page": "after" in request.GET,
        "next_url": f"?{urlencode({**chosen, 'after': after})}" if after else "",
        "first_url": f"?{urlencode(chosen)}",
        "verbs": _values("verb"),
        "kinds": _values("object_kind"),
        "people": [(row.user_id, str(row.user)) for row in request.organization.memberships.select_related("user")],
    }
    return render(request, "tenancy/settings_audit.html", context)


@require_POST
@for_role(Role.ADMIN)
def audit_export(request: MemberRequest, org: str) -> HttpResponse:
    filters = asdict(_filters_from(request.POST))
    request_export(AUDIT_EXPORT, filters=filters, by=request.user, actor=request.actor)
    messages.success(request, "The file is being written; it appears here when it is ready.")
    return redirect("settings_exports", org=org)


def _filters_from(values: QueryDict) -> AuditFilters:
    return AuditFilters(**{name: values.get(name, "").strip()[:100] for name in AuditFilters.__dataclass_fields__})


def _values(name: str) -> list[str]:
    """What there is to choose from: the verbs or kinds that occur, in alphabetical order."""
    return [value for value in AuditEntry.objects.values_list(name, flat=True).distinct().order_by(name) if value]
