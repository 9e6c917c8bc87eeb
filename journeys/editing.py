"""Changing a journey: names, and the order of stages and touchpoints."""

from django.db import transaction

from journeys.models import Journey, Stage, Touchpoint
from tenancy.audit import Actor, record


def move(row: Stage | Touchpoint, *, up: bool, by: Actor) -> None:
    """Change places with the neighbour above (or below); at the end nothing happens. Positions become 0, 1, 2, ..."""
    with transaction.atomic():
        siblings = list(_siblings(row).select_for_update().order_by("position", "id"))
        index = next(number for number, sibling in enumerate(siblings) if sibling.pk == row.pk)
        other = index - 1 if up else index + 1
        if 0 <= other < len(siblings):
            siblings[index], siblings[other] = siblings[other], siblings[index]
            for position, sibling in enumerate(siblings):
                sibling.position = position
            type(row).objects.bulk_update(siblings, ["position"])
            record(f"{row._meta.model_name}.moved", on=row, by=by, details={"direction": "up" if up else "down"})


def rename(row: Journey | Stage | Touchpoint, *, name: str, by: Actor) -> None:
    """Give it another name. Answers keep their touchpoint, so numbers go on under the new name."""
    before, row.name = row.name, name
    row.save(update_fields=["name"])
    record(f"{row._meta.model_name}.renamed", on=row, by=by, details={"before": before, "after": name})


def _siblings(row: Stage | Touchpoint):
    if isinstance(row, Stage):
        return Stage.objects.filter(journey_id=row.journey_id)
    return Touchpoint.objects.filter(stage_id=row.stage_id)
