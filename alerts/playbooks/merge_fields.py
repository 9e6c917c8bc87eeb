"""Fields in the texts of reply templates, such as {{ customer.name }}. Pure: a text and values in, a text out.

Not the template engine of the pages: what people type into settings must not be able to look anything up.
"""

import re
from collections.abc import Mapping

FIELDS = {
    "customer.name": "the customer's name",
    "number": "the number of the follow-up",
    "organization": "your organization's name",
    "owner": "who owns the follow-up",
    "score": "the score they gave",
    "survey": "the survey they answered",
    "touchpoint": "where it happened",
    "writer": "who writes the reply",
}
EXAMPLE = {
    "customer.name": "Chiara Conti",
    "number": "214",
    "owner": "Greta Grün",
    "score": "3",
    "survey": "After delivery",
    "touchpoint": "Parcel handed over",
    "writer": "Greta Grün",
}
FIELD = re.compile(r"(?P<space>[ \t]?)\{\{\s*(?P<name>[^{}]*?)\s*\}\}")


class UnknownField(ValueError):
    """A text names a field that is none, or leaves its braces open; the message says which, for people."""


def check(text: str) -> None:
    """Raises UnknownField."""
    for found in FIELD.finditer(text):
        if found["name"] not in FIELDS:
            raise UnknownField(f"There is no field {{{{ {found['name']} }}}}. Fields: {', '.join(FIELDS)}.")
    if "{{" in (rest := FIELD.sub("", text)) or "}}" in rest:
        raise UnknownField("A field stands in two pairs of braces: {{ customer.name }}.")


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled. One without a value goes, with the space before it: "Hello ," is "Hello,"."""

    def value_of(found: re.Match[str]) -> str:
        if found["name"] not in FIELDS:
            return found[0]
        value = values.get(found["name"], "")
        return f"{found['space']}{value}" if value else ""

    return FIELD.sub(value_of, text)


def missing(text: str, values: Mapping[str, str]) -> list[str]:
    """The fields of a text that have no value here, in words."""
    names = dict.fromkeys(found["name"] for found in FIELD.finditer(text))
    return [FIELDS[name] for name in names if name in FIELDS and not values.get(name)]
