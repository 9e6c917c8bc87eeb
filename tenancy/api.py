"""What every view of the API has in common: its key's organization, its transaction, its paging."""

from contextlib import ExitStack
from typing import Any

from django.db import transaction
from django.utils import timezone
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tenancy import idempotency
from tenancy.api_keys import ApiKeyAuthentication, HasScope, KeyFacts, touch_api_key
from tenancy.audit import Actor, client_address
from tenancy.rate_limits import KeyRateLimit
from tenancy.scope import organization_scope


class Newest(CursorPagination):
    """Newest first, by UUIDv7; a page has `next` and `previous` links and stays right while rows are added."""

    ordering = "-id"
    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"


class OrganizationView(APIView):
    """A view in the scope of its API key's organization.

    The whole call is one transaction: anything but success rolls it back. Subclasses name the scope each method needs
    in `scopes`, and use `self.actor` as the `by=` of every deed.
    """

    authentication_classes = [ApiKeyAuthentication]
    permission_classes = [HasScope]
    throttle_classes = [KeyRateLimit]
    pagination_class = Newest
    scopes: dict[str, str] = {}

    actor: Actor
    key: KeyFacts

    def dispatch(self, request, *args: Any, **kwargs: Any):
        with ExitStack() as self._stack:
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.key = request.auth
        self._stack.enter_context(organization_scope(self.key.organization_id))
        self.actor = self.key.actor(client_address(request))
        touch_api_key(self.key, at=timezone.now())
        self._idempotency_key = idempotency.key_of(request)
        if self._idempotency_key:
            self._replay = idempotency.replayed(request, self._idempotency_key, self.key.organization_id)
            if self._replay is not None:
                # The handler must not run again; its place is taken by one that gives the first answer.
                setattr(self, request.method.lower(), lambda *args, **kwargs: self._replay)
                self._idempotency_key = ""

    def finalize_response(self, request, response: Response, *args: Any, **kwargs: Any):
        if request.auth is not None and response.status_code < 400 and getattr(self, "_idempotency_key", ""):
            idempotency.remember(request, self._idempotency_key, response)
        response = super().finalize_response(request, response, *args, **kwargs)
        if response.status_code >= 400 and transaction.get_connection().in_atomic_block:
            transaction.set_rollback(True)
        return response

    def page_of(self, rows: Any, represent: Any) -> Response:
        """One page of `rows`, each as `represent(row)`."""
        pages = self.pagination_class()
        page = pages.paginate_queryset(rows, self.request, view=self)
        return pages.get_paginated_response([represent(row) for row in page or []])
