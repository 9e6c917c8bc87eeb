"""A hundred thousand rows take bounded memory, from a text file as from a workbook, and whatever they hold."""

import gc
import random
import zipfile
from zoneinfo import ZoneInfo

import psutil
import pytest
from openpyxl import Workbook
from openpyxl.xml.constants import SHEET_MAIN_NS

from customers.importing import working
from customers.importing.formats import find_format
from customers.importing.parsing import ColumnMapping, RefusedRow, parse_rows
from customers.importing.reading import open_table
from customers.importing.registry import kind_of
from customers.models import Customer
from tests.customers.importing import check, counts, run, upload

ROWS = 100_000
MEBIBYTE = 1024 * 1024


def customers(rows):
    """Every thousandth comes twice, every ninety-ninth has a broken address, every hundredth a long text."""
    random.seed(7)
    yield "id", "email", "name", "phone", "language", "value"
    for number in range(rows):
        known = number - 500 if number % 1_000 == 999 else number
        email = "nobody" if number % 99 == 98 else f"person.{known}@customers.example"
        name = "Zoë\n" + "x" * 3_000 if number % 100 == 0 else f"Zoë Example {number}"
        yield f"K-{known}", email, name, f"+49 170 {number}", "de", round(random.random() * 1000, 2)


def write_csv(path, rows):
    with path.open("w", encoding="utf-8") as file:
        for row in customers(rows):
            file.write(",".join(f'"{cell}"' for cell in row) + "\n")


def write_workbook(path, rows):
    """As a library would write it, but the sheet by hand: the library takes half a minute for it."""
    book = Workbook()
    book.active.title = "S"
    book.save(path.with_suffix(".empty"))
    with (
        zipfile.ZipFile(path.with_suffix(".empty")) as empty,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, True, 1) as full,
    ):
        for name in empty.namelist():
            if not name.startswith("xl/worksheets/"):
                full.writestr(name, empty.read(name))
        with full.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'<worksheet xmlns="{SHEET_MAIN_NS}"><sheetData>'.encode())
            for row in customers(rows):
                cells = "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row)
                sheet.write(f"<row>{cells}</row>".encode())
            sheet.write(b"</sheetData></worksheet>")


@pytest.mark.parametrize("write", [write_csv, write_workbook])
def test_hundred_thousand_rows_are_walked_in_bounded_memory(tmp_path, write):
    write(tmp_path / "upload", ROWS)
    kind, file_format = kind_of("customers"), find_format(tmp_path / "upload")
    names = {"external_id": 0, "email": 1, "name": 2}
    gc.collect()
    process, peak = psutil.Process(), 0
    before = process.memory_info().rss
    refused = []
    with open_table(tmp_path / "upload", file_format) as table:
        mapping, zone = ColumnMapping(names), ZoneInfo("UTC")
        parsed = parse_rows(
            table.rows, kind=kind, fields=kind.fields, columns=table.columns, mapping=mapping, zone=zone
        )
        for count, row in enumerate(parsed):
            if isinstance(row, RefusedRow):
                refused.append(row.broken.rule)
            if count % 5_000 == 0:
                peak = max(peak, process.memory_info().rss - before)
    assert refused.count("email") == ROWS // 99
    assert refused.count("duplicate") in range(90, 101)
    assert refused.count("too_long") in range(980, 1_001)
    # The keys of all rows, so that none comes twice, and the first 200 rows; never the file.
    assert peak < 70 * MEBIBYTE, f"{peak / MEBIBYTE:.1f} MiB"


def test_import_of_many_batches_adds_up_and_repeats_without_a_change(world, tmp_path, monkeypatch):
    monkeypatch.setattr(working, "BATCH", 500)
    write_csv(tmp_path / "upload", 5_000)
    job = run(world.home, check(world.home, upload(world.home, tmp_path / "upload")))
    first = counts(job)
    assert sum(first.values()) == 5_000
    assert first["refused"] == 5_000 // 99 + 5 + 50
    with world.home.scope():
        assert Customer.objects.filter(external_id__startswith="K-").count() == first["new"]
    job = run(world.home, check(world.home, upload(world.home, tmp_path / "upload")))
    assert counts(job) == {"unchanged": first["new"], "refused": first["refused"]}
