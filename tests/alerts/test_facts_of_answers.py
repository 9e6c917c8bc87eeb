"""What the conditions look at is loaded for a whole batch at once."""

from datetime import timedelta

from alerts.rules.facts import facts_of
from tests.alerts.answering import TUESDAY, give_answers


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
