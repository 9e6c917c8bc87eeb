"""What the conditions look at: a batch of answers with all that is known about each, in two queries for any number."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from alerts.rules.plain_words import plain_words
from surveys.models import Response
from surveys.responding import verbatims_of

# What costs something to find out, and is asked for only where a rule wants to know.
VERBATIM, HISTORY = "verbatim", "history"


@dataclass(frozen=True, slots=True)
class Facts:
    """One answer as the rules see it."""

    response: Response
    verbatim: str = ""
    # The customer's answer before this one under the same measure; None: there is none.
    last_score: int | None = None
    # On a scale of so many points; CSAT has two.
    last_points: int | None = None
    last_group: str | None = None
    # When the customer was a detractor before, under any measure.
    last_detractor_at: datetime | None = None
    # The verbatim in its plain form, once somebody asked for it.
    _plain: list[str] = field(default_factory=list, compare=False, repr=False)

    @property
    def plain_words(self) -> str:
        """What words are looked for in; worked out once, however many conditions ask."""
        if not self._plain:
            self._plain.append(plain_words(self.verbatim))
        return self._plain[0]

    @property
    def risen_by(self) -> int | None:
        """Points since the last answer, negative when it fell; None without one, or when it was on another scale."""
        if self.last_score is None or self.last_points != self.response.survey.points:
            return None
        return self.response.score - self.last_score

    @property
    def customer_value(self) -> Decimal | None:
        return self.response.customer.value if self.response.customer else None

    @property
    def stage_id(self) -> UUID | None:
        return self.response.touchpoint.stage_id if self.response.touchpoint else None

    @property
    def names(self) -> dict[str, str]:
        """The names of what the answer is about, by id."""
        survey, touchpoint = self.response.survey, self.response.touchpoint
        found = {str(survey.pk): survey.name}
        if touchpoint:
            found |= {str(touchpoint.pk): touchpoint.name, str(touchpoint.stage_id): touchpoint.stage.name}
        return found


def facts_of(response_ids: Iterable[UUID], *, needs: Collection[str] = (VERBATIM, HISTORY)) -> list[Facts]:
    """The facts of these answers in the order they came in; those that are gone are left out. Two queries at most."""
    responses = Response.objects.filter(pk__in=list(response_ids)).order_by("pk")
    return facts_in(responses.select_related("survey", "touchpoint__stage", "customer"), needs=needs)


def facts_in(responses: QuerySet[Response], *, needs: Collection[str]) -> list[Facts]:
    """The facts of the answers a query finds, in its order."""
    found = list(_with_history(responses) if HISTORY in needs else responses)
    said = verbatims_of([each.pk for each in found if each.has_verbatim]) if VERBATIM in needs else {}
    return [_facts(each, said.get(each.pk, "")) for each in found]


def _with_history(responses: QuerySet[Response]) -> QuerySet[Response]:
    is_earlier = Q(responded_at__lt=OuterRef("responded_at")) | Q(
        responded_at=OuterRef("responded_at"), pk__lt=OuterRef("pk")
    )
    earlier = Response.objects.filter(is_earlier, customer=OuterRef("customer")).order_by("-responded_at", "-pk")
    found = JSONObject(score="score", points="survey__points", group="group")
    last = earlier.filter(measure=OuterRef("measure")).values(found=found)
    bad = earlier.filter(group=Response.Group.DETRACTOR).values("responded_at")
    return responses.annotate(last_answer=Subquery(last[:1]), last_detractor_at=Subquery(bad[:1]))


def _facts(response: Response, verbatim: str) -> Facts:
    last = getattr(response, "last_answer", None) or {}
    return Facts(
        response,
        verbatim,
        last_score=last.get("score"),
        last_points=last.get("points"),
        last_group=last.get("group"),
        last_detractor_at=getattr(response, "last_detractor_at", None),
    )
