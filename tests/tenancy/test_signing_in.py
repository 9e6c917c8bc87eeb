"""Signing in: limits, silence about who exists, and where people land."""

import re

import pytest
from django.core import mail
from django.core.cache import cache, caches
from django.urls import NoReverseMatch, reverse

from tests.world import PASSWORD

LOGIN = "/accounts/login/"


def sign_in(client, email="ana@northwind.example", password=PASSWORD, **values):
    return client.post(LOGIN, {"login": email, "password": password, **values})


def test_person_signs_in_whatever_case_they_type(client, world):
    assert sign_in(client, email="Ana@Northwind.Example").status_code == 302
    assert client.session["_auth_user_id"] == str(world.home.ana.pk)


def test_session_gets_a_new_key_when_signing_in(client, world):
    """A key planted beforehand (session fixation) opens nothing afterwards."""
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    sign_in(client)
    assert client.session.session_key != before
    assert not client.session.exists(before)


def test_unknown_address_and_wrong_password_look_the_same(client, world):
    texts = [
        re.sub(r"value=\"[^\"]*\"", "", page.content.decode())
        for page in (
            sign_in(client, email="nobody@northwind.example", password="wrong"),
            sign_in(client, password="wrong"),
        )
    ]
    assert texts[0] == texts[1]


def test_asking_for_a_new_password_looks_the_same_for_everybody(client, world):
    answers = [
        client.post(reverse("account_reset_password"), {"email": email})
        for email in ("ana@northwind.example", "nobody@northwind.example")
    ]
    assert len({(answer.status_code, answer.url) for answer in answers}) == 1
    assert [message.subject for message in mail.outbox] == [
        "Choose a new password",
        "There is no account with this address",
    ]


def test_new_password_by_mail_works_once(client, world):
    client.post(reverse("account_reset_password"), {"email": "ana@northwind.example"})
    path = re.search(r"(/accounts/password/reset/key/\S+)", mail.outbox[0].body)[1]
    form = client.get(path).url
    new = {"password1": "another long password", "password2": "another long password"}
    assert client.post(form, new).status_code == 302
    assert "token_fail" in client.get(path).context or client.get(path).status_code == 200
    client.logout()
    assert sign_in(client, password="another long password").status_code == 302
    client.logout()
    assert sign_in(client).status_code == 200


def test_five_wrong_passwords_close_the_account_for_five_minutes_exactly(client, world):
    for _ in range(5):
        assert "too many" not in sign_in(client, password="wrong").content.decode().lower()
    refused = sign_in(client)
    assert refused.status_code == 200
    assert "too many" in refused.content.decode().lower()
    assert "_auth_user_id" not in client.session
    assert sign_in(client, email="greta@northwind.example").status_code == 302, "others are not kept out"


def test_address_that_forwards_itself_is_not_believed(client, world):
    """X-Forwarded-For counts only as far as proxies of ours stand in front: a new one each time opens no new count."""
    for number in range(30):
        client.post(
            LOGIN, {"login": f"x{number}@example.com", "password": "x"}, headers={"x-forwarded-for": f"10.0.0.{number}"}
        )
    assert sign_in(client).status_code == 429


@pytest.fixture
def no_redis(settings):
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"},
    }
    yield
    caches["default"].close()


def test_without_redis_people_still_sign_in(client, world, no_redis):
    assert cache.get("anything") is None
    assert sign_in(client).status_code == 302
    assert client.get("/o/northwind/settings/").status_code == 200


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)", "http:///evil.example"],
)
def test_next_leads_nowhere_else(client, world, target):
    answer = sign_in(client, next=target)
    assert answer.status_code == 302
    assert answer.url == "/"


def test_next_leads_back_to_the_page(client, world):
    assert client.get("/o/northwind/settings/").url == "/accounts/login/?next=/o/northwind/settings/"
    assert sign_in(client, next="/o/northwind/settings/").url == "/o/northwind/settings/"


@pytest.mark.parametrize(
    ("person", "name"),
    [("greta", "follow_up_queue"), ("victor", "dashboard"), ("anton", "dashboard"), ("ana", "dashboard")],
)
def test_each_role_lands_where_its_day_begins(client, world, person, name):
    try:
        expected = reverse(name, kwargs={"org": "northwind"})
    except NoReverseMatch:
        pytest.skip(f"there is no {name}")
    client.force_login(getattr(world.home, person))
    assert client.get("/").url == expected


def test_home_is_the_organization_last_looked_at(client, world):
    client.force_login(world.olga)
    for ground in (world.home, world.other, world.home):
        client.get(ground.url("settings/exports/"))
        assert client.get("/").url.startswith(ground.url())


def test_person_who_is_switched_off_is_out_at_once(client, world):
    client.force_login(world.home.ana)
    world.home.ana.is_active = False
    world.home.ana.save()
    assert client.get("/o/northwind/settings/").status_code == 302
    client.logout()
    assert sign_in(client).url == "/accounts/inactive/"
