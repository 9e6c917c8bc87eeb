"""Holding the conditions of a rule against one answer."""

from typing import Any

from alerts.models import AlertRule
from surveys.models import Response


def is_raised_by(rule: AlertRule, response: Response) -> bool:
    return _holds(rule.conditions, response)


def _holds(conditions: dict[str, Any], response: Response) -> bool:
    outcomes = (_one(condition, response) for condition in conditions.get("of", []))
    return any(outcomes) if conditions.get("match") == "any" else all(outcomes)


def _one(condition: dict[str, Any], response: Response) -> bool:
    if "of" in condition:
        return _holds(condition, response)
    if condition["kind"] == "group":
        return response.group in condition["groups"]
    if condition["kind"] == "survey":
        return str(response.survey_id) in condition["surveys"]
    raise ValueError(f"Unknown condition: {condition['kind']}")
