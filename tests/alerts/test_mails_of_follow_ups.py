"""What staff and customers read in their mailbox about a follow-up."""

import pytest

from alerts.digests import queue_digest
from alerts.escalation.escalating import escalate_batch
from alerts.following_up import reply
from alerts.models import FollowUpDigest
from tenancy.mail import Sender, write_mail
from tenancy.models import Organization, OutgoingMail
from tests.alerts.answering import TUESDAY, evaluate, give_answers, open_follow_up

ARABIC = "وصل الطرد متأخرا <b>جدا</b>"


def written(ground, template: str, to: str = ""):
    """The first mail of this template as it would be sent: (message, its HTML)."""
    with ground.scope():
        mails = OutgoingMail.objects.filter(template=template)
        mail = (mails.filter(to_address=to) if to else mails).order_by("id").first()
        sender = Sender.of(Organization.objects.get(pk=ground.organization.pk))
    context = dict(mail.context)
    headers, reply_to = context.pop("headers", None), context.pop("reply_to", "")
    message = write_mail(
        template, to=mail.to_address, sender=sender, headers=headers, reply_to=reply_to, context=context
    )
    return message, message.alternatives[0].content


def test_opened_names_customer_score_words_promise_and_link(world):
    open_follow_up(world.home, score=3, verbatim=ARABIC, customer=world.home.karim)
    message, html = written(world.home, "follow_up_opened")
    assert message.subject == "Follow-up 1: كريم حداد gave 3"
    for body in (message.body, html):
        for part in ("كريم حداد", "3 (Detractor)", "Friday 13 March 2026, 10:00 (CET)", "/o/northwind/followups/1/"):
            assert part in body
        assert "Yes, the customer agreed" in body
    assert ARABIC in message.body
    assert "&lt;b&gt;" in html
    assert "<b>جدا" not in html
    assert 'dir="auto"' in html
    assert message.from_email.startswith("Northwind <")


@pytest.mark.parametrize(("answer", "said"), [(None, "Not asked"), (False, "No, the customer does not want it")])
def test_opened_says_whether_we_may_write(world, answer, said):
    open_follow_up(world.home, may_contact=answer)
    message, html = written(world.home, "follow_up_opened")
    assert said in message.body
    assert said in html


def test_digest_lists_some_and_counts_the_rest(world):
    give_answers(world.home, *[1] * 60, verbatim="Late again")
    evaluate(world.home)
    with world.home.scope():
        due_at = FollowUpDigest.objects.get().due_at
    queue_digest(world.home.organization.id, at=due_at)
    message, html = written(world.home, "follow_up_digest")
    assert message.subject == "40 more follow-ups: 21 to 60"
    for body in (message.body, html):
        assert body.count("/followups/21/") == 1
        assert "And 15 more: follow-ups 46 to 60." in body
        assert "?view=unassigned" in body


def test_escalation_says_which_promise_is_overdue_since_when_and_whose_it_is(world):
    follow_up = open_follow_up(world.home, verbatim="Late")
    escalate_batch(world.home.organization.id, at=follow_up.first_contact_due_at)
    with world.home.scope():
        OutgoingMail.objects.exclude(template="notification").delete()
        OutgoingMail.objects.exclude(to_address=world.home.ana.email).delete()
    message, html = written(world.home, "notification", world.home.ana.email)
    assert message.subject == "First contact of follow-up 1 is overdue: Chiara Conti"
    for body in (message.body, html):
        assert "100 % of the promised time is used. It was due by Friday 13 March 2026, 10:00 (CET)." in body
        assert "Nobody owns it." in body
        assert "Chiara Conti" in body


def test_reply_is_a_letter_from_the_organization_that_can_be_answered(world):
    follow_up = open_follow_up(world.home)
    text = "Hello Chiara,\n\nwe are <sorry>.\n\nKind regards,\nGreta"
    with world.home.scope():
        reply(follow_up, subject="Your parcel: news", text=text, by=world.home.greta, at=TUESDAY)
    message, html = written(world.home, "follow_up_reply")
    assert (message.subject, message.to, message.reply_to) == (
        "Your parcel: news",
        [world.home.chiara.email],
        ["care@northwind.example"],
    )
    assert message.extra_headers["Auto-Submitted"] == "no"
    assert "In-Reply-To" not in message.extra_headers
    assert message.body.startswith(text)
    assert "we are &lt;sorry&gt;." in html
    assert "Northwind" in html
