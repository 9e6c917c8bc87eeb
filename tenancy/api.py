"""What every view of the API has in common: its key's organization, its transaction, its way of answering."""

from contextlib import ExitStack
from typing import Any, NoReturn

from django.db import transaction
from django.utils import timezone
from rest_framework.exceptions import ParseError, PermissionDenied
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tenancy import idempotency
from tenancy.api_keys import KeyFacts, facts_of_key, key_hash_of, scope_of_key, touch_api_key
from tenancy.api_parsing import is_storable
from tenancy.audit import Actor, client_address
from tenancy.scope import is_in_scope


class AlwaysJson(BaseContentNegotiation):
    """The API speaks JSON whatever the caller says it accepts; a body that is something else is still refused."""

    def select_parser(self, request, parsers):
        content_type = (request.content_type or "").partition(";")[0].strip().lower()
        return parsers[0] if content_type == parsers[0].media_type else None

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class OrganizationView(APIView):
    """A view in the scope of its API key's organization.

    The whole call is one transaction, where the view does not say otherwise (`opens_scope`): anything but success rolls
    it back. Subclasses name the scope each method needs in `scopes`, and use `self.actor` as the `by=` and `self.now`
    as the `at=` of every deed.
    """

    content_negotiation_class = AlwaysJson
    scopes: dict[str, str] = {}

    actor: Actor
    key: KeyFacts

    def dispatch(self, request, *args: Any, **kwargs: Any):
        with ExitStack() as self._stack:
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.format_kwarg = None
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request)
        self._refuse_unstorable_parameters(request)
        self.key_hash = key_hash_of(request)
        # Redis is asked before the transaction begins: nobody holds rows while waiting for a network.
        self.check_throttles(request)
        if self.opens_scope(request):
            self.key = self._stack.enter_context(scope_of_key(self.key_hash))
        else:
            self.key = facts_of_key(self.key_hash)
        request.user, request.auth = None, self.key
        self.check_permissions(request)
        self.now = timezone.now()
        self.actor = self.key.actor(client_address(request))
        touch_api_key(self.key, at=self.now)
        self._prepare_replay(request)

    def opens_scope(self, request: Request) -> bool:
        """Whether the call is one transaction in the scope; a view that says False opens what it needs itself."""
        return True

    def permission_denied(self, request: Request, message: str | None = None, code: str | None = None) -> NoReturn:
        """403: who calls is known by now, whatever DRF makes of its authenticators."""
        raise PermissionDenied(message, code)

    def finalize_response(self, request, response: Response, *args: Any, **kwargs: Any):
        if response.status_code < 400 and getattr(self, "_idempotency_key", ""):
            idempotency.remember(request, self._idempotency_key, response)
        response = super().finalize_response(request, response, *args, **kwargs)
        if response.status_code >= 400 and is_in_scope():
            transaction.set_rollback(True)
        return response

    def _prepare_replay(self, request: Request) -> None:
        self._idempotency_key = idempotency.key_of(request)
        if not self._idempotency_key:
            return
        replay = idempotency.replayed(request, self._idempotency_key, self.key.organization_id)
        if replay is not None:
            # The handler must not run again; its place is taken by one that gives the first answer.
            setattr(self, request.method.lower(), lambda *args, **kwargs: replay)
            self._idempotency_key = ""

    def _refuse_unstorable_parameters(self, request: Request) -> None:
        query = request.META.get("QUERY_STRING", "")
        if query and not all(is_storable(name + value) for name, value in request.query_params.items()):
            raise ParseError("A parameter holds a character that cannot be stored.")
