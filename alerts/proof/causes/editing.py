"""What admins do with the list. A cause keeps its key for good: what was resolved with it stays what it was."""

import re

from django.db import transaction
from django.utils.text import slugify

from alerts.models import RootCause
from tenancy.audit import Actor, record
from tenancy.models import User

LONGEST_KEY = 60


def add_cause(*, name: str, parent: RootCause | None, by: Actor | User) -> RootCause:
    """A new cause at the end of its level. ValueError beneath one that has a parent itself: there are two levels."""
    if parent and parent.parent_id:
        raise ValueError("There are two levels, no more.")
    siblings = RootCause.objects.filter(parent=parent)
    last = siblings.order_by("-position").values_list("position", flat=True).first()
    cause = RootCause.objects.create(
        key=_free_key(name, parent), name=name, parent=parent, position=0 if last is None else last + 1
    )
    record("root_cause.created", on=cause, by=by, details={"name": name})
    return cause


def rename_cause(cause: RootCause, *, name: str, by: Actor | User) -> None:
    """Another name for the same thing; what was counted under it goes on."""
    before, cause.name = cause.name, name
    cause.save(update_fields=["name"])
    record("root_cause.renamed", on=cause, by=by, details={"before": before, "after": name})


def move_cause(cause: RootCause, *, up: bool, by: Actor | User) -> None:
    """Change places with the neighbour above or below on its level; at the end nothing happens."""
    with transaction.atomic():
        siblings = list(
            RootCause.objects.select_for_update()
            .filter(parent=cause.parent_id, is_archived=False)
            .order_by("position", "name")
        )
        index = next((number for number, each in enumerate(siblings) if each.pk == cause.pk), None)
        other = None if index is None else index - 1 if up else index + 1
        if index is None or other is None or not 0 <= other < len(siblings):
            return
        siblings[index], siblings[other] = siblings[other], siblings[index]
        for position, each in enumerate(siblings):
            each.position = position
        RootCause.objects.bulk_update(siblings, ["position"])
        record("root_cause.moved", on=cause, by=by, details={"direction": "up" if up else "down"})


def archive_cause(cause: RootCause, *, is_archived: bool, by: Actor | User) -> None:
    """Offer it no more, with what is beneath it; or offer it again, with what is above it.

    ValueError for the last one that is left: resolving needs a root cause.
    """
    with transaction.atomic():
        rows = list(RootCause.objects.select_for_update().all())
        if is_archived:
            gone = {cause.pk} | {each.pk for each in rows if each.parent_id == cause.pk}
            if not any(not each.is_archived and each.pk not in gone for each in rows):
                raise ValueError("One root cause must be left: resolving needs one.")
        else:
            gone = {cause.pk} | ({cause.parent_id} if cause.parent_id else set())
        RootCause.objects.filter(pk__in=gone).update(is_archived=is_archived)
        record("root_cause.archived" if is_archived else "root_cause.restored", on=cause, by=by)


def _free_key(name: str, parent: RootCause | None) -> str:
    """ "delivery.too-late": of the name, beneath its parent's, with a number where it is taken."""
    own = re.sub(r"[^a-z0-9-]", "", slugify(name)) or "cause"
    start = f"{parent.key}.{own}" if parent else own
    key, number = start[:LONGEST_KEY], 1
    while RootCause.objects.filter(key=key).exists():
        number += 1
        tail = f"-{number}"
        key = start[: LONGEST_KEY - len(tail)] + tail
    return key
