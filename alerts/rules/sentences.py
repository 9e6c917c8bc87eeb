"""Rules in plain words, of whichever kind."""

from typing import Any

from alerts.models import AlertRule
from alerts.rules.conditions.registry import Names
from alerts.rules.matching import sentence_of
from alerts.rules.silences import silence_sentence
from alerts.rules.thresholds import threshold_sentence

Kind = AlertRule.Kind


def conditions_sentence(kind: str, conditions: dict[str, Any], names: Names) -> str:
    """When a rule of this kind fires: "customer is a detractor and channel is “Email”"; empty where it asks nothing."""
    if not conditions:
        return ""
    if kind == Kind.SILENCE:
        return silence_sentence(conditions)
    if kind == Kind.THRESHOLD:
        return threshold_sentence(conditions, names)
    return sentence_of(conditions, names)


def rule_sentence(rule: AlertRule, names: Names) -> str:
    """The conditions of a rule, beginning with a capital."""
    words = conditions_sentence(rule.kind, rule.conditions, names)
    return words[:1].upper() + words[1:]
