"""Text in its plain form, in which words are compared: without case, accents and signs, in any script. Pure."""

import re
import unicodedata
from functools import lru_cache

# Letters that Unicode does not take apart into a letter and an accent, and the Arabic stroke that only stretches.
LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ـ": ""})
# Vowel signs and viramas of Indic scripts are letters to their readers (classes 0 to 9); accents and harakat are above.
LAST_CLASS_OF_LETTERS = 9
# Scripts written without spaces: there a phrase is looked for as it stands.
UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
_NO_ASCII_LETTERS = re.compile("[^0-9a-z]+")


def plain_words(text: str) -> str:
    """The words of a text in their plain form, one space between them. Costs a step a character beyond ASCII."""
    if text.isascii():
        return _NO_ASCII_LETTERS.sub(" ", text.lower()).strip()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(LETTERS)
    return " ".join("".join(map(_letter, plain)).split())


def stands_in(words: str, phrase: str) -> bool:
    """Whether the words of `phrase` stand one after the other in `words`, which are plain already."""
    wanted, is_unspaced = _wanted(phrase)
    if not wanted:
        return False
    if is_unspaced:
        return wanted in words.replace(" ", "")
    return f" {wanted} " in f" {words} "


# The phrases of rules: few, and asked for with every answer.
@lru_cache(maxsize=2048)
def _wanted(phrase: str) -> tuple[str, bool]:
    wanted = plain_words(phrase)
    is_unspaced = any(unicodedata.name(letter, "").startswith(UNSPACED) for letter in wanted)
    return wanted.replace(" ", "") if is_unspaced else wanted, is_unspaced


@lru_cache(maxsize=8192)
def _letter(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf" or unicodedata.combining(character) > LAST_CLASS_OF_LETTERS:
        return ""
    return character if category[0] in "LNM" else " "
