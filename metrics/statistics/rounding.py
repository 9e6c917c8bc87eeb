"""Figures as text.

Rounded half up on the exact fraction, so that 12.5 is 13 whatever binary floats make of it.
"""

from decimal import Decimal
from fractions import Fraction

MINUS = "\N{MINUS SIGN}"
PLUS_MINUS = "\N{PLUS-MINUS SIGN}"

Number = int | float | Decimal | Fraction


def rounded(value: Number, digits: int = 0) -> Decimal:
    """To `digits` decimals; a half goes away from 0 (12.5 to 13, -12.5 to -13): mirrored scores stay mirrored."""
    # In whole numbers, which are exact too and much cheaper than fractions: a page rounds hundreds of figures.
    numerator, denominator = value.as_integer_ratio()
    whole = (2 * abs(numerator) * 10**digits + denominator) // (2 * denominator)
    return Decimal(-whole if value < 0 else whole).scaleb(-digits)


def signed(value: Number, digits: int = 0) -> str:
    """ "+42", "−26.2", "0": for scores and differences, with a true minus."""
    number = rounded(value, digits)
    return ("+" if number > 0 else "") + plain(number, digits)


def plain(value: Number, digits: int = 0) -> str:
    """ "42", "−26.2", "0.0": without a plus, with a true minus and never a minus before zero."""
    number = rounded(value, digits)
    return f"{MINUS if number < 0 else ''}{abs(number):f}"


def margin_text(margin: Number, digits: int = 0) -> str:
    """ "±7". A margin that would round to nothing reads "±<1", as no sampled score is certain."""
    number = rounded(margin, digits)
    if margin > 0 and number == 0:
        return f"{PLUS_MINUS}<{Decimal(1).scaleb(-digits):f}"
    return f"{PLUS_MINUS}{number:f}"
