"""Excel workbooks come in as their rows: numbers as numbers, dates as dates, bombs not at all."""

import datetime
import zipfile

import pytest
from openpyxl import Workbook

from customers.importing.broken import FileRefused
from customers.importing.formats import find_format
from customers.importing.limits import Limits
from customers.importing.reading import open_table, read_sample


@pytest.fixture
def workbook(tmp_path):
    def write(*sheets, name="upload"):
        book = Workbook()
        book.remove(book.active)
        for title, rows in sheets:
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(tmp_path / name)
        return tmp_path / name

    return write


def read(path, **limits):
    return read_sample(path, find_format(path, limits=Limits(**limits)), limits=Limits(**limits))


def test_values_keep_what_they_are(workbook):
    moment = datetime.datetime(2018, 4, 11, 20, 9)
    path = workbook(
        ("Answers", [
            ["when", "day", "score", "value", "ok", "text", "code"],
            [moment, datetime.date(2018, 4, 11), 7, 12.5, True, " Zażółć\n_x000D_gęślą ", 4917012345678],
        ])
    )  # fmt: skip
    columns, rows = read(path)
    assert columns == ("when", "day", "score", "value", "ok", "text", "code")
    assert rows[0].cells == (
        "2018-04-11 20:09:00",
        "2018-04-11",
        7,
        12.5,
        "true",
        " Zażółć\n\rgęślą ",
        4917012345678,
    )


def test_numbers_are_those_beside_the_rows_in_the_spreadsheet(workbook):
    path = workbook(("Sheet", [[], ["name", None], [], ["Ana", None], [None, None], ["Bob"]]))
    columns, rows = read(path)
    assert columns == ("name",)
    assert [(row.number, row.cells) for row in rows] == [(4, ("Ana",)), (6, ("Bob",))]


def test_first_sheet_that_holds_something_is_read(workbook):
    path = workbook(("Empty", []), ("People", [["name"], ["Ana"]]), ("More", [["x"], ["y"]]))
    assert find_format(path).sheet == "People"
    assert read(path)[1][0].cells == ("Ana",)


def test_formulas_give_the_value_they_had(workbook):
    # A workbook written by a program has formulas without values: the cell is empty, never the formula's text.
    path = workbook(("S", [["a", "b"], [1, "=A2*2"]]))
    assert read(path)[1][0].cells == (1, "")


def test_workbook_with_too_many_columns_or_rows_is_refused(workbook):
    with pytest.raises(FileRefused) as refused:
        read(workbook(("S", [["x"] * 12, ["y"] * 12])), columns=10)
    assert refused.value.rule == "too_many_columns"
    with pytest.raises(FileRefused) as refused:
        read(workbook(("S", [["x"], ["1"], ["2"], ["3"]])), rows=2)
    assert (refused.value.rule, refused.value.row) == ("too_many_rows", 4)


def test_bomb_is_refused_before_it_is_unpacked(workbook, tmp_path):
    path = workbook(("S", [["x"], ["1"]]))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", b"\0" * 20_000_000)
    assert path.stat().st_size < 100_000
    with pytest.raises(FileRefused) as refused:
        find_format(path, limits=Limits(unpacked_part_bytes=10_000_000))
    assert refused.value.rule == "unpacks_too_large"
    with pytest.raises(FileRefused) as refused:
        find_format(path, limits=Limits(unpacked_bytes=10_000_000))
    assert refused.value.rule == "unpacks_too_large"


def _with_part(path, part, content):
    """The same workbook with one part exchanged."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def test_entities_in_the_sheet_are_refused(workbook):
    laughs = (
        b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
    )
    path = _with_part(workbook(("S", [["x"], ["1"]])), "xl/worksheets/sheet1.xml", laughs)
    with pytest.raises(FileRefused) as refused:
        read(path)
    assert refused.value.rule == "damaged_workbook"


def test_row_number_beyond_any_sheet_does_not_make_us_count_for_ever(workbook):
    far = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="999999999999"><c><v>2</v></c></row></sheetData></worksheet>'
    )
    path = _with_part(workbook(("S", [["x"], ["1"]])), "xl/worksheets/sheet1.xml", far)
    assert [row.cells for row in read(path)[1]] == [(1,)]


@pytest.mark.parametrize(
    ("names", "word"),
    [
        (["content.xml", "mimetype"], ".ods"),
        (["xl/workbook.bin"], ".xlsb"),
        (["word/document.xml"], ".docx"),
        (["data.csv"], ".zip"),
    ],
)
def test_other_archives_are_refused_with_the_way_out(tmp_path, names, word):
    path = tmp_path / "upload.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    with pytest.raises(FileRefused) as refused:
        find_format(path)
    assert word in refused.value.message


def test_damaged_workbook_is_refused(workbook):
    path = workbook(("S", [["x"], ["1"]]))
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(FileRefused) as refused:
        find_format(path)
    assert refused.value.rule == "damaged_workbook"
    path = _with_part(workbook(("S", [["x"], ["1"]])), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row")
    with pytest.raises(FileRefused) as refused, open_table(path, find_format(path)) as table:
        list(table.rows)
    assert refused.value.rule == "damaged_workbook"
