"""Rows that the lines of the access table speak of."""

from datetime import timedelta

from django.utils import timezone

from alerts.evaluating import evaluate_batch
from alerts.following_up import contact, reply, resolve
from alerts.models import (
    Absence,
    Attachment,
    BulkDeed,
    Calendar,
    Delivery,
    Evaluation,
    FollowUp,
    FollowUpEntry,
    FollowUpStep,
    InboundMail,
    Notification,
    NotificationChannel,
    OwnerRule,
    Playbook,
    ReplyTemplate,
    SavedView,
    SlaPolicy,
    Team,
)
from alerts.notifying.keeping import add_channel
from alerts.notifying.people import tell
from alerts.pausing import wait_for_customer
from alerts.work.bulk.working import prepare
from tenancy.models import OutgoingMail
from tenancy.owned import new_id
from tests.alerts.answering import give_answers
from tests.alerts.rules_of import make_rule


def a_follow_up(ground, *, state: str = "open") -> FollowUp:
    """The follow-up of a detractor, opened; contacted, resolved or waiting if wished; inside the ground's scope."""
    (response,) = give_answers(ground, 3)
    evaluate_batch(ground.organization.id)
    follow_up = FollowUp.objects.get(response=response)
    if state != "open":
        contact(follow_up, way="phone", by=ground.greta, at=timezone.now())
    if state == "resolved":
        resolve(follow_up, outcome="recovered", root_cause="price", text="Mended", by=ground.greta, at=timezone.now())
    if state == "waiting":
        wait_for_customer(follow_up, by=ground.greta, at=timezone.now())
    return follow_up


def a_rule(ground):
    return make_rule(ground).pk


def an_evaluation_set_aside(ground) -> Evaluation:
    (response,) = give_answers(ground, 3)
    evaluation = Evaluation.objects.get(response=response)
    evaluation.is_quarantined, evaluation.attempts = True, 3
    evaluation.save()
    return evaluation


def an_attachment(ground):
    """A file in the newest follow-up of the ground."""
    follow_up = FollowUp.objects.order_by("number").last() or a_follow_up(ground)
    entry = FollowUpEntry.objects.create(follow_up=follow_up, kind=FollowUpEntry.Kind.RECEIVED, at=timezone.now())
    file = Attachment.objects.create(entry=entry, file_name="a.pdf", content_type="application/pdf", size=1, data=b"x")
    return file.pk


def a_held_mail(ground) -> InboundMail:
    """Mail that was set aside, as the sweep leaves it."""
    return InboundMail.objects.create(
        follow_up=a_follow_up(ground),
        message_key=str(new_id()),
        raw=b"From: chiara@northwind.example\r\n\r\nI am away",
        why="An automatic answer, such as out of office.",
        received_at=timezone.now(),
        due_at=timezone.now(),
    )


def a_template(ground):
    return ReplyTemplate.objects.create(name="Sorry", subject="Sorry", text="Hello {{ customer.name }},").pk


def a_playbook(ground):
    """Of those that the organization started with."""
    return Playbook.objects.order_by("name").first().pk


def a_step(ground):
    """A step of the newest follow-up of the ground."""
    follow_up = FollowUp.objects.order_by("number").last() or a_follow_up(ground)
    return FollowUpStep.objects.create(follow_up=follow_up, playbook_id=a_playbook(ground), text="Call them").pk


def a_mail_given_up(ground) -> OutgoingMail:
    return OutgoingMail.objects.create(
        template="follow_up_opened",
        to_address=ground.greta.email,
        dedupe_key="test",
        due_at=timezone.now(),
        state=OutgoingMail.State.FAILED,
        last_error="550 no such mailbox",
    )


def a_reply_given_up(ground):
    """A reply of the newest follow-up that could not be delivered."""
    follow_up = FollowUp.objects.order_by("number").last() or a_follow_up(ground)
    entry = reply(follow_up, subject="News", text="It is mended.", by=ground.greta, at=timezone.now())
    OutgoingMail.objects.filter(pk=entry.details["mail_id"]).update(state=OutgoingMail.State.FAILED)
    return entry.pk


def a_notification(ground) -> Notification:
    """Told to the admin of the ground, and to nobody else."""
    (row,) = tell([ground.ana], "mentioned", title="Look here", key="access", at=timezone.now())
    return row


def a_channel(ground) -> NotificationChannel:
    return add_channel(
        kind="webhook", name="Desk", address="https://hooks.example/x", events=["follow_up.opened"], by=ground.ana,
        at=timezone.now(),
    )  # fmt: skip


def a_delivery_given_up(ground) -> Delivery:
    return Delivery.objects.create(
        channel=a_channel(ground),
        event="test",
        facts={"title": "Test message", "url": "https://cxm.example/"},
        dedupe_key="access",
        created_at=timezone.now(),
        due_at=timezone.now(),
        state="given_up",
        attempts=8,
        response_status=500,
        last_error="The other side answered 500.",
    )


def a_saved_view(ground) -> SavedView:
    """One of everybody."""
    return SavedView.objects.create(name="Urgent", query="priority=urgent&view=all")


def a_bulk_deed(ground) -> BulkDeed:
    """One of Ana's, on one row."""
    return prepare([(a_follow_up(ground).number, 1)], by=ground.ana)


def a_pair(ground) -> tuple[FollowUp, FollowUp]:
    """Two open follow-ups of one customer, made once."""
    found = list(FollowUp.objects.order_by("number")[:2])
    if len(found) < 2:
        give_answers(ground, 3, 2)
        evaluate_batch(ground.organization.id)
        FollowUp.objects.update(customer=ground.chiara)
        found = list(FollowUp.objects.order_by("number")[:2])
    return found[0], found[1]


def an_owner_rule(ground) -> OwnerRule:
    return OwnerRule.objects.create(name="Everything to Anton", kind="person", person=ground.anton)


def a_team(ground) -> Team:
    return Team.objects.create(name="Desk", lead=ground.anton)


def an_absence(ground, *, person: str = "greta") -> Absence:
    now = timezone.now()
    return Absence.objects.create(user=getattr(ground, person), starts_at=now, ends_at=now + timedelta(days=3))


def a_membership(ground, *, person: str = "greta"):
    return ground.organization.memberships.get(user=getattr(ground, person))


def a_policy(ground) -> SlaPolicy:
    return SlaPolicy.objects.create(name="For big customers")


def a_calendar(ground) -> Calendar:
    return Calendar.objects.create(name="Berlin", country="DE")
