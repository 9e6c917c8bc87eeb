"""What the page of one follow-up shows beside the loop: further answers, duplicates, watchers, who else looks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from alerts.forms import DeedForm
from alerts.models import FollowUp, FollowUpAnswer
from alerts.states import State
from alerts.work.forms import MergeForm, NoteForm, PriorityForm, TagsForm
from alerts.work.mentions import names_of, people_here
from alerts.work.merging import STAYS_IN, duplicates_of
from alerts.work.presence import POLL_SECONDS, count_notes, look_at, others_looking
from alerts.work.watching import watchers_of
from surveys.responding import verbatims_of
from surveys.scoring import group_word

ANSWERS_SHOWN = 20


@dataclass(frozen=True)
class FurtherAnswer:
    """An answer that was added later: score, group, its word, when, and the customer's words."""

    score: int
    group: str
    word: str
    moment: datetime
    words: str
    survey: str


@dataclass(frozen=True)
class Duplicate:
    """Another open follow-up of the customer, and the form that merges it; None where this one takes nothing over."""

    row: FollowUp
    form: MergeForm | None


def beside(request: HttpRequest, follow_up: FollowUp, *, may_act: bool) -> dict[str, Any]:
    """For the context of `_follow_up.html`; a fixed number of queries, and one question to Redis."""
    people, watching = people_here(), watchers_of(follow_up)
    look_at(follow_up, user=request.user)  # type: ignore[arg-type]
    return {
        "further": further_answers(follow_up),
        "duplicates": [Duplicate(each, _merge_form(follow_up, each, may_act)) for each in duplicates_of(follow_up)],
        "watchers": watching,
        "is_watching": any(user.pk == request.user.pk for user in watching),
        "watch_form": DeedForm(follow_up=follow_up, deed="watching"),
        "others": others_looking(follow_up, user=request.user, among=people),  # type: ignore[arg-type]
        "poll_seconds": POLL_SECONDS,
        "people_names": list(names_of(people).values()),
        "notes_seen": count_notes(follow_up),
        "note_form": NoteForm(follow_up=follow_up, deed="notes", people=people),
    }


def mark_forms(follow_up: FollowUp) -> dict[str, DeedForm]:
    """The forms of priority and tags, by deed."""
    return {
        "priority": PriorityForm(follow_up=follow_up, deed="priority", initial={"priority": follow_up.priority}),
        "tags": TagsForm(follow_up=follow_up, deed="tags", initial={"tags": ", ".join(follow_up.tags)}),
    }


def further_answers(follow_up: FollowUp) -> list[FurtherAnswer]:
    """Answers that joined this follow-up, newest first, with their words. Two queries, one where there are none."""
    rows = FollowUpAnswer.objects.filter(follow_up=follow_up).select_related("response__survey")
    answers = [row.response for row in rows.order_by("-added_at", "-id")[:ANSWERS_SHOWN]]
    said = verbatims_of([each.pk for each in answers]) if answers else {}
    return [
        FurtherAnswer(
            each.score,
            each.group,
            group_word(each.measure, each.group),
            each.responded_at,
            said.get(each.pk, ""),
            each.survey.name,
        )
        for each in answers
    ]


def _merge_form(follow_up: FollowUp, duplicate: FollowUp, may_act: bool) -> MergeForm | None:
    if not may_act or State(follow_up.state) not in STAYS_IN:
        return None
    initial = {"duplicate": duplicate.number, "duplicate_version": duplicate.version}
    return MergeForm(follow_up=follow_up, deed=f"merging-{duplicate.number}", initial=initial)
