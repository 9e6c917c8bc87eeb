"""Causes mended for everybody: linked to what raised them, with the score before and since."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from alerts.models import FollowUp, Initiative
from alerts.proof.initiatives.mending import link_suggested, suggested
from alerts.proof.initiatives.scores import before_and_since
from tenancy.models import AuditEntry
from tests.alerts.answering import TUESDAY, give_answers, open_follow_up
from tests.alerts.closing import DAY, closed_follow_up
from tests.alerts.mending import an_initiative
from tests.alerts.pages import client_of

BERLIN = ZoneInfo("Europe/Berlin")
VALUES = {"name": "Answer the phone", "text": "More lines", "state": "running", "root_causes": ["price"]}


def post(ground, path: str, person: str = "anton", **values):
    return client_of(getattr(ground, person)).post(ground.url(f"loop/{path}"), values)


def test_initiative_is_made_and_changed_with_its_places(world):
    home = world.home
    values = {**VALUES, "owner": str(home.greta.pk), "touchpoints": [str(home.support.pk)], "due_on": "2026-05-01"}
    assert post(home, "initiatives/new/", **values).status_code == 302
    with home.scope():
        initiative = Initiative.objects.get()
        assert (initiative.owner, initiative.due_on, initiative.root_causes) == (
            home.greta,
            date(2026, 5, 1),
            ["price"],
        )
        assert [each.touchpoint_id for each in initiative.touchpoints.all()] == [home.support.pk]
    changed = {**values, "state": "done", "started_on": "2026-04-01", "ended_on": "2026-04-20", "touchpoints": []}
    assert post(home, f"initiatives/{initiative.pk}/edit/", **changed).status_code == 302
    with home.scope():
        assert not initiative.touchpoints.exists()
        entry = AuditEntry.objects.get(verb="initiative.changed")
        assert entry.details["changed"] == ["state", "started_on", "ended_on", "touchpoints"]


def test_wrong_days_names_and_causes_come_back_with_the_rule(world):
    home = world.home
    with home.scope():
        an_initiative(home, name="Taken")
    for values, said in (
        ({"name": "Taken"}, "There is an initiative of this name already."),
        ({"started_on": "2026-04-02", "ended_on": "2026-04-01"}, "It cannot end before it starts."),
        ({"ended_on": "2026-04-01"}, "Say when it started, too."),
        ({"root_causes": ["nonsense"]}, "Select a valid choice"),
    ):
        answer = post(home, "initiatives/new/", **{**VALUES, **values})
        assert answer.status_code == 422
        assert said in answer.content.decode()


def test_follow_ups_with_its_causes_at_its_touchpoints_are_linked_at_once(world):
    home = world.home
    fits = closed_follow_up(home)
    closed_follow_up(home, touchpoint=home.support)
    open_follow_up(home)
    with home.scope():
        initiative = an_initiative(home, root_causes=["price"])
        assert suggested(initiative).count() == 2
        initiative.touchpoints.create(organization=home.organization, touchpoint=home.delivery)
        assert link_suggested(initiative, by=home.anton, at=TUESDAY) == 1
        assert FollowUp.objects.get(initiatives__initiative=initiative) == fits
        assert link_suggested(initiative, by=home.anton, at=TUESDAY) == 0


def test_follow_ups_are_linked_and_unlinked_by_number(world):
    home = world.home
    first, second = open_follow_up(home), open_follow_up(home)
    with home.scope():
        initiative = an_initiative(home)
    path = f"initiatives/{initiative.pk}/followups/"
    assert post(home, path, numbers=f"{first.number}, #{second.number}").status_code == 302
    assert post(home, path, numbers="77").status_code == 422
    assert post(home, path, numbers="one").status_code == 422
    assert post(home, f"{path}{first.number}/removal/").status_code == 302
    with home.scope():
        assert list(initiative.follow_ups.values_list("follow_up__number", flat=True)) == [second.number]


def test_score_before_and_since_do_not_overlap(world):
    home = world.home
    for score, days in ((2, 0), (3, 1), (9, 10), (10, 20), (9, 30)):
        give_answers(home, score, at=TUESDAY + days * DAY, raise_alerts=False)
    give_answers(home, 0, at=TUESDAY + 12 * DAY, raise_alerts=False, touchpoint=home.support)
    started, today = date(2026, 3, 15), date(2026, 4, 30)
    with home.scope():
        found = before_and_since(
            started_on=started, ended_on=None, touchpoints={home.delivery.pk}, today=today, zone=BERLIN
        )
    assert found is not None
    assert (found.before.value, found.before.n) == (-100, 2)
    assert (found.since.value, found.since.n) == (100, 3)
    assert found.difference.value == 200
    assert (found.last_before, found.first_since) == (date(2026, 3, 14), started)
    with home.scope():
        ended = before_and_since(
            started_on=started, ended_on=date(2026, 3, 25), touchpoints=set(), today=today, zone=BERLIN
        )
        not_begun = before_and_since(started_on=None, ended_on=None, touchpoints=set(), today=today, zone=BERLIN)
    assert (ended.since.n, ended.first_since) == (2, date(2026, 3, 26))
    assert (not_begun.since, not_begun.before.n) == (None, 6)


def test_pages_show_everything_and_cost_the_same(world, django_assert_max_num_queries):
    home = world.home
    follow_ups = [closed_follow_up(home) for _ in range(6)]
    with home.scope():
        late = date.today() - timedelta(days=3)
        initiative = an_initiative(home, name="Mend it", root_causes=["price"], follow_ups=follow_ups, due_on=late)
    client = client_of(home.anton)
    assert "Late" in client.get(home.url("loop/initiatives/")).content.decode()
    with django_assert_max_num_queries(28):
        page = client.get(home.url(f"loop/initiatives/{initiative.pk}/")).content.decode()
    assert "6 follow-ups of 6 customers" in page
    assert "Price or invoice" in page


def test_another_organizations_initiative_is_not_there(world):
    with world.other.scope():
        theirs = an_initiative(world.other)
    assert client_of(world.home.ana).get(world.home.url(f"loop/initiatives/{theirs.pk}/")).status_code == 404
    with world.home.scope():
        ours = an_initiative(world.home)
    assert client_of(world.home.greta).get(world.home.url(f"loop/initiatives/{ours.pk}/")).status_code == 403
