"""A dashboard is shown by a link to people without an account, and by nothing else than the link, while it is open."""

import re
from datetime import timedelta
from html import unescape
from itertools import count

import pytest
from django.test import Client
from django.utils import timezone

from metrics.models import DashboardLink
from metrics.sharing import public_views
from metrics.sharing.links import create_link, revoke_link
from tenancy.models import AuditEntry
from tests.metrics.answers import answer, make_survey

_addresses = count(1)


@pytest.fixture
def visitor() -> Client:
    """Somebody outside, at an address of their own: callers are counted by it."""
    return Client(REMOTE_ADDR=f"203.0.113.{next(_addresses)}")


@pytest.fixture
def anton(world) -> Client:
    client = Client()
    client.force_login(world.home.anton)
    return client


@pytest.fixture
def survey(world):
    with world.home.scope():
        survey = make_survey()
        answer(survey, [10] * 40 + [3] * 10, words="It came broken.", customer=world.home.chiara)
        answer(survey, [9] * 20, touchpoint=world.home.delivery, words="Kind.", customer=world.home.karim)
        return survey


def link_to(ground, query: str = "measure=nps", *, days: int = 30, age: timedelta = timedelta()) -> tuple:
    with ground.scope():
        return create_link(
            name="Board", query=query, days=days, author=ground.anton, by=ground.anton, at=timezone.now() - age
        )


def without_clock(response) -> str:
    return re.sub(r"<time.*?</time>", "", response.content.decode())


@pytest.mark.parametrize("place", ["share", "tv"])
def test_figures_are_seen_without_names_words_or_ways_onward(world, visitor, survey, place):
    _, token = link_to(world.home)
    response = visitor.get(f"/{place}/{token}/")
    html = unescape(response.content.decode())
    assert response.status_code == 200
    assert "+71" in html
    assert "n = 70" in html
    assert "Northwind" in html
    for secret in ("Chiara", "كريم", "broken", "Kind.", "/o/", "<a ", "<script", "<form", "follow-up", token):
        assert secret not in html, secret


@pytest.mark.parametrize("place", ["share", "tv"])
def test_no_cache_index_cookie_or_script_keeps_anything_of_it(world, visitor, survey, place):
    _, token = link_to(world.home)
    headers = visitor.get(f"/{place}/{token}/").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "script-src" not in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "Set-Cookie" not in headers
    assert "Vary" not in headers or "Cookie" not in headers["Vary"]
    assert not visitor.cookies


def test_visitors_change_nothing_by_parameters(world, visitor, survey):
    _, token = link_to(world.home, f"measure=nps&period=7d&touchpoint={world.home.delivery.id}")
    plain = without_clock(visitor.get(f"/share/{token}/"))
    assert "n = 20" in plain
    asked = f"/share/{token}/?period=all&touchpoint=&survey={survey.id}&sort=name&unit=week&compare=none&view=x"
    assert without_clock(visitor.get(asked)) == plain


def test_unknown_expired_revoked_and_empty_links_are_one_and_the_same(world, visitor, survey):
    revoked, revoked_token = link_to(world.home)
    with world.home.scope():
        revoke_link(revoked, by=world.home.ana, at=timezone.now())
        gone = make_survey("After a call", measure="csat", points=5)
    # The database's clock stands still in a test, since its transaction began.
    _, expired_token = link_to(world.home, days=2, age=timedelta(days=2, hours=1))
    _, empty_token = link_to(world.home, f"measure=csat&survey={gone.pk}")
    with world.home.scope():
        gone.versions.all().delete()
        gone.delete()
    tokens = (revoked_token, expired_token, empty_token, "nothing", "x" * 500, "%00", "ü")
    answers = {visitor.get(f"/{place}/{token}/").content for token in tokens for place in ("share", "tv")}
    assert len(answers) == 1
    response = visitor.get(f"/share/{revoked_token}/")
    assert response.status_code == 404
    assert response.headers["Cache-Control"] == "no-store"
    assert "There is nothing behind this link" in response.content.decode()


def test_token_is_shown_once_and_only_its_hash_is_kept(world, anton, visitor, survey):
    response = anton.post(world.home.url("dashboard/links/"), {"name": "For the board", "query": "", "days": "30"})
    assert response.status_code == 422
    data = {"name": "For the board", "query": "measure=nps&period=quarter", "days": "30"}
    response = anton.post(world.home.url("dashboard/links/"), data)
    addresses = [address for _, address in response.context["new"]]
    token = addresses[0].split("/")[-2]
    assert [address.split("/")[-3] for address in addresses] == ["share", "tv"]
    assert len(token) == 43
    assert response.headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert token not in anton.get(world.home.url("dashboard/links/")).content.decode()
    with world.home.scope():
        link = DashboardLink.objects.get()
        assert token not in str(vars(link))
        assert token not in str(list(AuditEntry.objects.values()))
        assert link.expires_at - link.created_at == timedelta(days=30)
    assert "Last 13 weeks" in visitor.get(f"/share/{token}/").content.decode()


