"""What a rule about silence asks for: a customer of some value who was asked and has not answered for so many days.

Pure: alerts.rules.silent finds the customers.
"""

from typing import Any

from alerts.rules.conditions.parameters import check_number, check_whole
from alerts.rules.conditions.registry import ConditionError
from alerts.rules.who import FIELD, check_who, who_sentence

FIELDS = ("days", "value", FIELD)
FEWEST_DAYS, MOST_DAYS = 1, 730


def check_silence(conditions: Any) -> None:
    """Raises ConditionError for what is no silence.

    {"days": 90, "value": 1000 or None for whatever value, "customers": whom alone it is about; see alerts.rules.who}
    """
    if not isinstance(conditions, dict):
        raise ConditionError("conditions", "Give “days” and “value”.")
    if unknown := set(conditions) - set(FIELDS):
        raise ConditionError(min(unknown), "A silence has no such field.")
    check_whole(conditions, "days", low=FEWEST_DAYS, high=MOST_DAYS)
    if conditions.get("value") is not None:
        check_number(conditions, "value")
    check_who(conditions)


def silence_sentence(conditions: dict[str, Any]) -> str:
    """ "a customer worth 1,000 or more was asked and has not answered for 90 days"."""
    value = conditions.get("value")
    who = ("a customer" if value is None else f"a customer worth {value:,} or more") + who_sentence(conditions)
    unit = "day" if conditions["days"] == 1 else "days"
    return f"{who} was asked and has not answered for {conditions['days']} {unit}"
