"""A reply starts from a text that somebody thought about once, and is looked at before it is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.models import ReplyTemplate
from alerts.playbooks.merge_fields import FIELDS, UnknownField, check, fill, missing
from alerts.playbooks.reply_templates import save_template, templates_for
from tenancy.models import AuditEntry, OutgoingMail
from tests.alerts.answering import open_follow_up
from tests.alerts.pages import client_of

ALL = " ".join(f"{{{{ {name} }}}}" for name in FIELDS)
GOOD = {"name": "Sorry", "language": "", "playbook": "", "subject": "Your parcel", "text": "Hello {{ customer.name }},"}


@pytest.fixture
def empty_world(world):
    """Without the texts that an organization starts with."""
    with world.home.scope():
        ReplyTemplate.objects.all().delete()
    return world


def test_fields_are_filled_and_what_is_missing_leaves_no_gap():
    assert fill("Hello {{ customer.name }}, {{score}} of 10", {"customer.name": "Chiara", "score": "3"}) == (
        "Hello Chiara, 3 of 10"
    )
    assert fill("Hello {{ customer.name }},", {}) == "Hello,"
    assert missing("{{ touchpoint }} {{ score }}", {"score": "3"}) == ["where it happened"]


@pytest.mark.parametrize("text", ["{{ customer.email }}", "{{ }}", "{{ customer.name", "customer.name }}", "{{ a|b }}"])
def test_what_is_no_field_is_refused_by_its_name(text):
    with pytest.raises(UnknownField):
        check(text)


@given(st.text(max_size=200), st.dictionaries(st.sampled_from(list(FIELDS)), st.text(max_size=20)))
def test_any_text_is_filled_without_an_error_and_values_are_never_looked_into(text, values):
    fill(text, values)
    assert fill("{{ score }}", {"score": "{{ number }}", "number": "7"}) == "{{ number }}"


@pytest.mark.django_db
def test_admins_add_change_and_remove_templates(empty_world):
    client, home = client_of(empty_world.home.ana), empty_world.home
    address = home.url("settings/templates/")
    assert "No templates yet" in client.get(address).content.decode()
    assert client.post(address + "new/", GOOD).status_code == 302
    with home.scope():
        template = ReplyTemplate.objects.get()
    changed = client.post(f"{address}{template.pk}/", GOOD | {"text": ALL})
    assert changed.status_code == 302 and "Sorry" in client.get(address).content.decode()
    assert client.post(address + "new/", GOOD).status_code == 422
    assert client.post(f"{address}{template.pk}/removal/").status_code == 302
    with home.scope():
        assert not ReplyTemplate.objects.exists()
        lines = AuditEntry.objects.filter(verb__startswith="reply_template", object_id=template.pk)
        verbs = lines.values_list("verb", flat=True)
        assert sorted(verbs) == ["reply_template.changed", "reply_template.created", "reply_template.removed"]


@pytest.mark.django_db
def test_an_unknown_field_is_named_and_nothing_is_saved(empty_world):
    answer = client_of(empty_world.home.ana).post(
        empty_world.home.url("settings/templates/new/"), GOOD | {"text": "Dear {{ customer.password }}"}
    )
    assert answer.status_code == 422 and "{{ customer.password }}" in answer.content.decode()
    with empty_world.home.scope():
        assert not ReplyTemplate.objects.exists()


@pytest.mark.django_db
def test_a_preview_saves_nothing(empty_world):
    answer = client_of(empty_world.home.ana).post(
        empty_world.home.url("settings/templates/new/"), GOOD | {"preview": "1"}
    )
    assert answer.status_code == 200 and "Hello Chiara Conti," in answer.content.decode()
    with empty_world.home.scope():
        assert not ReplyTemplate.objects.exists()


@pytest.mark.django_db
def test_the_language_of_the_customer_comes_first(empty_world):
    follow_up = open_follow_up(empty_world.home, customer=empty_world.home.karim)
    with empty_world.home.scope():
        for name, language in (("A", "en"), ("B", ""), ("C", "ar")):
            save_template(None, name=name, subject=name, text=name, language=language, by=empty_world.home.ana)
        assert [each.name for each in templates_for(follow_up)] == ["C", "B", "A"]


@pytest.mark.django_db
def test_a_reply_starts_from_the_chosen_text_without_any_script(world):
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        text = "Hello {{ customer.name }}, about {{ touchpoint }}: you gave {{ score }}. {{ owner }} {{ writer }}"
        template = save_template(None, name="Sorry", subject="{{ survey }}", text=text, by=world.home.ana)
    address = world.home.url(f"followups/{follow_up.number}/")
    page = client_of(world.home.greta).get(f"{address}?template={template.pk}").content.decode()
    assert "Hello Chiara Conti, about Parcel handed over: you gave 3. Greta Northwind" in page
    assert "left out: who owns the follow-up" in page and 'value="After delivery"' in page
    assert 'id="replies" name="deed" open' in page
    for wrong in ("nothing", "0198c0de-0000-7000-8000-000000000000"):
        assert client_of(world.home.greta).get(f"{address}?template={wrong}").status_code == 200


@pytest.mark.django_db
def test_the_mail_is_shown_as_the_customer_will_see_it_and_not_sent(world):
    follow_up = open_follow_up(world.home)
    values = {
        "version": follow_up.version,
        "subject": "Your parcel",
        "text": "A <b>new</b> one\n\nGreta",
        "preview": "1",
    }
    address = world.home.url(f"followups/{follow_up.number}/replies/")
    answer = client_of(world.home.greta).post(address, values)
    page = answer.content.decode()
    assert answer.status_code == 200 and "As the customer will see it" in page
    assert "A &lt;b&gt;new&lt;/b&gt; one" in page and "chiara@northwind.example" in page
    assert client_of(world.home.greta).post(address, values | {"text": ""}).status_code == 422
    assert client_of(world.home.victor).post(address, values).status_code == 403
    assert client_of(world.other.ana).post(address, values).status_code == 404
    with world.home.scope():
        assert not OutgoingMail.objects.filter(template="follow_up_reply").exists()
