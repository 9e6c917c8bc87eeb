"""What customers said after one person's loops were closed: praise first, then what there is to learn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from alerts.models import Recovery
from surveys.models import Answer, Question
from surveys.scoring import Group, group_word

SHOWN = 20
Result = Recovery.Result


@dataclass(frozen=True)
class Said:
    """One customer's words, and the follow-up they are about."""

    number: int
    text: str
    score: int
    group: str
    word: str
    result: str
    moment: datetime


@dataclass(frozen=True)
class Coaching:
    praise: Sequence[Said]
    lessons: Sequence[Said]


def coaching_of(person: UUID, start: datetime, end: datetime) -> Coaching:
    """Of follow-ups this person owns that opened from `start` until before `end`; four queries.

    How they stand now decides: who is well is praise, also where nothing had to recover, and who is not is a lesson.
    """
    mine = Recovery.objects.filter(
        follow_up__owner=person, follow_up__opened_at__gte=start, follow_up__opened_at__lt=end
    )
    told = mine.filter(response__has_verbatim=True).select_related("follow_up", "response").order_by("-decided_at")
    is_well = Q(response__group=Group.PROMOTER) | Q(response__group=Group.PASSIVE, result=Result.RECOVERED)
    return Coaching(
        praise=_said(told.filter(is_well)),
        lessons=_said(told.exclude(is_well)),
    )


def _said(recoveries) -> list[Said]:
    rows = list(recoveries[:SHOWN])
    texts = dict(
        Answer.objects.filter(response__in=[row.response_id for row in rows], kind=Question.Kind.VERBATIM).values_list(
            "response_id", "text"
        )
    )
    return [
        Said(
            row.follow_up.number,
            texts.get(row.response_id, ""),
            row.response.score,
            row.response.group,
            group_word(row.response.measure, row.response.group),
            "Well before and after"
            if row.result == Result.UNCHANGED and row.response.group == Group.PROMOTER
            else Result(row.result).label,
            row.response.responded_at,
        )
        for row in rows
        if texts.get(row.response_id)
    ]
