"""Words and phrases in what the customer wrote: whole words, whatever their case and accents, in any language."""

from alerts.rules.conditions.parameters import check_texts, listed
from alerts.rules.conditions.registry import Condition, ConditionError, Names, Parameters, register
from alerts.rules.facts import VERBATIM, Facts
from alerts.rules.plain_words import plain_words, stands_in


def _check(parameters: Parameters) -> None:
    check_texts(parameters, "words")
    check_words(parameters)


def check_words(parameters: Parameters) -> None:
    """Raises ConditionError for a phrase of signs only, which nobody could write."""
    for phrase in parameters["words"]:
        if not plain_words(phrase):
            raise ConditionError("words", f"“{phrase}” has no letters.")


def _holds(facts: Facts, parameters: Parameters) -> bool:
    return any(stands_in(facts.plain_words, phrase) for phrase in parameters["words"])


def _sentence(parameters: Parameters, names: Names) -> str:
    return f"customer wrote {listed(parameters['words'])}"


def _holds_not(facts: Facts, parameters: Parameters) -> bool:
    """Who wrote nothing did not write these words either."""
    return not _holds(facts, parameters)


def _sentence_not(parameters: Parameters, names: Names) -> str:
    return f"customer did not write {listed(parameters['words'])}"


NEEDS = frozenset({VERBATIM})
NOT_WRITTEN = "Words the customer did not write"

register(Condition("words", "Words the customer wrote", _check, _holds, _sentence, ("words",), NEEDS))
register(Condition("no_words", NOT_WRITTEN, _check, _holds_not, _sentence_not, ("words",), NEEDS))
