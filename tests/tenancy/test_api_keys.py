"""API keys: shown once, kept as a hash, limited by scope and time, revocable."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed

from tenancy.api_keys import KeyFacts, create_api_key, hash_secret, revoke_api_key, scope_of_key, touch_api_key
from tenancy.models import ApiKey, AuditEntry
from tenancy.scope import current_organization_id, is_in_scope


def page_url(ground) -> str:
    return reverse("settings_api_keys", kwargs={"org": ground.organization.slug})


def make(ground, **values):
    with ground.scope():
        return create_api_key(name="Shop", scopes=["scores:read"], by=ground.ana, **values)


def find_api_key(key) -> KeyFacts | None:
    try:
        with scope_of_key(hash_secret(key)) as facts:
            assert current_organization_id() == facts.organization_id
    except AuthenticationFailed:
        facts = None
    assert not is_in_scope()
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('cxm.organization_id', true), '')")
        assert cursor.fetchone() == ("",), "the scope of a key ends with it"
    return facts


def test_key_is_shown_in_the_answer_and_never_again(client, world):
    client.force_login(world.home.ana)
    values = {"name": "Shop", "scopes": ["events:write", "scores:read"], "lasts": "90"}
    page = client.post(page_url(world.home), values)
    key = page.context["new_key"]
    assert page.status_code == 200
    assert key in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    later = client.get(page_url(world.home))
    assert key not in later.content.decode()
    assert key.split("_", 2)[2] not in str(dict(client.session))
    facts = find_api_key(key)
    assert facts.organization_id == world.home.organization.id
    assert facts.scopes == {"events:write", "scores:read"}
    with world.home.scope():
        row = ApiKey.objects.get()
        assert (row.prefix, row.secret_hash) == (key[:12], hash_secret(key))
        assert timedelta(days=89) < row.expires_at - timezone.now() < timedelta(days=90)
        assert AuditEntry.objects.get(verb="api_key.created").ip_address == "127.0.0.1"


def test_secret_is_nowhere_in_the_database(world):
    _, key = make(world.home)
    with world.home.scope(), connection.cursor() as cursor:
        for table in ("tenancy_apikey", "tenancy_auditentry"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            assert key.split("_", 2)[2] not in cursor.fetchone()[0]


def test_key_without_a_scope_is_not_made(client, world):
    client.force_login(world.home.ana)
    assert client.post(page_url(world.home), {"name": "Shop", "lasts": ""}).status_code == 422
    assert client.post(page_url(world.home), {"name": "S", "scopes": ["everything"], "lasts": ""}).status_code == 422
    with world.home.scope():
        assert not ApiKey.objects.exists()
        with pytest.raises(ValueError, match="everything"):
            create_api_key(name="Shop", scopes=["everything"], by=world.home.ana)


def test_revoked_key_opens_nothing_from_the_next_call_on(client, world):
    row, key = make(world.home)
    assert find_api_key(key)
    client.force_login(world.home.ana)
    url = reverse("api_key_revocation", kwargs={"org": "northwind", "pk": row.pk})
    assert client.post(url).status_code == 302
    assert find_api_key(key) is None
    with world.home.scope():
        before = ApiKey.objects.get().revoked_at
        revoke_api_key(ApiKey.objects.get(), by=world.home.ana)
        assert ApiKey.objects.get().revoked_at == before
        assert AuditEntry.objects.filter(verb="api_key.revoked").count() == 1


def test_key_ends_with_its_time(world):
    _, over = make(world.home, expires_at=timezone.now() - timedelta(seconds=1))
    _, good = make(world.home, expires_at=timezone.now() + timedelta(minutes=1))
    assert find_api_key(over) is None
    assert find_api_key(good)


@pytest.mark.parametrize("spoil", [str.upper, lambda key: key[:-1], lambda key: key + "x", lambda key: ""])
def test_key_must_be_right_to_the_letter(world, spoil):
    _, key = make(world.home)
    assert find_api_key(spoil(key)) is None


def test_use_is_noted_at_most_once_a_minute(world, django_assert_num_queries):
    _, key = make(world.home)
    now = timezone.now()
    unused = find_api_key(key)
    with world.home.scope():
        touch_api_key(unused, at=now)
    facts = find_api_key(key)
    assert facts.last_used_at == now
    with world.home.scope():
        with django_assert_num_queries(0):
            touch_api_key(facts, at=now + timedelta(seconds=59))
        touch_api_key(facts, at=now + timedelta(seconds=61))
    assert find_api_key(key).last_used_at == now + timedelta(seconds=61)


def test_keys_of_others_are_not_listed(client, world):
    make(world.other)
    client.force_login(world.home.ana)
    assert client.get(page_url(world.home)).context["keys"] == []
