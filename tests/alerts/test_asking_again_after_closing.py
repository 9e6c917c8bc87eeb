"""Some days after a loop was closed its customer is asked one question, by a rule of its own, and the ledger knows."""

import pytest

from alerts.following_up import reopen
from alerts.models import FollowUp, Notification, Recovery, RecoveryPlan
from alerts.proof.recovery import asking
from customers.models import Consent
from customers.suppression import suppress
from surveys.models import Invitation, Survey
from surveys.reasons import reason_text
from surveys.sending import send_batch
from tenancy.models import AuditEntry
from tests.alerts.answering import TUESDAY, give_answers, open_follow_up
from tests.alerts.closing import (
    DAY,
    HOUR,
    answer_again,
    ask,
    asked_again,
    close,
    closed_follow_up,
    recovery_of,
    sent,
    switch_on,
)
from tests.alerts.pages import client_of, queue

WEEK = TUESDAY + 8 * DAY


def test_nobody_is_asked_unless_it_was_switched_on(world):
    closed_follow_up(world.home)
    assert ask(world.home, at=WEEK) == 0
    with world.home.scope():
        assert not Recovery.objects.exists()


def test_switching_on_makes_one_survey_of_one_question(world):
    switch_on(world.home)
    switch_on(world.home, days_after=3)
    with world.home.scope():
        plan = RecoveryPlan.objects.get()
        assert plan.days_after == 3
        survey = Survey.objects.get(pk=plan.survey_id)
        kinds = [each.kind for each in survey.versions.get().questions.all()]
        assert (survey.state, kinds) == ("live", ["score", "verbatim"])
        verbs = AuditEntry.objects.filter(verb__startswith="recovery_plan").values_list("verb", flat=True)
        assert sorted(verbs) == ["recovery_plan.changed", "recovery_plan.created"]


def test_customer_is_asked_when_the_days_are_over_and_once(world):
    switch_on(world.home)
    follow_up = closed_follow_up(world.home)
    assert ask(world.home, at=TUESDAY + 7 * DAY) == 0
    assert ask(world.home, at=TUESDAY + 7 * DAY + HOUR) == 1
    assert ask(world.home, at=TUESDAY + 7 * DAY + HOUR) == 0
    recovery = recovery_of(world.home, follow_up)
    assert recovery.score_before == 3
    assert reason_text("sent", recovery.invitation.reason_details) == (
        f"Asked 7 days after the loop of follow-up {follow_up.number} was closed."
    )


def test_mail_goes_out_although_the_customer_was_asked_yesterday(world, mailoutbox):
    switch_on(world.home)
    follow_up = closed_follow_up(world.home)
    with world.home.scope():
        survey = Survey.objects.get(name="After delivery")
        other = Invitation.objects.create(
            survey=survey,
            customer=world.home.chiara,
            idempotency_key="yesterday",
            status="sent",
            due_at=TUESDAY,
            sent_at=WEEK,
        )
    ask(world.home, at=WEEK)
    send_batch(world.home.organization.id)
    mails = [mail for mail in mailoutbox if mail.to == [world.home.chiara.email]]
    assert [mail.subject for mail in mails] == ["Did we put it right?"]
    assert recovery_of(world.home, follow_up).invitation.status == "sent"
    # ... and it holds nobody else's mail back.
    with world.home.scope():
        Invitation.objects.filter(pk=other.pk).delete()
        Invitation.objects.create(
            survey=survey,
            customer=world.home.chiara,
            idempotency_key="next",
            to_address=world.home.chiara.email,
            due_at=WEEK,
        )
    send_batch(world.home.organization.id)
    with world.home.scope():
        assert Invitation.objects.get(idempotency_key="next").status == "sent"


def test_its_own_budget_holds_and_the_ledger_says_so(world):
    switch_on(world.home)
    first = closed_follow_up(world.home)
    ask(world.home, at=WEEK)
    second = close(world.home, open_follow_up(world.home, customer=world.home.chiara, at=WEEK), at=WEEK + HOUR)
    ask(world.home, at=WEEK + 8 * DAY)
    recovery = recovery_of(world.home, second)
    assert (recovery.result, recovery.invitation.status) == ("not_asked", "dropped")
    assert recovery.invitation.reason == "asked_this_recently"
    assert "nobody is asked this more often than once in 60 days" in recovery.why
    assert recovery_of(world.home, first).result == ""


@pytest.mark.parametrize("how", ["suppressed", "withdrawn"])
def test_who_must_not_be_written_to_is_not_asked(world, mailoutbox, how):
    switch_on(world.home)
    follow_up = closed_follow_up(world.home)
    ask(world.home, at=WEEK)
    with world.home.scope():
        if how == "suppressed":
            suppress(world.home.chiara.email_key, reason="unsubscribed", by=world.home.ana, at=WEEK)
        else:
            Consent.objects.create(
                customer=world.home.chiara, purpose="survey", is_given=False, source="phone", at=WEEK
            )
    send_batch(world.home.organization.id)
    ask(world.home, at=WEEK + 2 * DAY)
    recovery = recovery_of(world.home, follow_up)
    assert recovery.result == "not_asked"
    assert recovery.why in ("They unsubscribed.", "They have withdrawn their consent to be asked.")
    assert [mail for mail in mailoutbox if mail.to == [world.home.chiara.email]] == []


