"""The doorstep: where a person lands, and whether the installation is well."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cxm.navigation import address
from tenancy.middleware import organizations_of
from tenancy.roles import Role

# Where each role begins its day, best first; what this installation does not have is passed over.
LANDINGS = {
    Role.AGENT: ("follow_up_queue", "dashboard"),
    Role.VIEWER: ("dashboard", "follow_up_queue"),
    Role.ANALYST: ("dashboard", "follow_up_queue"),
    Role.ADMIN: ("dashboard", "follow_up_queue", "settings_home"),
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To the organization last looked at, and there to where the person's role begins; who belongs to none is told
    what to do."""
    organizations = organizations_of(request.user.pk)
    last = request.session.get("organization")
    for organization in sorted(organizations, key=lambda each: each["slug"] != last):
        return redirect(landing(organization["slug"], Role(organization["role"])))
    return render(request, "tenancy/no_organization.html")


def landing(slug: str, role: Role) -> str:
    return next(filter(None, (address(name, slug) for name in LANDINGS[role])), f"/o/{slug}/")


@login_not_required
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when PostgreSQL answers; 500 from the exception otherwise. Redis is not asked: without it all still works."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
