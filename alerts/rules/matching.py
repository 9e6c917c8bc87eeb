"""Holding the conditions of a rule against one answer, and saying in words which of them held."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from alerts.models import Alert, AlertRule
from alerts.rules.conditions import ConditionError, condition_of
from alerts.rules.conditions.registry import Names
from alerts.rules.facts import Facts
from surveys.scoring import group_word

MATCHES = {"all": "and", "any": "or"}
DEEPEST = 5
LONGEST_REASON = Alert._meta.get_field("reason").max_length


class RuleError(ValueError):
    """A rule whose conditions cannot be held against anything; `field` is where: "of[1].value"."""

    def __init__(self, rule: str, field: str, message: str):
        self.rule, self.field, self.message = rule, field, message
        super().__init__(f"Rule “{rule}”, {field}: {message}")

    @property
    def condition_number(self) -> str:
        """Which condition it is about, as people count: "2", or "2.1" within a group; empty for none."""
        return ".".join(str(int(place) + 1) for place in re.findall(r"of\[(\d+)\]", self.field))


def is_raised_by(rule: AlertRule, facts: Facts) -> bool:
    """Raises ConditionError for a kind of condition there is not."""
    return _holds(rule.conditions, facts)


def reason_of(rule: AlertRule, facts: Facts) -> str:
    """Why the rule fired, in words for people: its name, the answer, and the conditions that held."""
    held = [condition_of(each["kind"]).sentence(each, facts.names) for each in _held(rule.conditions, facts)]
    response = facts.response
    given = f"{response.measure.upper()} {response.score} ({group_word(response.measure, response.group).lower()})"
    return f"{rule.name}: {'; '.join([given, *held])}"[:LONGEST_REASON]


def sentence_of(conditions: dict[str, Any], names: Names) -> str:
    """The conditions in plain words: "customer is a detractor and (channel is “Email” or ...)"."""
    word = MATCHES[conditions.get("match", "all")]
    parts = [
        f"({sentence_of(each, names)})" if "of" in each else condition_of(each["kind"]).sentence(each, names)
        for each in conditions.get("of", [])
    ]
    return f" {word} ".join(parts)


def needs_of(rules: Iterable[AlertRule]) -> set[str]:
    """Which of the dearer facts these rules look at."""
    return {need for rule in rules for each in _leaves(rule.conditions) for need in condition_of(each["kind"]).needs}


def check_conditions(conditions: Any, *, rule: str) -> None:
    """Raises RuleError, with the field, for conditions that cannot be held against an answer."""
    try:
        _check(conditions, path="", depth=1)
    except ConditionError as error:
        raise RuleError(rule, error.field, error.message) from error


def _holds(conditions: dict[str, Any], facts: Facts) -> bool:
    outcomes = (_one(condition, facts) for condition in conditions.get("of", []))
    return any(outcomes) if conditions.get("match") == "any" else all(outcomes)


def _one(condition: dict[str, Any], facts: Facts) -> bool:
    if "of" in condition:
        return _holds(condition, facts)
    return condition_of(condition.get("kind")).holds(facts, condition)


def _held(conditions: dict[str, Any], facts: Facts) -> list[dict[str, Any]]:
    return [each for each in _leaves(conditions) if _one(each, facts)]


def leaves_with_paths(conditions: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Each single condition with the place where its fields stand: ("of[1].", {...}); also of what was not checked."""
    found = conditions.get("of") if isinstance(conditions, dict) else None
    for place, each in enumerate(found if isinstance(found, list) else []):
        here = f"{path}of[{place}]."
        if isinstance(each, dict) and "of" in each:
            yield from leaves_with_paths(each, here)
        elif isinstance(each, dict):
            yield here, each


def _leaves(conditions: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (leaf for _, leaf in leaves_with_paths(conditions))


def _check(conditions: Any, *, path: str, depth: int) -> None:
    if not isinstance(conditions, dict) or set(conditions) != {"match", "of"}:
        raise ConditionError(path or "conditions", "Give “match” and “of”, and nothing else.")
    if conditions["match"] not in MATCHES:
        raise ConditionError(f"{path}match", f"Choose all or any, not “{conditions['match']}”.")
    if not isinstance(conditions["of"], list) or not conditions["of"]:
        raise ConditionError(f"{path}of", "Give at least one condition.")
    if depth > DEEPEST:
        raise ConditionError(f"{path}of", f"Conditions are nested at most {DEEPEST} deep.")
    for place, each in enumerate(conditions["of"]):
        here = f"{path}of[{place}]."
        if isinstance(each, dict) and "of" in each:
            _check(each, path=here, depth=depth + 1)
        else:
            _check_one(each, here)


def _check_one(parameters: Any, path: str) -> None:
    if not isinstance(parameters, dict):
        raise ConditionError(path.rstrip("."), "A condition is an object with a “kind”.")
    try:
        condition = condition_of(parameters.get("kind"))
        unknown = set(parameters) - {"kind", *condition.fields}
        if unknown:
            raise ConditionError(min(unknown), f"“{condition.label}” has no such field.")
        condition.check(parameters)
    except ConditionError as error:
        raise ConditionError(f"{path}{error.field}", error.message) from error
