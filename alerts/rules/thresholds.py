"""What a rule about a score asks for: the figure of seven days falls below a limit, and further than chance explains.

Pure: alerts.rules.falling reads the figures.
"""

from typing import Any
from uuid import UUID

from alerts.rules.conditions.parameters import LONGEST_LIST, check_choice, check_number, check_whole, named
from alerts.rules.conditions.registry import ConditionError, Names
from alerts.rules.who import FIELD, check_who, who_sentence
from metrics.measures import INSTRUMENTS, Instrument
from metrics.statistics.sizes import ENOUGH_TO_COMPARE

DAYS = 7
# Of what: each touchpoint, each survey, or the organization as a whole.
OF = {"touchpoint": "a touchpoint", "survey": "a survey", "organization": "all answers"}
FIELDS = ("instrument", "of", "places", "below", "recovers", "answers", FIELD)
MOST_ANSWERS = 100_000


def check_threshold(conditions: Any) -> None:
    """Raises ConditionError for what is no threshold.

    {"instrument": "nps", "of": "touchpoint", "places": [ids; empty: each], "below": 10, "recovers": 15, "answers": 30,
    "customers": whose answers alone count; see alerts.rules.who}
    """
    if not isinstance(conditions, dict):
        raise ConditionError("conditions", f"Give {', '.join(FIELDS)}.")
    if unknown := set(conditions) - set(FIELDS):
        raise ConditionError(min(unknown), "A threshold has no such field.")
    check_choice(conditions, "instrument", tuple(INSTRUMENTS))
    check_choice(conditions, "of", tuple(OF))
    _check_places(conditions)
    headline = instrument_of(conditions).headline
    for field in ("below", "recovers"):
        check_number(conditions, field)
        if not headline.low <= conditions[field] <= headline.high:
            raise ConditionError(field, f"{headline.label} lies between {headline.low} and {headline.high}.")
    if conditions["recovers"] < conditions["below"]:
        raise ConditionError("recovers", "A score has recovered at the limit or above it.")
    check_whole(conditions, "answers", low=ENOUGH_TO_COMPARE, high=MOST_ANSWERS)
    check_who(conditions)


def instrument_of(conditions: dict[str, Any]) -> Instrument:
    return INSTRUMENTS[conditions["instrument"]]


def threshold_sentence(conditions: dict[str, Any], names: Names) -> str:
    """ "the 7-day NPS of touchpoint “Support call” falls below 10, with 30 answers or more and not by chance"."""
    instrument, places = instrument_of(conditions), conditions.get("places", [])
    where = OF[conditions["of"]] if not places else named(conditions["of"], places, names).replace(" is ", " ", 1)
    return (
        f"the {DAYS}-day {instrument.label} of {where}{among(conditions)} falls below {conditions['below']}, "
        f"with {conditions['answers']} answers or more and not by chance"
    )


def among(conditions: dict[str, Any]) -> str:
    """ ", among customers whose region is “North”,"; empty where all answers count."""
    whom = who_sentence(conditions)
    return f", among customers{whom}," if whom else ""


def _check_places(conditions: dict[str, Any]) -> None:
    places = conditions.get("places", [])
    if not isinstance(places, list) or len(places) > LONGEST_LIST:
        raise ConditionError("places", f"Give a list of at most {LONGEST_LIST}; empty stands for each.")
    if places and conditions["of"] == "organization":
        raise ConditionError("places", "All answers have no places.")
    for value in places:
        try:
            UUID(value)
        except (ValueError, TypeError, AttributeError):
            raise ConditionError("places", f"“{value}” is not an id.") from None