@pytest.mark.parametrize("days", ["0", "366", "", "many"])
def test_link_is_open_for_a_day_to_a_year(world, anton, days):
    data = {"name": "Board", "query": "measure=nps", "days": days}
    assert anton.post(world.home.url("dashboard/links/"), data).status_code == 422
    assert anton.post(world.home.url("dashboard/links/"), data | {"days": "365"}).status_code == 200
    with world.home.scope(), pytest.raises(ValueError, match="1 to 365"):
        create_link(name="B", query="", days=366, author=world.home.ana, by=world.home.ana, at=timezone.now())


def test_link_keeps_what_it_showed_when_it_was_made(world, anton):
    page = anton.get(world.home.url("dashboard/links/?period=quarter&sort=name&nonsense=1"))
    assert page.context["form"]["query"].value() == "measure=nps&period=quarter&sort=name"
    assert page.context["form"]["days"].value() == 30
    assert "NPS · Last 13 weeks vs previous" in page.content.decode()
    assert "form" not in anton.get(world.home.url("dashboard/links/")).context


def test_opening_is_noted_once_a_minute_and_only_by_looking(world, visitor, survey):
    link, token = link_to(world.home)

    def noted():
        with world.home.scope():
            link.refresh_from_db()
        return link.last_opened_at

    visitor.head(f"/share/{token}/")
    assert noted() is None
    visitor.get(f"/tv/{token}/")
    first = noted()
    assert timezone.now() - first < timedelta(minutes=1)
    visitor.get(f"/share/{token}/")
    assert noted() == first
    with world.home.scope():
        DashboardLink.objects.update(last_opened_at=first - timedelta(minutes=2))
    visitor.get(f"/share/{token}/")
    assert noted() > first


def test_making_and_revoking_are_in_the_audit_log_and_revoking_twice_is_once(world, anton, visitor, survey):
    link, token = link_to(world.home)
    for _ in range(2):
        address = world.home.url(f"dashboard/links/{link.pk}/revocation/")
        assert anton.post(address).status_code == 302
    assert visitor.get(f"/share/{token}/").status_code == 404
    with world.home.scope():
        entries = AuditEntry.objects.filter(object_kind="dashboardlink").order_by("id")
        assert [(entry.verb, entry.object_label) for entry in entries] == [
            ("dashboard_link.created", "Board"),
            ("dashboard_link.revoked", "Board"),
        ]
    assert "Revoked" in anton.get(world.home.url("dashboard/links/")).content.decode()


def test_list_says_what_each_link_shows_and_when_it_was_opened(world, anton, visitor, survey):
    _, token = link_to(world.home, f"measure=nps&touchpoint={world.home.delivery.id}")
    link_to(world.home, "measure=nps&touchpoint=" + "0" * 8)
    html = unescape(anton.get(world.home.url("dashboard/links/")).content.decode())
    assert "Parcel handed over" in html
    assert html.count(">never<") == 2
    assert html.count("Shows nothing: a filter is gone") == 1
    visitor.get(f"/share/{token}/")
    assert anton.get(world.home.url("dashboard/links/")).content.decode().count(">never<") == 1


def test_callers_are_held_up_by_their_address(world, visitor, survey, monkeypatch):
    monkeypatch.setattr(public_views, "LIMIT", public_views.parse("3/minute"))
    _, token = link_to(world.home)
    statuses = [visitor.get(address).status_code for address in ("/share/guess/", f"/share/{token}/", f"/tv/{token}/")]
    assert statuses == [404, 200, 200]
    held = visitor.get(f"/share/{token}/")
    assert held.status_code == 429
    assert 1 <= int(held.headers["Retry-After"]) <= 60
    assert held.headers["Refresh"] == held.headers["Retry-After"]
    assert held.headers["Cache-Control"] == "no-store"
    other = Client(REMOTE_ADDR=f"203.0.113.{next(_addresses)}")
    assert other.get(f"/share/{token}/").status_code == 200


def test_screen_comes_back_every_minute_by_itself(world, visitor, survey):
    _, token = link_to(world.home, "measure=nps&period=7d")
    screen = visitor.get(f"/tv/{token}/")
    assert screen.headers["Refresh"] == "60"
    html = unescape(screen.content.decode())
    assert 'data-theme="dark"' in html
    assert "Last 7 days vs previous" in html
    assert re.search(r"As of <time datetime=\"[^\"]+\"", html)
    assert 'id="trend"' in html
    with world.home.scope():
        answer(survey, [0] * 30)
    assert "n = 100" in visitor.get(f"/tv/{token}/").content.decode()


def test_page_costs_few_queries(world, visitor, survey, django_assert_max_num_queries):
    _, token = link_to(world.home, "measure=nps&period=quarter")
    visitor.get(f"/share/{token}/")
    with django_assert_max_num_queries(16):
        visitor.get(f"/share/{token}/")
