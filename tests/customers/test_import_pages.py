"""The pages of an import, from the upload to the list of refused rows."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from customers.importing import working
from customers.models import Customer, ImportJob
from tests.customers.importing import an_import, check, fresh, upload

CSV = "Customer ID;E-mail;Name;since\nA;a@example.com;Ana;05/04/2018\nB;wrong;=HYPERLINK(1);06/04/2018\n"


@pytest.fixture
def anton(client, world):
    client.force_login(world.home.anton)
    return client


def page_of(world, job, name=""):
    return world.home.url(f"customers/imports/{job.pk}/{name}")


def send(client, world, content=CSV, name="people.csv"):
    """The response to an upload, and the job it made."""
    data = {"file": SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)}
    response = client.post(world.home.url("customers/imports/new/?kind=customers"), data)
    with world.home.scope():
        return response, ImportJob.objects.order_by("-created_at").first()


def choices(**more):
    return {"column_external_id": "0", "column_email": "1", "column_name": "2", **more}


def test_file_goes_from_upload_to_result(world, anton):
    response, job = send(anton, world)
    assert response.url == page_of(world, job, "mapping/")
    page = anton.get(response.url).content.decode()
    assert "Ana" in page and "a@example.com" in page
    assert "“wrong” is not an e-mail address." in page
    with world.home.scope():
        assert Customer.objects.count() == 2

    response = anton.post(page_of(world, job, "mapping/"), choices())
    assert response.url == page_of(world, job)
    page = anton.get(response.url).content.decode()
    assert "Counting the rows" in page and 'hx-trigger="every 2s"' in page
    while working.work(world.home.organization.id):
        pass
    page = anton.get(page_of(world, job)).content.decode()
    assert "Import 1 row<" in page and "every 2s" not in page
    assert "“wrong” is not an e-mail address." in page

    assert anton.post(page_of(world, job, "run/")).url == page_of(world, job)
    while working.work(world.home.organization.id):
        pass
    assert "Finished" in anton.get(page_of(world, job)).content.decode()
    with world.home.scope():
        assert Customer.objects.get(external_id="A").name == "Ana"


def test_fragment_for_htmx_is_the_changing_part_alone(world, anton):
    with world.home.scope():
        job = an_import(world.home, state="checking")
    response = anton.get(page_of(world, job), headers={"HX-Request": "true"})
    assert response.content.decode().lstrip().startswith('<div class="stack" id="import-job"')
    assert "HX-Request" in response["Vary"]


def test_progress_shows_counts(world, anton):
    with world.home.scope():
        job = an_import(world.home, state="running")
        ImportJob.objects.filter(pk=job.pk).update(rows_total=100_000, rows_done=43_000)
    page = anton.get(page_of(world, job)).content.decode()
    assert "43,000 / 100,000" in page


def test_changed_choice_shows_its_preview_and_stores_nothing(world, anton):
    _, job = send(anton, world)
    response = anton.post(
        page_of(world, job, "mapping/"), choices(column_name="3", preview="1"), headers={"HX-Request": "true"}
    )
    assert response.status_code == 200
    assert "05/04/2018" in response.content.decode()
    assert fresh(world.home, job).state == "uploaded"


def test_mapping_without_a_key_or_with_one_column_twice_is_refused(world, anton):
    _, job = send(anton, world)
    response = anton.post(page_of(world, job, "mapping/"), {"column_name": "2"})
    assert response.status_code == 422
    assert "customers are known by one of them" in response.content.decode()
    response = anton.post(page_of(world, job, "mapping/"), choices(column_phone="2"))
    assert response.status_code == 422
    assert "This column is Name already." in response.content.decode()
    assert fresh(world.home, job).state == "uploaded"


def test_number_that_may_be_two_is_asked_for(world, anton):
    _, job = send(anton, world, "id;value\nA;1,234\nB;2,345\n")
    response = anton.post(page_of(world, job, "mapping/"), {"column_external_id": "0", "column_value": "1"})
    assert response.status_code == 422
    assert "choose the decimal mark" in response.content.decode()
    data = {"column_external_id": "0", "column_value": "1", "format_value": "comma"}
    page = anton.post(page_of(world, job, "mapping/"), {**data, "preview": "1"}).content.decode()
    assert "1.234" in page
    assert anton.post(page_of(world, job, "mapping/"), data).status_code == 302
    assert fresh(world.home, job).mapping["formats"]["value"] == {"date_order": None, "decimal_mark": "comma"}


def test_file_can_be_read_in_another_way(world, anton):
    _, job = send(anton, world, "id;name\nA;Żaneta Łukasiewicz\n".encode("cp1250"))
    data = {"encoding": "cp1252", "separator": ";", "has_header": "on"}
    assert anton.post(page_of(world, job, "reading/"), data).url == page_of(world, job, "mapping/")
    assert "¯aneta" in anton.get(page_of(world, job, "mapping/")).content.decode()
    anton.post(page_of(world, job, "reading/"), {**data, "encoding": "cp1250"})
    assert "Żaneta" in anton.get(page_of(world, job, "mapping/")).content.decode()
    response = anton.post(page_of(world, job, "reading/"), {**data, "encoding": "utf-8-sig"}, follow=True)
    assert "Choose another encoding" in response.content.decode()
    assert fresh(world.home, job).file_facts["format"]["encoding"] == "cp1250"


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "empty"), (b"%PDF-1.7", "PDF"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, ".xls")],
)
def test_file_that_is_no_table_is_refused_on_the_page(world, anton, content, words):
    response, job = send(anton, world, content)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert job is None


def test_missing_file_is_asked_for(world, anton):
    assert anton.post(world.home.url("customers/imports/new/"), {}).status_code == 422


def test_refused_rows_come_as_csv_that_no_spreadsheet_runs(world, anton, tmp_path):
    job = check(world.home, upload(world.home, tmp_path / "people.csv", CSV))
    response = anton.get(page_of(world, job, "refusals.csv"))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0] == ["Row", "Column", "Rule", "What is wrong", "Customer ID", "E-mail", "Name", "since"]
    assert rows[1][:3] == ["3", "E-mail", "email"]
    assert rows[1][4:] == ["B", "wrong", "'=HYPERLINK(1)", "06/04/2018"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_every_beginning_of_a_formula_is_escaped(start):
    from customers.importing.refusals import escaped

    assert escaped(f"{start}1+1") == f"'{start}1+1"
    assert escaped("1+1") == "1+1"


def test_import_that_is_worked_on_is_neither_started_again_nor_deleted(world, anton):
    with world.home.scope():
        job = an_import(world.home, state="running")
    response = anton.post(page_of(world, job, "run/"), follow=True)
    assert "This import is being stored now." in response.content.decode()
    anton.post(page_of(world, job, "removal/"))
    assert fresh(world.home, job).state == "running"
    assert anton.get(page_of(world, job, "mapping/")).url == page_of(world, job)


def test_deleting_an_import_forgets_its_file_and_keeps_what_came_in(world, anton, tmp_path):
    from tests.customers.importing import import_file

    job = import_file(world.home, tmp_path / "people.csv", CSV)
    assert anton.post(page_of(world, job, "removal/")).url == world.home.url("customers/imports/")
    with world.home.scope():
        assert not ImportJob.objects.filter(pk=job.pk).exists()
        assert Customer.objects.filter(external_id="A").exists()


def test_forgotten_file_leaves_its_counts_and_no_way_to_its_columns(world, anton, tmp_path):
    from datetime import timedelta

    from customers.importing.forgetting import forget

    job = check(world.home, upload(world.home, tmp_path / "people.csv", CSV))
    forget(world.home.organization.id, at=timezone.now() + timedelta(days=31))
    assert anton.get(page_of(world, job)).status_code == 200
    assert anton.get(page_of(world, job, "mapping/")).status_code == 404
    assert anton.get(page_of(world, job, "refusals.csv")).status_code == 200


def test_list_shows_every_import(world, anton, tmp_path):
    assert "Nothing imported yet" in anton.get(world.home.url("customers/imports/")).content.decode()
    check(world.home, upload(world.home, tmp_path / "people.csv", CSV))
    page = anton.get(world.home.url("customers/imports/")).content.decode()
    assert "people.csv" in page and "Anton" in page
