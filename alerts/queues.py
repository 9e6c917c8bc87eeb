"""Which follow-ups: the views of the queue and their order, as chainable queries."""

from datetime import datetime

from django.db.models import Case, Count, DateTimeField, Exists, F, OuterRef, Q, Subquery, TextField, When
from django.db.models.functions import Least, Left
from django.db.models.lookups import GreaterThanOrEqual, LessThan

from surveys.models import Answer, Question
from tenancy.owned import OwnedQuerySet

# How much of a verbatim a row of the queue may need; the page cuts it to a line.
EXCERPT_CHARACTERS = 240

# The promise whose clock runs: first contact until it happened, then resolution, then none.
NEXT_DUE_AT = Case(
    When(Q(resolved_at__isnull=False) | Q(paused_at__isnull=False) | Q(state="merged"), then=None),
    When(first_contacted_at__isnull=True, then=Least("first_contact_due_at", "resolution_due_at")),
    default=F("resolution_due_at"),
    output_field=DateTimeField(),
)
ACTIVE = ~Q(state__in=["closed", "merged"])


def is_overdue(at: datetime) -> Q:
    """A promise has passed and was not kept. What is resolved, merged or waits owes nothing now."""
    contact = Q(first_contacted_at__isnull=True, first_contact_due_at__lte=at)
    running = Q(resolved_at__isnull=True, paused_at__isnull=True) & ~Q(state="merged")
    return running & (contact | Q(resolution_due_at__lte=at))


class FollowUpQuerySet(OwnedQuerySet):
    """Domain queries of follow-ups."""

    def active(self):
        return self.filter(ACTIVE)

    def overdue(self, at: datetime):
        return self.filter(is_overdue(at))

    def in_view(self, view: str, *, user, at: datetime, day: tuple[datetime, datetime]):
        """The rows of one view of the queue (see VIEWS); `day` is today's start and end in the organization's zone."""
        return self.filter(_views(user, at, day)[view])

    def count_views(self, *, user, at: datetime, day: tuple[datetime, datetime]) -> dict[str, int]:
        """How many follow-ups each view holds; one query."""
        return self.aggregate(**{name: Count("pk", filter=rows) for name, rows in _views(user, at, day).items()})

    def with_next_due(self):
        """Adds `next_due_at`: the running promise's time, None once resolved."""
        return self.annotate(next_due_at=NEXT_DUE_AT)

    def in_order(self, view: str):
        """Sorted by due time, then by the customer's value, dearest first; closed ones by when they were closed."""
        if view == "closed":
            return self.order_by("-closed_at", "-number")
        value = F("customer__value").desc(nulls_last=True)
        order = (F("next_due_at").asc(nulls_last=True), value, "number")
        newest_closed_last = F("closed_at").desc(nulls_first=True)
        return self.order_by(*((newest_closed_last, *order) if view == "all" else order))

    def for_rows(self):
        """With everything a row shows, in this one query."""
        rows = self.with_next_due().annotate(verbatim=_excerpt(), reason=F("alert__reason"))
        return rows.select_related("customer", "owner", "response")

    def searched(self, words: str):
        """Those whose customer, number or verbatim holds `words`."""
        words = words.strip()
        if not words:
            return self
        found = Q(customer__name__icontains=words) | Q(customer__email__icontains=words)
        found |= Q(customer__external_id=words)
        if words.lstrip("#").isascii() and words.lstrip("#").isdigit() and len(words) < 9:
            found |= Q(number=int(words.lstrip("#")))
        said = Answer.objects.filter(response_id=OuterRef("response_id"), text__icontains=words)
        return self.filter(found | Q(Exists(said)))


def _views(user, at: datetime, day: tuple[datetime, datetime]) -> dict[str, Q]:
    return {
        # What stands still is nothing to do now: it has views of its own.
        "mine": ACTIVE & Q(owner=user, paused_at__isnull=True),
        "unassigned": ACTIVE & Q(owner__isnull=True, paused_at__isnull=True),
        "due_today": ACTIVE & Q(GreaterThanOrEqual(NEXT_DUE_AT, day[0]), LessThan(NEXT_DUE_AT, day[1])),
        "overdue": is_overdue(at),
        "waiting": ACTIVE & Q(pause_reason="customer"),
        "snoozed": ACTIVE & Q(pause_reason="snoozed"),
        "closed": Q(state="closed"),
        "all": Q(),
    }


def _excerpt() -> Subquery:
    said = Answer.objects.filter(response_id=OuterRef("response_id"), kind=Question.Kind.VERBATIM).exclude(text="")
    return Subquery(said.values(start=Left("text", EXCERPT_CHARACTERS))[:1], output_field=TextField())
