"""One page of answers, newest first: by position and not by number, so that the last page costs what the first does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from surveys.models import Answer, Question, Response

PAGE_SIZE = 50
# Counting further would cost more than it tells.
COUNTED_UP_TO = 10_000


@dataclass(frozen=True)
class ResponsePage:
    """The answers of one page; `next_cursor` is empty on the last one."""

    responses: Sequence[Response]
    next_cursor: str
    count: int

    @property
    def count_in_words(self) -> str:
        return f"{self.count:,}" if self.count <= COUNTED_UP_TO else f"more than {COUNTED_UP_TO:,}"


def page_of(responses: QuerySet[Response], *, cursor: str = "") -> ResponsePage:
    """The answers after `cursor`, with their verbatim, survey, touchpoint and customer: two queries."""
    count = responses.order_by()[: COUNTED_UP_TO + 1].count()
    position = _position(cursor)
    if position:
        at, pk = position
        responses = responses.filter(Q(responded_at__lt=at) | Q(responded_at=at, pk__lt=pk), responded_at__lte=at)
    found = list(
        responses.select_related("survey", "touchpoint", "customer")
        .annotate(verbatim=verbatim_text())
        .order_by("-responded_at", "-id")[: PAGE_SIZE + 1]
    )
    shown = found[:PAGE_SIZE]
    more = len(found) > PAGE_SIZE
    return ResponsePage(shown, f"{shown[-1].responded_at.isoformat()}_{shown[-1].pk}" if more else "", count)


def verbatim_text() -> Subquery:
    """What the customer wrote, for a queryset of responses."""
    said = Answer.objects.filter(response=OuterRef("pk"), kind=Question.Kind.VERBATIM)
    return Subquery(said.values("text")[:1])


def _position(cursor: str) -> tuple[datetime, UUID] | None:
    moment, _, pk = cursor.partition("_")
    try:
        at = datetime.fromisoformat(moment)
        return (at, UUID(pk)) if at.tzinfo else None
    except ValueError:
        return None
