"""What is known about the customer: an attribute as it was when they answered, and what they are worth."""

import re
from decimal import Decimal
from typing import Any

from alerts.rules.conditions.parameters import (
    COMPARISONS,
    LONGEST_LIST,
    check_choice,
    check_number,
    compare,
    is_number,
    listed,
)
from alerts.rules.conditions.registry import Condition, ConditionError, Names, Parameters, register
from alerts.rules.facts import Facts

LISTS = ("one_of", "none_of")
# What is no part of a value at its ends, and what is a number: in Python as in PostgreSQL (rules.attributes_in_rows).
BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
NUMBER = r"[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,3})?"
IS = (*LISTS, *COMPARISONS)
_NUMBER = re.compile(NUMBER)


def _check_attribute(parameters: Parameters) -> None:
    name = parameters.get("name")
    if not isinstance(name, str) or not name.strip():
        raise ConditionError("name", "Name the attribute.")
    check_choice(parameters, "is", IS)
    if parameters["is"] in LISTS:
        values = parameters.get("values")
        if not isinstance(values, list) or not 0 < len(values) <= LONGEST_LIST or not all(map(_is_plain, values)):
            raise ConditionError("values", f"Give a list of 1 to {LONGEST_LIST} texts or numbers.")
    elif parameters["is"] != "equals":
        check_number(parameters, "value")
    elif not _is_plain(parameters.get("value")):
        raise ConditionError("value", "Give a text, a number, true or false.")


def _attribute_holds(facts: Facts, parameters: Parameters) -> bool:
    found, comparison = facts.response.attributes.get(parameters["name"]), parameters["is"]
    if comparison == "none_of":
        # Of whom it is not known: none of them, as far as anybody knows.
        return found is None or not _attribute_holds(facts, {**parameters, "is": "one_of"})
    if found is None:
        return False
    if comparison in ("equals", "one_of"):
        wanted = parameters["values"] if comparison == "one_of" else [parameters["value"]]
        values = found if isinstance(found, list) else [found]
        return not {plain(each) for each in values}.isdisjoint(plain(each) for each in wanted)
    number = _number(found)
    return number is not None and compare(number, comparison, Decimal(str(parameters["value"])))


def _attribute_sentence(parameters: Parameters, names: Names) -> str:
    if parameters["is"] in LISTS:
        word = "is" if parameters["is"] == "one_of" else "is none of"
        return f"{parameters['name']} {word} {listed(parameters['values'])}"
    if parameters["is"] == "equals":
        return f"{parameters['name']} is “{parameters['value']}”"
    return f"{parameters['name']} is {COMPARISONS[parameters['is']]} {parameters['value']}"


def _check_value(parameters: Parameters) -> None:
    check_choice(parameters, "is", tuple(COMPARISONS))
    check_number(parameters, "value")


def _value_holds(facts: Facts, parameters: Parameters) -> bool:
    value = facts.customer_value
    return value is not None and compare(value, parameters["is"], Decimal(str(parameters["value"])))


def _value_sentence(parameters: Parameters, names: Names) -> str:
    return f"customer value is {COMPARISONS[parameters['is']]} {parameters['value']}"


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | bool) or is_number(value)


def plain(value: Any) -> str:
    """As it is compared: imports bring 3 as "3", and people write gold as Gold."""
    return str(value).strip(BLANKS).casefold()


def _number(value: Any) -> Decimal | None:
    words = "" if isinstance(value, bool) else str(value).strip(BLANKS)
    return Decimal(words) if _NUMBER.fullmatch(words) else None


register(
    Condition(
        "attribute",
        "Attribute of the customer",
        _check_attribute,
        _attribute_holds,
        _attribute_sentence,
        ("name", "is", "value", "values"),
    )
)
register(Condition("customer_value", "Customer value", _check_value, _value_holds, _value_sentence, ("is", "value")))
