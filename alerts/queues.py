"""Which follow-ups: the views of the queue and their order, as chainable queries."""

from datetime import UTC, datetime

from django.db.models import Case, Count, DateTimeField, Exists, F, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.functions import Least, Left
from django.db.models.lookups import GreaterThanOrEqual, LessThan, LessThanOrEqual

from surveys.models import Answer, Question
from tenancy.owned import OwnedQuerySet

# How much of a verbatim a row of the queue may need; the page cuts it to a line.
EXCERPT_CHARACTERS = 240
# Where no clock runs: behind all that is due. A moment rather than nothing, so that an index can be read from it.
NEVER = datetime(9999, 12, 31, tzinfo=UTC)

_CLOCK_STANDS = Q(resolved_at__isnull=False) | Q(paused_at__isnull=False) | Q(state="merged")
# The promise whose clock runs: first contact until it happened, then resolution, then none.
NEXT_DUE_AT = Case(
    When(_CLOCK_STANDS, then=None),
    When(first_contacted_at__isnull=True, then=Least("first_contact_due_at", "resolution_due_at")),
    default=F("resolution_due_at"),
    output_field=DateTimeField(),
)
# The same for sorting and comparing; the index follow_up_in_order is of this very expression.
DUE_ORDER = Case(
    When(_CLOCK_STANDS, then=Value(NEVER, output_field=DateTimeField())),
    When(first_contacted_at__isnull=True, then=Least("first_contact_due_at", "resolution_due_at")),
    default=F("resolution_due_at"),
    output_field=DateTimeField(),
)
ACTIVE = ~Q(state__in=["closed", "merged"])
# What a row shows: the other columns of five tables took longer to read than to find.
_SHOWN = (
    *("organization", "number", "version", "state", "priority", "tags", "opened_at"),
    *("first_contact_due_at", "resolution_due_at", "first_contacted_at", "resolved_at", "closed_at"),
    *("paused_at", "pause_reason", "resumes_at", "customer_wrote_at"),
    *("customer__name", "customer__email", "customer__external_id", "customer__value"),
    *("owner__name", "owner__email", "merged_into__number"),
    *("response__score", "response__group", "response__measure"),
)
# Views of what is to do, which are counted; what is done only grows, and nobody works it off.
COUNTED = ("mine", "unassigned", "due_today", "overdue", "breaching", "waiting", "snoozed", "to_close")


def is_overdue(at: datetime) -> Q:
    """A promise has passed and was not kept. What is resolved, merged or waits owes nothing now."""
    return ACTIVE & Q(LessThanOrEqual(DUE_ORDER, at))


def breaks_within(at: datetime, until: datetime) -> Q:
    """A promise that is not broken yet will be before `until`, if nobody acts. What waits is not counted."""
    contact = Q(first_contacted_at__isnull=True, first_contact_due_at__gt=at, first_contact_due_at__lt=until)
    running = Q(resolved_at__isnull=True, paused_at__isnull=True) & ~Q(state="merged")
    return running & (contact | Q(resolution_due_at__gt=at, resolution_due_at__lt=until))


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
        """How many follow-ups each of the COUNTED views holds; one query."""
        views = _views(user, at, day)
        return self.active().aggregate(**{name: Count("pk", filter=views[name]) for name in COUNTED})

    def count_by_owner(self, user_ids):
        """How many of these rows each of these people owns; one query."""
        rows = self.filter(owner__in=user_ids).order_by().values_list("owner")
        return dict(rows.annotate(Count("pk")))

    def with_next_due(self):
        """Adds `next_due_at`: the running promise's time, None once resolved."""
        return self.annotate(next_due_at=NEXT_DUE_AT)

    def for_rows(self):
        """With everything a row shows, in this one query."""
        rows = self.with_next_due().annotate(verbatim=_excerpt(), reason=F("alert__reason"))
        return rows.select_related("customer", "owner", "response", "merged_into").only(*_SHOWN)

    def searched(self, words: str):
        """Those whose customer, number or verbatim holds `words`."""
        words = words.strip()
        if not words:
            return self
        found = Q(customer__name__icontains=words) | Q(customer__email__icontains=words)
        found |= Q(customer__external_id=words)
        if words.lstrip("#").isascii() and words.lstrip("#").isdigit() and len(words) < 9:
            found |= Q(number=int(words.lstrip("#")))
        said = Answer.objects.filter(text__icontains=words)
        first, later = Q(response_id=OuterRef("response_id")), Q(response__added_to__follow_up=OuterRef("pk"))
        return self.filter(found | Q(Exists(said.filter(first))) | Q(Exists(said.filter(later))))


def _views(user, at: datetime, day: tuple[datetime, datetime]) -> dict[str, Q]:
    return {
        # What stands still is nothing to do now: it has views of its own.
        "mine": ACTIVE & Q(owner=user, paused_at__isnull=True),
        "unassigned": ACTIVE & Q(owner__isnull=True, paused_at__isnull=True),
        "due_today": ACTIVE & Q(GreaterThanOrEqual(DUE_ORDER, day[0]), LessThan(DUE_ORDER, day[1])),
        "overdue": is_overdue(at),
        "breaching": breaks_within(at, day[1]),
        "waiting": ACTIVE & Q(pause_reason="customer"),
        "snoozed": ACTIVE & Q(pause_reason="snoozed"),
        "to_close": Q(state="resolved"),
        "closed": Q(state="closed"),
        "all": Q(),
    }


def _excerpt() -> Subquery:
    said = Answer.objects.filter(response_id=OuterRef("response_id"), kind=Question.Kind.VERBATIM).exclude(text="")
    return Subquery(said.values(start=Left("text", EXCERPT_CHARACTERS))[:1], output_field=TextField())
