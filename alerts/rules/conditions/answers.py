"""The answer to one given question: the score, the words, or whether we may get in touch."""

from alerts.rules.conditions.parameters import (
    COMPARISONS,
    check_choice,
    check_ids,
    check_texts,
    check_whole,
    compare,
    listed,
    named,
)
from alerts.rules.conditions.registry import Condition, Names, Parameters, register
from alerts.rules.conditions.words import check_words
from alerts.rules.facts import VERBATIM, Facts
from alerts.rules.plain_words import stands_in
from surveys.models import Question

# What can be said of the answer to each kind of question.
IS = {
    Question.Kind.SCORE: COMPARISONS,
    Question.Kind.VERBATIM: {"given": "answered", "not_given": "left empty", "says": "answered with"},
    Question.Kind.CONTACT: {"yes": "answered with yes", "no": "answered with no", "not_given": "left empty"},
}
MAY_CONTACT = {"yes": True, "no": False, "not_given": None}


def _check(parameters: Parameters) -> None:
    check_ids(parameters, "surveys")
    check_choice(parameters, "question", Question.Kind.values)
    question, comparison = Question.Kind(parameters["question"]), parameters.get("is")
    check_choice(parameters, "is", tuple(IS[question]))
    if question == Question.Kind.SCORE:
        check_whole(parameters, "value", low=0, high=10)
    elif comparison == "says":
        check_texts(parameters, "words")
        check_words(parameters)


def _holds(facts: Facts, parameters: Parameters) -> bool:
    if str(facts.response.survey_id) not in parameters["surveys"]:
        return False
    question, comparison = parameters["question"], parameters["is"]
    if question == Question.Kind.SCORE:
        return compare(facts.response.score, comparison, parameters["value"])
    if question == Question.Kind.CONTACT:
        return facts.response.may_contact is MAY_CONTACT[comparison]
    if comparison == "says":
        return any(stands_in(facts.plain_words, phrase) for phrase in parameters["words"])
    return bool(facts.verbatim.strip()) == (comparison == "given")


def _sentence(parameters: Parameters, names: Names) -> str:
    question, comparison = Question.Kind(parameters["question"]), parameters["is"]
    words = IS[question][comparison]
    if question == Question.Kind.SCORE:
        words = f"{words} {parameters['value']}"
    elif comparison == "says":
        words = f"{words} {listed(parameters['words'])}"
    return f"in {named('survey', parameters['surveys'], names).replace(' is ', ' ', 1)}, “{question.label}” is {words}"


register(
    Condition(
        "answer",
        "Answer to a question",
        _check,
        _holds,
        _sentence,
        ("surveys", "question", "is", "value", "words"),
        frozenset({VERBATIM}),
    )
)
