"""Load and recovery by person: drawn toward the mean, hidden while it is little, and open to those it concerns."""

from django.utils import timezone

from alerts.following_up import assign, contact
from alerts.models import FollowUp, Recovery, Team, TeamMember
from alerts.proof.measures.counting import LoopCounts, count_loops_by_owner
from alerts.proof.people.figures import people_figures
from alerts.proof.people.seeing import may_coach, people_seen_by
from alerts.proof.people.words import place_words, result_words
from metrics.statistics.shares import Share
from tenancy.models import Membership
from tests.alerts.answering import TUESDAY, evaluate, give_answers, open_follow_up
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
    assert found.all is None  # less those shown it would say what Ana's three gave
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


def test_the_sum_is_shown_when_nobody_can_be_subtracted(world):
    home = world.home
    owned_recoveries(home, home.greta, recovered=9, unchanged=1)
    owned_recoveries(home, home.anton, recovered=4, unchanged=6)
    assert figures(home, home.greta, home.anton).all == Share(13, 20)
    # Whoever is not in the table counts neither in its sum nor among its places.
    found = figures(home, home.greta, home.ana)
    assert (found.all, found.ranked) == (Share(9, 10), 1)


def test_one_person_is_drawn_toward_their_team_and_nobody_else(world):
    home = world.home
    owned_recoveries(home, home.greta, recovered=6, unchanged=4)
    owned_recoveries(home, home.anton, recovered=0, unchanged=30)
    owned_recoveries(home, home.ana, recovered=30, unchanged=0)
    alone = figures(home, home.greta).people[0].recovery.value
    with home.scope():
        team = Team.objects.create(name="Berlin")
        for user in (home.greta, home.ana):
            TeamMember.objects.create(team=team, user=user)
    assert figures(home, home.greta).people[0].recovery.value > alone


def test_team_narrows_the_table(world):
    home = world.home
    with home.scope():
        team = Team.objects.create(name="Berlin")
        TeamMember.objects.create(team=team, user=home.anton)
    page = client_of(home.ana).get(home.url(f"loop/team/?team={team.pk}")).text
    table = page.partition("<tbody>")[2]
    assert "Berlin" in page
    assert "Anton Northwind" in table and "Greta Northwind" not in table


def test_first_contact_is_that_of_the_owner_then(world):
    home = world.home
    follow_up = open_follow_up(home, at=timezone.now() - DAY)
    missed = open_follow_up(home, at=timezone.now() - 20 * DAY, customer=home.karim)
    with home.scope():
        for each in (follow_up, missed):
            assign(each, owner=home.greta, by=home.ana, at=timezone.now() - 20 * DAY)
        contact(follow_up, way="phone", by=home.greta, at=timezone.now())
        for each in (follow_up, missed):
            assign(each, owner=home.anton, text="Holiday", by=home.ana, at=timezone.now() + 9 * DAY)
        counts = count_loops_by_owner(TUESDAY - DAY, timezone.now() + DAY, at=timezone.now() + 10 * DAY)
    assert (counts[home.greta.pk].contact_decided, counts[home.greta.pk].contacted) == (2, 1)
    assert (counts[home.greta.pk].opened, counts[home.anton.pk].opened) == (0, 2)
    assert counts[home.anton.pk].contact_decided == 0


def test_results_of_a_person_are_those_of_the_measures_and_hidden_below_ten():
    assert result_words(LoopCounts(recovered=8, worse=1, silent=3)) == ""
    words = result_words(LoopCounts(recovered=8, worse=2, silent=3, stayed_well=1))
    assert words == "recovered 8, worse 2, well before and after 1, silent 3"


def test_who_stands_well_now_is_praise(world):
    home = world.home
    switch_on(home)
    follow_up = asked_again(home, 9, verbatim="As good as ever")
    with home.scope():
        Recovery.objects.update(result="unchanged", score_before=10)
        FollowUp.objects.filter(pk=follow_up.pk).update(owner=home.greta)
    page = client_of(home.greta).get(home.url(f"loop/team/{home.greta.pk}/?period=all")).text
    assert "As good as ever" in page.partition("To learn from")[0]
    assert "Well before and after" in page
