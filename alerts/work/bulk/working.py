"""Bulk deeds from the choice of rows to the last of them: prepared, shown, done in batches, and undone.

A deed is a row: its batches are found by a sweep, and each batch is one transaction. A row that somebody changed since
it was chosen is left alone and says so.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from alerts.changing import Kind, StaleVersion, change
from alerts.models import BulkDeed, FollowUp
from alerts.states import IllegalMove
from alerts.work.bulk.registry import Deed, Values, deed_of
from tenancy.audit import SYSTEM, Actor, record
from tenancy.background import drain, in_batches, nudge
from tenancy.models import Membership, User
from tenancy.roles import Role
from tenancy.scope import organization_scope

# So many rows one deed has at most; what is kept of them is a few hundred bytes each.
MOST = 10_000
# So many are done while the person waits; more are done by the worker, with progress.
AT_ONCE = 100
BATCH = 100
# The button stays ten seconds; a click that was made then is accepted a little later.
UNDO_SHOWN = timedelta(seconds=10)
UNDO_ACCEPTED = timedelta(seconds=30)
# A batch that killed its worker so often ends the deed.
TRIES = 3
LEASE = timedelta(seconds=60)
CHANGED_SINCE = "Somebody changed it since you chose it."
SWEEP = "alerts.tasks.do_bulk_deeds"
# Of `values`: to how many rows it could be done when it was planned.
WILL = "will"


@dataclass(frozen=True)
class Foreseen:
    """What will happen to one row, or why nothing will."""

    number: int
    whom: str
    what: str
    why_not: str


def prepare(rows: Iterable[tuple[int, int]], *, by: User) -> BulkDeed:
    """A deed on these rows (number, version as seen), still without a kind. ValueError for none or too many.

    What the same person prepared and left is forgotten.
    """
    chosen = dict(rows)
    if not chosen:
        raise ValueError("Choose at least one follow-up.")
    if len(chosen) > MOST:
        raise ValueError(f"At most {MOST:,} follow-ups at once: narrow the view.")
    BulkDeed.objects.filter(by=by, done_at__isnull=True, due_at__isnull=True).delete()
    kept = [{"number": number, "version": version} for number, version in sorted(chosen.items())]
    return BulkDeed.objects.create(by=by, rows=kept)


def plan(deed: BulkDeed, kind: Deed, values: dict[str, Any]) -> None:
    """Name what is to be done, and count to how many rows it can be done as they are now. Reads them in batches."""
    deed.deed, deed.values = kind.key, values
    foreseen = (row for rows in in_batches(deed.rows, 500) for row in foresee(deed, rows))
    deed.values = {**values, WILL: sum(1 for row in foreseen if row.what)}
    deed.save(update_fields=["deed", "values"])


def foresee(deed: BulkDeed, rows: list[dict[str, Any]]) -> list[Foreseen]:
    """What will become of these of its rows; one query."""
    kind = _kind(deed)
    found = {each.number: each for each in _follow_ups(row["number"] for row in rows)}
    return [_foreseen(kind, deed, row, found.get(row["number"])) for row in rows]


def start(deed: BulkDeed, *, at: datetime) -> None:
    """Do it: at once when it is small, else by the worker. The same again changes nothing."""
    with transaction.atomic():
        deed = BulkDeed.objects.select_for_update().get(pk=deed.pk)
        if deed.due_at or deed.done_at or not deed.deed:
            return
        deed.due_at = at
        deed.save(update_fields=["due_at"])
        _go_on(deed, at=at)


def undo(deed: BulkDeed, *, by: Actor | User, at: datetime) -> None:
    """Put back every row that nobody changed since. ValueError when it is too late."""
    with transaction.atomic():
        deed = BulkDeed.objects.select_for_update().get(pk=deed.pk)
        if deed.undone_at:
            return
        if deed.done_at is None or at > deed.done_at + UNDO_ACCEPTED:
            raise ValueError("It is too late to take this back.")
        deed.undone_at = deed.due_at = at
        deed.save(update_fields=["undone_at", "due_at"])
        record("bulk_deed.undone", on=deed, by=by, at=at, details={"deed": deed.deed})
        _go_on(deed, at=at)


def _go_on(deed: BulkDeed, *, at: datetime) -> None:
    if len(deed.rows) <= AT_ONCE:
        _work(deed, at=at)
    else:
        nudge(SWEEP)


def do_bulk_deeds() -> int:
    """Go on with every deed that has rows left, of every organization; returns the batches done."""
    return drain("door_due_bulk_deeds", bulk_batch, batch=1)


def bulk_batch(organization_id: UUID, *, at: datetime | None = None) -> int:
    """One batch of one deed of one organization; 1, or 0 when none was due."""
    now = at or timezone.now()
    with organization_scope(organization_id):
        due = BulkDeed.objects.select_for_update(skip_locked=True).filter(due_at__lte=now).order_by("due_at")
        deed = due.first()
        if deed is None:
            return 0
        # Committed before the work: who dies of it is counted.
        deed.attempts, deed.due_at = deed.attempts + 1, now + LEASE
        deed.save(update_fields=["attempts", "due_at"])
    with organization_scope(organization_id):
        locked = BulkDeed.objects.select_for_update().get(pk=deed.pk)
        if locked.attempts > TRIES:
            _give_up(locked, at=now)
        else:
            _work(locked, at=now)
    return 1


def _work(deed: BulkDeed, *, at: datetime) -> None:
    """The next batch of a locked deed."""
    by = _author(deed)
    pending = [row for row in deed.rows if _is_left(deed, row)][:BATCH]
    found = {each.number: each for each in _follow_ups(row["number"] for row in pending)}
    is_doing = by is not None and not deed.undone_at
    values = _kind(deed).for_batch(deed.values, list(found.values()), at=at) if is_doing else {}
    for row in pending:
        follow_up = found.get(row["number"])
        if by is None or follow_up is None:
            row |= {"ok": False, "why": "You may not do this any more." if by is None else "It is not there any more."}
        elif deed.undone_at:
            _undo_row(deed, row, follow_up, by=by, at=at)
        else:
            _do_row(deed, row, follow_up, values, by=by, at=at)
    is_over = not any(_is_left(deed, row) for row in deed.rows)
    deed.attempts, deed.due_at = 0, None if is_over else at
    if is_over and not deed.undone_at:
        deed.done_at = timezone.now()
        # What people wrote stands in the histories now, where it is forgotten with the customer.
        deed.values.pop("text", None)
        if by is not None:
            record("bulk_deed.done", on=deed, by=by, at=at, details={"deed": deed.deed, **counts_of(deed)})
    deed.save(update_fields=["rows", "values", "attempts", "due_at", "done_at"])


def _is_left(deed: BulkDeed, row: dict[str, Any]) -> bool:
    return bool(row.get("ok") and "undone" not in row) if deed.undone_at else "ok" not in row


def _do_row(
    deed: BulkDeed, row: dict[str, Any], follow_up: FollowUp, values: Values, *, by: Actor, at: datetime
) -> None:
    kind = _kind(deed)
    before = {name: getattr(follow_up, name) for name in kind.fields} | kind.remember(follow_up)
    try:
        with transaction.atomic():
            kind.do(follow_up, values, by=by, at=at, version=row["version"])
    except StaleVersion:
        row |= {"ok": False, "why": CHANGED_SINCE}
    except (IllegalMove, ValueError) as refusal:
        row |= {"ok": False, "why": str(refusal)[:200]}
    else:
        row |= {"ok": True, "before": _json(before), "version": follow_up.version}


def _undo_row(deed: BulkDeed, row: dict[str, Any], follow_up: FollowUp, *, by: Actor, at: datetime) -> None:
    kind, verb = _kind(deed), "follow_up.deed_undone"
    try:
        with change(follow_up, kind=Kind.CHANGED, verb=verb, by=by, at=at, version=row["version"]) as changed:
            changed.entry.details["undone"] = deed.deed
            kind.undo(changed, row["before"])
    except StaleVersion:
        row |= {"undone": False, "why": "Somebody changed it after that."}
    else:
        row |= {"undone": True, "version": follow_up.version}


def _give_up(deed: BulkDeed, *, at: datetime) -> None:
    for row in deed.rows:
        if _is_left(deed, row):
            row |= {"undone": False} if deed.undone_at else {"ok": False}
            row["why"] = "It could not be done; nothing was changed."
    deed.values.pop("text", None)
    deed.attempts, deed.due_at, deed.done_at = 0, None, deed.done_at or at
    deed.save(update_fields=["rows", "values", "attempts", "due_at", "done_at"])


def counts_of(deed: BulkDeed) -> dict[str, int]:
    """How many rows there are, and how many were done, refused, put back, or are left."""
    found = Counter("left" if "ok" not in row else "done" if row["ok"] else "refused" for row in deed.rows)
    back = sum(1 for row in deed.rows if row.get("undone"))
    kept = sum(1 for row in deed.rows if row.get("undone") is False)
    counts = {name: found[name] for name in ("done", "refused", "left")}
    return {"all": len(deed.rows), **counts, "undone": back, "not_undone": kept}


def _kind(deed: BulkDeed) -> Deed:
    return planned_as(deed.deed)


def _author(deed: BulkDeed) -> Actor | None:
    """Who began it, while they still may; the system itself where somebody's leaving did."""
    if deed.values.get("is_systems"):
        return SYSTEM
    may = [role for role in Role if role.includes(Role.AGENT)]
    member = (
        Membership.objects.filter(user=deed.by_id, user__is_active=True, role__in=may).select_related("user").first()
    )
    return Actor.of_user(member.user) if member else None


def planned_as(key: str) -> Deed:
    """The kind of deed of this name. ValueError where there is none."""
    kind = deed_of(key)
    if kind is None:
        raise ValueError("Choose what is to be done.")
    return kind


def _follow_ups(numbers: Iterable[int]) -> Any:
    return FollowUp.objects.filter(number__in=list(numbers)).select_related("customer", "owner")


def _foreseen(kind: Deed, deed: BulkDeed, row: dict[str, Any], follow_up: FollowUp | None) -> Foreseen:
    if follow_up is None:
        return Foreseen(row["number"], "", "", "It is not there any more.")
    if follow_up.version != row["version"]:
        return Foreseen(row["number"], follow_up.whom, "", CHANGED_SINCE)
    what, why_not = kind.foresee(follow_up, deed.values)
    return Foreseen(row["number"], follow_up.whom, what, why_not)


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _json(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_json(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return str(value) if isinstance(value, UUID) else value
