"""The score, its group, and how both changed against the customer's answer before."""

from datetime import timedelta

from alerts.rules.conditions.parameters import (
    COMPARISONS,
    check_choice,
    check_number,
    check_texts,
    check_whole,
    compare,
)
from alerts.rules.conditions.registry import Condition, ConditionError, Names, Parameters, register
from alerts.rules.facts import HISTORY, Facts
from surveys.scoring import NPS, SCALES, Group, group_word

GROUPS = tuple(group.value for group in Group)
DIRECTIONS = {"fell": "fell", "rose": "rose"}


def _check_score(parameters: Parameters) -> None:
    check_choice(parameters, "measure", tuple(SCALES))
    check_choice(parameters, "is", tuple(COMPARISONS))
    check_number(parameters, "value")
    scores = [score for scale in SCALES[parameters["measure"]].values() for score in scale.scores]
    if not min(scores) <= parameters["value"] <= max(scores):
        raise ConditionError("value", f"Scores go from {min(scores)} to {max(scores)}.")


def _score_holds(facts: Facts, parameters: Parameters) -> bool:
    response = facts.response
    return response.measure == parameters["measure"] and compare(response.score, parameters["is"], parameters["value"])


def _score_sentence(parameters: Parameters, names: Names) -> str:
    return f"{parameters['measure'].upper()} score is {COMPARISONS[parameters['is']]} {parameters['value']}"


def _check_group(parameters: Parameters) -> None:
    check_texts(parameters, "groups", GROUPS)
    _check_measure(parameters)


def _group_holds(facts: Facts, parameters: Parameters) -> bool:
    return _is_of_measure(facts, parameters) and facts.response.group in parameters["groups"]


def _group_sentence(parameters: Parameters, names: Names) -> str:
    measure = parameters.get("measure")
    if measure in (None, NPS):
        return f"customer is a {' or '.join(parameters['groups'])}{' of NPS' if measure else ''}"
    # People call the groups of other measures otherwise: "dissatisfied", "difficult".
    words = " or ".join(group_word(measure, group).lower() for group in parameters["groups"])
    return f"{measure.upper()} answer is {words}"


def _check_change(parameters: Parameters) -> None:
    check_choice(parameters, "direction", tuple(DIRECTIONS))
    check_whole(parameters, "points", low=1, high=10)
    _check_measure(parameters)


def _change_holds(facts: Facts, parameters: Parameters) -> bool:
    """Held against the last answer under the same measure and on the same scale: points of others are other points."""
    risen = facts.risen_by
    if risen is None or not _is_of_measure(facts, parameters):
        return False
    return (risen if parameters["direction"] == "rose" else -risen) >= parameters["points"]


def _change_sentence(parameters: Parameters, names: Names) -> str:
    unit = "point" if parameters["points"] == 1 else "points"
    score = f"{parameters['measure'].upper()} score" if "measure" in parameters else "score"
    return f"{score} {parameters['direction']} by {parameters['points']} {unit} or more since the last answer"


def _check_group_change(parameters: Parameters) -> None:
    check_choice(parameters, "from", GROUPS)
    check_choice(parameters, "to", GROUPS)
    _check_measure(parameters)


def _group_change_holds(facts: Facts, parameters: Parameters) -> bool:
    return _is_of_measure(facts, parameters) and (facts.last_group, facts.response.group) == (
        parameters["from"],
        parameters["to"],
    )


def _group_change_sentence(parameters: Parameters, names: Names) -> str:
    measure = parameters.get("measure", NPS)
    was, now = (
        parameters[name] if measure == NPS else group_word(measure, parameters[name]).lower() for name in ("from", "to")
    )
    return f"customer went from {was} to {now}{f' of {measure.upper()}' if 'measure' in parameters else ''}"


def _check_repeated(parameters: Parameters) -> None:
    check_whole(parameters, "days", low=1, high=730)


def _repeated_holds(facts: Facts, parameters: Parameters) -> bool:
    if facts.response.group != Group.DETRACTOR or facts.last_detractor_at is None:
        return False
    return facts.response.responded_at - facts.last_detractor_at <= timedelta(days=parameters["days"])


def _repeated_sentence(parameters: Parameters, names: Names) -> str:
    return f"customer is a detractor again within {parameters['days']} days"


def _check_measure(parameters: Parameters) -> None:
    """Some conditions may name a measure; without one they hold for any."""
    if "measure" in parameters:
        check_choice(parameters, "measure", tuple(SCALES))


def _is_of_measure(facts: Facts, parameters: Parameters) -> bool:
    return parameters.get("measure", facts.response.measure) == facts.response.measure


NEEDS_HISTORY = frozenset({HISTORY})

register(Condition("score", "Score", _check_score, _score_holds, _score_sentence, ("measure", "is", "value")))
register(Condition("group", "Group", _check_group, _group_holds, _group_sentence, ("groups", "measure")))
register(
    Condition(
        "score_change",
        "Change of the score since the last answer",
        _check_change,
        _change_holds,
        _change_sentence,
        ("direction", "points", "measure"),
        NEEDS_HISTORY,
    )
)
register(
    Condition(
        "group_change",
        "Change of the group since the last answer",
        _check_group_change,
        _group_change_holds,
        _group_change_sentence,
        ("from", "to", "measure"),
        NEEDS_HISTORY,
    )
)
register(
    Condition(
        "repeated_detractor",
        "Detractor again",
        _check_repeated,
        _repeated_holds,
        _repeated_sentence,
        ("days",),
        NEEDS_HISTORY,
    )
)
