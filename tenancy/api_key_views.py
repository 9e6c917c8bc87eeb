"""Keys of an organization's machines: listed, made, revoked."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tenancy.api_examples import examples_with
from tenancy.api_keys import create_api_key, revoke_api_key
from tenancy.forms import ApiKeyForm
from tenancy.models import ApiKey
from tenancy.requests import MemberRequest
from tenancy.roles import Role, for_role, get_for_role


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.ADMIN)
def settings_api_keys(request: MemberRequest, org: str) -> HttpResponse:
    """A new key is shown in the answer to its POST and never again: it stands in no URL, session or message."""
    form = ApiKeyForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "new_key": "", "keys": []}
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        row, context["new_key"] = create_api_key(
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            expires_at=form.expires_at(at=timezone.now()),
            by=request.user,
            actor=request.actor,
        )
        context |= {"form": ApiKeyForm(), "new_row": row}
        status = 200
    context["keys"] = [(key, _state_of(key)) for key in _keys_of(request)]
    in_force = [key.prefix for key, state in context["keys"] if state == "in force"]
    context["examples"] = examples_with(context["new_key"] or (f"{in_force[0]}_…" if in_force else "cxm_…"))
    return render(request, "tenancy/settings_api_keys.html", context, status=status)


@require_POST
def api_key_revocation(request: MemberRequest, org: str, pk) -> HttpResponse:
    key: ApiKey = get_for_role(request, Role.ADMIN, request.organization.api_keys, pk=pk)
    revoke_api_key(key, by=request.actor)
    messages.success(request, f"The key {key.name} opens nothing any more.")
    return redirect("settings_api_keys", org=org)


def _keys_of(request: MemberRequest):
    return request.organization.api_keys.select_related("created_by").order_by("revoked_at", "-created_at")[:200]


def _state_of(key: ApiKey) -> str:
    if key.revoked_at:
        return "revoked"
    if key.expires_at and key.expires_at <= timezone.now():
        return "expired"
    return "in force"
