"""Conditions about attributes as PostgreSQL holds them, in a JSON column: the same as rules.conditions.attributes."""

from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, Func

from alerts.rules.conditions.attributes import BLANKS, NUMBER, plain

OPERATORS = {"at_most": "<=", "at_least": ">=", "below": "<", "above": ">"}
# An attribute that is a list holds each of its items; one that is not there, or null, holds nothing.
_ONE_OF = """EXISTS (
    SELECT FROM (SELECT nullif({column} -> %s::text, 'null'::jsonb) AS found) one,
        jsonb_array_elements_text(
            CASE jsonb_typeof(one.found) WHEN 'array' THEN one.found ELSE jsonb_build_array(one.found) END
        ) AS item
    WHERE casefold(btrim(item, %s) COLLATE pg_unicode_fast) = ANY (%s::text[])
)"""
# CASE: nothing is read as a number before it is known to be one.
_NUMBER = """(
    SELECT coalesce(CASE WHEN jsonb_typeof({column} -> %s::text) IN ('number', 'string')
        AND btrim({column} ->> %s::text, %s) ~ %s
        THEN btrim({column} ->> %s::text, %s)::numeric {operator} %s::numeric END, false)
)"""


class IsOneOf(Func):
    """Whether the attribute `name` in the column is one of `values`, whatever their case."""

    output_field = BooleanField()

    def __init__(self, column: str, name: str, values: tuple[Any, ...]):
        self.name, self.values = name, values
        super().__init__(column)

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **context: Any) -> Any:
        column, parameters = compiler.compile(self.source_expressions[0])
        wanted = sorted({plain(each) for each in self.values})
        return _ONE_OF.format(column=column), [*parameters, self.name, BLANKS, wanted]


class NumberIs(Func):
    """Whether the attribute `name` in the column is a number, and at most, above ... `value`."""

    output_field = BooleanField()

    def __init__(self, column: str, name: str, comparison: str, value: Any):
        self.name, self.comparison, self.value = name, comparison, value
        super().__init__(column)

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **context: Any) -> Any:
        column, given = compiler.compile(self.source_expressions[0])
        asked = [*given, self.name, *given, self.name, BLANKS, f"^(?:{NUMBER})$", *given, self.name, BLANKS]
        sql = _NUMBER.format(column=column, operator=OPERATORS[self.comparison])
        return sql, [*asked, Decimal(str(self.value))]
