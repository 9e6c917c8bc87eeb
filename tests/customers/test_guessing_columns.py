"""Columns find their fields by name in many languages, and by what stands in them."""

from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from customers.importing.columns import SURE, find_columns, guess_columns
from customers.importing.fields import ColumnFormat, Field
from customers.importing.formats import find_format
from customers.importing.reading import open_table, read_sample
from customers.importing.table import Row
from customers.importing.values import parse_value

PERSON = [
    Field("email", "E-mail", "email", synonyms=("mail", "email address", "e-mail-adresse", "correo electrónico")),
    Field("external_id", "Your id", "text", synonyms=("id", "customer id", "kundennummer", "client id")),
    Field("name", "Name", "text", synonyms=("full name", "nombre", "kunde")),
    Field("phone", "Phone", "text", synonyms=("telefon", "mobile", "téléphone")),
]
ANSWER = [
    Field("score", "Score", "score", required=True, synonyms=("nps", "rating", "bewertung")),
    Field("answered_at", "Answered at", "datetime", required=True, synonyms=("date", "responded at", "datum")),
    Field("verbatim", "Verbatim", "text", synonyms=("comment", "text", "kommentar")),
    Field("touchpoint", "Touchpoint", "text", synonyms=("berührungspunkt", "channel")),
    Field("customer_email", "Customer's e-mail", "email", synonyms=("email", "mail")),
]


def rows(*lines):
    return [Row(number, line) for number, line in enumerate(lines, start=2)]


def guess(fields, columns, *lines):
    return {name: columns[found.column] for name, found in guess_columns(fields, columns, rows(*lines)).items()}


def test_names_are_known_in_any_case_accent_and_spelling():
    columns = ["KUNDENNUMMER", "Correo_Electronico", "Telephone", "nombre"]
    assert guess(PERSON, columns, ("17", "ana@example.com", "1", "Ana")) == {
        "external_id": "KUNDENNUMMER",
        "email": "Correo_Electronico",
        "phone": "Telephone",
        "name": "nombre",
    }


def test_names_within_longer_names_are_found():
    found = guess_columns(PERSON, ["Customer E-Mail", "Customer name (full)"], rows(("a@b.example", "Ana")))
    assert found["email"].column == 0
    assert found["name"].column == 1
    assert found["name"].confidence < SURE


def test_values_tell_an_address_whatever_its_column_is_called():
    columns = ["x1", "x2"]
    assert guess(PERSON, columns, ("Ana", "ana@example.com"), ("Bob", "bob@example.com")) == {"email": "x2"}


def test_column_called_mail_that_holds_no_addresses_is_no_sure_match():
    found = guess_columns(PERSON, ["Mail", "Kontakt"], rows(("yes", "ana@example.com"), ("no", "bob@example.com")))
    assert found["email"].column == 1


def test_every_column_is_taken_once():
    found = guess_columns(PERSON, ["E-Mail", "Mail"], rows(("a@b.example", "c@d.example")))
    assert [each.column for each in found.values()] == [0]


def test_required_date_and_score_are_found_by_their_values():
    columns = ["a", "b", "c"]
    lines = [(f"{day:02}/04/2018 20:09", str(day % 11), "some words") for day in range(1, 29)]
    assert guess(ANSWER, columns, *lines) == {"answered_at": "a", "score": "b"}


def test_unknown_columns_are_left_alone():
    assert guess(PERSON, ["Lieblingsfarbe"], ("blau",)) == {}


def test_columns_show_examples_and_how_their_dates_and_numbers_are_written():
    found = find_columns(
        ("when", "worth", "text"),
        rows(("13/04/2018", "12,5", "a"), ("05/04/2018", "1.234", ""), ("05/04/2018", "7", "b")),
    )
    assert found[0].format == ColumnFormat(date_order="day_first")
    assert found[0].examples == ("13/04/2018", "05/04/2018")
    assert found[1].format == ColumnFormat(decimal_mark="comma")
    assert not any(column.asks_date_order or column.asks_decimal_mark for column in found)


def test_what_the_columns_leave_open_is_asked():
    found = find_columns(("when", "worth"), rows(("05/04/2018", "1,234")))
    assert found[0].asks_date_order
    assert found[1].asks_decimal_mark


REAL = Path(__file__).parents[3] / "shared" / "data" / "nps_verbatims_telecom.csv"


@pytest.mark.skipif(not REAL.exists(), reason="the real file is not on this machine")
def test_real_file_is_read_rightly():
    file_format = find_format(REAL)
    columns, sample = read_sample(REAL, file_format)
    assert columns == ("responded_at", "touchpoint", "nps", "text")
    found = guess_columns(ANSWER, columns, sample)
    assert {name: columns[each.column] for name, each in found.items()} == {
        "answered_at": "responded_at",
        "touchpoint": "touchpoint",
        "score": "nps",
        "verbatim": "text",
    }
    assert all(each.confidence >= SURE for each in found.values())
    when = find_columns(columns, sample)[0]
    assert (when.format.date_order, when.asks_date_order) == ("day_first", False)

    zone = ZoneInfo("Europe/London")
    with open_table(REAL, file_format) as table:
        every = list(table.rows)
    assert len(every) == 1160
    moments = [parse_value(row.cells[0], ANSWER[1], column="", column_format=when.format, zone=zone) for row in every]
    assert moments[0].astimezone(zone).isoformat() == "2018-04-11T20:09:00+01:00"
    assert (min(moments).strftime("%Y-%m"), max(moments).strftime("%Y-%m")) == ("2017-12", "2018-06")
    scores = [parse_value(row.cells[2], ANSWER[0], column="", column_format=ColumnFormat(), zone=zone) for row in every]
    assert (sum(s >= 9 for s in scores), sum(7 <= s <= 8 for s in scores), sum(s <= 6 for s in scores)) == (
        333,
        190,
        637,
    )
    assert all(row.problem is None for row in every)
    assert next(islice(every, 10, None)).cells[3] == "good communication, price and  delivery as advertised"
