"""Send rules: after which milestone a survey asks, and in words whom it would not reach."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.models import Consent, Customer
from customers.suppression import suppress
from journeys.models import Milestone
from surveys.models import Distribution
from surveys.send_rule_form import split_delay
from surveys.send_rules import Reach, reach_of
from tenancy.audit import SYSTEM
from tests.surveys.asking import deliver, live_survey, new_customer, send_rule, sent_before


@pytest.fixture
def home(world):
    with world.home.scope():
        world.home.rows.survey = live_survey(world.home)
    return world.home


@pytest.fixture
def page(home, client):
    client.force_login(home.anton)
    return home.url(f"surveys/{home.survey.pk}/send/")


def data(home, **values):
    return {
        "milestone": home.delivered.pk,
        "delay": "2",
        "delay_unit": "days",
        "fatigue_days": "",
        "expires_days": "14",
        "is_active": "on",
        **values,
    }


def test_rule_is_added_with_its_delay_in_minutes(home, client, page):
    assert client.post(page, data(home)).status_code == 302
    with home.scope():
        rule = Distribution.objects.get()
    assert (rule.survey_id, rule.milestone_id, rule.delay_minutes) == (home.survey.pk, home.delivered.pk, 2880)
    assert (rule.fatigue_days, rule.expires_days, rule.is_active) == (None, 14, True)
    assert "2 days after" in client.get(page).content.decode()


def test_second_rule_for_the_same_milestone_is_refused_in_words(home, client, page):
    client.post(page, data(home))
    answer = client.post(page, data(home))
    assert answer.status_code == 422
    assert "has a rule for this milestone already" in answer.content.decode()


@pytest.mark.parametrize(
    "values, words",
    [
        ({"delay": "400"}, "At most a year."),
        ({"delay": "-1"}, "greater than or equal to 0"),
        ({"expires_days": "0"}, "Between 1 and 365 days."),
        ({"milestone": ""}, "This field is required."),
    ],
)
def test_wrong_values_are_said_at_their_field(home, client, page, values, words):
    answer = client.post(page, data(home, **values))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_milestone_of_another_organization_is_no_choice(world, home, client, page):
    answer = client.post(page, data(home, milestone=world.other.delivered.pk))
    assert answer.status_code == 422


def test_rule_is_changed_and_shows_its_delay_in_the_largest_unit(home, client):
    client.force_login(home.anton)
    with home.scope():
        rule = send_rule(home, home.survey, delay_minutes=180)
        other = Milestone.objects.get(key="order.placed")
    url = home.url(f"surveys/send/{rule.pk}/")
    form = client.get(url).context["form"]
    assert (form["delay"].value(), form["delay_unit"].value(), form["milestone"].value()) == (
        3,
        "hours",
        home.delivered.pk,
    )
    assert client.post(url, data(home, milestone=other.pk, fatigue_days="7")).status_code == 302
    with home.scope():
        rule = Distribution.objects.get()
    assert (rule.milestone_id, rule.fatigue_days, rule.delay_minutes) == (other.pk, 7, 2880)


def test_switch_turns_a_rule_off_and_on(home, client):
    client.force_login(home.anton)
    with home.scope():
        rule = send_rule(home, home.survey)
    for on in ("no", "yes"):
        client.post(home.url(f"surveys/send/{rule.pk}/switch/"), {"on": on})
        with home.scope():
            assert Distribution.objects.get().is_active is (on == "yes")


def test_estimate_counts_each_customer_once_by_the_first_reason(home):
    now = timezone.now()
    with home.scope():
        rule = send_rule(home, home.survey)
        people = {name: new_customer(name) for name in ("Plain", "Barred", "Withdrawn", "Rested", "Both")}
        people["Mute"] = Customer.objects.create(name="Mute", external_id="M-1")
        for person in people.values():
            for age in (1, 2):
                deliver(home, person, ago=timedelta(days=age))
        deliver(home, new_customer("Longago"), ago=timedelta(days=60))
        for name in ("Barred", "Both"):
            suppress(people[name].email_key, reason="unsubscribed", by=SYSTEM, at=now)
        for name in ("Withdrawn", "Both"):
            Consent.objects.create(customer=people[name], purpose="survey", is_given=False, source="test", at=now)
        sent_before(home, live_survey(home), at=now - timedelta(days=3), customer=people["Rested"])
        reach = reach_of(rule, home.organization, at=now)
    assert reach == Reach(customers=6, erased=0, without_address=1, suppressed=2, without_consent=1, resting=1)
    assert reach.sentences == [
        "6 customers reached this milestone in the last 28 days.",
        "5 customers would have been held back: 1 without an e-mail address, 2 must not be written to, "
        "1 withdrew their consent to be asked, 1 asked by a survey a short while ago.",
    ]


def test_estimate_says_so_when_nobody_came(home, client, page):
    with home.scope():
        send_rule(home, home.survey)
    assert "Nobody reached this milestone in the last 28 days." in client.get(page).content.decode()


@pytest.mark.parametrize(
    "minutes, parts", [(0, (0, "minutes")), (45, (45, "minutes")), (60, (1, "hours")), (2880, (2, "days"))]
)
def test_delay_is_shown_in_the_largest_unit_without_a_rest(minutes, parts):
    assert split_delay(minutes) == parts


def test_live_survey_without_a_rule_says_that_nobody_is_asked(home, client, page):
    survey = home.survey
    words = "No send rule is on"
    assert words in client.get(home.url(f"surveys/{survey.pk}/versions/")).content.decode()
    with home.scope():
        rule = send_rule(home, survey)
    assert words not in client.get(home.url(f"surveys/{survey.pk}/versions/")).content.decode()
    with home.scope():
        Distribution.objects.filter(pk=rule.pk).update(is_active=False)
    assert words in client.get(home.url(f"surveys/{survey.pk}/versions/")).content.decode()
