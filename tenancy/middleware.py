"""Enters the organization of /o/<slug>/: finds the person's membership through a door and opens the scope."""

import re
from uuid import UUID

from allauth.usersessions.middleware import UserSessionsMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.core.handlers.exception import response_for_exception
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponseNotAllowed, HttpResponseServerError
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from tenancy.audit import actor_of
from tenancy.models import Membership
from tenancy.scope import organization_scope

# As wide as the <slug:org> of the addresses: nothing beneath /o/ is reached without a scope.
_PATH = re.compile(r"^/o/(?P<slug>[-a-zA-Z0-9_]+)(/|$)")
_PAGE_METHODS = ("GET", "HEAD", "POST", "OPTIONS")


class PlainMethodsMiddleware:
    """Pages know GET and POST, as browsers' forms do; only the API has more. Some of allauth's views answer any."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest):
        if request.method not in _PAGE_METHODS and not request.path_info.startswith("/api/"):
            return HttpResponseNotAllowed(_PAGE_METHODS)
        return self.get_response(request)


class SessionActivityMiddleware(UserSessionsMiddleware):
    """Notes when and from where a session was last used, at most once a minute: not a write for every click."""

    def __call__(self, request: HttpRequest):
        key = request.session.session_key
        if key and request.user.is_authenticated and cache.add(f"session-seen:{key}", 1, timeout=60):
            return super().__call__(request)
        return self.get_response(request)


class OrganizationMiddleware:
    """Sets request.organization, request.membership and request.actor for pages beneath /o/<slug>/.

    The scope is opened here and not in views, and everything of the page happens inside its one transaction, which is
    rolled back on any 5xx: an exception becomes a response before it reaches this middleware.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest):
        request.organization = request.membership = None
        match = _PATH.match(request.path_info)
        if not match:
            return self.get_response(request)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        organization_id = organization_of(request.user.pk, match["slug"])
        if organization_id is None:
            return _not_found(request)
        with organization_scope(organization_id):
            request.membership = (
                Membership.objects.select_related("organization").filter(user_id=request.user.pk).first()
            )
            if request.membership is None:  # removed since the door was asked
                return _not_found(request)
            request.organization = request.membership.organization
            request.actor = actor_of(request)
            timezone.activate(request.organization.time_zone)
            try:
                response = self.get_response(request)
            finally:
                timezone.deactivate()
            if response.streaming:
                response = HttpResponseServerError("No tenant data is streamed.")
            if response.status_code >= 500:
                transaction.set_rollback(True)
        if request.session.get("organization") != match["slug"]:
            request.session["organization"] = match["slug"]
        # Customers' names stay in no cache, neither on the way nor in a browser somebody else sits down at.
        response.headers.setdefault("Cache-Control", "private, no-store")
        patch_vary_headers(response, ["HX-Request"])
        return response


def organization_of(user_id: UUID, slug: str) -> UUID | None:
    """The organization with this slug if the user belongs to it, else None: not there and not yours look the same."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT organization_id FROM door_organizations_of_user(%s) WHERE slug = %s", [user_id, slug])
        row = cursor.fetchone()
    return row[0] if row else None


def organizations_of(user_id: UUID) -> list[dict]:
    """The organizations a user belongs to, by name: organization_id, slug, name, role."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organization_id, slug, name, role FROM door_organizations_of_user(%s) ORDER BY lower(name)",
            [user_id],
        )
        return [dict(zip(("organization_id", "slug", "name", "role"), row, strict=True)) for row in cursor.fetchall()]


def _not_found(request: HttpRequest):
    return response_for_exception(request, Http404())
