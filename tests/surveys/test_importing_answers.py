"""Past answers come in with their own dates, at their touchpoints, and come again without effect."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.dispatch import receiver

from customers.models import Customer
from journeys.models import Touchpoint
from surveys.models import Response, Survey
from surveys.responding import verbatim_of
from surveys.response_import import options_for
from surveys.signals import response_completed
from tests.customers.importing import check, counts, import_file, refusals, upload
from tests.surveys.listening import make_live_survey

REAL = Path(__file__).parents[3] / "shared" / "data" / "nps_verbatims_telecom.csv"
HEADER = "responded_at,touchpoint,nps,text,email\n"


@pytest.fixture
def told():
    heard = []

    @receiver(response_completed)
    def listen(**facts):
        heard.append(facts)

    yield heard
    response_completed.disconnect(listen)


@pytest.fixture
def options(transactional_db, world):
    with world.home.scope():
        return {"kind": "responses", **options_for(str(make_live_survey(world.home).pk))}


def test_answers_keep_their_dates_and_find_their_touchpoints(world, tmp_path, options, told):
    job = import_file(
        world.home,
        tmp_path / "a.csv",
        HEADER + "13/02/2018 20:09,PARCEL handed over,7,Fine,new@x.example\n14/02/2018 09:00,Shop visit,0,,\n",
        **options,
    )
    assert counts(job) == {"new": 2}
    with world.home.scope():
        late, early = Response.objects.select_related("touchpoint", "customer").order_by("responded_at")
        assert late.responded_at == datetime(2018, 2, 13, 19, 9, tzinfo=UTC)  # Berlin
        assert (late.touchpoint, late.score, late.channel) == (world.home.delivery, 7, "import")
        assert verbatim_of(late) == "Fine" and late.customer.email == "new@x.example"
        assert early.touchpoint.name == "Shop visit" and early.touchpoint.stage.name == "Imported"
        assert early.customer is None and not early.has_verbatim
    (facts,) = [facts for facts in told if facts["is_new"]][-1:]
    assert {str(day) for day in facts["days"]} == {"2018-02-13", "2018-02-14"} and not facts["raise_alerts"]


def test_repeating_an_import_changes_nothing(world, tmp_path, options):
    rows = "13/02/2018 20:09,Shop visit,7,Fine,\n" * 2 + "14/02/2018 20:09,Shop visit,9,Good,b@x.example\n"
    assert counts(import_file(world.home, tmp_path / "a.csv", HEADER + rows, **options)) == {"new": 3}
    assert counts(import_file(world.home, tmp_path / "b.csv", HEADER + rows, **options)) == {"unchanged": 3}
    more = rows + "13/02/2018 20:09,shop  visit,7,Fine,\n"
    assert counts(import_file(world.home, tmp_path / "c.csv", HEADER + more, **options)) == {"unchanged": 3, "new": 1}
    with world.home.scope():
        assert Response.objects.count() == 4
        assert Touchpoint.objects.filter(name__iexact="shop visit").count() == 1


def test_checking_stores_nothing(world, tmp_path, options):
    rows = "13/02/2018 20:09,Shop visit,7,Fine,a@x.example\n"
    job = check(world.home, upload(world.home, tmp_path / "a.csv", HEADER + rows, **options))
    assert counts(job) == {"new": 1}
    with world.home.scope():
        assert not Response.objects.exists() and not Touchpoint.objects.filter(name="Shop visit").exists()
        assert not Customer.objects.filter(email="a@x.example").exists()


def test_rows_that_break_a_rule_are_refused_by_name(world, tmp_path, options):
    rows = "13/02/2018 20:09,,11,,\n,,5,,\n13/02/2098 20:09,,5,,\n13/02/2018 20:10,,5,,nobody\n"
    rows += "13/02/2018 20:11,,5,,ok@x.example\n"
    job = import_file(world.home, tmp_path / "a.csv", HEADER + rows, **options)
    assert counts(job) == {"new": 1, "refused": 4}
    rules = {(row, column) for row, column, _ in refusals(world.home, job)}
    assert rules == {(2, "nps"), (3, "responded_at"), (4, "responded_at"), (5, "email")}


def test_scale_is_that_of_the_survey(transactional_db, world, tmp_path):
    with world.home.scope():
        survey = make_live_survey(world.home, "touchpoint_csat")
        options = {"kind": "responses", **options_for(str(survey.pk))}
    job = import_file(
        world.home, tmp_path / "a.csv", HEADER + "13/02/2018 20:09,,6,,\n13/02/2018 20:10,,5,,\n", **options
    )
    assert counts(job) == {"new": 1, "refused": 1}
    with world.home.scope():
        assert Response.objects.get().measure == "csat"


def test_answers_of_no_survey_yet_get_one(transactional_db, world, tmp_path):
    options = {"kind": "responses", **options_for("new:relationship_nps")}
    for name in ("a.csv", "b.csv"):
        import_file(world.home, tmp_path / name, HEADER + "13/02/2018 20:09,,7,Fine,\n", **options)
    with world.home.scope():
        assert Survey.objects.filter(name="Imported answers").count() == 1
        assert Response.objects.count() == 1


@pytest.mark.skipif(not REAL.exists(), reason="the real file is not here")
def test_real_file_comes_in_whole(world, tmp_path, options, told):
    job = import_file(world.home, REAL, **options)
    assert counts(job) == {"new": 1160}
    with world.home.scope():
        groups = Counter(Response.objects.values_list("group", flat=True))
        assert groups == {"promoter": 333, "passive": 190, "detractor": 637}
        places = Counter(Response.objects.values_list("touchpoint__name", flat=True))
        assert places == {"Order": 490, "First Payment": 555, "Equipment Received": 100, "Service in Use": 15}
    assert counts(import_file(world.home, REAL, **options)) == {"unchanged": 1160}
    # One signal a batch of a thousand, in the check and in the run.
    assert len([facts for facts in told if facts["is_new"]]) == 4
