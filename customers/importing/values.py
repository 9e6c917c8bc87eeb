"""A cell and a field make a value, or break a rule."""

import datetime
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from customers.emails import normalise_email

from .broken import RuleBroken
from .dates import parse_date, parse_datetime
from .fields import ColumnFormat, Field
from .numbers import parse_decimal, parse_integer
from .table import Cell, is_empty
from .texts import clean_text, folded, plain_text

Value = str | int | Decimal | bool | datetime.date | datetime.datetime | None

_YES = "true yes y 1 on x ja j oui o vrai sí s verdadero sì vero sim verdadeiro tak ano evet да نعم はい 是"
_NO = "false no n 0 off nein non faux falso não nie ne hayır нет لا いいえ 否"
_TRUE, _FALSE = set(map(folded, _YES.split(" "))), set(map(folded, _NO.split(" ")))

_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?", re.IGNORECASE)


def parse_value(cell: Cell, field: Field, *, column: str, column_format: ColumnFormat, zone: ZoneInfo) -> Value:
    """The value of `field` in a cell of the file's column named `column`; None for an empty cell.

    Moments are in UTC. Raises RuleBroken, with rule "required" when the field must not be empty.
    """
    if is_empty(cell):
        if field.required:
            raise RuleBroken(column, "required", f"{field.label} must not be empty.")
        return None
    return _PARSERS[field.kind](cell, field, column, column_format, zone)


def _text(cell: Cell, field: Field, column: str, _: ColumnFormat, __: ZoneInfo) -> str | None:
    text = clean_text(cell, column=column, max_length=field.max_length, is_multiline=field.is_multiline)
    if not text and field.required:
        raise RuleBroken(column, "required", f"{field.label} must not be empty.")
    return text or None


def _email(cell: Cell, field: Field, column: str, _: ColumnFormat, __: ZoneInfo) -> str:
    try:
        return normalise_email(clean_text(cell, column=column, max_length=1_000))
    except ValueError as error:
        raise RuleBroken(column, "email", str(error)) from None


def _language(cell: Cell, field: Field, column: str, _: ColumnFormat, __: ZoneInfo) -> str:
    written = plain_text(cell)
    match = _LANGUAGE.fullmatch(written)
    if not match:
        raise RuleBroken(column, "language_code", f"“{written[:60]}” is not a language code such as de or pt-BR.")
    language, script, region = match.groups()
    return "-".join(filter(None, (language.lower(), script and script.title(), region and region.upper())))


def _integer(cell: Cell, field: Field, column: str, column_format: ColumnFormat, _: ZoneInfo) -> int:
    value = parse_integer(cell, column=column, mark=column_format.decimal_mark)
    _check_range(value, field, column)
    return value


def _decimal(cell: Cell, field: Field, column: str, column_format: ColumnFormat, _: ZoneInfo) -> Decimal:
    value = parse_decimal(cell, column=column, mark=column_format.decimal_mark)
    _check_range(value, field, column)
    if field.decimal_places is not None:
        return value.quantize(Decimal(1).scaleb(-field.decimal_places), ROUND_HALF_UP)
    return value


def _score(cell: Cell, field: Field, column: str, column_format: ColumnFormat, _: ZoneInfo) -> int:
    value = parse_integer(cell, column=column, mark=column_format.decimal_mark)
    _check_range(value, field, column, minimum=0, maximum=10)
    return value


def _date(cell: Cell, field: Field, column: str, column_format: ColumnFormat, zone: ZoneInfo) -> datetime.date:
    return parse_date(cell, column=column, order=column_format.date_order, zone=zone)


def _datetime(cell: Cell, field: Field, column: str, column_format: ColumnFormat, zone: ZoneInfo) -> datetime.datetime:
    return parse_datetime(cell, column=column, order=column_format.date_order, zone=zone)


def _boolean(cell: Cell, field: Field, column: str, _: ColumnFormat, __: ZoneInfo) -> bool:
    text = folded(plain_text(cell))
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    raise RuleBroken(column, "not_yes_or_no", f"“{plain_text(cell)[:60]}” is neither yes nor no.")


def _choice(cell: Cell, field: Field, column: str, _: ColumnFormat, __: ZoneInfo) -> str:
    text = folded(plain_text(cell))
    for stored, names in field.choices.items():
        if text in map(folded, (stored, *names)):
            return stored
    known = ", ".join(field.choices)
    raise RuleBroken(column, "not_a_choice", f"“{plain_text(cell)[:60]}” is not one of: {known}.")


def _check_range(
    value: int | Decimal, field: Field, column: str, *, minimum: int | None = None, maximum: int | None = None
) -> None:
    minimum = minimum if field.minimum is None else field.minimum
    maximum = maximum if field.maximum is None else field.maximum
    if (minimum is not None and value < minimum) or (maximum is not None and value > maximum):
        allowed = {
            (True, True): f"between {minimum} and {maximum}",
            (True, False): f"at least {minimum}",
            (False, True): f"at most {maximum}",
        }[minimum is not None, maximum is not None]
        raise RuleBroken(column, "out_of_range", f"{field.label} is {value}; it must be {allowed}.")


_PARSERS: dict[str, Callable[[Cell, Field, str, ColumnFormat, ZoneInfo], Value]] = {
    "text": _text,
    "email": _email,
    "language": _language,
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
    "datetime": _datetime,
    "boolean": _boolean,
    "score": _score,
    "choice": _choice,
}
