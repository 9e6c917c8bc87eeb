"""Words and phrases in what the customer wrote: whole words, whatever their case and accents, in any language."""

import unicodedata

from alerts.rules.conditions.parameters import check_texts, listed
from alerts.rules.conditions.registry import Condition, ConditionError, Names, Parameters, register
from alerts.rules.facts import VERBATIM, Facts

# Letters that Unicode does not take apart into a letter and an accent, and the Arabic stroke that only stretches.
LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ـ": ""})
# Vowel signs and viramas of Indic scripts are letters to their readers (classes 0 to 9); accents and harakat are above.
LAST_CLASS_OF_LETTERS = 9
# Scripts written without spaces: there a phrase is looked for as it stands.
UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")


def says(text: str, phrase: str) -> bool:
    """Whether the words of `phrase` stand in `text`, one after the other."""
    wanted, words = _words(phrase), _words(text)
    if not wanted:
        return False
    if any(unicodedata.name(letter, "").startswith(UNSPACED) for letter in wanted):
        return wanted.replace(" ", "") in words.replace(" ", "")
    return f" {wanted} " in f" {words} "


def _words(text: str) -> str:
    """The words of a text in their plain form, one space between them."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(LETTERS)
    return " ".join("".join(map(_letter, plain)).split())


def _letter(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf" or unicodedata.combining(character) > LAST_CLASS_OF_LETTERS:
        return ""
    return character if category[0] in "LNM" else " "


def _check(parameters: Parameters) -> None:
    check_texts(parameters, "words")
    check_words(parameters)


def check_words(parameters: Parameters) -> None:
    """Raises ConditionError for a phrase of signs only, which nobody could write."""
    for phrase in parameters["words"]:
        if not _words(phrase):
            raise ConditionError("words", f"“{phrase}” has no letters.")


def _holds(facts: Facts, parameters: Parameters) -> bool:
    return any(says(facts.verbatim, phrase) for phrase in parameters["words"])


def _sentence(parameters: Parameters, names: Names) -> str:
    return f"customer wrote {listed(parameters['words'])}"


register(Condition("words", "Words the customer wrote", _check, _holds, _sentence, ("words",), frozenset({VERBATIM})))
