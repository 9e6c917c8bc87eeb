"""Files people asked for: their progress, and the files themselves."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tenancy.exports import KEPT_FOR, KINDS, State, read_file
from tenancy.models import Export
from tenancy.requests import MemberRequest
from tenancy.roles import Role, for_role, get_for_role, require_role


@require_safe
@for_role(Role.ANALYST)
def settings_exports(request: MemberRequest, org: str) -> HttpResponse:
    exports = [export for export in _visible(request) if export.kind in KINDS]
    context = {
        "lines": [(export, KINDS[export.kind].label) for export in exports],
        "is_working": any(export.state in (State.WAITING, State.RUNNING) for export in exports),
        "days": KEPT_FOR.days,
    }
    template = "tenancy/_exports.html" if request.htmx else "tenancy/settings_exports.html"
    return render(request, template, context)


@never_cache
@require_safe
def export_file(request: MemberRequest, org: str, pk) -> HttpResponse:
    export = get_for_role(request, Role.ANALYST, Export.objects.filter(state=State.FINISHED, kind__in=KINDS), pk=pk)
    require_role(request, KINDS[export.kind].role if export.requested_by_id == request.user.pk else Role.ADMIN)
    response = HttpResponse(read_file(export), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{export.file_name}"'
    return response


def _visible(request: MemberRequest) -> list[Export]:
    """The newest hundred: an admin sees everybody's, others their own."""
    exports = Export.objects.select_related("requested_by").order_by("-created_at")
    if Role(request.membership.role) != Role.ADMIN:
        exports = exports.filter(requested_by=request.user)
    return list(exports[:100])
