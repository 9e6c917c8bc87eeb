"""Targets are set, changed and archived by analysts, from the score as it is, and every deed is in the audit log."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from metrics.models import Target
from metrics.targets.setting import MOST
from tenancy.models import AuditEntry
from tests.calling import Api
from tests.metrics.aiming import TODAY, a_target
from tests.metrics.answers import answer, make_survey
from tests.metrics.test_dashboard import text_of


@pytest.fixture
def anton(world) -> Client:
    client = Client()
    client.force_login(world.home.anton)
    return client


def filled(**changes) -> dict[str, str]:
    values = {
        "about": "nps",
        "touchpoint": "",
        "channel": "",
        "from_value": "40",
        "to_value": "45",
        "start_on": "2026-01-01",
        "by_on": "2026-12-31",
    }
    return values | changes


def test_new_target_offers_five_points_more_than_now_in_a_year(world, anton):
    with world.home.scope():
        survey = make_survey()
        answer(survey, [10] * 60 + [8] * 30 + [2] * 10, touchpoint=world.home.delivery)
        answer(survey, [0] * 60)
    page = anton.get(world.home.url(f"targets/new/?touchpoint={world.home.delivery.id}"))
    assert "Over the last 13 weeks the score was +50.0 ±13.1 (100 answers)." in text_of(page)
    values = page.context["form"].initial
    assert (values["from_value"], values["to_value"]) == (Decimal("50.0"), Decimal("55.0"))
    assert values["by_on"] == values["start_on"].replace(year=values["start_on"].year + 1)
    assert f'<option value="{world.home.delivery.id}" selected>' in page.content.decode()


def test_without_answers_no_score_is_offered(world, anton):
    with world.home.scope():
        answer(make_survey(), [10] * 29)
    page = anton.get(world.home.url("targets/new/"))
    assert "too few answers of the last 13 weeks" in text_of(page)
    assert "from_value" not in page.context["form"].initial
    assert anton.get(world.home.url(f"targets/new/?touchpoint={world.other.delivery.id}")).status_code == 404


def test_target_is_set_changed_and_archived_and_each_deed_is_in_the_log(world, anton):
    with world.home.scope():
        survey = make_survey()
    about = {"about": str(survey.id), "touchpoint": str(world.home.support.id), "channel": "email"}
    assert anton.post(world.home.url("targets/new/"), filled(**about)).status_code == 302
    with world.home.scope():
        target = Target.objects.get()
        assert (target.survey_id, target.touchpoint_id, target.channel) == (survey.id, world.home.support.id, "email")
        assert (target.measure, target.points, target.to_value) == ("nps", 11, Decimal(45))
    address = world.home.url(f"targets/{target.id}/")
    assert f'value="{survey.id}" selected' in anton.get(address).content.decode()
    assert anton.post(address, filled(**about, to_value="46.5")).status_code == 302
    page = text_of(anton.get(world.home.url("targets/")))
    assert "NPS: Loyalty, Support call, E-mail" in page
    assert "From +40.0 on 1 January 2026 to +46.5 by 31 December 2026" in page
    for _ in range(2):
        assert anton.post(address + "archival/").status_code == 302
    assert anton.get(address).status_code == 404
    assert "No targets yet" in (page := text_of(anton.get(world.home.url("targets/")))) and "Archived targets" in page
    with world.home.scope():
        entries = AuditEntry.objects.filter(verb__startswith="target.").order_by("at")
        assert [entry.verb for entry in entries] == ["target.set", "target.changed", "target.archived"]
        assert entries[1].details == {"from": "40", "to": "46.5", "start": "2026-01-01", "by": "2026-12-31"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"by_on": "2026-01-01"}, "It comes after the start."),
        ({"by_on": "2031-01-01"}, "At most four years after the start."),
        ({"to_value": "39"}, "A target is not below where it starts."),
        ({"to_value": "101"}, "less than or equal to 100"),
        ({"from_value": "40.25"}, "no more than 1 decimal"),
        ({"about": "csat"}, "Select a valid choice"),
        ({"about": "csat5"}, "Select a valid choice"),
        ({"touchpoint": "nonsense"}, "Select a valid choice"),
    ],
)
def test_what_is_no_target_is_refused_with_words(world, anton, changes, words):
    with world.home.scope():
        make_survey()
    page = anton.post(world.home.url("targets/new/"), filled(**changes))
    assert page.status_code == 422 and words in page.content.decode()
    with world.home.scope():
        assert not Target.objects.exists()


def test_shares_have_no_target_below_zero(world, anton):
    with world.home.scope():
        make_survey("After a call", measure="csat", points=7)
    page = anton.post(world.home.url("targets/new/"), filled(about="csat7", from_value="-1"))
    assert page.status_code == 422 and "CSAT is 0 % or more." in page.content.decode()


def test_one_thing_has_one_target_at_a_time(world, anton):
    with world.home.scope():
        make_survey()
        target = a_target(world.home)
    page = anton.post(world.home.url("targets/new/"), filled())
    assert page.status_code == 422 and "There is a target for this already." in page.content.decode()
    assert anton.post(world.home.url("targets/new/"), filled(channel="email")).status_code == 302
    assert anton.post(world.home.url(f"targets/{target.id}/"), filled(to_value="47")).status_code == 302
    with world.home.scope():
        # Past the form, as when two people save at the same moment.
        with pytest.raises(ValueError, match="already"):
            a_target(world.home)
        assert Target.objects.filter(channel="").count() == 1


def test_number_of_targets_is_bounded(world, anton):
    with world.home.scope():
        make_survey()
        for number in range(MOST):
            survey = make_survey(f"Survey {number}")
            a_target(world.home, survey_id=survey.id)
    page = anton.post(world.home.url("targets/new/"), filled())
    assert page.status_code == 422 and "many aims are none" in page.content.decode()


@pytest.mark.parametrize("wrong", [{"to_value": Decimal(39)}, {"by_on": TODAY - timedelta(100)}])
def test_database_keeps_no_target_that_falls_or_ends_before_it_starts(world, wrong):
    with world.home.scope(), transaction.atomic(), pytest.raises(DatabaseError):
        Target.objects.filter(pk=a_target(world.home).pk).update(**wrong)


def test_targets_of_others_are_neither_seen_nor_touched(world, anton):
    with world.other.scope():
        theirs = a_target(world.other, to="77")
    assert "77" not in text_of(anton.get(world.home.url("targets/")))
    assert anton.get(world.home.url(f"targets/{theirs.id}/")).status_code == 404
    assert anton.post(world.home.url(f"targets/{theirs.id}/archival/")).status_code == 404


def test_viewers_read_the_list_and_are_offered_no_deed(world):
    client = Client()
    client.force_login(world.home.victor)
    assert "An analyst or admin can say" in text_of(client.get(world.home.url("targets/")))
    with world.home.scope():
        make_survey()
        target = a_target(world.home)
    page = client.get(world.home.url("targets/")).content.decode()
    assert "NPS of all answers" in page and "Archive" not in page and "New target" not in page
    assert client.post(world.home.url(f"targets/{target.id}/archival/")).status_code == 403


def test_api_lists_targets_and_says_how_one_stands(world):
    with world.home.scope():
        survey = make_survey()
        today = timezone.localdate()
        for ago in range(1, 26):
            answer(survey, [10] * 14 + [8] * 4 + [3] * 2, days_ago=7 * ago)
        target = a_target(world.home, to="95", start=today - timedelta(90), by=today + timedelta(60))
        few = a_target(world.home, channel="link")
    api = Api(world.home)
    rows = api.get("targets").json()["results"]
    assert [row["id"] for row in rows] == [str(few.id), str(target.id)]
    found = api.get(f"targets/{target.id}").json()
    assert (found["measure"], found["survey"], found["from_value"], found["to_value"]) == ("nps", None, 40, 95)
    assert found["outlook"]["standing"] == "would_be_missed"
    assert found["outlook"]["n"] == 500
    assert found["outlook"]["interval_low"] < found["outlook"]["value"] < found["outlook"]["interval_high"] < 95
    assert api.get(f"targets/{few.id}").json()["outlook"]["value"] is None
