"""What a rule says as one whole, and each such whole there was: who made it, when, and what changed in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alerts.models import AlertRule, AlertRuleVersion, Priority
from alerts.rules.sentences import conditions_sentence
from tenancy.audit import Actor, Kind
from tenancy.models import User

# What a definition consists of, and how people call it; the rows it points at stand by their ids.
FIELDS = {
    "name": "Name",
    "kind": "Kind",
    "conditions": "Condition",
    "is_active": "Switched on",
    "is_archived": "Archived",
    "settle_minutes": "Minutes to wait",
    "opens_follow_up": "Opens a follow-up",
    "priority": "Priority",
    "sla_policy_id": "Promised times",
    "playbook_id": "Playbook",
    "owner_rule_id": "Owner",
    "holdout_percent": "Left alone (%)",
    "actions": "Also does",
    "starts_survey_id": "Starts the survey",
}
# The parts of `actions`.
PARTS = {
    "tags": "Tags",
    "channels": "Tells the places outside",
    "people": "Tells the people",
    "teams": "Tells the teams",
    "survey_after_hours": "Hours until the survey starts",
}


@dataclass(frozen=True)
class Changed:
    """One field that a version changed, in words."""

    label: str
    before: str
    after: str


def definition_of(rule: AlertRule) -> dict[str, Any]:
    """All that the rule says, as JSON."""
    values = {name: getattr(rule, name) for name in FIELDS}
    return {name: str(value) if name.endswith("_id") and value else value for name, value in values.items()}


def apply_definition(rule: AlertRule, definition: dict[str, Any]) -> None:
    """Let the rule say what an earlier definition said. Stores nothing; what is unknown by now is left out.

    It neither archives the rule nor brings it back: those are deeds of their own.
    """
    for name in FIELDS:
        if name in definition and name != "is_archived":
            setattr(rule, name, definition[name])


def keep_version(rule: AlertRule, *, by: Actor | User, at: datetime) -> AlertRuleVersion:
    """Keep what the rule says now as the version it counts."""
    actor = Actor.of_user(by) if isinstance(by, User) else by
    user_id = actor.id if actor.kind == Kind.USER else None
    return AlertRuleVersion.objects.create(
        rule=rule, number=rule.version, definition=definition_of(rule), at=at, by_id=user_id, by_label=actor.label
    )


def changes_between(before: dict[str, Any], after: dict[str, Any], names: dict[str, str]) -> list[Changed]:
    """What differs, field by field in the order of the form; `names` are those of the rows they point at."""
    return [
        Changed(label, was, now)
        for (label, was), (_, now) in zip(_told(before, names), _told(after, names), strict=True)
        if was != now
    ]


def _told(definition: dict[str, Any], names: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name, label in FIELDS.items():
        value = definition.get(name)
        if name == "actions":
            for part, words in PARTS.items():
                yield words, _listed((value or {}).get(part), names)
        else:
            yield label, _value_words(name, value, definition, names)


def _value_words(name: str, value: Any, definition: dict[str, Any], names: dict[str, str]) -> str:
    if name == "conditions":
        return conditions_sentence(definition.get("kind", AlertRule.Kind.ANSWER), value or {}, names)
    if name == "kind":
        return AlertRule.Kind(value or AlertRule.Kind.ANSWER).label
    if name == "priority":
        return Priority(value or Priority.NORMAL).label
    if isinstance(value, bool) or name == "is_archived":  # older versions do not say it
        return "Yes" if value else "No"
    return names.get(str(value), str(value)) if value not in (None, "") else "–"


def _listed(values: Any, names: dict[str, str]) -> str:
    if isinstance(values, list):
        return ", ".join(names.get(str(each), str(each)) for each in values) or "–"
    return str(values) if values else "–"
