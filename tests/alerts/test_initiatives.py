"""Causes mended for everybody: linked to what raised them, with the score before and since."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from alerts.following_up import reopen
from alerts.models import FollowUp, Initiative, Notification, RootCause
from alerts.proof.initiatives.mending import link_suggested, suggested, version_of
from alerts.proof.initiatives.recurring import weekly_before_and_since
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
    values = {**VALUES, "owner": str(home.ana.pk), "touchpoints": [str(home.support.pk)], "due_on": "2026-05-01"}
    assert post(home, "initiatives/new/", **values).status_code == 302
    with home.scope():
        initiative = Initiative.objects.get()
        assert (initiative.owner, initiative.due_on, initiative.root_causes) == (
            home.ana,
            date(2026, 5, 1),
            ["price"],
        )
        assert [each.touchpoint_id for each in initiative.touchpoints.all()] == [home.support.pk]
        assert Notification.objects.get(event="initiative").user == home.ana
        version = version_of(initiative)
    days = {"started_on": "2026-04-01", "ended_on": "2026-04-20"}
    changed = {**values, **days, "version": version, "state": "done", "touchpoints": []}
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
    with django_assert_max_num_queries(33):
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


def test_cause_of_the_first_level_covers_what_is_beneath_it_and_what_is_open_again(world):
    home = world.home
    beneath = closed_follow_up(home, customer=home.karim)
    again = closed_follow_up(home, customer=home.chiara)
    with home.scope():
        FollowUp.objects.filter(pk=beneath.pk).update(root_cause="price.invoice")
        reopen(again, by=home.greta, at=TUESDAY + DAY)
        assert set(suggested(an_initiative(home, root_causes=["price"]))) == {beneath, again}
        assert set(suggested(an_initiative(home, root_causes=["price.invoice"]))) == {beneath}


def test_root_cause_becomes_an_initiative_by_one_link(world):
    home = world.home
    closed_follow_up(home)
    client = client_of(home.anton)
    page = client.get(home.url("loop/?period=all&by=root_cause")).text
    assert "initiatives/new/?cause=price" in page
    form = client.get(home.url("loop/initiatives/new/?cause=price")).context["form"]
    assert (form["name"].value(), form["root_causes"].value()) == ("Price or invoice", ["price"])
    assert client.get(home.url("loop/initiatives/new/?cause=nonsense")).status_code == 200


def test_only_who_can_open_the_page_is_offered_as_owner_and_nobody_is_told_of_their_own_deed(world):
    home = world.home
    with home.scope():
        an_initiative(home)
    assert post(home, "initiatives/new/", **VALUES, owner=str(home.greta.pk)).status_code == 422
    assert post(home, "initiatives/new/", **VALUES, owner=str(home.anton.pk)).status_code == 302
    with home.scope():
        assert not Notification.objects.filter(event="initiative").exists()


def test_editing_keeps_archived_causes_and_an_owner_who_may_not_any_more(world):
    home = world.home
    with home.scope():
        initiative = an_initiative(home, name="Mend it", root_causes=["price"], owner=home.greta)
        RootCause.objects.filter(key="price").update(is_archived=True)
    path = f"initiatives/{initiative.pk}/edit/"
    client = client_of(home.anton)
    form = client.get(home.url(f"loop/{path}")).context["form"]
    values = {name: form[name].value() for name in form.fields if form[name].value()}
    assert client.post(home.url(f"loop/{path}"), {**values, "state": "running"}).status_code == 302
    with home.scope():
        initiative.refresh_from_db()
        assert (initiative.state, initiative.root_causes, initiative.owner) == ("running", ["price"], home.greta)


def test_second_of_two_editors_is_told(world):
    home = world.home
    with home.scope():
        initiative = an_initiative(home, name="Mend it")
        version = version_of(initiative)
    values = {"name": "Mend it", "state": "planned", "version": version}
    path = f"initiatives/{initiative.pk}/edit/"
    assert post(home, path, **values, text="Mine").status_code == 302
    answer = post(home, path, "ana", **values, text="Hers")
    assert answer.status_code == 409
    assert "Somebody changed this initiative meanwhile" in answer.text and "Hers" in answer.text
    with home.scope():
        initiative.refresh_from_db()
        assert initiative.text == "Mine"


def test_follow_ups_a_week_before_and_since(world):
    home = world.home
    for days in (0, 1, 2, 30):
        follow_up = closed_follow_up(home)
        with home.scope():
            FollowUp.objects.filter(pk=follow_up.pk).update(opened_at=TUESDAY + days * DAY)
    with home.scope():
        initiative = an_initiative(home, root_causes=["price"], started_on=date(2026, 3, 20))
        before, since = weekly_before_and_since(initiative, today=date(2026, 4, 16), zone=BERLIN)
    assert (before.follow_ups, before.days, before.value) == (3, 91, "0.2")
    assert (since.follow_ups, since.days, since.value) == (1, 28, "0.3")
