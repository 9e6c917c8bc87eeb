"""The doorstep: where a person lands, and whether the installation is well."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from tenancy.middleware import organizations_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To the person's organization; who belongs to none is told what to do."""
    organizations = organizations_of(request.user.pk)
    last = request.session.get("organization")
    for organization in sorted(organizations, key=lambda each: each["slug"] != last):
        return redirect(f"/o/{organization['slug']}/")
    return render(request, "tenancy/no_organization.html")


@login_not_required
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when PostgreSQL answers; 500 from the exception otherwise. Redis is not asked: without it all still works."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
