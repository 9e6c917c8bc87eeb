"""Next answers with and without a contact, the draw of a holdout, and what customers are worth."""

from datetime import timedelta
from decimal import Decimal

import pytest

from alerts.following_up import contact
from alerts.models import Alert, AlertRule, FollowUp, Recovery
from alerts.proof.effect.next_answers import drawn, with_and_without
from alerts.proof.effect.revenue import Worth, revenue
from customers.models import Customer
from tests.alerts.answering import TUESDAY, evaluate, give_answers, open_follow_up
from tests.alerts.closing import DAY, asked_again, close, switch_on
from tests.alerts.pages import client_of

START, END = TUESDAY - DAY, TUESDAY + DAY
NPS = {"measure": "nps", "points": 11}


def a_customer(ground, name: str, value: int | None = None) -> Customer:
    with ground.scope():
        return Customer.objects.create(name=name, value=value)


def sides(ground):
    with ground.scope():
        told, untold = with_and_without(START, END, **NPS)
    return (told.customers, told.tally.by_score), (untold.customers, untold.tally.by_score)


def test_each_customer_counts_once_on_the_side_of_the_contact(world):
    home = world.home
    contacted, opened, unseen = (a_customer(home, name) for name in ("Contacted", "Opened", "Unseen"))
    follow_up = open_follow_up(home, customer=contacted)
    with home.scope():
        contact(follow_up, way="phone", by=home.greta, at=TUESDAY + timedelta(hours=1))
    give_answers(home, 2, customer=contacted, at=TUESDAY + timedelta(hours=2))
    open_follow_up(home, customer=opened)
    give_answers(home, 4, customer=unseen, raise_alerts=False)
    give_answers(home, 9, customer=contacted, at=TUESDAY + 30 * DAY)
    give_answers(home, 1, customer=contacted, at=TUESDAY + 60 * DAY)
    give_answers(home, 3, customer=unseen, at=TUESDAY + 30 * DAY, raise_alerts=False)
    assert sides(home) == ((1, {9: 1}), (2, {3: 1}))


def test_next_answer_is_neither_of_the_same_week_nor_older_than_a_year_nor_of_recovery(world):
    home = world.home
    switch_on(home)
    asked_again(home, 10, customer=home.chiara)
    give_answers(home, 8, customer=home.chiara, at=TUESDAY + 6 * DAY)
    give_answers(home, 8, customer=home.chiara, at=TUESDAY + 366 * DAY)
    assert sides(home)[0] == (1, {})
    give_answers(home, 7, customer=home.chiara, at=TUESDAY + 90 * DAY)
    assert sides(home)[0] == (1, {7: 1})


def test_contact_counts_only_between_the_bad_answer_and_the_next(world):
    home = world.home
    before, between, after = (a_customer(home, name) for name in ("Before", "Between", "After"))
    for person, days in ((before, -20), (between, 3), (after, 40)):
        follow_up = open_follow_up(home, customer=person, score=2, at=TUESDAY - 30 * DAY if days < 0 else TUESDAY)
        with home.scope():
            contact(follow_up, way="phone", by=home.greta, at=TUESDAY + days * DAY)
        if days < 0:  # joins the follow-up whose contact lies before it
            give_answers(home, 2, customer=person, at=TUESDAY)
            evaluate(home)
        give_answers(home, 9, customer=person, at=TUESDAY + 30 * DAY, raise_alerts=False)
    assert sides(home) == ((1, {9: 1}), (2, {9: 2}))


def test_an_attempt_is_no_contact(world):
    home = world.home
    follow_up = open_follow_up(home)
    with home.scope():
        contact(follow_up, way="phone", outcome="no_answer", by=home.greta, at=TUESDAY + DAY)
    assert sides(home) == ((0, {}), (1, {}))


def test_bad_answer_to_the_question_after_closing_begins_nothing(world):
    home = world.home
    switch_on(home)
    asked_again(home, 2, customer=home.chiara)
    with home.scope():
        told, untold = with_and_without(TUESDAY + DAY, TUESDAY + 30 * DAY, **NPS)
    assert (told.customers, untold.customers) == (0, 0)


def test_draw_puts_everybody_on_the_side_they_were_drawn_to(world):
    home = world.home
    people = [a_customer(home, str(number)) for number in range(4)]
    for person in people:
        give_answers(home, 3, customer=person)
    evaluate(home)
    with home.scope():
        Alert.objects.update(raised_at=TUESDAY)
        Alert.objects.filter(customer=people[0]).update(is_held_out=True)
        Alert.objects.filter(customer=people[3]).update(rule_version=7)  # a version that drew nobody
    for person, score in zip(people, (2, 9, 10, 0), strict=True):
        give_answers(home, score, customer=person, at=TUESDAY + 30 * DAY, raise_alerts=False)
    with home.scope():
        (draw,) = drawn(START, END, **NPS)
        assert draw.name == AlertRule.objects.get().name
    assert (draw.acted.customers, draw.acted.tally.by_score) == (2, {9: 1, 10: 1})
    assert (draw.held.customers, draw.held.tally.by_score) == (1, {2: 1})


