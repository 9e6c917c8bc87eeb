"""Load and recovery by person: drawn toward the mean, hidden while it is little, and open to those it concerns."""

from alerts.models import FollowUp, Recovery, Team, TeamMember
from alerts.proof.people.figures import people_figures
from alerts.proof.people.seeing import may_coach, people_seen_by
from alerts.proof.people.words import place_words
from tenancy.models import Membership
from tests.alerts.answering import TUESDAY, evaluate, give_answers
from tests.alerts.closing import DAY, asked_again, switch_on
from tests.alerts.pages import client_of


def owned_recoveries(ground, owner, *, recovered: int, unchanged: int) -> None:
    """Follow-ups of this person whose customers answered so."""
    results = ["recovered"] * recovered + ["unchanged"] * unchanged
    first = give_answers(ground, *[3] * len(results))[0]
    evaluate(ground)
    with ground.scope():
        rows = FollowUp.objects.filter(owner=None, response__pk__gte=first.pk)
        for follow_up, result in zip(rows, results, strict=True):
            FollowUp.objects.filter(pk=follow_up.pk).update(owner=owner, opened_at=TUESDAY)
            Recovery.objects.create(follow_up=follow_up, closed_at=TUESDAY, result=result)


def figures(ground, *people):
    with ground.scope():
        return people_figures(people, TUESDAY - DAY, TUESDAY + DAY, at=TUESDAY)


def test_recovery_is_drawn_toward_the_mean_and_hidden_below_ten(world):
    home = world.home
    owned_recoveries(home, home.greta, recovered=9, unchanged=1)
    owned_recoveries(home, home.anton, recovered=4, unchanged=6)
    owned_recoveries(home, home.ana, recovered=3, unchanged=0)
    found = figures(home, home.greta, home.anton, home.ana)
    greta, anton, ana = found.people
    assert (found.all.hits, found.all.n) == (16, 23)
    assert 16 / 23 * 100 < greta.recovery.value < 90
    assert 40 < anton.recovery.value < 16 / 23 * 100
    assert (ana.recovery, ana.places) == (None, None)
    assert (greta.open, greta.contacted) == (10, None)


def test_who_cannot_be_told_apart_is_tied(world):
    home = world.home
    owned_recoveries(home, home.greta, recovered=6, unchanged=4)
    owned_recoveries(home, home.anton, recovered=5, unchanged=5)
    assert [each.places for each in figures(home, home.greta, home.anton).people] == [(1, 2), (1, 2)]
    assert place_words((1, 2), 2) == "tied with all"
    assert (place_words((1, 1), 3), place_words((2, 3), 3), place_words(None, 3)) == ("1 of 3", "2 to 3 of 3", "")


def test_everybody_sees_themselves_a_lead_the_team_and_managers_all(world):
    home = world.home
    with home.scope():
        team = Team.objects.create(name="Berlin", lead=home.greta)
        TeamMember.objects.create(team=team, user=home.anton)
        of = {name: Membership.objects.get(user=getattr(home, name)) for name in ("ana", "anton", "greta")}
        assert people_seen_by(of["greta"]) == [home.anton, home.greta]
        assert len(people_seen_by(of["anton"])) == 4  # Ana, Anton, Greta and Olga
        assert may_coach(of["greta"], home.anton.pk)
        assert not may_coach(of["anton"], home.greta.pk)
        assert may_coach(of["ana"], home.greta.pk)


def test_organization_that_ranks_nobody_shows_figures_without_places(world):
    home = world.home
    url = home.url("loop/team/")
    assert "Place</th>" in client_of(home.ana).get(url).text
    with home.scope():
        home.organization.hides_places = True
        home.organization.save()
    page = client_of(home.ana).get(url).text
    assert "Greta" in page and "Place" not in page and "tied" not in page


def test_page_of_a_person_shows_praise_and_what_to_learn(world):
    home = world.home
    switch_on(home, fatigue_days=7)
    for score, words in ((10, "She called at once"), (1, "Nobody called back")):
        follow_up = asked_again(home, score, verbatim=words, at=TUESDAY + score * 20 * DAY)
        with home.scope():
            FollowUp.objects.filter(pk=follow_up.pk).update(owner=home.greta)
    page = client_of(home.greta).get(home.url(f"loop/team/{home.greta.pk}/?period=all")).content.decode()
    praise, _, lessons = page.partition("To learn from")
    assert "She called at once" in praise
    assert "Nobody called back" in lessons
    assert client_of(home.anton).get(home.url(f"loop/team/{home.greta.pk}/")).status_code == 403
    assert client_of(home.ana).get(home.url(f"loop/team/{world.other.greta.pk}/")).status_code == 404


def test_table_costs_the_same_for_any_number_of_follow_ups(world, django_assert_max_num_queries):
    owned_recoveries(world.home, world.home.greta, recovered=12, unchanged=3)
    client = client_of(world.home.anton)
    with django_assert_max_num_queries(25):
        page = client.get(world.home.url("loop/team/?period=all")).content.decode()
    assert "12 of 15 answered" in page
