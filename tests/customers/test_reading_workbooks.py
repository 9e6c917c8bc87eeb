"""Excel workbooks come in as their rows: numbers as numbers, dates as dates, bombs not at all."""

import datetime
import re
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from customers.importing.broken import FileRefused
from customers.importing.formats import find_format
from customers.importing.limits import Limits
from customers.importing.reading import open_table, read_sample
from customers.importing.xlsx_reading import find_sheet, read_xlsx_rows


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


def test_row_number_beyond_any_sheet_is_refused(workbook):
    far = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="999999999999"><c><v>2</v></c></row></sheetData></worksheet>'
    )
    path = _with_part(workbook(("S", [["x"], ["1"]])), "xl/worksheets/sheet1.xml", far)
    with pytest.raises(FileRefused) as refused:
        read(path)
    assert refused.value.rule == "damaged_workbook"


SHEET = '<{0}worksheet xmlns{1}="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><{0}sheetData>{2}'
SHEET += "</{0}sheetData></{0}worksheet>"


def test_sheets_of_other_programs(workbook):
    """Prefixes, cells and rows without a reference, rich and phonetic texts, texts in place."""
    rows = (
        '<x:row><x:c t="inlineStr"><x:is><x:r><x:t>na</x:t></x:r><x:r><x:t>me</x:t></x:r></x:is></x:c>'
        '<x:c t="str"><x:v>b</x:v></x:c></x:row>'
        '<x:row><x:c t="inlineStr"><x:is><x:t>東京</x:t><x:rPh sb="0" eb="2"><x:t>トウキョウ</x:t></x:rPh></x:is></x:c>'
        '<x:c t="b"><x:v>0</x:v></x:c></x:row>'
        '<x:row r="9"><x:c r="B9" t="e"><x:v>#N/A</x:v></x:c></x:row>'
        '<x:row><x:c/><x:c t="d"><x:v>2018-04-11T20:09:00</x:v></x:c></x:row>'
    )
    content = SHEET.format("x:", ":x", rows).encode()
    path = _with_part(workbook(("S", [["x"]])), "xl/worksheets/sheet1.xml", content)
    columns, read_rows = read(path)
    assert columns == ("name", "b")
    assert [(row.number, row.cells) for row in read_rows] == [
        (2, ("東京", "false")),
        (9, ("", "#N/A")),
        (10, ("", "2018-04-11 20:09:00")),
    ]


def test_cell_that_unpacks_without_end_is_cut_and_named(workbook):
    rows = '<row><c t="str"><v>name</v></c></row><row><c t="str"><v>' + "x" * 5_000_000 + "</v></c></row>"
    path = _with_part(workbook(("S", [["x"]])), "xl/worksheets/sheet1.xml", SHEET.format("", "", rows).encode())
    row = read(path)[1][0]
    assert row.problem.rule == "cell_too_long"
    assert len(row.cells[0]) < 1_000


@pytest.mark.parametrize(
    ("number_format", "value", "text"),
    [
        ("dd/mm/yyyy", 43201, "2018-04-11"),
        ("[$-409]d\\ mmm yyyy;@", 43201.5, "2018-04-11 12:00:00"),
        ("h:mm", 0.75, "18:00:00"),
        ("mm:ss.0", 43201.8395833333, "2018-04-11 20:09:00"),
        ('0.00" kg"', 12.5, 12.5),
        ("[Red]0.00", 12.5, 12.5),
        ("General", 43201, 43201),
        ("#,##0 €;[Red]-#,##0 €", 1234.5, 1234.5),
    ],
)
def test_number_is_a_date_where_its_format_says_so(tmp_path, number_format, value, text):
    book = Workbook()
    book.active.append(["x"])
    book.active.append([value])
    book.active["A2"].number_format = number_format
    book.save(tmp_path / "upload")
    assert read(tmp_path / "upload")[1][0].cells == (text,)


def test_both_calendars_and_the_day_that_never_was(tmp_path):
    for epoch in (WINDOWS_EPOCH, MAC_EPOCH):
        book = Workbook()
        book.epoch = epoch
        for row in (["day"], [datetime.date(2018, 4, 11)], [datetime.date(1904, 2, 29)]):
            book.active.append(row)
        book.save(tmp_path / "upload")
        assert [row.cells for row in read(tmp_path / "upload")[1]] == [("2018-04-11",), ("1904-02-29",)]
    book = Workbook()
    for row in (["day"], [datetime.date(1900, 2, 28)], [datetime.date(1900, 3, 1)]):
        book.active.append(row)
    book.save(tmp_path / "upload")
    assert [row.cells for row in read(tmp_path / "upload")[1]] == [("1900-02-28",), ("1900-03-01",)]


@given(
    st.lists(
        st.lists(
            st.none()
            | st.booleans()
            | st.integers(-(10**12), 10**12)
            | st.floats(-1e9, 1e9, allow_nan=False, width=32)
            | st.datetimes(datetime.datetime(1950, 1, 1), datetime.datetime(2100, 1, 1)).map(
                lambda moment: moment.replace(microsecond=0)
            )
            | st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20).filter(
                lambda text: text.strip() and not text.startswith("=")
            ),
            min_size=1,
            max_size=6,
        ),
        min_size=1,
        max_size=5,
    )
)
@settings(max_examples=60, deadline=None)
def test_what_another_library_writes_and_reads_is_what_we_read(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("workbook") / "upload.xlsx"
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    theirs = load_workbook(path).active.iter_rows(values_only=True)
    ours = dict(read_xlsx_rows(path, sheet=find_sheet(path)))
    for number, row in enumerate(theirs, start=1):
        expected = [_as_we_say(value) for value in row]
        found = ours.get(number, [])
        assert [*found, *[""] * (len(expected) - len(found))] == expected


def _as_we_say(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ") if value.time() != datetime.time.min else value.date().isoformat()
    if isinstance(value, str):
        return re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), value)
    return value


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
