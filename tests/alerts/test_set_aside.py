"""What was set aside is visible and can be tried again."""

from alerts.models import Evaluation, FollowUp
from tenancy.models import OutgoingMail
from tests.alerts.access import a_mail_given_up, an_evaluation_set_aside
from tests.alerts.answering import evaluate
from tests.alerts.pages import client_of, queue


def test_analyst_sees_it_on_the_queue_and_replays_it(world):
    with world.home.scope():
        evaluation = an_evaluation_set_aside(world.home)
        Evaluation.objects.update(last_error="RuntimeError: no such thing")
    assert "1 answer could not be evaluated" in queue(world.home, "anton").content.decode()
    assert "could not be evaluated" not in queue(world.home, "greta").content.decode()
    client = client_of(world.home.anton)
    assert "RuntimeError: no such thing" in client.get(world.home.url("followups/set-aside/")).content.decode()
    client.post(world.home.url(f"followups/set-aside/answers/{evaluation.pk}/"))
    evaluate(world.home)
    with world.home.scope():
        assert FollowUp.objects.get().response_id == evaluation.response_id


def test_mail_that_was_given_up_is_sent_again(world):
    with world.home.scope():
        mail = a_mail_given_up(world.home)
    client = client_of(world.home.anton)
    assert "550 no such mailbox" in client.get(world.home.url("followups/set-aside/")).content.decode()
    assert client.post(world.home.url(f"followups/set-aside/mails/{mail.pk}/")).status_code == 302
    with world.home.scope():
        mail = OutgoingMail.objects.get()
    assert (mail.state, mail.attempts) == ("due", 0)
