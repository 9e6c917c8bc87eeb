"""What every page of the product owes to a person's browser."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.hashers import get_hasher, identify_hasher
from django.test import Client
from django.urls import reverse

from tests.access_table import TABLE
from tests.test_access import NAMES, address
from tests.world import PASSWORD

PROJECT = Path(__file__).resolve().parents[2]
# One-click unsubscribe comes from mail programs, and answers come from pages without a session: they ride on no cookie,
# so there is nothing to forge. The preview of a survey stores nothing; a provider of mail brings its own signature.
WITHOUT_TOKEN = {
    "unsubscribe",
    "resubscribe",
    "respond",
    "respond_contact",
    "survey_preview",
    "inbound_mail",
    "leave",
    "leave_return",
}


@pytest.mark.parametrize("name", sorted(n for n in NAMES if "POST" in TABLE.get(n, TABLE["home"]).statuses))
def test_no_deed_is_done_for_another_site(world, name):
    """A POST that rides on the person's cookie without the token of a page of ours is refused."""
    if name in WITHOUT_TOKEN:
        pytest.skip("rides on no cookie")
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(world.home.ana)
    answer = client.post(address(world.home, TABLE[name], name, world.home), {})
    assert answer.status_code in (403, 405)


@pytest.mark.parametrize("path", ["/accounts/login/", "/profile/", "/o/northwind/settings/", "/o/northwind/customers/"])
def test_page_says_what_browsers_must_not_do(client, world, path):
    if "login" not in path:
        client.force_login(world.home.ana)
    headers = client.get(path).headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    for directive in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'self'"):
        assert directive in policy
    assert "unsafe" not in policy


def test_pages_with_customers_stay_in_no_cache(client, world):
    client.force_login(world.home.ana)
    headers = client.get("/o/northwind/customers/").headers
    assert headers["Cache-Control"] == "private, no-store"
    assert "HX-Request" in headers["Vary"]
    assert "Cookie" in headers["Vary"]


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client, world):
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": "ana@northwind.example", "password": PASSWORD})
    session = client.cookies["sessionid"]
    assert (session["httponly"], session["samesite"]) == (True, "Lax")
    assert client.cookies["csrftoken"]["samesite"] == "Lax"


def settings_for(**environment) -> dict:
    """The settings of a process started with this environment."""
    script = (
        "import json, django; django.setup(); from django.conf import settings as s;"
        "print(json.dumps([s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS,"
        " s.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN, s.DEBUG, s.PASSWORD_HASHERS[0]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "cxm.settings", **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_behind_tls_cookies_are_secure_and_browsers_stay_on_it():
    assert settings_for(BASE_URL="https://cxm.example") == [
        True,
        True,
        31_536_000,
        False,
        False,
        "django.contrib.auth.hashers.Argon2PasswordHasher",
    ]


def test_short_secret_key_stops_the_start():
    with pytest.raises(subprocess.CalledProcessError):
        settings_for(SECRET_KEY="short")


def test_passwords_are_kept_as_argon2(world):
    assert identify_hasher(world.home.ana.password).algorithm == "argon2"
    assert get_hasher("default").algorithm == "argon2"


def test_page_of_an_organization_one_does_not_belong_to_is_like_one_that_is_not_there(client, world):
    client.force_login(world.home.ana)
    theirs, nobodys = client.get("/o/eastwood/settings/"), client.get("/o/nobody/settings/")
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.content.replace(b"eastwood", b"") == nobodys.content.replace(b"nobody", b"")


def test_address_in_odd_spelling_opens_no_other_way(client, world):
    client.force_login(world.home.ana)
    for path in ("/o/Eastwood/customers/", "/o/eastwood%2F/customers/", "//o/eastwood/customers/", "/o/eastwood%00/"):
        assert client.get(path).status_code in (301, 302, 404)
        assert b"Chiara" not in client.get(path, follow=True).content


def test_signing_out_takes_a_post(client, world):
    client.force_login(world.home.ana)
    client.get(reverse("account_logout"))
    assert client.get("/profile/").status_code == 200
    client.post(reverse("account_logout"))
    assert client.get("/profile/").status_code == 302


def test_other_sessions_can_be_ended(client, world):
    elsewhere = Client()
    for each in (elsewhere, client):
        each.post("/accounts/login/", {"login": "ana@northwind.example", "password": PASSWORD})
        each.get("/profile/")
    page = client.get(reverse("usersessions_list"))
    assert len(page.context["sessions"]) == 2
    client.post(reverse("usersessions_list"))
    assert elsewhere.get("/profile/").status_code == 302
    assert client.get("/profile/").status_code == 200
