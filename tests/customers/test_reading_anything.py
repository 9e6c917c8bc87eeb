"""Whatever bytes somebody uploads, the answer is rows or a sentence that says what is wrong."""

import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from customers.importing.broken import FileRefused, RuleBroken
from customers.importing.facts import FileFacts, find_facts
from customers.importing.fields import ColumnFormat, Field
from customers.importing.formats import find_format
from customers.importing.limits import Limits
from customers.importing.reading import open_table

SMALL = Limits(file_bytes=100_000, columns=20, cell_characters=200, rows=50)
FIELDS = (Field("email", "E-mail", "email"), Field("when", "When", "datetime"), Field("score", "Score", "score"))
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read(path, content: bytes) -> None:
    path.write_bytes(content)
    try:
        file_format = find_format(path, limits=SMALL)
        with open_table(path, file_format, limits=SMALL) as table:
            assert len(set(table.columns)) == len(table.columns) <= SMALL.columns
            numbers = []
            for row in table.rows:
                assert len(row.cells) == len(table.columns)
                assert row.problem is None or isinstance(row.problem, RuleBroken)
                assert all(len(cell) <= 200 for cell in row.cells if isinstance(cell, str))
                numbers.append(row.number)
            assert numbers == sorted(set(numbers))
        facts = find_facts(path, file_format=file_format, fields=FIELDS)
        assert FileFacts.from_json(facts.as_json()).columns == table.columns
        assert all(isinstance(found.format, ColumnFormat) for found in facts.found)
    except FileRefused as refused:
        assert refused.rule and refused.message


@given(content=st.binary(max_size=400))
@unhurried
def test_any_bytes(tmp_path, content):
    read(tmp_path / "upload", content)


@given(
    content=st.text(st.sampled_from('ab1é,;|\t"\n\r =@.-/\x00\ufeff'), max_size=200),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]),
)
@unhurried
def test_any_text_with_the_letters_that_matter(tmp_path, content, encoding):
    read(tmp_path / "upload", content.encode(encoding, "replace"))


def a_workbook() -> bytes:
    book = Workbook()
    for row in (["email", "when", "score"], ["a@example.com", 43201.5, 9], ["b@example.com", "x", "y"]):
        book.active.append(row)
    book.active["B2"].number_format = "dd/mm/yyyy"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


WORKBOOK = a_workbook()


@given(changes=st.lists(st.tuples(st.integers(0, len(WORKBOOK) - 1), st.integers(0, 255)), min_size=1, max_size=6))
@unhurried
def test_a_damaged_workbook(tmp_path, changes):
    content = bytearray(WORKBOOK)
    for position, value in changes:
        content[position] = value
    read(tmp_path / "upload", bytes(content))


@given(xml=st.text(st.sampled_from('<>/="rctsvi rowsheetDatac1A9'), max_size=80))
@unhurried
def test_a_workbook_with_a_strange_sheet(tmp_path, xml):
    import zipfile

    path = tmp_path / "made"
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            body = f"<worksheet><sheetData>{xml}</sheetData></worksheet>"
            new.writestr(name, body if name.startswith("xl/worksheets/") else old.read(name))
    read(tmp_path / "upload", path.read_bytes())
