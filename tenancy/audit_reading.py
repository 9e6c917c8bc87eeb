"""Reading the audit log: by verb, person, object and day, newest first, page after page by key."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from tenancy.exports import ExportKind
from tenancy.models import AuditEntry
from tenancy.roles import Role

ENTRIES_A_PAGE = 50
LINES_A_BATCH = 5_000
COLUMNS = ("When (UTC)", "What", "Who", "Kind of actor", "From", "Object", "Kind of object", "Object id", "Details")


@dataclass(frozen=True)
class AuditFilters:
    """What to look at; days are days of the active time zone, `until` included. Empty means all."""

    verb: str = ""
    actor: str = ""
    kind: str = ""
    object: str = ""
    since: str = ""
    until: str = ""

    def entries(self) -> QuerySet[AuditEntry]:
        """Newest first. Values that make no sense (no uuid, no date) find nothing."""
        found = AuditEntry.objects.order_by("-at", "-id")
        try:
            if self.actor:
                found = found.filter(actor_id=UUID(self.actor))
            if self.object:
                found = found.filter(object_id=UUID(self.object))
            if self.since:
                found = found.filter(at__gte=_start_of(date.fromisoformat(self.since)))
            if self.until:
                found = found.filter(at__lt=_start_of(date.fromisoformat(self.until) + timedelta(days=1)))
        except (ValueError, OverflowError):
            return found.none()
        if self.verb:
            found = found.filter(verb=self.verb)
        if self.kind:
            found = found.filter(object_kind=self.kind)
        return found

    def is_active(self) -> bool:
        return any(asdict(self).values())


def page_of(entries: QuerySet[AuditEntry], *, after: str, size: int) -> tuple[list[AuditEntry], str]:
    """At most `size` entries older than `after`, and where the next page starts ("" at the end).

    By key and not by number: a log that grows while it is read neither repeats nor skips a line.
    """
    if after:
        at, _, key = after.rpartition("_")
        try:
            moment, pk = datetime.fromisoformat(at), UUID(key)
        except ValueError:
            return [], ""
        entries = entries.filter(Q(at__lt=moment) | Q(at=moment, pk__lt=pk))
    found = list(entries[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return found[:size], f"{last.at.isoformat()}_{last.pk.hex}" if last else ""


def readable(details: dict[str, Any]) -> list[tuple[str, str]]:
    """Details in words. `changed` holds a pair for each field: ("time zone", "UTC → Europe/Berlin")."""
    changed = details.get("changed")
    pairs = changed.items() if isinstance(changed, dict) else ()
    lines = [(name, f"{_in_words(before)} → {_in_words(after)}") for name, (before, after) in pairs]
    lines += [(name, _in_words(value)) for name, value in details.items() if name != "changed" and value != ""]
    return [(name.replace("_", " "), words) for name, words in lines]


def _in_words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_in_words(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_in_words(each)}" for name, each in value.items() if each not in ("", None))
    return "nothing" if value in ("", None) else str(value)


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _rows(filters: dict[str, Any], after: str | None) -> tuple[list[list[Any]], str | None]:
    found, next_page = page_of(AuditFilters(**filters).entries(), after=after or "", size=LINES_A_BATCH)
    return [_row(entry) for entry in found], next_page or None


def _row(entry: AuditEntry) -> list[Any]:
    details = "; ".join(f"{name}: {words}" for name, words in readable(entry.details))
    return [
        entry.at.isoformat(timespec="seconds"),
        entry.verb,
        entry.actor_label,
        entry.get_actor_kind_display(),
        entry.ip_address or "",
        entry.object_label,
        entry.object_kind,
        entry.object_id or "",
        details,
    ]


AUDIT_EXPORT = ExportKind(
    name="audit",
    label="Audit log",
    role=Role.ADMIN,
    columns=COLUMNS,
    page=_rows,
    count=lambda filters: AuditFilters(**filters).entries().count(),
)
