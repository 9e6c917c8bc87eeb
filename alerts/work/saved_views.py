"""Queues kept by name: one's own, and those of everybody."""

from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from alerts.models import SavedView
from tenancy.audit import Actor, record
from tenancy.models import User

# So many of one person and so many of everybody; the tabs stay a row.
MOST = 20


class NameTaken(ValueError):
    """There is a view of this name already."""


def views_for(user: User) -> list[SavedView]:
    """What this person sees: everybody's first, then their own, in their order. One query."""
    views = SavedView.objects.filter(Q(user=user) | Q(user__isnull=True))
    return sorted(views, key=lambda view: (view.user_id is not None, view.position, view.name.casefold()))


def save_view(*, name: str, query: str, user: User | None, by: Actor | User) -> SavedView:
    """Keep the query under a name, behind the others. ValueError for a name that is taken or too many views."""
    mine = SavedView.objects.filter(user=user)
    if mine.count() >= MOST:
        raise ValueError(f"There are {MOST} saved views already. Delete one first.")
    last = mine.aggregate(last=Max("position"))["last"]
    view = SavedView(user=user, name=name, query=query, position=0 if last is None else last + 1)
    _store(view)
    record("saved_view.saved", on=view, by=by, details=_facts(view))
    return view


def rename_view(view: SavedView, *, name: str, by: Actor | User) -> None:
    """ValueError when the name is taken."""
    view.name = name
    _store(view)
    record("saved_view.renamed", on=view, by=by, details=_facts(view))


def delete_view(view: SavedView, *, by: Actor | User) -> None:
    record("saved_view.deleted", on=view, by=by, details=_facts(view))
    view.delete()


def move_view(view: SavedView, *, steps: int, by: Actor | User) -> None:
    """Move it so many places among its own (its user's, or everybody's); at an end it stays there."""
    rows = list(SavedView.objects.select_for_update().filter(user=view.user_id).order_by("position", "name"))
    here = next(place for place, each in enumerate(rows) if each.pk == view.pk)
    rows.insert(max(0, here + steps), rows.pop(here))
    for position, each in enumerate(rows):
        each.position = position
    SavedView.objects.bulk_update(rows, ["position"])
    record("saved_view.moved", on=view, by=by, details=_facts(view))


def _store(view: SavedView) -> None:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise NameTaken("There is a view of this name already.") from error


def _facts(view: SavedView) -> dict[str, str | bool]:
    return {"name": view.name, "query": view.query, "is_everybodys": view.user_id is None}
