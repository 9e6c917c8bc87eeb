"""A second factor: an authenticator app, and codes for the day it is lost."""

import time

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.urls import reverse

from tests.world import PASSWORD

LOGIN = "/accounts/login/"


def code_for(secret: str, *, later: int = 0) -> str:
    counter = next(iter(yield_hotp_counters_from_time())) + later
    return format_hotp_value(hotp_value(secret, counter))


@pytest.fixture
def ana(client, world):
    """Signed in with password, typed again just now."""
    client.force_login(world.home.ana)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(world.home.ana.pk)
    session.save()
    return world.home.ana


def activate(client) -> str:
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    assert client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)}).status_code == 302
    return secret


@pytest.mark.django_db(transaction=True)
def test_app_is_activated_by_a_code_and_told_by_mail(client, ana):
    activate(client)
    kinds = set(Authenticator.objects.filter(user=ana).values_list("type", flat=True))
    assert kinds == {"totp", "recovery_codes"}
    message = mail.outbox[0]
    assert (message.to, message.subject) == ([ana.email], "Authenticator App Activated")


def test_wrong_code_activates_nothing(client, ana):
    client.get(reverse("mfa_activate_totp"))
    assert client.post(reverse("mfa_activate_totp"), {"code": "000000"}).status_code == 200
    assert not Authenticator.objects.exists()


def test_password_alone_no_longer_opens_the_door(client, ana):
    secret = activate(client)
    client.logout()
    assert client.post(LOGIN, {"login": ana.email, "password": PASSWORD}).url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    assert client.get("/profile/").status_code == 302
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert client.post(reverse("mfa_authenticate"), {"code": code_for(secret, later=1)}).status_code == 302
    assert client.session["_auth_user_id"] == str(ana.pk)


def test_code_opens_the_door_once(client, ana):
    secret = activate(client)
    code = code_for(secret, later=1)
    for expected in (302, 200):
        client.logout()
        client.post(LOGIN, {"login": ana.email, "password": PASSWORD})
        assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == expected


def test_recovery_code_opens_the_door_once(client, ana):
    activate(client)
    code = Authenticator.objects.get(user=ana, type="recovery_codes").wrap().get_unused_codes()[0]
    for expected in (302, 200):
        client.logout()
        client.post(LOGIN, {"login": ana.email, "password": PASSWORD})
        assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == expected


def test_codes_cannot_be_guessed(client, ana):
    activate(client)
    client.logout()
    client.post(LOGIN, {"login": ana.email, "password": PASSWORD})
    for number in range(5):
        client.post(reverse("mfa_authenticate"), {"code": f"{number:06}"})
    assert "too many" in client.post(reverse("mfa_authenticate"), {"code": "999999"}).content.decode().lower()


@pytest.mark.parametrize("name", ["mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"])
def test_password_is_asked_again_before_a_factor_changes(client, world, name):
    client.force_login(world.home.ana)
    assert client.get(reverse(name)).url.startswith(reverse("account_reauthenticate"))
