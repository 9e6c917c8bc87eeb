"""The rows that rules point at: whether each is there, and what it is called."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Model

from alerts.models import AlertRule, NotificationChannel, OwnerRule, Playbook, SlaPolicy, Team
from alerts.rules.matching import leaves_with_paths
from journeys.models import Stage, Touchpoint
from surveys.models import Survey
from tenancy.models import Membership, User

# A reference: where it stands ("of[1].surveys"), to which table, and the id.
Reference = tuple[str, type[Model], str]
IN_CONDITIONS: dict[str, type[Model]] = {"surveys": Survey, "touchpoints": Touchpoint, "stages": Stage}
IN_FIELDS: dict[str, type[Model]] = {
    "sla_policy_id": SlaPolicy,
    "playbook_id": Playbook,
    "owner_rule_id": OwnerRule,
    "starts_survey_id": Survey,
}
IN_ACTIONS: dict[str, type[Model]] = {"channels": NotificationChannel, "people": User, "teams": Team}
OF_THRESHOLDS: dict[str, type[Model]] = {"touchpoint": Touchpoint, "survey": Survey}
WORDS: dict[type[Model], str] = {
    Survey: "survey",
    Touchpoint: "touchpoint",
    Stage: "stage",
    SlaPolicy: "policy",
    Playbook: "playbook",
    OwnerRule: "owner rule",
    NotificationChannel: "place outside",
    User: "person",
    Team: "team",
}


def references_of(definition: dict[str, Any]) -> Iterator[Reference]:
    """Every row that a definition points at, whether it is there or not; what is malformed is passed over."""
    for field, model in IN_FIELDS.items():
        if definition.get(field):
            yield field.removesuffix("_id"), model, str(definition[field])
    actions = definition.get("actions")
    for field, model in IN_ACTIONS.items():
        for each in _ids(actions, field):
            yield f"actions.{field}", model, each
    conditions = definition.get("conditions") or {}
    if definition.get("kind") == AlertRule.Kind.THRESHOLD and conditions.get("of") in OF_THRESHOLDS:
        for each in _ids(conditions, "places"):
            yield "places", OF_THRESHOLDS[conditions["of"]], each
    for path, leaf in leaves_with_paths(conditions):
        for field, model in IN_CONDITIONS.items():
            for each in _ids(leaf, field):
                yield f"{path}{field}", model, each


def names_of(definitions: Iterable[dict[str, Any]]) -> dict[str, str]:
    """The names of all rows that these definitions point at, by id; one query a table, at most nine."""
    wanted: dict[type[Model], set[str]] = defaultdict(set)
    for definition in definitions:
        for _, model, each in references_of(definition):
            wanted[model].add(each)
    return {name: words for model, ids in wanted.items() for name, words in named(model, ids).items()}


def named(model: type[Model], ids: set[str]) -> dict[str, str]:
    """The names of these rows by id, of those that are there; people only where they belong to the organization."""
    if model is User:
        members = Membership.objects.filter(user__in=ids).select_related("user")
        return {str(each.user_id): str(each.user) for each in members}
    return {str(each.pk): str(each) for each in model._default_manager.filter(pk__in=ids)}


def _ids(values: Any, field: str) -> list[str]:
    found = values.get(field) if isinstance(values, dict) else None
    return [str(each) for each in found] if isinstance(found, list) else []
