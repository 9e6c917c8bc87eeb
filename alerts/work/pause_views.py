"""Letting the clocks of a follow-up stand still and go on, from its page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from alerts import pausing
from alerts.deeds import do_deed
from alerts.forms import DeedForm
from alerts.work.pause_forms import SnoozeForm

WAITING = "The clock waits for the customer."


@require_POST
def follow_up_waiting(request: HttpRequest, org: str, number: int) -> HttpResponse:
    return do_deed(request, number, "waiting", DeedForm, pausing.wait_for_customer, WAITING)


@require_POST
def follow_up_snooze(request: HttpRequest, org: str, number: int) -> HttpResponse:
    return do_deed(request, number, "snooze", SnoozeForm, pausing.snooze, "Snoozed.")


@require_POST
def follow_up_resumption(request: HttpRequest, org: str, number: int) -> HttpResponse:
    return do_deed(request, number, "resumption", DeedForm, pausing.resume, "The clock goes on.")
