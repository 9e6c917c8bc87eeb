"""How the loop runs: counts by hand, broken down, with intervals, and at the same cost for any number of follow-ups."""

from datetime import date

import pytest

from alerts.following_up import contact, reopen
from alerts.models import FollowUp, Playbook, Recovery, Team
from alerts.proof.measures.loop import read_loop
from alerts.proof.measures.page import change_words, hours_words, shown
from metrics.families import families
from metrics.statistics.interval import Interval
from metrics.statistics.quantiles import Quantile
from metrics.statistics.shares import Share
from tests.alerts.answering import TUESDAY, evaluate, give_answers, open_follow_up
from tests.alerts.closing import DAY, HOUR, close, closed_follow_up, switch_on
from tests.alerts.pages import client_of

DAYS = (date(2026, 3, 10), date(2026, 3, 31))
LATE = TUESDAY + 60 * DAY


@pytest.fixture
def home(world):
    """Follow-ups that count as opened when their answer came."""
    return world.home


def opened_then(ground) -> None:
    with ground.scope():
        for follow_up in FollowUp.objects.select_related("response"):
            FollowUp.objects.filter(pk=follow_up.pk).update(opened_at=follow_up.response.responded_at)


def read(ground, *, at=LATE):
    opened_then(ground)
    with ground.scope():
        return read_loop(*DAYS, at=at)


def test_promises_kept_of_those_decided(home):
    closed_follow_up(home)  # within an hour: both kept
    close(home, open_follow_up(home), at=TUESDAY + 30 * DAY)  # both broken
    open_follow_up(home)  # never contacted, past both
    figures = read(home).whole.figures
    assert (figures["contacted_within_sla"], figures["resolved_within_sla"]) == (Share(1, 3), Share(1, 3))
    assert figures["closed_loop_rate"] == Share(2, 3)


def test_what_may_still_be_kept_is_not_judged(home):
    open_follow_up(home)
    figures = read(home, at=TUESDAY + HOUR).whole.figures
    assert (figures["contacted_within_sla"].n, figures["resolved_within_sla"].n) == (0, 0)
    assert figures["closed_loop_rate"] == Share(0, 1)


def test_paused_clock_is_not_judged(home):
    follow_up = open_follow_up(home)
    with home.scope():
        FollowUp.objects.filter(pk=follow_up.pk).update(
            paused_at=TUESDAY, pause_reason="snoozed", resumes_at=LATE + DAY
        )
    assert read(home).whole.figures["contacted_within_sla"].n == 0


def test_time_to_first_contact_is_a_value_of_the_sample(home):
    for hours in (1, 2, 3, 4, 5, 6, 7, 8, 9, 100):
        follow_up = open_follow_up(home)
        with home.scope():
            contact(follow_up, way="phone", by=home.greta, at=TUESDAY + hours * HOUR)
    figures = read(home).whole.figures
    median, p90 = figures["first_contact_median"], figures["first_contact_p90"]
    assert (median.n, median.value, p90.value) == (10, 5, 9)
    assert (median.interval.low, median.interval.high) == (2, 9)
    assert p90.interval is None


def test_reopened_of_those_ever_resolved(home):
    again, _ = closed_follow_up(home), closed_follow_up(home)
    open_follow_up(home)
    with home.scope():
        reopen(again, by=home.greta, at=TUESDAY + DAY)
    assert read(home).whole.figures["reopen_rate"] == Share(1, 2)


def test_recovered_of_those_who_answered_by_the_last_closing(home):
    follow_ups = [closed_follow_up(home) for _ in range(4)]
    results = ("recovered", "unchanged", "silent", "worse")
    with home.scope():
        for follow_up, result in zip(follow_ups, results, strict=True):
            Recovery.objects.create(follow_up=follow_up, closed_at=TUESDAY, result=result)
        Recovery.objects.create(follow_up=follow_ups[3], closed_at=TUESDAY + DAY, result="recovered")
    figure = read(home).whole.figures["recovery_rate"]
    assert figure == Share(2, 3)
    assert (round(figure.interval.low, 2), round(figure.interval.high, 2)) == (20.77, 93.85)  # Wilson, 2 of 3


def test_breakdowns_add_up_to_the_whole(home):
    first, second, third = closed_follow_up(home), closed_follow_up(home, touchpoint=home.support), open_follow_up(home)
    with home.scope():
        team = Team.objects.create(name="Berlin")
        playbook = Playbook.objects.create(name="Late parcel")
        FollowUp.objects.filter(pk=first.pk).update(team=team, playbook=playbook)
    reading = read(home)
    assert [(cell.name, cell.size) for cell in reading.by["team"]] == [("No team", 2), ("Berlin", 1)]
    assert [(cell.name, cell.size) for cell in reading.by["playbook"]] == [("No playbook", 2), ("Late parcel", 1)]
    assert [(cell.name, cell.size) for cell in reading.by["root_cause"]] == [
        ("Price or invoice", 2),
        ("No cause known yet", 1),
    ]
    assert [(cell.name, cell.size) for cell in reading.by["touchpoint"]] == [
        ("Parcel handed over", 2),
        ("Support call", 1),
    ]
    by_cause = {cell.key: cell.figures for cell in reading.by["root_cause"]}
    assert by_cause["price"]["first_contact_median"].n == 2
    assert by_cause[""]["first_contact_median"].n == 0
    assert {second.number, third.number} == {2, 3}


