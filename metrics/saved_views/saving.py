"""Dashboards kept by name: one's own, and those of everybody."""

from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from metrics.models import DashboardView
from tenancy.audit import Actor, record
from tenancy.models import User
from tenancy.roles import Role

# So many of one person and so many of everybody.
MOST = 30


def views_for(user: User) -> list[DashboardView]:
    """What this person sees: everybody's first, then their own, in their order. One query."""
    views = DashboardView.objects.filter(Q(user=user) | Q(user__isnull=True)).select_related("author")
    return sorted(views, key=lambda view: (view.user_id is not None, view.position, view.name.casefold()))


def may_change(view: DashboardView, *, user: User, role: Role) -> bool:
    """One's own always; one of everybody its author, as long as they may share, and admins."""
    if view.user_id is not None:
        return view.user_id == user.pk
    return role is Role.ADMIN or (view.author_id == user.pk and role.includes(Role.ANALYST))


def save_view(
    *, name: str, query: str, author: User, is_everybodys: bool, is_pinned: bool = True, by: Actor | User
) -> DashboardView:
    """Keep the query under a name, behind the others. ValueError for a name that is taken or too many views."""
    owner = None if is_everybodys else author
    among = DashboardView.objects.filter(user=owner)
    if among.count() >= MOST:
        raise ValueError(f"There are {MOST} saved views already. Delete one first.")
    last = among.aggregate(last=Max("position"))["last"]
    view = DashboardView(
        user=owner,
        author=author,
        name=name,
        query=query,
        is_pinned=is_pinned,
        position=0 if last is None else last + 1,
    )
    _store(view)
    record("dashboard_view.saved", on=view, by=by, details=_facts(view))
    return view


def rename_view(view: DashboardView, *, name: str, by: Actor | User) -> None:
    """ValueError when the name is taken."""
    view.name = name
    _store(view)
    record("dashboard_view.renamed", on=view, by=by, details=_facts(view))


def pin_view(view: DashboardView, *, is_pinned: bool, by: Actor | User) -> None:
    """Put it above the filters, or take it away from there; it stays in the list."""
    if view.is_pinned != is_pinned:
        view.is_pinned = is_pinned
        view.save(update_fields=["is_pinned"])
        record("dashboard_view.pinned" if is_pinned else "dashboard_view.unpinned", on=view, by=by)


def put_first(view: DashboardView, *, is_first: bool, by: Actor | User) -> None:
    """Let the organization's dashboard open with it and no other, or not any more. ValueError for a personal one."""
    if view.user_id is not None:
        raise ValueError("Only a view that everybody has can be the first.")
    if view.is_first == is_first:
        return
    everybodys = DashboardView.objects.filter(user__isnull=True)
    list(everybodys.select_for_update().order_by("pk").values_list("pk"))  # two admins at once queue up here
    everybodys.filter(is_first=True).update(is_first=False)
    view.is_first = is_first
    view.save(update_fields=["is_first"])
    record("dashboard_view.put_first" if is_first else "dashboard_view.put_back", on=view, by=by)


def move_view(view: DashboardView, *, steps: int, by: Actor | User) -> None:
    """Move it so many places among its own (its user's, or everybody's); at an end it stays there."""
    among = DashboardView.objects.filter(user=view.user_id)
    rows = list(among.select_for_update().order_by("position", "name"))
    here = next(place for place, each in enumerate(rows) if each.pk == view.pk)
    rows.insert(max(0, here + steps), rows.pop(here))
    for position, each in enumerate(rows):
        each.position = position
    DashboardView.objects.bulk_update(rows, ["position"])
    record("dashboard_view.moved", on=view, by=by)


def delete_view(view: DashboardView, *, by: Actor | User) -> None:
    record("dashboard_view.deleted", on=view, by=by, details=_facts(view))
    view.delete()


def _store(view: DashboardView) -> None:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise ValueError("There is a view of this name already.") from error


def _facts(view: DashboardView) -> dict[str, str | bool]:
    return {"name": view.name, "query": view.query, "is_everybodys": view.user_id is None}