def held_out(ground, *, acted: int, held: int, version: int = 1, score_acted: int = 9, score_held: int = 3) -> None:
    """So many customers on each side of the draw, who all answered again."""
    people = [a_customer(ground, f"{version}-{number}") for number in range(acted + held)]
    with ground.scope():
        rule = AlertRule.objects.get()
        Alert.objects.bulk_create(
            Alert(
                organization=ground.organization,
                rule=rule,
                rule_version=version,
                customer=person,
                subject=f"{version}-{number}",
                raised_at=TUESDAY,
                is_held_out=number >= acted,
            )
            for number, person in enumerate(people)
        )
    for number, person in enumerate(people):
        score = score_acted if number < acted else score_held
        give_answers(ground, score, customer=person, at=TUESDAY + 30 * DAY, raise_alerts=False)


def page_of(ground) -> str:
    return client_of(ground.anton).get(ground.url("loop/effect/?from=2026-03-01&to=2026-03-31")).text


def test_difference_of_few_is_not_printed(world):
    held_out(world.home, acted=8, held=8)
    page = page_of(world.home)
    assert "Too few next answers to compare" in page
    assert "+200" not in page
    assert "All together" not in page


def test_versions_are_pooled_and_each_compared(world):
    for version in (1, 2):
        held_out(world.home, acted=17, held=17, version=version)
    page = page_of(world.home)
    assert "All together, each version against itself" in page
    # Together there are 34 a side; each version alone has too few.
    assert page.count("Too few next answers to compare") == 2
    assert "+200" in page
    assert "34 of 34 answered again (100 %)" in page


def test_page_says_who_was_contacted_and_who_was_followed_up_by_another_rule(world):
    home = world.home
    acted, held = a_customer(home, "Acted"), a_customer(home, "Held")
    for person in (acted, held):
        follow_up = open_follow_up(home, customer=person)
        if person == acted:
            with home.scope():
                contact(follow_up, way="phone", by=home.greta, at=TUESDAY + DAY)
    with home.scope():
        Alert.objects.update(raised_at=TUESDAY)
        draws = AlertRule.objects.create(name="Draws", conditions={"all": []}, priority="low", holdout_percent=50)
        for person in (acted, held):
            answered = Alert.objects.get(customer=person)
            Alert.objects.create(
                rule=draws,
                customer=person,
                response=answered.response,
                subject=person.name,
                raised_at=TUESDAY,
                is_held_out=person == held,
            )
        (draw,) = drawn(START, END, **NPS)
    assert (draw.acted.contacted, draw.held.contacted, draw.held.otherwise) == (1, 0, 1)
    assert "0 of 1 contacted before, 1 followed up because of another rule" in page_of(home)


def test_what_customers_are_worth_counts_each_once(world):
    home = world.home
    open_one, saved, lost, unvalued = (
        a_customer(home, name, value) for name, value in (("O", 100), ("S", 250), ("L", 40), ("U", None))
    )
    close(home, open_follow_up(home, customer=open_one), at=TUESDAY)
    open_follow_up(home, customer=open_one)
    open_follow_up(home, customer=unvalued)
    kept = close(home, open_follow_up(home, customer=saved), at=TUESDAY)
    close(home, open_follow_up(home, customer=lost), at=TUESDAY, outcome="lost")
    with home.scope():
        Recovery.objects.create(follow_up=kept, closed_at=TUESDAY, result="recovered")
        FollowUp.objects.update(opened_at=TUESDAY)
        found = revenue(START, END)
    assert found.at_risk == Worth(2, 1, Decimal(100))
    assert found.saved == Worth(1, 1, Decimal(250))
    assert found.lost == Worth(1, 1, Decimal(40))
    assert found.unknown == Worth()


def test_closed_is_saved_only_when_the_customer_says_so(world):
    home = world.home
    said = {"recovered": 1, "unchanged": 10, "worse": 100, "silent": 1000, "not_asked": 10_000}
    for result, value in said.items():
        follow_up = close(home, open_follow_up(home, customer=a_customer(home, result, value)), at=TUESDAY)
        with home.scope():
            Recovery.objects.create(follow_up=follow_up, closed_at=TUESDAY, result=result)
            if result == "recovered":  # opened and closed anew: nobody was asked about that
                Recovery.objects.create(follow_up=follow_up, closed_at=TUESDAY + DAY, result="not_asked")
    with home.scope():
        FollowUp.objects.update(opened_at=TUESDAY)
        found = revenue(START, END)
    assert [each.value for each in (found.saved, found.at_risk, found.unknown)] == [1, 110, 11_000]


def test_page_warns_that_the_groups_differ_and_shows_the_sums(world):
    home = world.home
    open_follow_up(home, customer=a_customer(home, "Dear", 1234))
    page = client_of(home.anton).get(home.url("loop/effect/?from=2026-03-01")).content.decode()
    assert "These groups differ." in page
    assert "1,234" in page
    assert "Nobody was left alone in this period" in page


@pytest.mark.parametrize("count", [2, 20])
def test_page_costs_the_same_for_any_number_of_answers(world, count, django_assert_max_num_queries):
    give_answers(world.home, *[3] * count)
    evaluate(world.home)
    client = client_of(world.home.anton)
    with django_assert_max_num_queries(25):
        assert client.get(world.home.url("loop/effect/?period=all")).status_code == 200
