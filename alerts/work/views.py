"""Deeds beside the loop: notes that name people, watching, marks, merging duplicates, and who else looks."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alerts.deeds import do_deed
from alerts.forms import DeedForm
from alerts.models import FollowUp
from alerts.notifying.inbox import mark_read_of
from alerts.work.forms import MergeForm, NoteForm, PriorityForm, TagsForm
from alerts.work.marking import change_tags, prioritize
from alerts.work.mentions import people_here
from alerts.work.merging import merge
from alerts.work.noting import note
from alerts.work.presence import count_notes, look_at, others_looking
from alerts.work.watching import unwatch, watch
from tenancy.roles import Role, get_for_role


@require_POST
def follow_up_notes(request: HttpRequest, org: str, number: int) -> HttpResponse:
    return do_deed(request, number, "notes", NoteForm, _note, "The note is kept.")


@require_POST
def follow_up_watching(request: HttpRequest, org: str, number: int) -> HttpResponse:
    def begin(follow_up: FollowUp, *, by: Any, at: Any, **_: Any) -> None:
        watch(follow_up, user=request.user, by=by, at=at)  # type: ignore[arg-type]

    return do_deed(request, number, "watching", DeedForm, begin, "You hear of every change.", role=Role.VIEWER)


@require_POST
def follow_up_unwatching(request: HttpRequest, org: str, number: int) -> HttpResponse:
    def end(follow_up: FollowUp, *, by: Any, at: Any, **_: Any) -> None:
        unwatch(follow_up, user=request.user, by=by, at=at)  # type: ignore[arg-type]

    return do_deed(request, number, "unwatching", DeedForm, end, "You hear of it no more.", role=Role.VIEWER)


@require_POST
def follow_up_priority(request: HttpRequest, org: str, number: int) -> HttpResponse:
    return do_deed(request, number, "priority", PriorityForm, prioritize, "The priority is changed.")


@require_POST
def follow_up_tags(request: HttpRequest, org: str, number: int) -> HttpResponse:
    return do_deed(request, number, "tags", TagsForm, change_tags, "The tags are changed.")


@require_POST
def follow_up_merging(request: HttpRequest, org: str, number: int) -> HttpResponse:
    return do_deed(request, number, "merging", MergeForm, merge, "Merged. Everything stands here now.")


@require_POST
def follow_up_presence(request: HttpRequest, org: str, number: int) -> HttpResponse:
    """This page says that it is open, and hears who else has it open and whether somebody changed it.

    What was told of the follow-up is read by that: the bell counts it no more.
    """
    follow_up = get_for_role(request, Role.VIEWER, request.organization.follow_ups, number=number)  # type: ignore[attr-defined]
    look_at(follow_up, user=request.user)  # type: ignore[arg-type]
    mark_read_of(follow_up, user=request.user, at=timezone.now())  # type: ignore[arg-type]
    others = others_looking(follow_up, user=request.user, among=people_here())  # type: ignore[arg-type]
    seen, notes_seen = request.POST.get("version", ""), request.POST.get("notes", "")
    is_newer = _is_below(seen, follow_up.version) or _is_below(notes_seen, count_notes(follow_up))
    context = {"follow_up": follow_up, "others": others, "is_newer": is_newer, "seen": seen, "notes_seen": notes_seen}
    return render(request, "alerts/_presence.html", context)


def _is_below(seen: str, now: int) -> bool:
    return seen.isdecimal() and len(seen) < 10 and int(seen) < now


def _note(follow_up: FollowUp, *, version: int, **values: Any) -> Any:
    """A note meets no conflict, whatever version was seen."""
    return note(follow_up, **values)
