"""Settings: what was sent to places outside, and what became of it."""

from dataclasses import asdict
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from alerts.models import Delivery, NotificationChannel
from alerts.notifying.deliveries import MAX_ATTEMPTS, send_again, send_all_again
from alerts.notifying.reading import DeliveryFilters, State, event_words, page_of, still_in_outbox
from tenancy.requests import MemberRequest
from tenancy.roles import Role, for_role, get_for_role


@require_safe
@for_role(Role.ADMIN)
def settings_deliveries(request: MemberRequest, org: str) -> HttpResponse:
    filters = _filters_from(request.GET)
    rows, after = page_of(filters.deliveries(), after=request.GET.get("after", ""))
    in_outbox = still_in_outbox(rows)
    chosen = {name: value for name, value in asdict(filters).items() if value}
    given_up = DeliveryFilters(filters.channel, State.GIVEN_UP)
    context = {
        "rows": [(row, event_words(row.event), row.pk in in_outbox) for row in rows],
        "filters": filters,
        "is_filtered": bool(chosen),
        "is_later_page": "after" in request.GET,
        "is_moving": any(row.state in (State.DUE, State.SENDING) for row in rows),
        "next_url": f"?{urlencode({**chosen, 'after': after})}" if after else "",
        "first_url": f"?{urlencode(chosen)}",
        "states": State.choices,
        "channels": NotificationChannel.objects.order_by("name"),
        "given_up_count": given_up.deliveries().filter(channel__is_active=True).count(),
        "most_attempts": MAX_ATTEMPTS,
    }
    template = "alerts/_deliveries.html" if request.htmx else "alerts/settings_deliveries.html"
    return render(request, template, context)


@require_POST
def delivery_replay(request: MemberRequest, org: str, pk: UUID) -> HttpResponse:
    delivery: Delivery = get_for_role(request, Role.ADMIN, Delivery.objects.all(), pk=pk)
    if delivery.channel.is_active:
        send_again(delivery, by=request.actor, at=timezone.now())
        messages.success(request, "It is sent again now.")
    else:
        messages.error(request, f"“{delivery.channel.name}” is switched off: switch it on first.")
    return _back(request, org)


@require_POST
@for_role(Role.ADMIN)
def delivery_replays(request: MemberRequest, org: str) -> HttpResponse:
    """All that were given up, of the channel that is looked at or of all."""
    rows = DeliveryFilters(_filters_from(request.POST).channel).deliveries().select_related(None).order_by()
    count = send_all_again(rows, by=request.actor, at=timezone.now())
    messages.success(request, f"{count} are sent again now." if count != 1 else "One is sent again now.")
    return _back(request, org)


def _filters_from(values: QueryDict) -> DeliveryFilters:
    return DeliveryFilters(**{name: values.get(name, "")[:40] for name in ("channel", "state")})


def _back(request: MemberRequest, org: str) -> HttpResponse:
    response = redirect("settings_deliveries", org=org)
    if channel := _filters_from(request.POST).channel:
        response["Location"] += f"?{urlencode({'channel': channel})}"
    return response
