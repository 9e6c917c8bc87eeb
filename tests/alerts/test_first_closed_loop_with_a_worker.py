"""From an answer to a mail in a mailbox, with the real worker and the real SMTP server."""

import pytest

from alerts.following_up import reply
from alerts.models import FollowUp, FollowUpEntry
from tests.alerts.answering import TUESDAY, give_answers
from tests.services.waiting import eventually

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


def found(ground, query):
    with ground.scope():
        return query()


def test_staff_are_told_and_the_customer_is_answered(world, mail_server, celery_worker_process):
    home = world.home
    give_answers(home, 3, verbatim="Broken on arrival")
    follow_up = eventually(lambda: found(home, FollowUp.objects.first), within=20, what="a follow-up")
    told = mail_server.wait_for(home.greta.email)
    assert told.subject == "Follow-up 1: Chiara Conti gave 3"
    with home.scope():
        follow_up = FollowUp.objects.select_related("customer", "response").get(pk=follow_up.pk)
        reply(follow_up, subject="Your parcel", text="A new one is on its way.", by=home.greta, at=TUESDAY)
    answer = mail_server.wait_for(home.chiara.email)
    assert answer.subject == "Your parcel"
    with home.scope():
        assert FollowUpEntry.objects.get(kind="reply").details["to"] == home.chiara.email
