"""Which answers a person wants to see: the filters of the list, read from the address."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict

from journeys.models import Touchpoint
from surveys.models import Answer, Channel, Measure, Question, Response, Survey
from surveys.wording import language_name

GROUPS = {"promoter": "Promoters", "passive": "Passives", "detractor": "Detractors"}


@dataclass(frozen=True)
class ResponseFilters:
    """What is asked for; what the address says wrongly is left out."""

    group: str = ""
    survey: UUID | None = None
    touchpoint: UUID | None = None
    score: int | None = None
    q: str = ""
    lang: str = ""
    # As the dashboard says them when it leads to the answers behind a figure.
    measure: str = ""
    channel: str = ""
    first: date | None = None
    last: date | None = None

    @classmethod
    def read(cls, query: QueryDict) -> "ResponseFilters":
        group = query.get("group", "")
        return cls(
            group=group if group in GROUPS else "",
            survey=_uuid(query.get("survey")),
            touchpoint=_uuid(query.get("touchpoint")),
            score=_score(query.get("score")),
            q=query.get("q", "").replace("\x00", "").strip()[:200],
            lang=query.get("lang", "").replace("\x00", "").strip()[:12],
            measure=str(query["measure"]) if query.get("measure") in Measure.values else "",
            channel=str(query["channel"]) if query.get("channel") in Channel.values else "",
            first=_day(query.get("from")),
            last=_day(query.get("to")),
        )

    def apply(self, responses: QuerySet[Response], *, zone: str) -> QuerySet[Response]:
        """The answers that fit; days are days in the time zone `zone`, both included."""
        wanted: dict[str, Any] = {"group": self.group, "survey_id": self.survey, "touchpoint_id": self.touchpoint}
        wanted |= {"score": self.score, "language": self.lang, "measure": self.measure, "channel": self.channel}
        responses = responses.filter(**{name: value for name, value in wanted.items() if value not in ("", None)})
        if self.first:
            responses = responses.filter(responded_at__gte=_start(self.first, zone))
        if self.last:
            responses = responses.filter(responded_at__lt=_start(self.last + timedelta(days=1), zone))
        if self.q:
            said = Answer.objects.filter(response=OuterRef("pk"), kind=Question.Kind.VERBATIM, text__icontains=self.q)
            responses = responses.filter(Exists(said), has_verbatim=True)
        return responses

    def as_query(self, **changes: Any) -> str:
        """The address of these filters, sorted and without defaults; `name=None` leaves one out."""
        values = {
            "channel": self.channel, "from": self.first, "group": self.group, "lang": self.lang,
            "measure": self.measure, "q": self.q, "score": self.score,
            "survey": self.survey, "to": self.last, "touchpoint": self.touchpoint, **changes,
        }  # fmt: skip
        return "?" + urlencode({name: str(value) for name, value in sorted(values.items()) if value not in ("", None)})

    def pills(self) -> list[tuple[str, str, str]]:
        """(name, value, address without it) for each filter that is set."""
        shown: list[tuple[str, str, str]] = []
        if self.group:
            shown.append(("Group", GROUPS[self.group], self.as_query(group=None)))
        if self.score is not None:
            shown.append(("Score", str(self.score), self.as_query(score=None)))
        if self.survey:
            shown.append(("Survey", _name(Survey, self.survey), self.as_query(survey=None)))
        if self.touchpoint:
            shown.append(("Touchpoint", _name(Touchpoint, self.touchpoint), self.as_query(touchpoint=None)))
        if self.lang:
            shown.append(("Language", language_name(self.lang), self.as_query(lang=None)))
        if self.measure:
            shown.append(("Measure", Measure(self.measure).label, self.as_query(measure=None)))
        if self.channel:
            shown.append(("Channel", Channel(self.channel).label, self.as_query(channel=None)))
        if self.first:
            shown.append(("From", str(self.first), self.as_query(**{"from": None})))
        if self.last:
            shown.append(("To", str(self.last), self.as_query(to=None)))
        if self.q:
            shown.append(("Words", self.q, self.as_query(q=None)))
        return shown


def _name(model: Any, pk: UUID) -> str:
    row = model.objects.filter(pk=pk).first()
    return row.name if row else "not found"


def _start(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(zone))


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 1900 < day.year < 9000 else None


def _score(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and int(text[:3]) <= 10 else None
