"""The four fixed roles, and the getters that answer 404 before 403."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

Row = TypeVar("Row", bound=models.Model)


class Role(models.TextChoices):
    VIEWER = "viewer", "Viewer"
    AGENT = "agent", "Agent"
    ANALYST = "analyst", "Analyst"
    ADMIN = "admin", "Admin"

    @property
    def rank(self) -> int:
        """0 (viewer) to 3 (admin); who may do a thing of one rank may do those below."""
        return list(Role).index(self)

    def includes(self, other: "Role") -> bool:
        return self.rank >= other.rank


def require_role(request: HttpRequest, role: Role) -> None:
    """Raises PermissionDenied (403) when the person's role in this organization is below `role`."""
    if not Role(request.membership.role).includes(role):  # type: ignore[attr-defined]
        raise PermissionDenied(f"This needs the role {role.label.lower()}.")


def for_role(role: Role) -> Callable:
    """For a page without an object: only people whose role is `role` or above."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any):
            require_role(request, role)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def get_for_role(request: HttpRequest, role: Role, rows: models.QuerySet[Row] | Any, **lookup: Any) -> Row:
    """One row of this organization: 404 when it is not there or not ours, and only then 403 for the role."""
    row = get_object_or_404(rows, **lookup)
    require_role(request, role)
    return row