def test_reopened_or_untold_or_switched_off_is_not_asked(world):
    switch_on(world.home)
    reopened = closed_follow_up(world.home)
    with world.home.scope():
        reopen(reopened, by=world.home.greta, at=TUESDAY + DAY)
    untold = close(world.home, open_follow_up(world.home), at=TUESDAY + HOUR, closing="impossible")
    late = closed_follow_up(world.home)
    switch_on(world.home, is_active=False)
    ask(world.home, at=WEEK)
    whys = [recovery_of(world.home, each).why for each in (reopened, untold, late)]
    assert whys == [
        "The follow-up was reopened before the customer was asked.",
        "The customer could not be told how it ended.",
        "Asking again was switched off.",
    ]


def test_no_answer_becomes_silence_and_a_late_answer_still_counts(world):
    switch_on(world.home)
    follow_up = closed_follow_up(world.home)
    ask(world.home, at=WEEK)
    invitation = sent(world.home, follow_up, at=WEEK)
    ask(world.home, at=WEEK + 2 * DAY)
    ask(world.home, at=WEEK + 13 * DAY)
    assert recovery_of(world.home, follow_up).result == ""
    ask(world.home, at=WEEK + 15 * DAY)
    assert recovery_of(world.home, follow_up).result == "silent"
    answer_again(world.home, invitation, 9, at=WEEK + 20 * DAY)
    assert recovery_of(world.home, follow_up).result == "recovered"


def test_answer_sets_the_result_and_opens_nothing(world):
    switch_on(world.home)
    follow_up = asked_again(world.home, 9, verbatim="Called within an hour")
    recovery = recovery_of(world.home, follow_up)
    assert (recovery.result, recovery.score_before, recovery.score_after) == ("recovered", 3, 9)
    page = client_of(world.home.greta).get(world.home.url(f"followups/{follow_up.number}/")).content.decode()
    assert "The customer was asked again: recovered, score 9, after 3 before" in page
    assert "Called within an hour" in page
    with world.home.scope():
        assert FollowUp.objects.count() == 1


def test_bad_answer_reopens_the_follow_up_instead_of_opening_another(world):
    switch_on(world.home)
    follow_up = asked_again(world.home, 0)
    with world.home.scope():
        follow_up = FollowUp.objects.get()
        assert follow_up.state == "open"
        assert recovery_of(world.home, follow_up).result == "worse"
        assert Notification.objects.filter(event="answer_added", follow_up=follow_up).exists()


def test_bad_answer_leaves_alone_what_is_worked_on_again(world):
    switch_on(world.home)
    follow_up = closed_follow_up(world.home)
    ask(world.home, at=WEEK)
    invitation = sent(world.home, follow_up, at=WEEK)
    with world.home.scope():
        reopen(follow_up, by=world.home.greta, at=WEEK)
        version = FollowUp.objects.get().version
    answer_again(world.home, invitation, 2, at=WEEK + DAY)
    with world.home.scope():
        follow_up.refresh_from_db()
        assert (follow_up.state, follow_up.version) == ("open", version + 1)
        assert recovery_of(world.home, follow_up).result == "unchanged"


def test_ordinary_answers_still_open_follow_ups(world):
    switch_on(world.home)
    give_answers(world.home, 2)
    assert open_follow_up(world.home).number == 2


def test_row_that_fails_is_put_off_with_its_error_and_given_up_visibly(world, monkeypatch):
    switch_on(world.home)
    follow_up = closed_follow_up(world.home)
    with world.home.scope():  # a plan whose survey was never published
        RecoveryPlan.objects.get()
        Recovery.objects.update(attempts=asking.MOST_ATTEMPTS - 1)

    def broken(*_, **__):
        raise RuntimeError("lost")

    monkeypatch.setattr(asking, "ask_apart", broken)
    ask(world.home, at=WEEK)
    recovery = recovery_of(world.home, follow_up)
    assert (recovery.result, recovery.why) == ("not_asked", "It could not be asked: RuntimeError: lost")


def test_settings_page_saves_and_refuses(world):
    client = client_of(world.home.ana)
    values = {"is_active": "on", "days_after": "5", "fatigue_days": "30", "silent_after_days": "10"}
    address = world.home.url("settings/recovery/")
    assert client.post(address, {**values, "days_after": "0"}).status_code == 422
    assert client.post(address, values).status_code == 302
    page = client.get(address).content.decode()
    assert "After a closed loop" in page and 'value="5"' in page


def test_page_says_when_the_customer_will_be_asked(world):
    switch_on(world.home)
    follow_up = closed_follow_up(world.home, at=TUESDAY)
    page = client_of(world.home.greta).get(world.home.url(f"followups/{follow_up.number}/")).content.decode()
    assert "The customer will be asked whether it helped" in page
    assert queue(world.home).status_code == 200
