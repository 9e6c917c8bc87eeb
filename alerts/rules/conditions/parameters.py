"""Checks that parameters of conditions have in common; each raises ConditionError with the field's name."""

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from alerts.rules.conditions.registry import ConditionError, Names, Parameters

COMPARISONS = {
    "at_most": "at most",
    "at_least": "at least",
    "below": "below",
    "above": "above",
    "equals": "exactly",
}
# The same as lookups of the database.
LOOKUPS = {"at_most": "lte", "at_least": "gte", "below": "lt", "above": "gt", "equals": "exact"}
LONGEST_LIST = 200
LARGEST = 10**12


def compare(left: Any, comparison: str, right: Any) -> bool:
    if comparison == "at_most":
        return left <= right
    if comparison == "at_least":
        return left >= right
    if comparison == "below":
        return left < right
    return left > right if comparison == "above" else left == right


def check_choice(parameters: Parameters, field: str, allowed: Collection[str]) -> None:
    value = parameters.get(field)
    if not isinstance(value, str) or value not in allowed:
        raise ConditionError(field, f"Choose one of {', '.join(allowed)}, not “{value}”.")


def check_number(parameters: Parameters, field: str) -> None:
    if not is_number(parameters.get(field)):
        raise ConditionError(field, f"Give a number, not “{parameters.get(field)}”.")


def check_whole(parameters: Parameters, field: str, *, low: int, high: int) -> None:
    value = parameters.get(field)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ConditionError(field, f"Give a whole number from {low} to {high}, not “{value}”.")


def check_yes_or_no(parameters: Parameters, field: str) -> None:
    if not isinstance(parameters.get(field), bool):
        raise ConditionError(field, f"Say true or false, not “{parameters.get(field)}”.")


def check_texts(parameters: Parameters, field: str, allowed: Collection[str] | None = None) -> None:
    """At least one text, each of them not empty and, where that is said, one of `allowed`."""
    values = parameters.get(field)
    if not isinstance(values, list) or not 0 < len(values) <= LONGEST_LIST:
        raise ConditionError(field, f"Give a list of 1 to {LONGEST_LIST}.")
    for value in values:
        if not isinstance(value, str) or not value.strip():
            raise ConditionError(field, f"“{value}” is not a text.")
        if allowed is not None and value not in allowed:
            raise ConditionError(field, f"Choose of {', '.join(allowed)}, not “{value}”.")


def check_ids(parameters: Parameters, field: str) -> None:
    check_texts(parameters, field)
    for value in parameters[field]:
        try:
            UUID(value)
        except ValueError:
            raise ConditionError(field, f"“{value}” is not an id.") from None


def is_number(value: Any) -> bool:
    """A number that a column may hold: neither infinite nor with more digits than money has."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return False
    return bool(-LARGEST <= value <= LARGEST)


def listed(values: Iterable[Any]) -> str:
    """“a”, “b” or “c”."""
    quoted = [f"“{value}”" for value in values]
    return " or ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))


def named(what: str, ids: list[str], names: Names) -> str:
    """Those with a name; without any, how many there are."""
    known = [names[each] for each in ids if each in names]
    return f"{what} is {listed(known)}" if known else f"{what} is one of {len(ids)}"
