"""Exports: rows that a worker turns into files, whatever happens to the worker."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tenancy import exports
from tenancy.audit import Actor
from tenancy.csv_files import csv_lines
from tenancy.exports import KINDS, ExportKind, offer_export, read_file, request_export, work_on, write_due
from tenancy.models import AuditEntry, Export, ExportChunk
from tenancy.roles import Role


class Numbers:
    """A kind of export with 2,500 rows in pages of 1,000; told to fail, it fails after the first page."""

    fails = False
    pages = 0

    def page(self, filters, after):
        self.pages += 1
        if self.fails and after:
            raise RuntimeError("the lines ran out")
        start = after or 0
        rows = [[n, f"=line {n}"] for n in range(start, min(start + 1000, 2500))]
        return rows, start + 1000 if start + 1000 < 2500 else None


@pytest.fixture
def numbers(monkeypatch):
    numbers = Numbers()
    kinds = dict(KINDS)
    monkeypatch.setattr(exports, "KINDS", kinds)
    monkeypatch.setattr("tenancy.export_views.KINDS", kinds)
    offer_export(ExportKind("numbers", "Numbers", Role.ANALYST, ("n", "text"), numbers.page, lambda filters: 2500))
    return numbers


def ask(world, by="ana") -> Export:
    with world.home.scope():
        person = getattr(world.home, by)
        return request_export(exports.KINDS["numbers"], filters={}, by=person, actor=Actor.of_user(person))


def again(world, export) -> Export:
    with world.home.scope():
        return Export.objects.get(pk=export.pk)


def test_file_is_written_page_by_page_and_whole(world, numbers):
    export = ask(world)
    with world.home.scope():
        Export.objects.update(due_at=timezone.now() - timedelta(minutes=1))  # before this test's transaction began
    assert write_due() == 1
    done = again(world, export)
    assert (done.state, done.rows_done, done.rows_total, done.attempts) == ("finished", 2500, 2500, 1)
    with world.home.scope():
        assert ExportChunk.objects.count() == 3
        data = read_file(done)
        assert AuditEntry.objects.filter(verb="export.requested").count() == 1
    assert len(data) == done.size
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert (rows[0], rows[1], len(rows)) == (["n", "text"], ["0", "'=line 0"], 2501)


def test_worker_that_died_is_followed_by_one_that_starts_the_file_again(world, numbers):
    export = ask(world)
    with world.home.scope():
        Export.objects.update(state="running", attempts=1, fence=1, lease_until=timezone.now() + timedelta(minutes=1))
        ExportChunk.objects.create(export=export, number=1, data=b"half a")
    assert work_on(world.home.organization.id) == 0, "the other may still be at work"
    assert work_on(world.home.organization.id, at=timezone.now() + timedelta(minutes=2)) == 1
    with world.home.scope():
        assert read_file(again(world, export)).startswith(b"\xef\xbb\xbfn,text")
    assert again(world, export).attempts == 2


def test_worker_that_was_overtaken_writes_nothing_more(world, numbers, monkeypatch):
    export = ask(world)
    page = numbers.page

    def overtaken(filters, after):
        if after:
            Export.objects.filter(pk=export.pk).update(fence=99)
        return page(filters, after)

    kind = exports.KINDS["numbers"]
    exports.KINDS["numbers"] = ExportKind(kind.name, kind.label, kind.role, kind.columns, overtaken, kind.count)
    work_on(world.home.organization.id)
    with world.home.scope():
        assert ExportChunk.objects.count() == 1
    assert again(world, export).state == "running"


def test_what_kills_its_worker_three_times_is_given_up(world, numbers):
    export = ask(world)
    with world.home.scope():
        Export.objects.update(state="running", attempts=3, lease_until=timezone.now() - timedelta(seconds=1))
    work_on(world.home.organization.id)
    assert (again(world, export).state, numbers.pages) == ("failed", 0)
    assert "three times" in again(world, export).error


def test_error_is_shown(client, world, numbers):
    numbers.fails = True
    export = ask(world)
    work_on(world.home.organization.id)
    assert again(world, export).state == "failed"
    client.force_login(world.home.ana)
    assert "the lines ran out" in client.get("/o/northwind/settings/exports/").content.decode()


def test_long_export_ends_at_the_limit(world, numbers, monkeypatch):
    monkeypatch.setattr(exports, "MAX_LINES", 1500)
    export = ask(world)
    work_on(world.home.organization.id)
    assert (again(world, export).rows_done, again(world, export).rows_total) == (1500, 1500)


def test_file_is_thrown_away_after_a_week(world, numbers):
    ask(world)
    work_on(world.home.organization.id)
    assert work_on(world.home.organization.id, at=timezone.now() + timedelta(days=6)) == 0
    assert work_on(world.home.organization.id, at=timezone.now() + timedelta(days=8)) == 1
    with world.home.scope():
        assert not Export.objects.exists()
        assert not ExportChunk.objects.exists()


def test_page_asks_again_only_while_there_is_work(client, world, numbers):
    ask(world)
    client.force_login(world.home.ana)
    url = "/o/northwind/settings/exports/"
    waiting = client.get(url, headers={"hx-request": "true"})
    assert "hx-trigger" in waiting.content.decode()
    assert "<html" not in waiting.content.decode()
    assert "HX-Request" in waiting.headers["Vary"]
    work_on(world.home.organization.id)
    assert "hx-trigger" not in client.get(url, headers={"hx-request": "true"}).content.decode()


def test_file_of_somebody_else_needs_an_admin(client, world, numbers):
    own, others = ask(world, by="anton"), ask(world, by="ana")
    work_on(world.home.organization.id)
    work_on(world.home.organization.id)
    client.force_login(world.home.anton)
    urls = [reverse("export_file", kwargs={"org": "northwind", "pk": each.pk}) for each in (own, others)]
    assert [client.get(url).status_code for url in urls] == [200, 403]
    client.force_login(world.home.ana)
    assert [client.get(url).status_code for url in urls] == [200, 200]


@given(st.text())
def test_no_cell_is_run_as_a_formula(text):
    cell = next(csv.reader(io.StringIO(csv_lines([[text]]).decode(), newline="")), [""])
    assert not "".join(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_numbers_stay_numbers():
    assert csv_lines([[-5, -1.5, None]]) == b"-5,-1.5,\r\n"
