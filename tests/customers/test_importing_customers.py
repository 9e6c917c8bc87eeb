"""Customers come in from a file: added, changed, left as they are, or refused with the reason."""

from decimal import Decimal

import pytest

from customers.importing.parsing import ColumnMapping
from customers.models import Customer, ImportRefusal
from tests.customers.importing import check, counts, guessed, import_file, refusals, run, upload

HEADER = "Customer ID;E-mail;Name;Phone;Language;Lifetime value\n"
THREE = HEADER + (
    'K-7;Zoë@Example.COM;"Zoë ""Z"" Ångström";+49 170 1;de_de;1.234,50\n'
    "K-8;;Bob;;;\n"
    ";carol@example.com;كارول;;ar;12,5\n"
)  # fmt: skip


@pytest.fixture
def file(tmp_path):
    return tmp_path / "customers.csv"


def customers(ground):
    with ground.scope():
        return {customer.name: customer for customer in Customer.objects.all()}


def test_rows_become_customers_of_this_organization_only(world, file):
    before = set(customers(world.other))
    job = import_file(world.home, file, THREE.replace("Zoë@", "zoe@"))
    assert (job.state, counts(job)) == ("finished", {"new": 3})
    found = customers(world.home)
    zoe = found['Zoë "Z" Ångström']
    assert (zoe.external_id, zoe.email, zoe.email_key) == ("K-7", "zoe@example.com", "zoe@example.com")
    assert (zoe.phone, zoe.language, zoe.value) == ("+49 170 1", "de-DE", Decimal("1234.50"))
    assert (found["Bob"].email, found["Bob"].email_key, found["Bob"].value) == ("", None, None)
    assert (found["كارول"].external_id, found["كارول"].language) == (None, "ar")
    assert set(customers(world.other)) == before


def test_address_that_no_mail_server_takes_is_refused_with_column_and_rule(world, file):
    job = check(world.home, upload(world.home, file, THREE))
    assert counts(job) == {"new": 2, "refused": 1}
    assert refusals(world.home, job) == [(2, "E-mail", "email")]


def test_check_stores_nothing(world, file):
    before = set(customers(world.home))
    job = check(world.home, upload(world.home, file, THREE))
    assert (job.state, job.rows_total, job.rows_done) == ("checked", 3, 3)
    assert set(customers(world.home)) == before


def test_repeating_an_import_changes_nothing(world, file):
    content = THREE.replace("Zoë@", "zoe@")
    import_file(world.home, file, content)
    before = {name: customer.updated_at for name, customer in customers(world.home).items()}
    assert counts(import_file(world.home, file, content)) == {"unchanged": 3}
    assert {name: customer.updated_at for name, customer in customers(world.home).items()} == before


def test_known_customers_are_changed_by_id_or_address_and_empty_cells_change_nothing(world, file):
    content = HEADER + "C-1;new.chiara@example.com;;+39 1;;\n;KARIM@northwind.example;Karim Haddad;;;7\n"
    job = import_file(world.home, file, content)
    assert counts(job) == {"changed": 2}
    found = customers(world.home)
    assert found["Chiara Conti"].email_key == "new.chiara@example.com"
    assert found["Chiara Conti"].phone == "+39 1"
    karim = found["Karim Haddad"]
    assert (karim.external_id, karim.language, karim.value) == ("C-2", "ar", Decimal("7.00"))
    assert karim.email == "karim@northwind.example"


def test_id_and_address_of_two_customers_are_refused(world, file):
    job = import_file(world.home, file, HEADER + "C-1;karim@northwind.example;X;;;\n")
    assert refusals(world.home, job) == [(2, "E-mail", "two_customers")]


def test_new_id_with_a_taken_address_is_refused(world, file):
    job = import_file(world.home, file, HEADER + "C-99;karim@northwind.example;X;;;\n")
    assert refusals(world.home, job) == [(2, "E-mail", "email_taken")]


