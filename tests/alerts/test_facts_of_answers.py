"""What the conditions look at is loaded for a whole batch at once."""

from datetime import timedelta

from alerts.rules.facts import facts_of
from surveys.models import Survey
from surveys.responding import Given, record_responses
from tenancy.audit import SYSTEM
from tenancy.owned import new_id
from tests.alerts.answering import TUESDAY, give_answers
from tests.surveys.listening import instrument_of, make_live_survey


def test_facts_know_the_answer_before_and_when_the_customer_was_a_detractor(world, django_assert_num_queries):
    home = world.home
    (first,) = give_answers(home, 4, customer=home.chiara, at=TUESDAY - timedelta(days=20))
    (second,) = give_answers(home, 9, customer=home.chiara, at=TUESDAY - timedelta(days=3))
    (third,) = give_answers(home, 2, customer=home.chiara, verbatim="Lost again")
    (nobody,) = give_answers(home, 2, customer=None)
    with home.scope(), django_assert_num_queries(2):
        found = {each.response.pk: each for each in facts_of([first.pk, second.pk, third.pk, nobody.pk])}
        assert found[third.pk].names[str(home.stage.pk)] == "Receiving"
    assert (found[first.pk].last_score, found[first.pk].last_detractor_at) == (None, None)
    assert (found[second.pk].last_score, found[second.pk].last_detractor_at) == (4, TUESDAY - timedelta(days=20))
    assert (found[third.pk].last_score, found[third.pk].last_group) == (9, "promoter")
    assert found[third.pk].last_detractor_at == TUESDAY - timedelta(days=20)
    assert (found[third.pk].verbatim, found[first.pk].verbatim) == ("Lost again", "")
    assert (found[nobody.pk].last_score, found[nobody.pk].customer_value) == (None, None)


def test_last_answer_is_that_under_the_same_measure_and_says_its_scale(world):
    home, day = world.home, timedelta(days=1)
    with home.scope():
        five = make_live_survey(home, "touchpoint_csat", "Satisfied?")
        seven = make_live_survey(home, "touchpoint_csat", "Satisfied, of seven?")
        Survey.objects.filter(pk=seven.pk).update(points=7)
    (nps,) = give_answers(home, 9, customer=home.chiara, at=TUESDAY - 3 * day)
    moments = {five: TUESDAY - 2 * day, seven: TUESDAY - day}
    given = {}
    for survey, at in moments.items():
        with home.scope():
            values = {"touchpoint": home.delivery, "channel": "link", "customer": home.chiara, "responded_at": at}
            answer = Given(score=5, submission_key=str(new_id()), **values)
            ((given[survey], _),) = record_responses(
                [answer], survey=survey, version=instrument_of(survey), by=SYSTEM, at=at
            )
    with home.scope():
        found = {each.response.pk: each for each in facts_of([nps.pk, given[five].pk, given[seven].pk])}
    assert found[given[five].pk].last_score is None
    second = found[given[seven].pk]
    assert (second.last_score, second.last_points, second.risen_by) == (5, 5, None)
