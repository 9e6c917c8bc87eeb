"""Texts, addresses, scores and choices: one form for what is the same, a named rule for what is wrong."""

import unicodedata
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.emails import normalise_email
from customers.importing.broken import RuleBroken
from customers.importing.fields import ColumnFormat, Field
from customers.importing.texts import clean_text
from customers.importing.values import parse_value

UTC = ZoneInfo("UTC")


def parse(cell, kind="text", **details):
    field = Field("thing", "Thing", kind, **details)
    return parse_value(cell, field, column="File column", column_format=ColumnFormat(), zone=UTC)


def rule(cell, kind="text", **details):
    with pytest.raises(RuleBroken) as broken:
        parse(cell, kind, **details)
    assert broken.value.column == "File column"
    assert broken.value.message
    return broken.value.rule


def test_texts_are_one_form_of_the_same_letters():
    assert parse("  Zoe\u0308  Straße ") == "Zoë Straße"
    assert parse("a\r\nb\x0bc") == "a b c"
    assert parse("a\r\nb\x0bc\u2028d", is_multiline=True) == "a\nb\nc\nd"


def test_signs_that_turn_the_writing_are_cleaned_away_and_joiners_kept():
    assert parse("\u202eexe.txt\u202c") == "exe.txt"
    assert parse("\ufeff\u2066+49 170\u2069\u200b") == "+49 170"
    assert parse("می\u200cخواهم") == "می\u200cخواهم"
    assert parse("👩\u200d🚀 \u200fשלום") == "👩\u200d🚀 \u200fשלום"


@pytest.mark.parametrize("cell", ["a\x00b", "a\x07", "\x85"[:0] + "a\x9cb", "a\x1b[31m", "\ud800"])
def test_control_characters_are_refused(cell):
    assert rule(cell) == "control_character"


def test_failed_formulas_and_long_texts_are_refused():
    assert rule("#N/A") == "formula_error"
    assert rule("x" * 201) == "too_long"
    assert parse("x" * 201, max_length=201) == "x" * 201


def test_numbers_of_a_spreadsheet_are_texts_where_texts_are_wanted():
    assert parse(491701234567) == "491701234567"
    assert parse("007") == "007"
    assert parse(12.5) == "12.5"


def test_empty_cells_are_nothing_unless_something_is_required():
    assert parse("") is None
    assert parse(" \t\n") is None
    assert parse("\u200b") is None
    assert rule("", required=True) == "required"
    assert rule(" ", "score", required=True) == "required"
    assert rule("\u200b", required=True) == "required"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" Ana.Silva@Example.COM ", "ana.silva@example.com"),
        ("mailto:ana@example.com", "ana@example.com"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("ANA@BÜCHER.example", "ana@xn--bcher-kva.example"),
        ("ana@straße.example", "ana@xn--strae-oqa.example"),
        ("ａｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ana@example.com"),
        ("\u202aana@example.com\u202c", "ana@example.com"),
        ("ana+shop@example.com", "ana+shop@example.com"),
    ],
)
def test_one_form_for_one_address(written, kept):
    assert normalise_email(written) == kept
    assert parse(written, "email") == kept


@pytest.mark.parametrize(
    "text",
    ["ana", "ana@", "@example.com", "ana@example", "a b@example.com", "ana@exa mple.com", "ana@ex..com", "ana@-a-.com",
     "ana@example.com, bob@example.com", "jürgen@example.com", "a" * 65 + "@" + "b" * 200 + ".com", "ana@é\u200d.com"],
)  # fmt: skip
def test_what_is_no_address_is_refused(text):
    assert rule(text, "email") == "email"


@given(st.emails())
def test_addresses_stay_what_they_are_when_read_again(address):
    try:
        once = normalise_email(address)
    except ValueError:
        return
    assert normalise_email(once) == once
    assert normalise_email(once.upper()) == once


@given(st.text(max_size=60))
def test_any_text_is_cleaned_once_and_for_all_or_refused(text):
    for is_multiline in (False, True):
        try:
            once = clean_text(text, column="", max_length=1000, is_multiline=is_multiline)
        except RuleBroken as broken:
            assert broken.rule in ("control_character", "formula_error", "too_long")
            continue
        assert clean_text(once, column="", max_length=1000, is_multiline=is_multiline) == once
        assert unicodedata.is_normalized("NFC", once)
        assert is_multiline or "\n" not in once


def test_scores_are_whole_and_on_their_scale():
    assert parse("9", "score") == 9
    assert parse(10.0, "score") == 10
    assert parse("0", "score") == 0
    assert rule("11", "score") == "out_of_range"
    assert rule("-1", "score") == "out_of_range"
    assert rule("7.5", "score") == "not_whole"
    assert rule("good", "score") == "not_a_number"
    assert rule("0", "score", minimum=1, maximum=5) == "out_of_range"


def test_range_is_said_in_words():
    with pytest.raises(RuleBroken, match="Thing is -1; it must be at least 0"):
        parse("-1", "decimal", minimum=0)
    with pytest.raises(RuleBroken, match="at most 3"):
        parse("4", "integer", maximum=3)


@pytest.mark.parametrize(
    ("cell", "value"),
    [("Yes", True), ("JA", True), ("sí", True), (1, True), ("true", True), ("нет", False), (0, False), ("Non", False)],
)
def test_yes_and_no_in_several_languages(cell, value):
    assert parse(cell, "boolean") is value


def test_what_is_neither_yes_nor_no_is_refused():
    assert rule("maybe", "boolean") == "not_yes_or_no"


@pytest.mark.parametrize(
    ("cell", "code"), [("DE", "de"), ("pt_br", "pt-BR"), ("zh-hant-tw", "zh-Hant-TW"), ("es-419", "es-419")]
)
def test_language_codes_are_written_in_one_way(cell, code):
    assert parse(cell, "language") == code


@pytest.mark.parametrize("cell", ["german", "d", "de-", "de--AT", "12"])
def test_what_is_no_language_code_is_refused(cell):
    assert rule(cell, "language") == "language_code"


def test_decimals_are_rounded_half_up_where_the_field_says_so():
    assert str(parse("1.0050", "decimal", decimal_places=2)) == "1.01"
    assert str(parse("-1.0050", "decimal", decimal_places=2)) == "-1.01"
    assert str(parse("7", "decimal", decimal_places=2)) == "7.00"


def test_choices_by_what_files_call_them():
    choices = {"email": ("e-mail", "Mail"), "link": ("web",)}
    assert parse("E-MAIL", "choice", choices=choices) == "email"
    assert parse("Web ", "choice", choices=choices) == "link"
    assert rule("fax", "choice", choices=choices) == "not_a_choice"
