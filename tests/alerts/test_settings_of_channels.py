"""Admins add places that are told, try them, change them and take them away; no address is ever shown again."""

import json

import pytest
from django.utils import timezone

from alerts.models import Delivery, NotificationChannel
from alerts.notifying.deliveries import send_batch
from alerts.notifying.keeping import add_channel, secret_of
from alerts.notifying.sealing import unseal
from tenancy.models import AuditEntry
from tests.services.misbehaving import answers, outside

SLACK = "https://hooks.slack.com/services/T0/B0/s3cret"


@pytest.fixture
def ana(client, world):
    client.force_login(world.home.ana)
    return client


def path(world, rest=""):
    return world.home.url(f"settings/channels/{rest}")


def a_channel(world, kind="slack", address=SLACK, name="Care"):
    with world.home.scope():
        return add_channel(
            kind=kind, name=name, address=address, events=["follow_up.opened"], by=world.home.ana, at=timezone.now()
        )


def fields(**values):
    return {"name": "Care team", "address": SLACK, "events": ["follow_up.opened"], **values}


def test_slack_channel_is_added_and_its_address_shown_nowhere(ana, world):
    reply = ana.post(path(world, "new/slack/"), fields(), follow=True)
    page = reply.content.decode()
    assert "“Care team” is told from now on" in page and "hooks.slack.com" in page
    with world.home.scope():
        channel = NotificationChannel.objects.get()
        assert unseal(channel.secret) == {"address": SLACK}
    assert "s3cret" not in page + ana.get(path(world, f"{channel.pk}/")).content.decode()


def test_secret_of_a_webhook_is_shown_once_and_can_be_renewed(ana, world):
    reply = ana.post(path(world, "new/webhook/"), fields(address="https://hooks.example/x"))
    with world.home.scope():
        channel = NotificationChannel.objects.get()
        first = secret_of(channel)
    assert first in reply.content.decode() and "no-store" in reply["Cache-Control"]
    assert first not in ana.get(path(world, f"{channel.pk}/")).content.decode()
    renewed = ana.post(path(world, f"{channel.pk}/secret/")).content.decode()
    with world.home.scope():
        channel.refresh_from_db()
        assert secret_of(channel) != first and secret_of(channel) in renewed
        assert unseal(channel.secret)["address"] == "https://hooks.example/x"
        verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"notification_channel.added", "notification_channel.secret_renewed"} <= verbs


