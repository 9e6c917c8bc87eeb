"""Measures, recoveries and initiatives, by the API."""

from alerts.models import FollowUp, Recovery
from tests.alerts.answering import TUESDAY
from tests.alerts.closing import asked_again, closed_follow_up, switch_on
from tests.alerts.mending import an_initiative
from tests.calling import Api, fields_of


def test_measures_come_with_their_intervals_and_parts(world):
    home = world.home
    closed_follow_up(home)
    with home.scope():
        FollowUp.objects.update(opened_at=TUESDAY)
    span = {"from": "2026-03-01", "to": "2026-03-31"}
    found = Api(home).get("measures", by="root_cause", **span).json()
    assert (found["family"], found["size"]) == ("loop", 1)
    measures = {each["key"]: each for each in found["measures"]}
    assert measures["contacted_within_sla"]["value"] == 100
    assert measures["contacted_within_sla"]["interval_low"] == 20.6549  # Wilson, 1 of 1
    assert measures["first_contact_median"]["value"] == 1
    assert [(each["key"], each["size"]) for each in found["parts"]] == [("price", 1)]
    assert Api(home).get("measures", **span).json()["parts"] == []
    assert Api(world.other).get("measures", **span).json()["size"] == 0


def test_what_cannot_be_read_is_named(world):
    api = Api(world.home)
    assert set(fields_of(api.get("measures", by="weather"))) == {"by"}
    assert set(fields_of(api.get("measures", family="weather"))) == {"family"}


def test_recoveries_are_listed_by_result(world):
    home = world.home
    switch_on(home)
    follow_up = asked_again(home, 9)
    with home.scope():
        Recovery.objects.create(follow_up=follow_up, closed_at=TUESDAY, result="silent")
    api = Api(home)
    (row,) = api.get("recoveries", result="recovered").json()["results"]
    assert (row["follow_up_number"], row["score_before"], row["score_after"]) == (follow_up.number, 3, 9)
    assert len(api.get("recoveries", follow_up=str(follow_up.pk)).json()["results"]) == 2


def test_initiatives_say_who_raised_them(world):
    home = world.home
    follow_up = closed_follow_up(home)
    with home.scope():
        initiative = an_initiative(home, name="Mend it", root_causes=["price"], follow_ups=[follow_up])
        initiative.touchpoints.create(organization=home.organization, touchpoint=home.delivery)
    api = Api(home)
    (row,) = api.get("initiatives").json()["results"]
    assert (row["name"], row["follow_ups"], row["touchpoints"]) == ("Mend it", 1, [str(home.delivery.pk)])
    assert row["owner"] is None
    assert api.get(f"initiatives/{initiative.pk}").json() == row
    assert api.get("initiatives", state="done").json()["results"] == []
