"""Settings of the organization: what changed is noted, before and after; a new time zone has consequences."""

import pytest
from django.urls import reverse

from tenancy.models import AuditEntry, Organization
from tenancy.organizations import on_time_zone_changed

URL = "/o/northwind/settings/organization/"


def values(**changes) -> dict:
    return {
        "name": "Northwind",
        "time_zone": "Europe/Berlin",
        "language": "en",
        "postal_address": "",
        "brand_color": "#274690",
        "sender_name": "",
        "reply_to": "care@northwind.example",
        "fatigue_days": "30",
        "quiet_from": "",
        "quiet_until": "",
        **changes,
    }


@pytest.fixture
def ana(client, world):
    client.force_login(world.home.ana)
    return client


@pytest.fixture
def followed(monkeypatch) -> list:
    seen: list = []
    on_time_zone_changed.append(follow := lambda organization: seen.append(organization.time_zone))
    yield seen
    on_time_zone_changed.remove(follow)


def stored(world) -> Organization:
    with world.home.scope():
        return Organization.objects.get(pk=world.home.organization.pk)


def changes_noted(world) -> list[dict]:
    with world.home.scope():
        return list(AuditEntry.objects.filter(verb="organization.changed").values_list("details", flat=True))


def test_what_changed_is_noted_with_both_sides(ana, world):
    assert ana.post(URL, values(fatigue_days="14", quiet_from="20:00", quiet_until="08:00")).status_code == 302
    organization = stored(world)
    assert (organization.fatigue_days, str(organization.quiet_from)) == (14, "20:00:00")
    assert changes_noted(world) == [
        {"changed": {"fatigue_days": [30, 14], "quiet_from": [None, "20:00:00"], "quiet_until": [None, "08:00:00"]}}
    ]


def test_saving_what_is_there_already_notes_nothing(ana, world, followed):
    ana.post(URL, values())
    assert (changes_noted(world), followed) == ([], [])


def test_new_time_zone_is_told_to_who_counts_days(ana, world, followed):
    ana.post(URL, values(time_zone="Asia/Tokyo"))
    assert followed == ["Asia/Tokyo"]
    assert stored(world).time_zone == "Asia/Tokyo"


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_zone": "Mars/Olympus"},
        {"brand_color": "red"},
        {"brand_color": "#27469"},
        {"brand_color": "#274690;}"},
        {"fatigue_days": "-1"},
        {"fatigue_days": "366"},
        {"quiet_from": "20:00"},
        {"reply_to": "nobody"},
        {"name": ""},
        {"sender_name": "x" * 121},
    ],
)
def test_what_is_wrong_is_said_and_not_stored(ana, world, wrong):
    page = ana.post(URL, values(**wrong))
    assert page.status_code == 422
    assert "field-error" in page.content.decode()
    assert (stored(world).name, changes_noted(world)) == ("Northwind", [])


def test_sender_cannot_smuggle_headers_into_mail(ana, world):
    ana.post(URL, values(sender_name="Care\r\nBcc: all@example.com"))
    assert "\n" not in stored(world).sender_name


def test_settings_of_the_other_organization_stay(ana, world):
    ana.post(URL, values(name="Changed"))
    with world.other.scope():
        assert Organization.objects.get().name == "Eastwood"


def test_profile_keeps_name_theme_and_shortcuts(client, world):
    client.force_login(world.home.victor)
    url = reverse("profile")
    assert client.post(url, {"name": "Victor V", "theme": "dark"}).status_code == 302
    world.home.victor.refresh_from_db()
    victor = world.home.victor
    assert (victor.name, victor.theme, victor.has_shortcuts) == ("Victor V", "dark", False)
    assert 'data-theme="dark"' in client.get(url).content.decode()
    assert client.post(url, {"name": "", "theme": "neon"}).status_code == 422
