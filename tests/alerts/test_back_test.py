"""The back-test: what a rule would have done, as of then, in batches, and the page that shows it."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from alerts.models import Alert, AlertRule, FollowUp
from alerts.rules.back_test import answers_of, back_test
from alerts.rules.editor.trying import tried as shown_of
from alerts.rules.facts import facts_in, facts_of
from alerts.rules.matching import is_raised_by
from alerts.rules.narrowing import narrowed
from alerts.rules.plain_words import plain_words
from customers.models import Customer
from surveys.models import Response
from tests.alerts.answering import TUESDAY, evaluate, give_answers, make_survey
from tests.alerts.pages import client_of
from tests.alerts.rules_of import DETRACTOR, SILENCE, THRESHOLD, all_of
from tests.alerts.test_editing_rules import MORE, every_condition, fields_of
from tests.alerts.test_silence_and_falling_scores import BAD, GOOD, ask

DAY = timedelta(days=1)
NOW = TUESDAY + 85 * DAY


def tried(ground, *, at=NOW, seconds=60.0, **values):
    rule = AlertRule(name="Tried", **{"conditions": all_of(DETRACTOR), **values})
    with ground.scope():
        return back_test(ground.organization, rule, at=at, seconds=seconds)


def test_counts_alerts_by_week_and_shows_the_newest(world):
    give_answers(world.home, 3, 9, 2, at=TUESDAY - 3 * DAY)
    give_answers(world.home, 1, at=TUESDAY)
    give_answers(world.home, 1, at=TUESDAY - 30 * DAY)  # too long ago
    found = tried(world.home)
    assert (found.alerts, found.is_done) == (3, True)
    assert found.weeks == {"2026-03-02": 2, "2026-03-09": 1}
    with world.home.scope():
        assert [each.score for each in answers_of(found)][:1] == [1]
        assert not Alert.objects.exists()


def test_each_answer_is_seen_as_of_then(world):
    chiara = world.home.chiara
    for days, score in enumerate([10, 2, 9, 3, 4]):
        give_answers(world.home, score, at=TUESDAY + days * DAY, customer=chiara)
    turned = all_of({"kind": "group_change", "from": "promoter", "to": "detractor"})
    assert tried(world.home, conditions=turned).alerts == 2
    assert tried(world.home, conditions=all_of({"kind": "repeated_detractor", "days": 2})).alerts == 2
    fell = all_of({"kind": "score_change", "direction": "fell", "points": 7})
    assert tried(world.home, conditions=fell).alerts == 1


def test_those_that_would_have_joined_an_open_follow_up_are_counted(world):
    chiara = world.home.chiara
    give_answers(world.home, 3, at=TUESDAY, customer=chiara, verbatim="Late")
    evaluate(world.home)
    with world.home.scope():
        FollowUp.objects.update(opened_at=TUESDAY + timedelta(minutes=1), resolved_at=TUESDAY + 5 * DAY)
    give_answers(world.home, 2, at=TUESDAY + 2 * DAY, customer=chiara)
    give_answers(world.home, 2, at=TUESDAY + 7 * DAY, customer=chiara)
    found = tried(world.home)
    assert (found.alerts, found.joined) == (3, 1)


def test_it_goes_on_where_it_stopped_and_counts_nobody_twice(world, monkeypatch):
    monkeypatch.setattr("alerts.rules.back_test.BATCH", 3)
    give_answers(world.home, *[3] * 5, at=TUESDAY)
    give_answers(world.home, *[3] * 5, 9, at=TUESDAY + DAY)
    rule = AlertRule(name="Tried", conditions=all_of(DETRACTOR))
    with world.home.scope():
        found, pages = back_test(world.home.organization, rule, at=NOW, seconds=0), 1
        while not found.is_done:
            found, pages = back_test(world.home.organization, rule, at=NOW, progress=found, seconds=0), pages + 1
    assert (found.alerts, pages, found.weeks) == (10, 4, {"2026-03-09": 10})


def test_statements_grow_with_batches_only(world, django_assert_max_num_queries):
    give_answers(world.home, *[3] * 40, at=TUESDAY, verbatim="Late")
    conditions = all_of(DETRACTOR, {"kind": "words", "words": ["late"]}, {"kind": "repeated_detractor", "days": 9})
    with django_assert_max_num_queries(10):
        tried(world.home, conditions=conditions)


def test_the_database_passes_over_no_answer_the_rule_holds_for(world):
    """Whatever is narrowed away, the conditions do not hold for it either."""
    with world.home.scope():
        Customer.objects.filter(pk=world.home.chiara.pk).update(value=5000)
        conditions = [*every_condition(world.home).values(), *MORE]
        survey = str(make_survey(world.home).pk)
    answer = {"kind": "answer", "surveys": [survey]}
    conditions += [
        {**answer, "question": "score", "is": "at_most", "value": 4},
        {**answer, "question": "verbatim", "is": "not_given"},
        {**answer, "question": "contact", "is": "not_given"},
        {"kind": "moment_of_truth", "is": False},
        {"kind": "score", "measure": "nps", "is": "above", "value": 5},
    ]
    chiara = world.home.chiara
    for number, score in enumerate([10, 2, 7, 0, 5]):
        more = {"may_contact": [True, False, None][number % 3], "verbatim": "too late" if number % 2 else ""}
        give_answers(world.home, score, at=TUESDAY + number * DAY, customer=chiara, **more)
        give_answers(world.home, score, at=TUESDAY + number * DAY, touchpoint=None, channel="api", **more)
    with world.home.scope():
        facts = facts_of(Response.objects.values_list("pk", flat=True))
        held_any = 0
        for one in conditions:
            for other in conditions:
                for match in ("all", "any"):
                    tree = {"match": "all", "of": [{"match": match, "of": [one, other]}]}
                    rule = AlertRule(name="Tried", conditions=tree)
                    held = {each.response.pk for each in facts if is_raised_by(rule, each)}
                    within = narrowed(tree)
                    if held and within is not None:
                        held_any += 1
                        assert held <= set(Response.objects.filter(within).values_list("pk", flat=True)), tree
    assert held_any > 100


def test_silences_of_the_past_are_counted_when_they_became_long_enough(world):
    with world.home.scope():
        Customer.objects.filter(pk=world.home.chiara.pk).update(value=5000)
        ask(world.home, world.home.chiara, at=TUESDAY)
        ask(world.home, world.home.chiara, at=TUESDAY + 5 * DAY)  # belongs to the same silence
    give_answers(world.home, 9, at=TUESDAY + 40 * DAY, customer=world.home.chiara)
    with world.home.scope():
        ask(world.home, world.home.chiara, at=TUESDAY + 45 * DAY)
    give_answers(world.home, 9, at=TUESDAY + 50 * DAY, customer=world.home.chiara)  # in time
    found = tried(world.home, kind="silence", conditions=SILENCE)
    assert found.weeks == {"2026-04-06": 1}
    assert found.examples == [str(world.home.chiara.pk)]


def test_silences_are_looked_at_piece_by_piece_and_the_next_page_goes_on(world):
    with world.home.scope():
        for days in (31, 50, 80, 110, 130):
            ask(world.home, Customer.objects.create(name=f"Silent {days}", value=5000), at=NOW - days * DAY)
        rule = AlertRule(name="Tried", kind="silence", conditions=SILENCE)
        found, pages = back_test(world.home.organization, rule, at=NOW, seconds=0), 1
        assert (found.is_done, found.alerts) == (False, 1)
        while not found.is_done:
            found, pages = back_test(world.home.organization, rule, at=NOW, progress=found, seconds=0), pages + 1
    assert (found.alerts, pages, len(found.examples)) == (4, 30, 4)


def test_a_slow_rule_takes_smaller_batches_and_keeps_to_its_time(world, monkeypatch):
    """A clock in which every answer costs a hundredth of a second."""
    give_answers(world.home, *[3] * 120, at=TUESDAY)
    passed, sizes = [0.0], []

    def slow(rows, *, needs):
        found = facts_in(rows, needs=needs)
        sizes.append(len(found))
        passed[0] += len(found) / 100
        return found

    monkeypatch.setattr("alerts.rules.back_test.FIRST", 40)
    monkeypatch.setattr("alerts.rules.back_test.facts_in", slow)
    monkeypatch.setattr("alerts.rules.back_test.time", SimpleNamespace(monotonic=lambda: passed[0]))
    assert not tried(world.home, seconds=0.9).is_done
    assert sizes == [40, 50]


def test_words_of_an_answer_are_made_plain_once_for_any_number_of_conditions(world, monkeypatch):
    give_answers(world.home, 3, at=TUESDAY, verbatim="Viel zu spät")
    made = []
    monkeypatch.setattr("alerts.rules.facts.plain_words", lambda text: made.append(text) or plain_words(text))
    many = [{"kind": "words", "words": ["late", "slow", "zu spat"]}, {"kind": "words", "words": ["viel"]}]
    assert tried(world.home, conditions=all_of(*many)).alerts == 1
    assert made == ["Viel zu spät"]


def test_who_is_silent_already_is_named_as_no_news(world):
    with world.home.scope():
        for days in (40, 50, 10):
            customer = Customer.objects.create(name=f"Silent {days}", value=5000)
            ask(world.home, customer, at=NOW - days * DAY)
    found = tried(world.home, kind="silence", conditions=SILENCE)
    with world.home.scope():
        rule = AlertRule(name="Tried", kind="silence", conditions=SILENCE)
        shown = shown_of(rule, found, world.home.organization)
    assert shown.already == (
        "2 customers are silent already and will not raise an alert: only who falls silent from now on does."
    )


def test_falls_of_the_past_are_found_with_the_rule_s_own_memory(world):
    give_answers(world.home, *GOOD, at=TUESDAY)
    give_answers(world.home, *BAD, at=TUESDAY + 7 * DAY)
    found = tried(world.home, kind="threshold", conditions=THRESHOLD)
    assert found.weeks == {"2026-03-16": 1}
    assert "17 Mar 2026. Tried: the 7-day NPS of “Parcel handed over” is −75" in found.examples[0]


def pressed(ground, sent, deed, **headers):
    sent["edit"] = deed
    return client_of(ground.ana).post(ground.url("settings/rules/new/"), sent, **headers)


@pytest.fixture
def sent(world):
    return fields_of(client_of(world.home.ana).get(world.home.url("settings/rules/new/?start=detractor")))


def test_page_shows_chart_table_and_examples_and_saves_nothing(world, sent):
    give_answers(world.home, 3, at=timezone.now() - DAY, verbatim="<b>Late</b>", customer=world.home.karim)
    sent["name"] = ""
    page = pressed(world.home, sent, "try")
    html = page.content.decode()
    assert page.status_code == 200
    assert "It would have fired 1 time in the last 90 days." in html
    assert "&lt;b&gt;Late&lt;/b&gt;" in html
    assert "كريم حداد" in html
    assert html.count("<tr>") >= 13
    assert "field-error" not in html
    with world.home.scope():
        assert AlertRule.objects.count() == 1


def test_page_goes_on_with_what_it_kept_unless_the_rule_changed(world, sent, monkeypatch):
    monkeypatch.setattr("alerts.rules.back_test.BATCH", 2)
    monkeypatch.setattr("alerts.rules.back_test.SECONDS", 0.0)
    give_answers(world.home, *[3] * 5, at=timezone.now() - DAY)
    monkeypatch.setattr(back_test, "__kwdefaults__", {**back_test.__kwdefaults__, "seconds": 0.0})
    half = fields_of(pressed(world.home, sent, "try", HTTP_HX_REQUEST="true"))
    assert half["tried"]
    whole = pressed(world.home, half, "go-on", HTTP_HX_REQUEST="true")
    more = fields_of(whole)
    assert "It would have fired 4 times so far" in whole.content.decode()
    done = pressed(world.home, more, "go-on").content.decode()
    assert "It would have fired 5 times in the last 90 days" in done
    half["tried"] += "x"
    assert "It would have fired 2 times so far" in pressed(world.home, half, "go-on").content.decode()


def test_conditions_that_cannot_be_held_are_not_tried(world, sent):
    sent["kind-to-add"], sent["edit"] = "repeated_detractor", "add"
    more = fields_of(client_of(world.home.ana).post(world.home.url("settings/rules/new/"), sent))
    more["c2-days"] = "0"
    page = pressed(world.home, more, "try")
    assert page.status_code == 422
    assert "Give a whole number from 1 to 730" in page.content.decode()


@pytest.mark.parametrize("start", ["silence", "threshold"])
def test_rules_that_look_by_themselves_are_tried_as_well(world, start):
    address = world.home.url(f"settings/rules/new/?start={start}")
    client = client_of(world.home.ana)
    sent = fields_of(client.get(address))
    sent["edit"] = "try"
    page = client.post(address, sent)
    assert page.status_code == 200
    assert "It would not have fired" in page.content.decode()