def test_same_key_twice_refuses_the_later_row_and_names_the_first(world, file):
    content = HEADER + "A;a@example.com;A;;;\nB;b@example.com;B;;;\nA;c@example.com;C;;;\nD;B@example.com;D;;;\n"
    job = import_file(world.home, file, content)
    assert counts(job) == {"new": 2, "refused": 2}
    assert refusals(world.home, job) == [(4, "Customer ID", "duplicate"), (5, "E-mail", "duplicate")]
    with world.home.scope():
        messages = list(ImportRefusal.objects.order_by("row_number").values_list("message", flat=True))
    assert messages == [
        "The same your own id stands in row 2 already.",
        "The same e-mail address stands in row 3 already.",
    ]


def test_row_without_any_key_is_refused(world, file):
    assert refusals(world.home, import_file(world.home, file, HEADER + ";;Nobody;;;\nA;;A;;;\n")) == [(2, "", "no_key")]


def test_wrong_language_and_value_are_refused(world, file):
    content = HEADER + "A;;A;;german;\nB;;B;;;a lot\nC;;C;;;12,50\n"
    job = import_file(world.home, file, content)
    assert refusals(world.home, job) == [(2, "Language", "language_code"), (3, "Lifetime value", "not_a_number")]


def test_first_and_last_name_are_joined(world, file):
    import_file(world.home, file, "id,Vorname,Nachname\n1,Ana,Silva\n2,,Solo\n")
    assert {"Ana Silva", "Solo"} <= set(customers(world.home))


def test_columns_without_a_field_become_attributes_when_wanted(world, file):
    content = "id,name,Tariff,City\nA,Ana,gold,Porto\nB,Bob,,\n"
    job = upload(world.home, file, content)
    run(world.home, check(world.home, job, guessed(job, attributes=(2,))))
    found = customers(world.home)
    assert (found["Ana"].attributes, found["Bob"].attributes) == ({"Tariff": "gold"}, {})
    job = upload(world.home, file, content)
    job = run(world.home, check(world.home, job, guessed(job, attributes=(2, 3))))
    assert counts(job) == {"changed": 1, "unchanged": 1}
    assert customers(world.home)["Ana"].attributes == {"Tariff": "gold", "City": "Porto"}


def test_two_customers_may_exchange_their_addresses_through_a_third(world, file):
    content = "id,email\nC-1,moved@example.com\nC-3,chiara@northwind.example\n"
    job = import_file(world.home, file, content)
    assert counts(job) == {"changed": 1, "new": 1}
    with world.home.scope():
        assert Customer.objects.get(external_id="C-3").email_key == "chiara@northwind.example"
        assert Customer.objects.get(external_id="C-1").email_key == "moved@example.com"
    assert counts(import_file(world.home, file, content)) == {"unchanged": 2}


def test_zero_bytes_are_refused_and_still_shown(world, file):
    job = import_file(world.home, file, "id,name\nA,a\x00b\n" + "B,plain name of somebody\n")
    assert refusals(world.home, job) == [(2, "name", "control_character")]
    with world.home.scope():
        assert ImportRefusal.objects.get().cells == ["A", "a\ufffdb"]


def test_workbook_comes_in_like_text(world, tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    for row in (["ID", "E-mail", "Value"], [17, "ana@example.com", 12.5], [18, None, 3]):
        book.active.append(row)
    book.save(tmp_path / "customers.xlsx")
    assert counts(import_file(world.home, tmp_path / "customers.xlsx")) == {"new": 2}
    with world.home.scope():
        assert Customer.objects.get(external_id="17").value == Decimal("12.50")


def test_mapping_needs_a_key():
    from customers.importing.registry import kind_of

    assert "id of yours" in kind_of("customers").lead
    assert kind_of("customers").mapping_problem({"name"})
    assert not kind_of("customers").mapping_problem({"email"})
    assert ColumnMapping.from_json(ColumnMapping({"email": 1}, {}, (2,)).as_json()) == ColumnMapping(
        {"email": 1}, {}, (2,)
    )
