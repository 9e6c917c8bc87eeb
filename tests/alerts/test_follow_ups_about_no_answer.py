"""Follow-ups that a silence or a score that fell opened: the reason stands wherever the verbatim would."""

from datetime import timedelta

import pytest

from alerts.digests import _context
from alerts.escalation.escalating import escalate_batch
from alerts.forgetting import forget
from alerts.models import Alert, AlertRule, FollowUp, FollowUpDigest, SlaPolicy
from alerts.notices import tell_of_opened
from alerts.notifying.channels.slack import CHANNEL as SLACK
from alerts.notifying.message import message_of
from alerts.timeline import follow_ups_of
from tenancy.models import OutgoingMail
from tests.alerts.answering import TUESDAY
from tests.alerts.pages import client_of, do, queue
from tests.alerts.test_mails_of_follow_ups import written
from tests.calling import Api

REASON = "Valued customers who fell silent: no answer for 90 days"


@pytest.fixture
def silent(world) -> FollowUp:
    """Karim has said nothing for long."""
    with world.home.scope():
        return without_answer(world.home, customer=world.home.karim)


def without_answer(ground, *, customer=None) -> FollowUp:
    rule = AlertRule.objects.get()
    alert = Alert.objects.create(rule=rule, subject="silence", customer=customer, raised_at=TUESDAY, reason=REASON)
    return FollowUp.objects.create(
        number=1,
        customer=customer,
        alert=alert,
        sla_policy=SlaPolicy.objects.get(name="Standard"),
        opened_at=TUESDAY,
        first_contact_due_at=TUESDAY + timedelta(hours=8),
        resolution_due_at=TUESDAY + timedelta(days=2),
    )


def test_page_and_queue_say_the_reason(world, silent):
    html = client_of(world.home.greta).get(world.home.url("followups/1/")).content.decode()
    assert f'<p class="quote">{REASON}</p>' in html
    assert "The customer was not asked whether we may get in touch." in html
    assert "chip-detractor" not in html
    row = queue(world.home, query="?view=all").content.decode()
    assert REASON in row
    assert "كريم حداد" in row


def test_about_many_customers_names_none(world):
    with world.home.scope():
        without_answer(world.home)
    html = client_of(world.home.greta).get(world.home.url("followups/1/")).content.decode()
    assert "Several customers" in html
    assert "Several customers" in queue(world.home, query="?view=all").content.decode()


def test_every_deed_works_without_an_answer(world, silent):
    steps = [
        ("acknowledgement", {}),
        ("notes", {"text": "Calls are better"}),
        ("contact", {"way": "phone", "text": "Reached"}),
        ("resolution", {"outcome": "explained", "root_cause": "price", "text": "Moved house"}),
        ("closure", {"closing": "told", "text": "Told by phone"}),
    ]
    for deed, values in steps:
        with world.home.scope():
            silent.refresh_from_db()
        assert do(world.home, silent, deed, version=silent.version, **values).status_code == 302, deed
    with world.home.scope():
        silent.refresh_from_db()
        assert silent.state == "closed"


def test_mails_and_messages_say_the_reason(world, silent):
    with world.home.scope():
        tell_of_opened(world.home.organization, [silent], at=TUESDAY)
        digest = FollowUpDigest(first_number=1, last_number=1, due_at=TUESDAY)
        (listed,) = _context(world.home.organization, digest)["listed"]
    assert (listed["reason"], listed["score"]) == (REASON, None)
    message, html = written(world.home, "follow_up_opened")
    assert message.subject == "Follow-up 1: كريم حداد"
    assert "None" not in message.body
    for body in (message.body, html):
        assert REASON in body
        assert "gave" not in body
    outside = message_of(id="1", event="follow_up.opened", at="", count=1, facts=listed)
    assert outside.quote == REASON
    assert "Score" not in dict(outside.fields)
    assert SLACK.request(outside, sealed={"address": "https://hooks.slack.com/x"}, at=0).body


def test_broken_promise_is_told_with_the_reason(world, silent):
    with world.home.scope():
        FollowUp.objects.update(escalates_at=TUESDAY)
    escalate_batch(world.home.organization.pk, at=TUESDAY + timedelta(days=9))
    message, html = written(world.home, "notification")
    assert REASON in message.body
    assert REASON in html
    assert "gave" not in message.body


def test_api_gives_no_answer_and_the_reason(world, silent):
    found = Api(world.home).get("follow-ups").json()["results"]
    assert [(each["response"], each["score"], each["reason"]) for each in found] == [(None, None, REASON)]


def test_timeline_and_erasure_live_with_it(world, silent):
    with world.home.scope():
        assert [item.title for item in follow_ups_of(world.home.karim)][:1] == ["Follow-up 1"]
        forget(world.home.karim)
        assert not OutgoingMail.objects.filter(context__customer_ids__contains=[str(world.home.karim.pk)])
