"""Settings: the places that are told."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alerts.models import NotificationChannel
from alerts.notifying.channel_forms import ChannelForm
from alerts.notifying.channels import kinds
from alerts.notifying.keeping import (
    add_channel,
    change_channel,
    delete_channel,
    renew_secret,
    secret_of,
    send_test,
    switch_off,
    switch_on,
)
from alerts.notifying.reading import channels_with_state
from tenancy.requests import MemberRequest
from tenancy.roles import Role, for_role, get_for_role


@require_safe
@for_role(Role.ADMIN)
def settings_channels(request: MemberRequest, org: str) -> HttpResponse:
    channels = channels_with_state()
    context = {
        "channels": channels,
        "kinds": kinds().items(),
        "given_up_count": sum(channel.given_up_count for channel in channels),
    }
    return render(request, "alerts/settings_channels.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.ADMIN)
def channel_new(request: MemberRequest, org: str, kind: str) -> HttpResponse:
    """A new secret is shown in the answer to the POST and never again: it stands in no URL, session or message."""
    if kind not in kinds():
        raise Http404
    form = ChannelForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        channel = add_channel(kind=kind, **form.cleaned_data, by=request.actor, at=timezone.now())
        if secret := secret_of(channel):
            return _page(request, channel, secret=secret)
        messages.success(request, f"“{channel.name}” is told from now on. Send it a test message to see it arrive.")
        return redirect("settings_channels", org=org)
    context = {"form": form, "kind": kinds()[kind], "channel": None}
    return render(request, "alerts/channel.html", context, status=422 if request.method == "POST" else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def channel_edit(request: MemberRequest, org: str, pk: UUID) -> HttpResponse:
    channel: NotificationChannel = get_for_role(
        request, Role.ADMIN, NotificationChannel.objects.filter(kind__in=kinds()), pk=pk
    )
    if request.method != "POST":
        return _page(request, channel)
    form = ChannelForm(request.POST, kind=channel.kind, channel=channel)
    if not form.is_valid():
        return _page(request, channel, form=form, status=422)
    change_channel(channel, **form.cleaned_data, by=request.actor, at=timezone.now())
    messages.success(request, f"“{channel.name}” is saved.")
    return redirect("settings_channels", org=org)


@never_cache
@require_POST
def channel_secret(request: MemberRequest, org: str, pk: UUID) -> HttpResponse:
    """A new secret, shown in this answer alone."""
    signing = [name for name, kind in kinds().items() if kind.has_secret]
    channel: NotificationChannel = get_for_role(
        request, Role.ADMIN, NotificationChannel.objects.filter(kind__in=signing), pk=pk
    )
    return _page(request, channel, secret=renew_secret(channel, by=request.actor, at=timezone.now()))


@require_POST
def channel_switch(request: MemberRequest, org: str, pk: UUID) -> HttpResponse:
    """On when it is off, off when it is on; `on` says which of the two is wanted."""
    channel: NotificationChannel = get_for_role(request, Role.ADMIN, NotificationChannel.objects, pk=pk)
    if request.POST.get("on") == "1":
        switch_on(channel, by=request.actor, at=timezone.now())
        messages.success(request, f"“{channel.name}” is told again.")
    else:
        switch_off(channel, by=request.actor, at=timezone.now())
        messages.success(request, f"“{channel.name}” is told nothing any more.")
    return redirect("settings_channels", org=org)


@require_POST
def channel_deletion(request: MemberRequest, org: str, pk: UUID) -> HttpResponse:
    channel: NotificationChannel = get_for_role(request, Role.ADMIN, NotificationChannel.objects, pk=pk)
    delete_channel(channel, by=request.actor, at=timezone.now())
    messages.success(request, f"“{channel.name}” is deleted, and its address with it.")
    return redirect("settings_channels", org=org)


@require_POST
def channel_test(request: MemberRequest, org: str, pk: UUID) -> HttpResponse:
    channel: NotificationChannel = get_for_role(request, Role.ADMIN, NotificationChannel.objects, pk=pk)
    home = request.build_absolute_uri(f"/o/{org}/")
    send_test(channel, organization_url=home, by=request.actor, at=timezone.now())
    messages.success(request, "The test message is on its way; below you see what becomes of it.")
    response = redirect("settings_deliveries", org=org)
    response["Location"] += f"?channel={channel.pk}"
    return response


def _page(
    request: MemberRequest,
    channel: NotificationChannel,
    *,
    form: ChannelForm | None = None,
    secret: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form or ChannelForm(kind=channel.kind, channel=channel),
        "kind": kinds()[channel.kind],
        "channel": channel,
        "secret": secret,
    }
    return render(request, "alerts/channel.html", context, status=status)
