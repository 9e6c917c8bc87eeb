"""Whom a rule about silence or scores is about, where it is narrowed: conditions about the customer alone.

The same conditions as in rules about answers, held by the database: {"match": "all", "of": [conditions]}.
"""

from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Q

from alerts.rules.attributes_in_rows import IsOneOf, NumberIs
from alerts.rules.conditions.attributes import LISTS
from alerts.rules.conditions.parameters import LOOKUPS
from alerts.rules.conditions.registry import ConditionError
from alerts.rules.matching import RuleError, check_conditions, leaves_with_paths, sentence_of

# The field of the conditions that says it, and what can be said.
FIELD = "customers"
KINDS = ("attribute", "customer_value")


def check_who(conditions: dict[str, Any]) -> None:
    """Raises ConditionError, with the place, where whom the rule is about cannot be told."""
    if FIELD not in conditions:
        return
    try:
        check_conditions(conditions[FIELD], rule="")
    except RuleError as error:
        raise ConditionError(f"{FIELD}.{error.field}", error.message) from error
    for path, leaf in leaves_with_paths(conditions[FIELD]):
        if leaf["kind"] not in KINDS:
            raise ConditionError(f"{FIELD}.{path}kind", f"Choose one of {', '.join(KINDS)}: it is about customers.")


def who_sentence(conditions: dict[str, Any]) -> str:
    """ " whose region is “North” and plan is none of “Trial”"; empty where it is about all."""
    if FIELD not in conditions:
        return ""
    return f" whose {sentence_of(conditions[FIELD], {})}".replace("customer value is", "value is")


def who_filter(conditions: dict[str, Any], *, attributes: str, value: str) -> Q:
    """The rows whose customers it is about; `attributes` and `value` say where a row has them. Empty: all."""
    return _all_or_any(conditions[FIELD], attributes, value) if FIELD in conditions else Q()


def _all_or_any(conditions: dict[str, Any], attributes: str, value: str) -> Q:
    combined = or_ if conditions["match"] == "any" else and_
    return reduce(combined, (_one(each, attributes, value) for each in conditions["of"]))


def _one(condition: dict[str, Any], attributes: str, value: str) -> Q:
    if "of" in condition:
        return _all_or_any(condition, attributes, value)
    comparison = condition["is"]
    if condition["kind"] == "customer_value":
        return Q(**{f"{value}__{LOOKUPS[comparison]}": condition["value"]})
    name = condition["name"]
    if comparison not in LISTS and comparison != "equals":
        return Q(NumberIs(attributes, name, comparison, condition["value"]))
    one_of = Q(IsOneOf(attributes, name, tuple(condition["values"] if comparison in LISTS else [condition["value"]])))
    return ~one_of if comparison == "none_of" else one_of
