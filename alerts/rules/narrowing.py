"""What the database can say about conditions: filters that no answer passes over for which the rule holds.

They may let in more than the conditions do, never less; alerts.rules.matching has the last word.
"""

from collections.abc import Callable
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Q

from alerts.rules.conditions.answers import MAY_CONTACT
from alerts.rules.conditions.parameters import LOOKUPS
from alerts.rules.conditions.registry import Parameters
from surveys.models import Question


def narrowed(conditions: dict[str, Any]) -> Q | None:
    """The filter of these conditions; None where the database can say nothing."""
    filters = [_one(each) for each in conditions.get("of", [])]
    known = [each for each in filters if each is not None]
    if conditions.get("match") == "any":
        return reduce(or_, known) if known and len(known) == len(filters) else None
    return reduce(and_, known) if known else None


def _one(condition: dict[str, Any]) -> Q | None:
    if "of" in condition:
        return narrowed(condition)
    narrow = NARROWING.get(condition["kind"])
    return narrow(condition) if narrow else None


def _score(parameters: Parameters) -> Q:
    return Q(measure=parameters["measure"], **{f"score__{LOOKUPS[parameters['is']]}": parameters["value"]})


def _group(parameters: Parameters) -> Q:
    return Q(group__in=parameters["groups"]) & _measure(parameters)


def _measure(parameters: Parameters) -> Q:
    return Q(measure=parameters["measure"]) if "measure" in parameters else Q()


def _answer(parameters: Parameters) -> Q:
    found = Q(survey__in=parameters["surveys"])
    if parameters["question"] == Question.Kind.SCORE:
        return found & Q(**{f"score__{LOOKUPS[parameters['is']]}": parameters["value"]})
    if parameters["question"] == Question.Kind.CONTACT:
        return found & _yes_no_or_nothing(MAY_CONTACT[parameters["is"]])
    return found if parameters["is"] == "not_given" else found & Q(has_verbatim=True)


def _yes_no_or_nothing(wanted: bool | None) -> Q:
    return Q(may_contact__isnull=True) if wanted is None else Q(may_contact=wanted)


def _moment(parameters: Parameters) -> Q:
    if parameters["is"]:
        return Q(touchpoint__is_moment_of_truth=True)
    return Q(touchpoint__isnull=True) | Q(touchpoint__is_moment_of_truth=False)


NARROWING: dict[str, Callable[[Parameters], Q]] = {
    "score": _score,
    "group": _group,
    "group_change": lambda parameters: Q(group=parameters["to"], customer__isnull=False) & _measure(parameters),
    "score_change": lambda parameters: Q(customer__isnull=False) & _measure(parameters),
    "repeated_detractor": lambda parameters: Q(group="detractor", customer__isnull=False),
    "words": lambda parameters: Q(has_verbatim=True),
    "answer": _answer,
    "may_contact": lambda parameters: _yes_no_or_nothing(parameters["is"]),
    "survey": lambda parameters: Q(survey__in=parameters["surveys"]),
    "touchpoint": lambda parameters: Q(touchpoint__in=parameters["touchpoints"]),
    "stage": lambda parameters: Q(touchpoint__stage__in=parameters["stages"]),
    "moment_of_truth": _moment,
    "channel": lambda parameters: Q(channel__in=parameters["channels"]),
    "customer_value": lambda parameters: Q(**{f"customer__value__{LOOKUPS[parameters['is']]}": parameters["value"]}),
}
