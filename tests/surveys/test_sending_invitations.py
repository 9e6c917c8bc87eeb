"""Due invitations go out over real SMTP, once, and what keeps one from going out is stored with it."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from customers.models import Suppression
from customers.suppression import suppress
from surveys import sending
from surveys.models import Distribution, Invitation, Survey
from surveys.sending import send_batch
from surveys.signals import response_completed
from tenancy.audit import SYSTEM
from tenancy.models import Organization
from tenancy.scope import is_in_scope
from tests.surveys.asking import deliver, invitation_for, live_survey, new_customer, send_rule, sent_before


@pytest.fixture
def home(world):
    with world.home.scope():
        world.home.rows.survey = live_survey(world.home)
        world.home.rows.rule = send_rule(world.home, world.home.rows.survey)
    return world.home


def order_arrives(home, *customers):
    with home.scope():
        for customer in customers or (home.chiara,):
            deliver(home, customer)


def send(home, **options):
    """One batch, at a moment after everything that was just planned became due."""
    return send_batch(home.organization.id, **options)


def outcome(home, customer=None):
    with home.scope():
        invitation = invitation_for(customer or home.chiara)
    return invitation.status, invitation.reason


def change(home, rows, **values):
    with home.scope():
        rows.objects.update(**values)


def test_due_invitation_is_sent_once_with_its_version_and_expiry(home, mail_server):
    order_arrives(home)
    assert send(home) == 1
    assert send(home) == 0
    assert len(mail_server.to("chiara@northwind.example")) == 1
    with home.scope():
        invitation = invitation_for(home.chiara)
        assert invitation.status == "sent"
        assert invitation.version == home.survey.versions.get()
        assert invitation.expires_at - invitation.sent_at == pytest.approx(timedelta(days=30), abs=timedelta(seconds=5))
        assert str(invitation.id) in invitation.message_id


def test_batch_goes_over_one_connection(home, mail_server):
    with home.scope():
        customers = [new_customer(f"Number{number}") for number in range(12)]
    order_arrives(home, *customers)
    assert send(home) == 12
    assert mail_server.connections == 1
    assert all(mail_server.to(customer.email) for customer in customers)


def test_sending_is_committed_before_the_mail_server_hears_of_it(home, mail_server, monkeypatch):
    seen = []

    def look(connection, mail):
        assert not is_in_scope()
        with home.scope():
            seen.append(Invitation.objects.get().status)
        return hand_over(connection, mail)

    hand_over = sending.hand_over
    monkeypatch.setattr(sending, "hand_over", look)
    order_arrives(home)
    send(home)
    assert seen == ["sending"]
    assert outcome(home) == ("sent", "sent")


@pytest.mark.parametrize(
    "rows, values, expected",
    [
        (Survey, {"state": "paused"}, ("deferred", "survey_paused")),
        (Survey, {"state": "closed"}, ("dropped", "survey_closed")),
        (Distribution, {"is_active": False}, ("dropped", "plan_off")),
        (Organization, {"is_demo": True}, ("dropped", "demo")),
    ],
)
def test_what_changed_since_planning_decides(home, mail_server, rows, values, expected):
    order_arrives(home)
    if rows is Organization:
        with home.scope():
            Organization.objects.filter(pk=home.organization.pk).update(**values)
    else:
        change(home, rows, **values)
    assert send(home) == 1
    assert outcome(home) == expected
    assert not mail_server.to("chiara@northwind.example")


def test_demo_mail_goes_to_a_mailbox_on_this_machine(home, mail_server, settings):
    settings.DEMO_MAIL = True
    with home.scope():
        Organization.objects.filter(pk=home.organization.pk).update(is_demo=True)
    order_arrives(home)
    send(home)
    assert outcome(home) == ("sent", "sent")


def test_deleted_rule_takes_its_asks_with_it(home, mail_server):
    order_arrives(home)
    with home.scope():
        home.rule.delete()
    send(home)
    assert outcome(home) == ("dropped", "plan_off")


def test_unsubscribed_address_gets_nothing(home, mail_server):
    order_arrives(home)
    with home.scope():
        suppress("chiara@northwind.example", reason="unsubscribed", by=SYSTEM, at=timezone.now())
    send(home)
    assert outcome(home) == ("dropped", "suppressed")
    assert not mail_server.to("chiara@northwind.example")


def test_suppression_of_another_organization_does_not_count_here(world, home, mail_server):
    order_arrives(home)
    with world.other.scope():
        suppress("chiara@northwind.example", reason="unsubscribed", by=SYSTEM, at=timezone.now())
    send(home)
    assert outcome(home) == ("sent", "sent")


def test_unsubscribing_while_the_mail_is_being_written_still_counts(home, mail_server, monkeypatch):
    """The statement that claims the send is the one that looks at the suppressions."""
    write = sending.write_survey_mail

    def unsubscribe_meanwhile(survey_mail, *, sender):
        with home.scope():
            suppress("chiara@northwind.example", reason="unsubscribed", by=SYSTEM, at=timezone.now())
        return write(survey_mail, sender=sender)

    monkeypatch.setattr(sending, "write_survey_mail", unsubscribe_meanwhile)
    order_arrives(home)
    send(home)
    assert not mail_server.to("chiara@northwind.example")
    send(home)
    assert outcome(home) == ("dropped", "suppressed")


def test_customer_erased_or_moved_while_the_mail_is_being_written_gets_nothing(home, mail_server, monkeypatch):
    write = sending.write_survey_mail

    def move_meanwhile(survey_mail, *, sender):
        with home.scope():
            home.chiara.email = home.chiara.email_key = "new@customers.example"
            home.chiara.save()
        return write(survey_mail, sender=sender)

    monkeypatch.setattr(sending, "write_survey_mail", move_meanwhile)
    order_arrives(home)
    send(home)
    assert not mail_server.to("chiara@northwind.example")
    monkeypatch.undo()
    send(home)
    assert outcome(home) == ("sent", "sent")


def test_customer_asked_by_any_survey_is_left_in_peace(home, mail_server):
    with home.scope():
        other = live_survey(home, "relationship_nps", "How are we doing?")
        sent_before(home, other, at=timezone.now() - timedelta(days=3))
        deliver(home)
    send(home)
    with home.scope():
        invitation = Invitation.objects.get(survey=home.survey)
    assert (invitation.status, invitation.reason) == ("dropped", "asked_recently")
    assert invitation.reason_details["survey"] == "How are we doing?"
    assert invitation.reason_details["milestone"] == "Order delivered"


def test_rule_may_have_fatigue_days_of_its_own(home, mail_server):
    change(home, Distribution, fatigue_days=2)
    with home.scope():
        sent_before(home, home.survey, at=timezone.now() - timedelta(days=3))
        deliver(home)
    send(home)
    with home.scope():
        assert Invitation.objects.get(distribution=home.rule).status == "sent"


def test_two_asks_of_one_customer_in_one_batch_are_one_mail(home, mail_server):
    with home.scope():
        send_rule(home, live_survey(home))
    order_arrives(home)
    assert send(home) == 2
    with home.scope():
        assert sorted(Invitation.objects.values_list("status", flat=True)) == ["dropped", "sent"]
    assert len(mail_server.to("chiara@northwind.example")) == 1


def test_quiet_hours_put_off_to_their_end_in_the_organizations_zone(home, mail_server):
    with home.scope():
        Organization.objects.filter(pk=home.organization.pk).update(quiet_from=time(0, 0), quiet_until=time(23, 59, 59))
    order_arrives(home)
    send(home, at=timezone.now() + timedelta(seconds=1))
    assert outcome(home) == ("deferred", "quiet_hours")
    with home.scope():
        assert invitation_for(home.chiara).due_at > timezone.now()


def test_sent_mail_marks_its_day_to_be_counted_again(home, mail_server):
    heard = []

    def listen(sender, responses, days, raise_alerts, **kwargs):
        heard.append((responses, len(days), raise_alerts))

    response_completed.connect(listen)
    try:
        order_arrives(home)
        send(home)
    finally:
        response_completed.disconnect(listen)
    assert heard == [([], 1, False)]


def test_bounce_that_names_the_mailbox_suppresses_the_address(home, mail_server):
    mail_server.refuse("chiara@northwind.example", "550 5.1.1 No such user here")
    order_arrives(home, home.chiara, home.karim)
    send(home)
    assert outcome(home) == ("failed", "address_unknown")
    assert outcome(home, home.karim) == ("sent", "sent")
    with home.scope():
        assert Suppression.objects.get().reason == "bounced"


def test_refusal_for_another_reason_fails_without_suppressing(home, mail_server):
    mail_server.refuse("chiara@northwind.example", "554 5.7.1 We do not like you")
    order_arrives(home)
    send(home)
    assert outcome(home) == ("failed", "refused")
    with home.scope():
        assert not Suppression.objects.exists()
        assert "We do not like you" in invitation_for(home.chiara).last_error


def test_temporary_refusal_is_tried_again_later_with_the_error_shown(home, mail_server):
    mail_server.refuse("chiara@northwind.example", "450 4.2.1 Greylisted", times=1)
    order_arrives(home)
    send(home)
    with home.scope():
        invitation = invitation_for(home.chiara)
    assert (invitation.status, invitation.reason, invitation.attempts) == ("deferred", "retry", 1)
    assert "Greylisted" in invitation.last_error
    assert timedelta(seconds=20) < invitation.due_at - timezone.now() < timedelta(seconds=31)
    send(home, at=timezone.now() + timedelta(minutes=1))
    assert outcome(home) == ("sent", "sent")


def test_attempts_are_bounded(home, mail_server):
    mail_server.refuse("chiara@northwind.example", "450 4.2.1 Greylisted")
    order_arrives(home)
    at = timezone.now()
    for _ in range(12):
        send(home, at=at)
        at += timedelta(hours=2)
    assert outcome(home) == ("failed", "gave_up")


def test_mail_server_that_is_down_costs_nobody_an_attempt(home, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    order_arrives(home)
    send(home)
    with home.scope():
        invitation = invitation_for(home.chiara)
    assert (invitation.status, invitation.reason, invitation.attempts) == ("deferred", "mail_server_down", 0)
    assert "refused" in invitation.last_error


def test_mail_that_cannot_be_written_keeps_no_other_from_being_sent(home, mail_server, monkeypatch):
    write = sending.write_survey_mail

    def fail_for_chiara(survey_mail, *, sender):
        if "chiara" in survey_mail.to_address:
            raise ValueError("a template is broken")
        return write(survey_mail, sender=sender)

    monkeypatch.setattr(sending, "write_survey_mail", fail_for_chiara)
    order_arrives(home, home.chiara, home.karim)
    send(home)
    assert outcome(home) == ("deferred", "not_written")
    assert outcome(home, home.karim) == ("sent", "sent")