def test_merged_and_others_days_and_organizations_do_not_count(world, home):
    kept, merged = open_follow_up(home), open_follow_up(home)
    open_follow_up(home, at=TUESDAY - DAY)
    open_follow_up(world.other)
    with home.scope():
        FollowUp.objects.filter(pk=merged.pk).update(state="merged", merged_into=kept)
    assert read(home).whole.size == 1


def test_family_is_registered_with_metrics():
    family = families["loop"]
    assert family.measures[0].key == "contacted_within_sla"
    assert list(family.breakdowns) == ["team", "root_cause", "touchpoint", "playbook"]


def test_reading_costs_seven_queries(home, django_assert_num_queries):
    give_answers(home, *[3] * 20)
    evaluate(home)
    opened_then(home)
    with home.scope(), django_assert_num_queries(6):  # nobody was contacted: no times to look up
        read_loop(*DAYS, at=LATE)
    with home.scope():
        contact(FollowUp.objects.first(), way="phone", by=home.greta, at=LATE)
    with home.scope(), django_assert_num_queries(7):
        read_loop(*DAYS, at=LATE)


@pytest.mark.parametrize(
    ("hours", "words"), [(0.5, "30 min"), (1, "1.0 h"), (5.25, "5.3 h"), (47, "47.0 h"), (72, "3.0 days")]
)
def test_times_in_words(hours, words):
    assert hours_words(hours) == words


def test_share_in_words_has_its_interval_and_base():
    measure = families["loop"].measures[0]
    figure = shown(measure, Share(280, 400))
    assert (figure.value, figure.base) == ("70 %", "280 of 400")
    assert figure.interval == "65 to 74 %"
    assert shown(measure, Share(0, 0)).value == "–"


def test_page_shows_measures_and_each_breakdown(home):
    closed_follow_up(home)
    opened_then(home)
    client = client_of(home.anton)
    for by, said in (("team", "No team"), ("root_cause", "Price or invoice"), ("touchpoint", "Parcel handed over")):
        page = client.get(home.url(f"loop/?period=all&by={by}")).content.decode()
        assert "Contacted in time" in page
        assert said in page
    empty = client.get(home.url("loop/?from=2020-01-01&to=2020-01-02")).content.decode()
    assert "No follow-ups opened in this period" in empty
    assert client.get(home.url("loop/?from=yesterday")).status_code == 422


def test_team_of_fewer_than_five_shows_no_figures_and_cannot_be_subtracted(home):
    with home.scope():
        teams = [Team.objects.create(name=name) for name in ("Berlin", "Bonn", "Ulm")]
    for team, count in zip(teams, (3, 6, 9), strict=True):
        for _ in range(count):
            follow_up = open_follow_up(home)
            with home.scope():
                FollowUp.objects.filter(pk=follow_up.pk).update(team=team)
    hidden = {cell.name: "closed_loop_rate" in cell.hidden for cell in read(home).by["team"]}
    assert hidden == {"Berlin": True, "Bonn": True, "Ulm": False}
    page = client_of(home.anton).get(home.url("loop/?period=all&by=team")).text
    assert "too few to show" in page


def test_change_against_the_period_before_has_its_verdict():
    share, time = families["loop"].measures[0], families["loop"].measures[1]
    assert change_words(share, Share(280, 400), Share(200, 400)) == "50 % before: +20 pts, a real change"
    assert change_words(share, Share(21, 40), Share(20, 40)) == "50 % before: +3 pts, within noise"
    assert change_words(share, Share(9, 10), Share(20, 40)) == "50 % before: too few to compare"
    assert change_words(share, Share(9, 10), Share(0, 0)) == ""
    soon, late = (Quantile(0.5, 40, hours, Interval(hours - 1, hours + 1)) for hours in (3, 9))
    assert change_words(time, soon, late) == "9.0 h before: a real change"
    assert change_words(time, soon, soon) == "3.0 h before: within noise"
    assert change_words(time, soon, Quantile(0.5, 9, 9, None)) == "9.0 h before: too few to compare"


def test_page_compares_with_the_days_before_and_says_what_it_means(home):
    closed_follow_up(home, at=TUESDAY)
    closed_follow_up(home, at=TUESDAY - 14 * DAY)
    open_follow_up(home, at=TUESDAY)
    opened_then(home)
    page = client_of(home.anton).get(home.url("loop/?from=2026-03-09&to=2026-03-22&by=root_cause")).text
    assert "23 Feb 2026 to 8 Mar 2026" in page
    assert "100 % before: too few to compare" in page
    assert "1 of 2 contacted" in page
    assert "too few</span>" in page.partition("<tbody>")[2]
    assert "What the figures mean" in page
    assert "Most: Price or invoice, 1 of 2" in page  # and not what has no cause yet
    assert "customers are not asked again after closing. An admin can switch that on" in page
    assert "settings/recovery/" in client_of(home.ana).get(home.url("loop/?from=2026-03-09&to=2026-03-22")).text
    switch_on(home)
    assert "not asked again" not in client_of(home.ana).get(home.url("loop/?from=2026-03-09&to=2026-03-22")).text
