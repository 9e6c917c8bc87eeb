"""The kinds of conditions, one file for each or for a few that are close. A new kind: a file here, a line below."""

from alerts.rules.conditions import answers, attributes, contacts, places, scores, words
from alerts.rules.conditions.registry import CONDITIONS, Condition, ConditionError, condition_of

__all__ = [
    "CONDITIONS",
    "Condition",
    "ConditionError",
    "answers",
    "attributes",
    "condition_of",
    "contacts",
    "places",
    "scores",
    "words",
]
