"""Signing up: an account, a confirmed address, and only then an organization."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from tenancy.middleware import organizations_of
from tenancy.models import Organization, User
from tests.services.database import superuser

PASSWORD = "a long enough password"


def sign_up(client, email="nora@new.example", organization="New Ventures"):
    values = {"name": "Nora New", "organization": organization, "email": email, "password1": PASSWORD}
    return client.post(reverse("account_signup"), values)


def confirm(client, message):
    path = re.search(r"(/accounts/confirm-email/\S+)", message.body)[1]
    assert client.get(path).status_code == 200
    return client.post(path)


def test_organization_is_founded_when_the_address_is_confirmed(client, db):
    assert sign_up(client, email="Nora@New.example").status_code == 302
    user = User.objects.get()
    assert (user.email, user.name) == ("nora@new.example", "Nora New")
    assert organizations_of(user.pk) == []
    assert confirm(client, mail.outbox[0]).status_code == 302
    assert [(each["name"], each["role"]) for each in organizations_of(user.pk)] == [("New Ventures", "admin")]
    user.refresh_from_db()
    assert user.wished_organization == ""


@pytest.mark.django_db(transaction=True)
def test_sign_up_that_is_never_confirmed_takes_nobodys_name(client):
    from django.db import connection

    sign_up(client)
    with superuser(connection.settings_dict["NAME"]) as cursor:
        cursor.execute("SELECT count(*) FROM tenancy_organization")
        assert cursor.fetchone() == (0,)


def test_looking_at_the_link_confirms_nothing(client, db):
    sign_up(client)
    path = re.search(r"(/accounts/confirm-email/\S+)", mail.outbox[0].body)[1]
    client.get(path)
    client.head(path)
    assert organizations_of(User.objects.get().pk) == []


def test_confirming_twice_founds_one_organization(client, db):
    sign_up(client)
    confirm(client, mail.outbox[0])
    path = re.search(r"(/accounts/confirm-email/\S+)", mail.outbox[0].body)[1]
    client.post(path)
    assert len(organizations_of(User.objects.get().pk)) == 1


def test_without_a_name_no_organization_is_founded_and_home_says_what_to_do(client, db):
    sign_up(client, organization="")
    confirm(client, mail.outbox[0])
    page = client.get("/")
    assert page.status_code == 200
    assert "You do not belong to an organization yet" in page.content.decode()


def test_signing_up_with_a_known_address_looks_the_same_and_tells_its_owner(client, world):
    known, unknown = sign_up(client, email="ana@northwind.example"), sign_up(client, email="nobody@new.example")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [message.subject for message in mail.outbox] == ["You already have an account", "Confirm your address"]


def test_mail_has_text_and_html_and_links_to_the_public_address(client, db, settings):
    settings.ALLOWED_HOSTS = ["*"]
    client.post(
        reverse("account_signup"),
        {"name": "N", "email": "n@new.example", "password1": PASSWORD},
        headers={"host": "evil.example"},
    )
    message = mail.outbox[0]
    html = message.alternatives[0].content
    for text in (message.body, html):
        assert f"{settings.BASE_URL}/accounts/confirm-email/" in text
        assert "evil.example" not in text
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert "style=" in html


def test_mail_server_that_is_down_is_said_on_the_page(client, db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    assert sign_up(client).status_code == 302
    assert "The mail could not be sent" in client.get(reverse("account_email_verification_sent")).content.decode()


def test_password_that_is_weak_is_refused(client, db):
    values = {"name": "N", "email": "n@new.example", "password1": "password12"}
    page = client.post(reverse("account_signup"), values)
    assert page.status_code == 200
    assert not User.objects.exists()


def test_wish_is_kept_when_the_address_is_confirmed_by_another_way(client, db):
    """By a new password, for example: the organization is then founded on the page for it, named as wished."""
    sign_up(client)
    user = User.objects.get()
    client.force_login(user)
    assert 'value="New Ventures"' in client.get(reverse("organization_new")).content.decode()
    client.post(reverse("organization_new"), {"name": "New Ventures", "time_zone": "UTC"})
    user.refresh_from_db()
    assert user.wished_organization == ""


def test_another_organization_can_be_founded_and_slugs_never_clash(client, world):
    client.force_login(world.home.greta)
    answer = client.post(reverse("organization_new"), {"name": "Eastwood", "time_zone": "Europe/Berlin"})
    assert re.fullmatch(r"/o/eastwood-[a-z0-9]{5}/", answer.url)
    assert {each["name"]: each["role"] for each in organizations_of(world.home.greta.pk)} == {
        "Northwind": "agent",
        "Eastwood": "admin",
    }
    organization_id = next(e["organization_id"] for e in organizations_of(world.home.greta.pk) if e["role"] == "admin")
    assert organization_id != world.other.organization.id
    assert isinstance(world.other.organization, Organization)
