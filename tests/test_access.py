"""The fourth tenancy guard: every URL name x every caller x every method answers as the access table says."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tenancy.api_keys import SCOPES, create_api_key
from tenancy.models import User
from tests.access_table import CALLERS, TABLE, Access, Value
from tests.world import Ground, World, make_world

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
STAND_IN = {"anonymous": None, "viewer": "victor", "agent": "greta", "analyst": "anton", "admin": "ana"}
# What a GET may touch: the session of the person, and the note of when it was last seen.
MAY_BE_WRITTEN_BY_GET = ("django_session", "usersessions_usersession")


def names_of(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            assert pattern.name, f"{pattern.pattern} needs a name, so that the access table can speak of it"
            yield namespace + pattern.name
        else:
            yield from names_of(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)


NAMES = sorted(set(names_of(get_resolver())))


class undone:
    """A savepoint that is always rolled back, so that callers do not see one another's deeds."""

    def __enter__(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def __exit__(self, *exc_info):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """One world for all lines: making it anew for each would take longer than the calls."""
    with django_db_blocker.unblock(), undone():
        yield make_world()


def test_every_url_has_its_line_and_every_line_its_url():
    assert sorted(set(NAMES) - set(TABLE)) == [], "add these to tests/access_table.py"
    assert sorted(set(TABLE) - set(NAMES)) == [], "no such URL any more"


@pytest.mark.parametrize("name", sorted(set(NAMES) & set(TABLE)))
def test_url_answers_every_caller_as_its_line_says(world, name):
    access = TABLE[name]
    expected = {**access.statuses, **dict.fromkeys(access.keys, (401,) * len(CALLERS))}
    found = {method: tuple(call(world, access, name, method, caller) for caller in CALLERS) for method in expected}
    assert found == expected, f"statuses of {name} for {CALLERS}: {found}"


@pytest.mark.parametrize("name", sorted(set(NAMES) & set(TABLE)))
def test_method_that_is_not_listed_answers_405(world, name):
    access = TABLE[name]
    unlisted = [method for method in METHODS if method not in {**access.statuses, **access.keys}]
    if access.keys:
        found = {method: call_with_key(world, access, name, method, world.home, set(SCOPES)) for method in unlisted}
    else:
        found = {method: call(world, access, name, method, "admin") for method in unlisted}
    assert found == dict.fromkeys(unlisted, 405)


@pytest.mark.parametrize("name", sorted(name for name, access in TABLE.items() if access.keys and name in NAMES))
def test_api_wants_the_scope_and_knows_only_its_own_organization(world, name):
    access = TABLE[name]
    found, expected = {}, {}
    for method, key in access.keys.items():
        assert key.scope in SCOPES
        for words, ground, scopes, status in (
            ("with the scope alone", world.home, {key.scope}, key.ok),
            ("with every other scope", world.home, set(SCOPES) - {key.scope}, 403),
            ("of the other organization", world.other, {key.scope}, key.stranger),
        ):
            expected[method, words] = status
            found[method, words] = call_with_key(world, access, name, method, ground, scopes)
    assert found == expected


@pytest.mark.parametrize("name", sorted(name for name, access in TABLE.items() if access.parts and name in NAMES))
def test_object_of_another_organization_is_not_found(world, name):
    """The admin puts the other organization's object into an address of their own organization."""
    access = TABLE[name]
    if "org" not in parts_of(world.home, access, name) or has_same_parts(world, access):
        pytest.skip("names no object, or one that is told apart by something else than its id")
    found = {method: call(world, access, name, method, "admin", objects=world.other) for method in access.statuses}
    assert found == dict.fromkeys(found, 404)


@pytest.mark.parametrize(
    "name", sorted(n for n, a in TABLE.items() if "GET" in a.statuses and not a.get_writes and n in NAMES)
)
def test_reading_a_page_writes_nothing(world, name):
    with CaptureQueriesContext(connection) as captured, undone():
        client = client_of(world, "admin")
        url = address(world.home, TABLE[name], name, world.home)  # which may make the row it speaks of
        start = len(captured)
        client.get(url)
    writing = [
        query["sql"]
        for query in captured.captured_queries[start:]
        if query["sql"].lstrip().startswith(("INSERT", "UPDATE", "DELETE"))
        and not any(f'"{table}"' in query["sql"] for table in MAY_BE_WRITTEN_BY_GET)
    ]
    assert writing == []


# --- calling


def call(world: World, access: Access, name: str, method: str, caller: str, objects: Ground | None = None) -> int:
    with undone():
        url = address(world.home, access, name, objects or world.home)
        data = {key: value_of(world.home, value) for key, value in access.data.items()} if method != "GET" else {}
        return client_of(world, caller).generic_or_form(method, url, data).status_code


def call_with_key(world: World, access: Access, name: str, method: str, ground: Ground, scopes: set[str]) -> int:
    with undone():
        with ground.scope():
            _, secret = create_api_key(name="Guard", scopes=sorted(scopes), by=ground.ana)
        url = address(world.home, access, name, world.home)
        data = {key: value_of(world.home, value) for key, value in access.data.items()} if method != "GET" else None
        client = Client(headers={"authorization": f"Bearer {secret}"}, raise_request_exception=False)
        body = {} if data is None else {"data": data, "content_type": "application/json"}
        return getattr(client, method.lower())(url, **body).status_code


class Caller(Client):
    """Sends what a form would send, with every method."""

    def generic_or_form(self, method: str, url: str, data: dict[str, Any]):
        if method in ("GET", "POST"):
            return getattr(self, method.lower())(url, data)
        return getattr(self, method.lower())(url, data, content_type="application/x-www-form-urlencoded")


def client_of(world: World, caller: str) -> Caller:
    client = Caller(raise_request_exception=False)
    user = world.other.ana if caller == "stranger" else STAND_IN[caller] and getattr(world.home, STAND_IN[caller])
    if user:
        client.force_login(user)
        sign_in_lately(client, user)
    return client


def sign_in_lately(client: Client, user: User) -> None:
    """As if the password had just been typed, so that pages which ask for it again do not."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(user.pk)
    session.save()


def address(ground: Ground, access: Access, name: str, objects: Ground) -> str:
    """The URL beneath `ground`, naming the objects of `objects`."""
    parts = {key: value_of(objects, value) for key, value in access.parts.items()}
    if "org" in parts_of(ground, access, name):
        parts["org"] = ground.organization.slug
    return reverse(name, kwargs=parts)


def parts_of(ground: Ground, access: Access, name: str) -> set[str]:
    """The names of the variable parts of a URL."""
    resolver = get_resolver()
    *namespaces, last = name.split(":")
    for namespace in namespaces:
        resolver = resolver.namespace_dict[namespace][1]
    return {
        part for possibility in resolver.reverse_dict.getlist(last) for _, parts in possibility[0] for part in parts
    }


def has_same_parts(world: World, access: Access) -> bool:
    with undone():
        return all(value_of(world.home, value) == value_of(world.other, value) for value in access.parts.values())


def value_of(ground: Ground, value: Value) -> Any:
    if not isinstance(value, str):
        with ground.scope():
            return value(ground)
    if value.startswith("="):
        return value[1:]
    found: Any = ground
    with ground.scope():
        for step in value.split("."):
            found = getattr(found, step)
    return found
