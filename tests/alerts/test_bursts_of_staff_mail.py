"""Staff hear of each follow-up at once; in a burst the first ones singly and all the others in digests."""

from datetime import timedelta
from itertools import pairwise

from django.utils import timezone

from alerts.digests import LISTED, queue_digest, queue_due_digests
from alerts.models import FollowUp, FollowUpDigest, Notification, NotificationChoice
from alerts.notices import BETWEEN_DIGESTS, BETWEEN_LATER_DIGESTS, FIRST_DIGEST_AFTER, QUICK_DIGESTS
from alerts.notifying.floods import SINGLES
from tenancy.models import OutgoingMail
from tests.alerts.answering import evaluate, give_answers


def test_burst_is_told_singly_up_to_the_cap_and_then_in_one_digest(world):
    give_answers(world.home, *[1] * 60, verbatim="Late")
    evaluate(world.home)
    with world.home.scope():
        to_greta = OutgoingMail.objects.filter(to_address=world.home.greta.email)
        assert to_greta.filter(template="follow_up_opened").count() == SINGLES
        digest = FollowUpDigest.objects.get()
        assert (digest.first_number, digest.last_number) == (SINGLES + 1, 60)
        opened_at = FollowUp.objects.latest("number").opened_at
    assert digest.due_at == opened_at + FIRST_DIGEST_AFTER
    assert queue_digest(world.home.organization.id, at=digest.due_at) == 1
    assert queue_digest(world.home.organization.id, at=digest.due_at) == 0
    with world.home.scope():
        facts = to_greta.get(template="follow_up_digest").context
        assert [each["number"] for each in facts["listed"]] == list(range(21, 21 + LISTED))
        assert (facts["count"], facts["rest_from"], facts["rest_count"], facts["last_number"]) == (40, 46, 15, 60)


def test_every_follow_up_of_a_long_burst_is_told(world):
    for _ in range(4):
        give_answers(world.home, *[2] * 30)
        evaluate(world.home)
        with world.home.scope():
            due = FollowUpDigest.objects.filter(queued_at=None).values_list("due_at", flat=True).first()
        if due:
            queue_digest(world.home.organization.id, at=due)
    with world.home.scope():
        singly = OutgoingMail.objects.filter(template="follow_up_opened", to_address=world.olga.email)
        told = {mail.context["number"] for mail in singly}
        digests = list(FollowUpDigest.objects.order_by("first_number"))
        for digest in digests:
            told |= set(range(digest.first_number, digest.last_number + 1))
        assert told == set(FollowUp.objects.values_list("number", flat=True))
        gaps = [after.due_at - before.queued_at for before, after in pairwise(digests)]
    assert all(gap >= BETWEEN_DIGESTS for gap in gaps)


def test_a_calm_day_has_no_digests(world):
    for _ in range(3):
        give_answers(world.home, 0)
        evaluate(world.home)
    assert queue_due_digests() == 0
    with world.home.scope():
        assert not FollowUpDigest.objects.exists()


def test_follow_ups_while_a_digest_waits_go_into_it(world):
    give_answers(world.home, *[1] * 25)
    evaluate(world.home)
    with world.home.scope():
        OutgoingMail.objects.all().delete()  # as if the window had passed
        Notification.objects.all().delete()
    give_answers(world.home, 1)
    evaluate(world.home)
    with world.home.scope():
        digest = FollowUpDigest.objects.get()
        assert digest.last_number == 26
        assert digest.due_at - timedelta(seconds=10) < FollowUp.objects.get(number=26).opened_at
        assert not OutgoingMail.objects.exists()


def test_a_burst_that_goes_on_is_told_once_a_minute(world):
    latest = timezone.now()
    with world.home.scope():
        for number in reversed(range(QUICK_DIGESTS)):
            at = latest - timedelta(seconds=4 * number)
            FollowUpDigest.objects.create(first_number=number, last_number=number, due_at=at, queued_at=at)
    give_answers(world.home, *[1] * (SINGLES + 1))
    evaluate(world.home)
    with world.home.scope():
        assert FollowUpDigest.objects.get(queued_at=None).due_at == latest + BETWEEN_LATER_DIGESTS


def test_who_wants_no_mail_of_each_finds_them_in_the_product_and_the_burst_as_one(world):
    with world.home.scope():
        NotificationChoice.objects.create(user=world.home.greta, event="opened", mail="off")
    give_answers(world.home, *[1] * 60)
    evaluate(world.home)
    with world.home.scope():
        due_at = FollowUpDigest.objects.get().due_at
    queue_digest(world.home.organization.id, at=due_at)
    with world.home.scope():
        assert not OutgoingMail.objects.filter(to_address=world.home.greta.email).exists()
        shown = Notification.objects.filter(user=world.home.greta, is_shown=True)
        assert shown.count() == SINGLES + 1
        assert shown.latest("at").title == "40 more follow-ups opened"


def test_digest_is_silent_about_what_somebody_owns_by_now(world):
    give_answers(world.home, *[1] * (SINGLES + 3))
    evaluate(world.home)
    with world.home.scope():
        FollowUp.objects.filter(number=SINGLES + 1).update(owner=world.home.greta)
        due_at = FollowUpDigest.objects.get().due_at
    queue_digest(world.home.organization.id, at=due_at)
    with world.home.scope():
        mail = OutgoingMail.objects.get(template="follow_up_digest", to_address=world.home.greta.email)
        assert [each["number"] for each in mail.context["listed"]] == [SINGLES + 2, SINGLES + 3]
        assert (mail.context["count"], mail.context["rest_count"]) == (2, 0)
