"""The ledger of asking: every candidate ask, filtered, counted and said in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from customers.finding import find_customers
from surveys.models import Invitation, Response, Survey
from surveys.reasons import SHORT, reason_text

Status = Invitation.Status
PAGE_SIZE = 25
CHIPS = {
    Status.PLANNED: "chip-outline",
    Status.DEFERRED: "chip-outline",
    Status.SENDING: "chip-brand",
    Status.SENT: "chip-ok",
    Status.UNKNOWN: "chip-warn",
    Status.FAILED: "chip-breach",
    Status.DROPPED: "",
}


@dataclass(frozen=True)
class LedgerFilters:
    """What is asked for; what the address says wrongly is left out."""

    status: str = ""
    survey: UUID | None = None
    reason: str = ""
    q: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> "LedgerFilters":
        status, reason = query.get("status", ""), query.get("reason", "")
        return cls(
            status=status if status in Status.values else "",
            survey=_uuid(query.get("survey", "")),
            reason=reason if reason in SHORT else "",
            q=query.get("q", "").replace("\x00", "").strip()[:100],
        )

    def apply(self, *, with_status: bool = True) -> QuerySet[Invitation]:
        rows = Invitation.objects.all()
        if self.status and with_status:
            rows = rows.filter(status=self.status)
        if self.survey:
            rows = rows.filter(survey_id=self.survey)
        if self.reason:
            rows = rows.filter(reason=self.reason)
        if self.q:
            rows = rows.filter(customer__in=find_customers(words=self.q).order_by().values("pk"))
        return rows

    def as_query(self, **changes: Any) -> str:
        """The address of these filters, sorted and without defaults; `name=None` leaves one out."""
        values = {"q": self.q, "reason": self.reason, "status": self.status, "survey": self.survey, **changes}
        return "?" + urlencode({name: str(value) for name, value in sorted(values.items()) if value})

    def pills(self) -> list[tuple[str, str, str]]:
        """(name, value, address without it) for each filter that is set."""
        shown = []
        if self.survey:
            survey = Survey.objects.filter(pk=self.survey).first()
            shown.append(("Survey", survey.name if survey else "not found", self.as_query(survey=None)))
        if self.reason:
            shown.append(("Reason", SHORT[self.reason], self.as_query(reason=None)))
        if self.q:
            shown.append(("Customer", self.q, self.as_query(q=None)))
        return shown


@dataclass(frozen=True)
class LedgerRow:
    """One candidate ask as the page shows it."""

    invitation: Invitation
    chip: str
    text: str
    at: datetime
    # "Answered", or that a score was clicked in the mail and not sent.
    came_back: str

    @property
    def may_be_marked(self) -> bool:
        return self.invitation.status == Status.UNKNOWN

    @property
    def may_be_repeated(self) -> bool:
        return self.invitation.status == Status.FAILED

    @property
    def may_be_withdrawn(self) -> bool:
        return self.invitation.status in (Status.PLANNED, Status.DEFERRED)


@dataclass(frozen=True)
class LedgerPage:
    """One page, newest first; `next_cursor` is empty on the last one."""

    rows: list[LedgerRow]
    next_cursor: str


def ledger_page(filters: LedgerFilters, *, cursor: str = "") -> LedgerPage:
    """The asks after `cursor`: one query, by position and not by number, so that no page is dear."""
    invitations = filters.apply()
    if position := _position(cursor):
        at, pk = position
        invitations = invitations.filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=pk), created_at__lte=at)
    answered = Response.objects.filter(invitation=OuterRef("pk"))
    found = list(
        invitations.select_related("customer", "survey")
        .annotate(is_answered=Exists(answered))
        .order_by("-created_at", "-id")[: PAGE_SIZE + 1]
    )
    shown, more = found[:PAGE_SIZE], len(found) > PAGE_SIZE
    last = shown[-1] if shown else None
    return LedgerPage(
        [ledger_row(invitation) for invitation in shown],
        f"{last.created_at.isoformat()}_{last.pk}" if last and more else "",
    )


def ledger_row(invitation: Invitation) -> LedgerRow:
    """The row of an invitation annotated with `is_answered`."""
    came_back = "Answered" if invitation.is_answered else ""  # type: ignore[attr-defined]
    if not came_back and invitation.provisional_score is not None:
        came_back = f"Clicked {invitation.provisional_score}, not confirmed"
    return LedgerRow(
        invitation,
        CHIPS[Status(invitation.status)],
        reason_text(invitation.reason, invitation.reason_details),
        moment_of_invitation(invitation),
        came_back,
    )


def moment_of_invitation(invitation: Invitation) -> datetime:
    """When it was sent, or will be tried; of what was dropped, when it would have been due."""
    return invitation.sent_at or invitation.due_at


def status_counts(filters: LedgerFilters) -> dict[str, int]:
    """How many asks of each status there are beneath the other filters."""
    rows = filters.apply(with_status=False).order_by().values_list("status").annotate(n=Count("pk"))
    return dict(rows)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _position(cursor: str) -> tuple[datetime, UUID] | None:
    moment, _, pk = cursor.partition("_")
    try:
        at = datetime.fromisoformat(moment)
        return (at, UUID(pk)) if at.tzinfo else None
    except ValueError:
        return None