@pytest.mark.parametrize(
    ("kind", "changed", "said"),
    [
        ("slack", {"address": "https://hooks.example/"}, "This is no address of Slack"),
        ("teams", {"address": "https://x.webhook.office.com/y"}, "environment.api.powerplatform.com"),
        ("webhook", {"address": "http://hooks.example/"}, "The address must begin with https://"),
        ("webhook", {"address": "https://me:secret@hooks.example/"}, "must not hold a user name"),
        ("email", {"address": "care at example"}, "This is no e-mail address"),
        ("in_app", {"address": "king"}, "Select a valid choice"),
        ("slack", {"events": []}, "Choose at least one event"),
        ("slack", {"name": ""}, "This field is required"),
        ("slack", {"name": "Taken"}, "There is a channel of this name already"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(ana, world, kind, changed, said):
    a_channel(world, name="Taken")
    reply = ana.post(path(world, f"new/{kind}/"), fields(**changed))
    assert reply.status_code == 422 and said in reply.content.decode()
    with world.home.scope():
        assert NotificationChannel.objects.count() == 1


def test_workflows_of_teams_have_addresses_with_a_port(ana, world):
    address = "https://x.ae.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/1"
    assert ana.post(path(world, "new/teams/"), fields(address=address)).status_code == 302


def test_channel_is_changed_and_an_empty_address_keeps_the_old_one(ana, world):
    channel = a_channel(world)
    ana.post(path(world, f"{channel.pk}/"), fields(name="Desk", address="", events=["follow_up.escalated"]))
    with world.home.scope():
        channel.refresh_from_db()
        assert (channel.name, channel.events, unseal(channel.secret)["address"]) == (
            "Desk",
            ["follow_up.escalated"],
            SLACK,
        )
        entry = AuditEntry.objects.get(verb="notification_channel.changed")
        assert entry.details["changed"]["name"] == ["Care", "Desk"]
    ana.post(path(world, f"{channel.pk}/"), fields(address=SLACK + "2"))
    with world.home.scope():
        channel.refresh_from_db()
        assert unseal(channel.secret)["address"] == SLACK + "2"
        assert "s3cret" not in json.dumps(list(AuditEntry.objects.values_list("details", flat=True)))


def test_channel_is_switched_off_and_on_and_deleted(ana, world):
    channel = a_channel(world)
    for on, is_active in (("0", False), ("1", True)):
        ana.post(path(world, f"{channel.pk}/switch/"), {"on": on})
        with world.home.scope():
            assert NotificationChannel.objects.get().is_active is is_active
    ana.post(path(world, f"{channel.pk}/deletion/"))
    with world.home.scope():
        assert not NotificationChannel.objects.exists()
        assert AuditEntry.objects.filter(verb="notification_channel.deleted", object_label="Care").exists()


def test_test_message_is_a_delivery_whose_end_is_shown(ana, world, settings):
    settings.OUTGOING_PRIVATE_TARGETS = True
    with outside(answers("404 Not Found", b"no_service")) as server:
        channel = a_channel(world, kind="webhook", address=server.url)
        reply = ana.post(path(world, f"{channel.pk}/test/"))
        assert reply.url == path(world, f"deliveries/?channel={channel.pk}")
        assert 'hx-trigger="every 3s"' in ana.get(reply.url).content.decode()
        send_batch(world.home.organization.id)
    page = ana.get(reply.url).content.decode()
    assert "no_service" in page and "The other side answered 404." in page
    assert b"Test message" in server.requests[0]
    with world.home.scope():
        assert Delivery.objects.get().event == "test"


def test_given_up_is_seen_on_the_page_and_sent_again_one_or_all(ana, world):
    channel = a_channel(world)
    with world.home.scope():
        for number in range(3):
            Delivery.objects.create(
                channel=channel, event="test", facts={"url": ""}, dedupe_key=str(number), state="given_up", attempts=8,
                created_at=timezone.now(), due_at=timezone.now(), last_error="No reply within 20 seconds",
            )  # fmt: skip
        one = Delivery.objects.first()
    assert "3 messages could not be delivered and were given up" in ana.get(path(world)).content.decode()
    page = ana.get(path(world, f"deliveries/?state=given_up&channel={channel.pk}")).content.decode()
    assert page.count("No reply within 20 seconds") == 3
    ana.post(path(world, f"deliveries/{one.pk}/replay/"))
    with world.home.scope():
        assert Delivery.objects.filter(state="due", attempts=0).count() == 1
    ana.post(path(world, "deliveries/replays/"), {"channel": str(channel.pk)})
    with world.home.scope():
        assert Delivery.objects.filter(state="due").count() == 3
        assert AuditEntry.objects.get(verb="delivery.all_replayed").details == {"deliveries": 2}


def test_deliveries_are_paged_by_key_and_cost_the_same_for_any_number(ana, world, django_assert_max_num_queries):
    channel = a_channel(world)
    now = timezone.now()
    with world.home.scope():
        Delivery.objects.bulk_create(
            Delivery(
                organization=world.home.organization, channel=channel, event="test", facts={"url": ""},
                dedupe_key=f"d{number}", created_at=now, due_at=now, state="delivered",
                response_text=f"answer-{number}-",
            )
            for number in range(70)
        )  # fmt: skip
    with django_assert_max_num_queries(22):
        first = ana.get(path(world, "deliveries/")).content.decode()
    older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = ana.get(path(world, "deliveries/") + older).content.decode()
    assert (first.count("answer-"), second.count("answer-")) == (50, 20)
    assert ana.get(path(world, "deliveries/?after=nonsense&channel=x")).status_code == 200
