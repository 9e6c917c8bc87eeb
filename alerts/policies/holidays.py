"""Public holidays for people: the countries there are, their parts, and which days come next."""

import re
from datetime import date

import holidays
from holidays.registry import COUNTRIES

# As long as its column.
LONGEST_CODE = 10


def countries() -> list[tuple[str, str]]:
    """(ISO code, name), by name. Loads none of them."""
    found = [(codes[1], re.sub(r"(?<=[a-z])(?=[A-Z])", " ", codes[0])) for codes in COUNTRIES.values()]
    return sorted(found, key=lambda each: each[1])


def subdivisions(country: str) -> dict[str, str]:
    """The parts of a country whose holidays differ: code and name, the code itself where it has no other name."""
    known = getattr(holidays, country, None)
    if known is None:
        return {}
    names = {code: alias for alias, code in getattr(known, "subdivisions_aliases", {}).items()}
    return {code: names.get(code, code) for code in known.subdivisions if len(code) <= LONGEST_CODE}


def next_holidays(country: str, subdivision: str, *, today: date, most: int = 10) -> list[tuple[date, str]]:
    """The next public holidays from today on, by day; none without a country."""
    if not country:
        return []
    found = holidays.country_holidays(
        country, subdiv=subdivision or None, years=[today.year, today.year + 1], language="en_US"
    )
    return sorted((day, name) for day, name in found.items() if day >= today)[:most]
