"""Where and how the answer came: survey, touchpoint, stage, moment of truth, channel and language."""

from collections.abc import Callable
from typing import Any

from alerts.rules.conditions.parameters import check_ids, check_texts, check_yes_or_no, listed, named
from alerts.rules.conditions.registry import Condition, Names, Parameters, register
from alerts.rules.facts import Facts
from surveys.models import Channel


def _one_of(key: str, label: str, field: str, value: Callable[[Facts], Any]) -> None:
    """A condition that the answer is about one of some rows, named by their ids."""

    def check(parameters: Parameters) -> None:
        check_ids(parameters, field)

    def holds(facts: Facts, parameters: Parameters) -> bool:
        return str(value(facts)) in parameters[field]

    def sentence(parameters: Parameters, names: Names) -> str:
        return named(label.lower(), parameters[field], names)

    register(Condition(key, label, check, holds, sentence, (field,)))


_one_of("survey", "Survey", "surveys", lambda facts: facts.response.survey_id)
_one_of("touchpoint", "Touchpoint", "touchpoints", lambda facts: facts.response.touchpoint_id)
_one_of("stage", "Stage", "stages", lambda facts: facts.stage_id)


def _check_moment(parameters: Parameters) -> None:
    check_yes_or_no(parameters, "is")


def _moment_holds(facts: Facts, parameters: Parameters) -> bool:
    touchpoint = facts.response.touchpoint
    return bool(touchpoint and touchpoint.is_moment_of_truth) == parameters["is"]


def _moment_sentence(parameters: Parameters, names: Names) -> str:
    return f"touchpoint is {'' if parameters['is'] else 'not '}a moment of truth"


def _check_channel(parameters: Parameters) -> None:
    check_texts(parameters, "channels", Channel.values)


def _channel_holds(facts: Facts, parameters: Parameters) -> bool:
    return facts.response.channel in parameters["channels"]


def _channel_sentence(parameters: Parameters, names: Names) -> str:
    return f"channel is {listed(Channel(each).label for each in parameters['channels'])}"


def _check_language(parameters: Parameters) -> None:
    check_texts(parameters, "languages")


def _language_holds(facts: Facts, parameters: Parameters) -> bool:
    """ "de" stands for "de-AT" as well."""
    given = facts.response.language.lower()
    return any(given == each.lower() or given.startswith(f"{each.lower()}-") for each in parameters["languages"])


def _language_sentence(parameters: Parameters, names: Names) -> str:
    return f"language is {listed(parameters['languages'])}"


register(Condition("moment_of_truth", "Moment of truth", _check_moment, _moment_holds, _moment_sentence, ("is",)))
register(Condition("channel", "Channel", _check_channel, _channel_holds, _channel_sentence, ("channels",)))
register(Condition("language", "Language", _check_language, _language_holds, _language_sentence, ("languages",)))
