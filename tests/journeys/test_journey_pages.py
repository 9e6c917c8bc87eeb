"""Analysts rename stages and touchpoints and change their order."""

from django.urls import reverse

from journeys.models import Touchpoint


def url(world, name, **parts):
    return reverse(name, kwargs={"org": world.home.organization.slug, **parts})


def test_page_shows_stages_touchpoints_and_milestone_keys(client, world):
    client.force_login(world.home.victor)
    text = client.get(url(world, "journey_list")).content.decode()
    assert "Receiving" in text and "Parcel handed over" in text and "order.delivered" in text


def test_moving_a_touchpoint_up_changes_places(client, world):
    client.force_login(world.home.anton)
    client.post(url(world, "journey_move", kind="touchpoint", pk=world.home.support.pk), {"direction": "up"})
    with world.home.scope():
        names = list(Touchpoint.objects.filter(stage=world.home.stage).values_list("name", flat=True))
    assert names == ["Support call", "Parcel handed over"]


def test_moving_past_the_end_changes_nothing(client, world):
    client.force_login(world.home.anton)
    client.post(url(world, "journey_move", kind="touchpoint", pk=world.home.support.pk), {"direction": "down"})
    with world.home.scope():
        assert Touchpoint.objects.get(pk=world.home.support.pk).position == 1


def test_a_name_that_is_taken_is_refused(client, world):
    client.force_login(world.home.anton)
    where = url(world, "journey_rename", kind="touchpoint", pk=world.home.support.pk)
    assert client.post(where, {"name": "Parcel handed over"}).status_code == 422
    assert client.post(where, {"name": "Hotline"}).status_code == 302


def test_pages_cost_the_same_for_any_number_of_stages(client, world, django_assert_max_num_queries):
    client.force_login(world.home.victor)
    client.get(url(world, "journey_list"))
    with django_assert_max_num_queries(19):
        client.get(url(world, "journey_list"))
