"""A customer writes back: their words stand in the history, the clock goes on, and the owner hears of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alerts.correspondence.held import NotHeld, drop_held, take_held
from alerts.correspondence.intake import Answer
from alerts.correspondence.reading import HELD_FOR, read_next
from alerts.following_up import assign, close_loop, contact, resolve
from alerts.models import Attachment, FollowUp, FollowUpEntry, InboundMail, Notification
from alerts.pausing import snooze, wait_for_customer
from customers.erasure import erase_customer
from tenancy.models import AuditEntry, OutgoingMail
from tests.alerts.answering import TUESDAY, open_follow_up
from tests.alerts.letters import DOMAIN, customer_writes, hand_in, letter, read_all, received
from tests.alerts.pages import client_of

pytestmark = pytest.mark.django_db
State = InboundMail.State


@pytest.fixture(autouse=True)
def inbound(settings):
    settings.INBOUND_MAIL_DOMAIN = DOMAIN


@pytest.fixture
def follow_up(world):
    return open_follow_up(world.home)


def page_of(ground, follow_up, person="greta") -> str:
    client = client_of(getattr(ground, person))
    return client.get(ground.url(f"followups/{follow_up.number}/")).content.decode()


def test_the_words_stand_in_the_history_and_what_was_quoted_is_folded(world, follow_up):
    text = "It is still broken.\n- the door\n- the window\n\nOn Tue, 10 Mar 2026 at 10:00, Northwind wrote:\n> Dear"
    mail = customer_writes(world.home, follow_up, text)
    with world.home.scope():
        (line,) = received(follow_up)
        follow_up.refresh_from_db()
        assert (mail.state, bytes(mail.raw), mail.entry) == (State.TAKEN, b"", line)
        assert line.text == "It is still broken.\n- the door\n- the window"
        assert "> Dear" in line.details["quoted"]
        assert line.by_label == "Customer" and not line.details["is_other_sender"]
        assert follow_up.customer_wrote_at is not None and follow_up.version == 2
    page = page_of(world.home, follow_up)
    assert "The customer wrote" in page and "Show what was quoted" in page


def test_a_clock_that_waited_for_the_customer_goes_on_from_when_they_wrote(world):
    now = timezone.now()
    follow_up = open_follow_up(world.home, at=now - timedelta(days=4))
    with world.home.scope():
        contact(follow_up, way="phone", by=world.home.greta, at=now - timedelta(days=3))
        wait_for_customer(follow_up, by=world.home.greta, at=now - timedelta(days=3))
        due = follow_up.resolution_due_at
    hand_in(world.home, follow_up, letter("Here I am"), at=now - timedelta(days=1))
    read_all(world.home)
    with world.home.scope():
        follow_up.refresh_from_db()
        assert follow_up.paused_at is None and follow_up.resolution_due_at > due
        assert follow_up.pauses.get().resumed_at == now - timedelta(days=1)


def test_who_snoozed_it_is_woken(world, follow_up):
    now = timezone.now()
    with world.home.scope():
        snooze(follow_up, until=now + timedelta(days=2), by=world.home.greta, at=now)
    customer_writes(world.home, follow_up, "One more thing")
    with world.home.scope():
        follow_up.refresh_from_db()
        assert follow_up.paused_at is None


def test_what_was_closed_opens_again_with_a_new_promise(world, follow_up):
    now = timezone.now()
    with world.home.scope():
        contact(follow_up, way="phone", by=world.home.greta, at=now)
        resolve(follow_up, outcome="recovered", root_cause="price", text="Mended", by=world.home.greta, at=now)
        close_loop(follow_up, closing="told", text="They know", by=world.home.greta, at=now)
    customer_writes(world.home, follow_up, "No, it is not mended at all")
    with world.home.scope():
        follow_up.refresh_from_db()
        (line,) = received(follow_up)
        assert (line.from_state, line.to_state) == ("closed", "open")
        assert follow_up.state == "open" and follow_up.closed_at is None and follow_up.outcome == ""
        assert follow_up.resolution_due_at > now
    assert "The customer wrote; open again" in page_of(world.home, follow_up)


def test_a_reaction_takes_the_mark_away(world, follow_up):
    customer_writes(world.home, follow_up)
    with world.home.scope():
        contact(follow_up, way="phone", by=world.home.greta, at=timezone.now())
        follow_up.refresh_from_db()
        assert follow_up.customer_wrote_at is None


def test_the_owner_is_told_once_and_nobody_else(world, follow_up):
    with world.home.scope():
        assign(follow_up, owner=world.home.greta, by=world.home.anton, at=timezone.now())
    mail = letter("Where is my parcel?")
    customer_writes(world.home, follow_up, mail)
    customer_writes(world.home, follow_up, mail)
    with world.home.scope():
        told = Notification.objects.filter(event="customer_wrote")
        assert [(each.user_id, each.text) for each in told] == [(world.home.greta.pk, "Where is my parcel?")]
        mails = OutgoingMail.objects.filter(template="notification", context__label="The customer wrote back")
        assert [each.to_address for each in mails] == [world.home.greta.email]


def test_what_nobody_owns_is_told_to_those_who_care_for_it(world, follow_up):
    customer_writes(world.home, follow_up)
    with world.home.scope():
        assert set(Notification.objects.filter(event="customer_wrote").values_list("user__name", flat=True)) == {
            "Greta Northwind",
            "Olga Both",
        }


def test_another_sender_is_taken_and_marked(world, follow_up):
    customer_writes(world.home, follow_up, letter("I write for my sister", sender="Carla <carla@elsewhere.example>"))
    with world.home.scope():
        assert received(follow_up)[0].details["is_other_sender"] is True
    assert "not the customer&#x27;s address on file" in page_of(world.home, follow_up)


def test_the_audit_log_holds_no_words(world, follow_up):
    mail = letter("My secret words\n\n> quoted words", subject="Private matter")
    customer_writes(world.home, follow_up, mail)
    with world.home.scope():
        line = AuditEntry.objects.get(verb="follow_up.customer_wrote")
        said = f"{line.details} {line.actor_label} {line.object_label}"
        assert line.actor_kind == "customer"
        assert not any(
            word in said for word in ("secret", "quoted words", "Private", "chiara", "Chiara", "mail.example")
        )


AUTOMATIC = {
    "out of office": {"Auto_Submitted": "auto-replied"},
    "exchange": {"X_Auto_Response_Suppress": "DR, All"},
    "autoreply": {"X_Autoreply": "yes"},
    "bulk": {"Precedence": "bulk"},
    "list": {"List_Id": "<all.northwind.example>"},
    "spam": {"X_Spam_Flag": "YES"},
}


@pytest.mark.parametrize("headers", AUTOMATIC.values(), ids=AUTOMATIC)
def test_what_a_machine_wrote_is_set_aside_and_says_why(world, follow_up, headers):
    mail = customer_writes(world.home, follow_up, letter("I am away", **headers))
    with world.home.scope():
        follow_up.refresh_from_db()
        assert mail.state == State.DUE and mail.why and received(follow_up) == []
        assert follow_up.customer_wrote_at is None
    assert mail.why in page_of(world.home, follow_up)
    assert mail.why in client_of(world.home.anton).get(world.home.url("followups/set-aside/")).content.decode()


def test_reports_of_mail_servers_and_our_own_addresses_are_set_aside(world, follow_up):
    assert "report" in customer_writes(world.home, follow_up, letter(), sender="<>").why
    assert "report" in customer_writes(world.home, follow_up, letter(sender="MAILER-DAEMON@mx.example")).why
    assert "our own" in customer_writes(world.home, follow_up, letter(sender="care@northwind.example")).why
    assert "our own" in customer_writes(world.home, follow_up, letter(sender=f"x@{DOMAIN}")).why
    with world.home.scope():
        assert received(follow_up) == []


def test_a_plain_statement_that_a_person_wrote_it_is_believed(world, follow_up):
    assert customer_writes(world.home, follow_up, letter(Auto_Submitted="no")).state == State.TAKEN


def test_the_same_mail_twice_is_one_and_the_same_words_are_looked_at(world, follow_up):
    mail = letter("Hello?")
    assert [customer_writes(world.home, follow_up, mail).state for _ in range(3)] == [State.TAKEN] * 3
    with world.home.scope():
        assert InboundMail.objects.count() == 1 and len(received(follow_up)) == 1
    assert customer_writes(world.home, follow_up, "Hello?").why == "The same words came before."


def test_two_machines_that_answer_each_other_come_to_an_end(world, follow_up):
    for number in range(25):
        customer_writes(world.home, follow_up, f"Ticket {number} was received")
    with world.home.scope():
        assert len(received(follow_up)) == 20
        assert InboundMail.objects.filter(state=State.DUE, why__startswith="Too many").count() == 5
    answers = {hand_in(world.home, follow_up, letter(f"Again {number}")) for number in range(60)}
    assert answers == {Answer.STORED, Answer.TOO_MANY}


def test_a_person_may_take_what_was_set_aside(world, follow_up):
    mail = customer_writes(world.home, follow_up, letter("I am away, but it is broken", Auto_Submitted="auto-replied"))
    client, address = client_of(world.home.greta), world.home.url(f"inbound-mails/{mail.pk}/taking/")
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 404
    with world.home.scope():
        assert received(follow_up)[0].text == "I am away, but it is broken"
        assert AuditEntry.objects.filter(verb="inbound_mail.taken").count() == 1


def test_a_person_may_drop_it_and_its_words_are_gone(world, follow_up):
    mail = customer_writes(world.home, follow_up, letter("Buy cheap", Precedence="bulk"))
    assert client_of(world.home.greta).post(world.home.url(f"inbound-mails/{mail.pk}/removal/")).status_code == 302
    with world.home.scope():
        mail.refresh_from_db()
        assert (mail.state, bytes(mail.raw), mail.from_address, mail.subject) == (State.IGNORED, b"", "", "")


def test_the_owner_hears_of_what_was_set_aside_and_reads_it_before_deciding(world, follow_up):
    with world.home.scope():
        assign(follow_up, owner=world.home.greta, by=world.home.ana, at=TUESDAY)
    customer_writes(world.home, follow_up, letter("I am away, but it is broken", Auto_Submitted="auto-replied"))
    with world.home.scope():
        (told,) = Notification.objects.filter(event="mail_held")
        assert told.user == world.home.greta
        assert "An automatic answer" in told.text and "it is broken" in told.text
    client = client_of(world.home.greta)
    assert "it is broken" in client.get(world.home.url("followups/1/")).content.decode()
    with world.home.scope():
        drop_held(InboundMail.objects.get(), by=world.home.greta, at=timezone.now())
        assert InboundMail.objects.get().text == ""


def test_two_people_who_decide_at_once_decide_once(world, follow_up):
    mail = customer_writes(world.home, follow_up, letter("I am away", Auto_Submitted="auto-replied"))
    with world.home.scope():
        take_held(mail, by=world.home.greta, at=timezone.now())
        for late in (take_held, drop_held):
            with pytest.raises(NotHeld):
                late(mail, by=world.home.anton, at=timezone.now())
        assert len(received(follow_up)) == 1
        assert InboundMail.objects.get().state == State.TAKEN
        assert AuditEntry.objects.filter(verb__startswith="inbound_mail.").count() == 1


def test_what_nobody_decided_on_is_dropped_after_its_time(world, follow_up):
    mail = customer_writes(world.home, follow_up, letter("I am away", Auto_Submitted="auto-replied"))
    read_next(world.home.organization.id, at=timezone.now() + HELD_FOR - timedelta(minutes=1))
    with world.home.scope():
        mail.refresh_from_db()
        assert mail.state == State.DUE
    read_next(world.home.organization.id, at=timezone.now() + HELD_FOR + timedelta(minutes=1))
    with world.home.scope():
        mail.refresh_from_db()
        assert (mail.state, bytes(mail.raw), mail.from_address) == (State.IGNORED, b"", "")


def test_a_mail_to_what_was_merged_goes_to_what_it_became(world, follow_up):
    other = open_follow_up(world.home, customer=world.home.karim)
    with world.home.scope():
        FollowUp.objects.filter(pk=follow_up.pk).update(state="merged", merged_into=other)
    customer_writes(world.home, follow_up, "Which of you is it?")
    with world.home.scope():
        assert received(follow_up) == [] and len(received(other)) == 1


def test_an_erased_customer_is_forgotten_with_their_mail(world, follow_up):
    mail = letter("My private words\n\n> and these", subject="Chiara Conti's parcel")
    mail.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="chiara.pdf")
    customer_writes(world.home, follow_up, mail)
    customer_writes(world.home, follow_up, letter("away", Auto_Submitted="auto-replied"))
    with world.home.scope():
        assert Attachment.objects.count() == 1
        erase_customer(world.home.chiara, by=world.home.ana, at=timezone.now())
        lines = " ".join(f"{each.text} {each.details}" for each in FollowUpEntry.objects.all())
        assert not any(word in lines for word in ("private", "these", "Conti", "chiara@", "mail.example", "chiara.pdf"))
        assert not Attachment.objects.exists() and not InboundMail.objects.exists()
    assert hand_in(world.home, follow_up, letter("Still there?")) == Answer.UNKNOWN


def test_another_organization_sees_and_reaches_nothing(world, follow_up):
    mail = customer_writes(world.home, follow_up, letter("I am away", Auto_Submitted="auto-replied"))
    theirs = client_of(world.other.ana)
    assert theirs.post(world.other.url(f"inbound-mails/{mail.pk}/taking/")).status_code == 404
    with world.other.scope():
        assert not InboundMail.objects.exists()


def test_an_answer_in_the_middle_of_a_quotation_is_kept_whole(world, follow_up):
    text = "> Is it mended?\nNo.\n> Shall we call?\nYes, please."
    customer_writes(world.home, follow_up, text)
    with world.home.scope():
        assert received(follow_up)[0].text == text


def test_reading_a_mail_costs_a_fixed_number_of_statements(world, follow_up, django_assert_max_num_queries):
    hand_in(world.home, follow_up, letter("One"))
    with django_assert_max_num_queries(45):
        read_next(world.home.organization.id)
