"""What narrows a view of the queue: filters in the address, their choices, and the pills that remove them."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest

from alerts.forms import possible_owners
from alerts.models import Priority, Team
from alerts.root_causes import full_name, root_causes
from journeys.models import Touchpoint
from surveys.models import Response
from tenancy.models import User

ME, NOBODY = "me", "none"
WORDS = "q"
# Parameter of the address, its words, and the column it is about.
COLUMNS = {
    "owner": ("Owner", "owner_id"),
    "team": ("Team", "team_id"),
    "priority": ("Priority", "priority"),
    "touchpoint": ("Touchpoint", "response__touchpoint_id"),
    "score": ("Score", "response__group"),
    "cause": ("Root cause", "root_cause"),
    "tag": ("Tag", "tags__contains"),
}
LONGEST = 200


class QueueFilters:
    """The filters of one address. What cannot be a value of its filter narrows nothing."""

    def __init__(self, query: Mapping[str, str], *, user: User) -> None:
        self.user = user
        self.values = {name: text for name in (*COLUMNS, WORDS) if (text := self._read(name, query.get(name, "")))}

    @property
    def words(self) -> str:
        return self.values.get(WORDS, "")

    def apply(self, rows: Any) -> Any:
        """The rows of the follow-ups that pass."""
        for name, text in self.values.items():
            if name == WORDS:
                rows = rows.searched(text)
            elif name == "owner" and text == NOBODY:
                rows = rows.filter(owner__isnull=True)
            else:
                rows = rows.filter(**{COLUMNS[name][1]: self._value(name, text)})
        return rows

    def _value(self, name: str, text: str) -> Any:
        if name == "tag":
            return [text]
        return self.user.pk if name == "owner" and text == ME else text

    def _read(self, name: str, text: str) -> str:
        text = text.replace("\0", "").strip()[:LONGEST]
        if name in ("owner", "team", "touchpoint") and text not in (ME, NOBODY):
            return _uuid(text)
        if (name == "team" and text in (ME, NOBODY)) or (name == "touchpoint" and text in (ME, NOBODY)):
            return ""
        allowed = {"priority": Priority.values, "score": Response.Group.values}.get(name)
        return text if allowed is None or text in allowed else ""

    def pills(self) -> list[tuple[str, str, str]]:
        """Name, words of the value, and the parameter that holds it; the choices are read only where they are named."""
        found = []
        for name, text in self.values.items():
            if name == WORDS:
                found.append(("Search", text, name))
            else:
                words = text if name == "tag" else dict(self.choices_of(name)).get(text, "No longer there")
                found.append((COLUMNS[name][0], words, name))
        return found

    @cached_property
    def fields(self) -> list[dict[str, Any]]:
        """What the form of filters shows: a text, or choices of which one may be chosen."""
        found = []
        for name, (label, _) in COLUMNS.items():
            value = self.values.get(name, "")
            choices = [(key, words, key == value) for key, words in self.choices_of(name)]
            is_text = name == "tag"
            if choices or is_text:
                found.append({"name": name, "label": label, "choices": choices, "is_text": is_text, "value": value})
        return found

    def choices_of(self, name: str) -> list[tuple[str, str]]:
        """What may be chosen; one query at most."""
        if name == "owner":
            return [(ME, "Me"), (NOBODY, "Nobody"), *((str(user.pk), str(user)) for user in possible_owners())]
        if name == "team":
            return [(str(team.pk), team.name) for team in Team.objects.all()]
        if name == "touchpoint":
            rows = Touchpoint.objects.order_by("name").values_list("pk", "name")
            return [(str(pk), label) for pk, label in rows]
        if name == "cause":
            return [(cause.key, full_name(cause)) for cause in root_causes()]
        fixed: dict[str, list[tuple[str, str]]] = {"priority": Priority.choices, "score": Response.Group.choices}
        return fixed.get(name, [])


def kept_query(request: HttpRequest) -> str:
    """View and filters of an address, as the queue writes them: what leads back from one follow-up to its list."""
    given = {**QueueFilters(request.GET, user=request.user).values, "view": request.GET.get("view", "")[:20]}  # type: ignore[arg-type]
    return urlencode(sorted((name, value) for name, value in given.items() if value))


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""
