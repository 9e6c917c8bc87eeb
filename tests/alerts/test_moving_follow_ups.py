"""The life of a follow-up: allowed moves only, each with its line of history, its audit and its version."""

from datetime import timedelta
from itertools import product

import pytest

from alerts.changing import StaleVersion
from alerts.following_up import (
    ReasonMissing,
    acknowledge,
    add_note,
    assign,
    close_loop,
    contact,
    reopen,
    reply,
    resolve,
)
from alerts.models import FollowUp, FollowUpEntry
from alerts.replying import ContactRefused
from alerts.states import MOVES, Deed, IllegalMove, State, next_state
from customers.models import Consent, Suppression
from tenancy.audit import SYSTEM
from tenancy.models import AuditEntry, OutgoingMail
from tenancy.owned import new_id
from tests.alerts.answering import TUESDAY, open_follow_up

LATER = TUESDAY + timedelta(hours=2)


@pytest.fixture
def follow_up(world):
    follow_up = open_follow_up(world.home, verbatim="Broken")
    with world.home.scope():
        yield follow_up


def test_the_whole_loop(world, follow_up):
    greta = world.home.greta
    acknowledge(follow_up, by=greta, at=LATER, version=1)
    contact(follow_up, way="phone", text="Will send a new one.", by=greta, at=LATER + timedelta(hours=1), version=2)
    resolve(
        follow_up,
        outcome="recovered",
        root_cause="product",
        text="Mended",
        by=greta,
        at=LATER + timedelta(hours=2),
        version=3,
    )
    close_loop(follow_up, closing="told", text="They know", by=greta, at=LATER + timedelta(hours=3), version=4)
    follow_up = FollowUp.objects.get()
    assert (follow_up.state, follow_up.version, follow_up.outcome) == ("closed", 5, "recovered")
    assert follow_up.first_contacted_at == LATER + timedelta(hours=1)
    assert follow_up.closed_at == LATER + timedelta(hours=3)
    moves = [(entry.from_state, entry.to_state) for entry in follow_up.entries.all() if entry.by_id]
    assert moves == [
        ("open", "acknowledged"),
        ("acknowledged", "contacted"),
        ("contacted", "resolved"),
        ("resolved", "closed"),
    ]
    verbs = set(AuditEntry.objects.filter(object_id=follow_up.pk).values_list("verb", flat=True))
    assert verbs >= {"follow_up.acknowledged", "follow_up.contacted", "follow_up.resolved", "follow_up.closed"}


@pytest.mark.parametrize(("state", "deed"), list(product(State, Deed)))
def test_moves_outside_the_table_are_refused(state, deed):
    allowed = {
        ("open", "acknowledge"),
        ("open", "contact"),
        ("open", "resolve"),
        ("acknowledged", "contact"),
        ("acknowledged", "resolve"),
        ("contacted", "contact"),
        ("contacted", "resolve"),
        ("resolved", "contact"),
        ("resolved", "close_loop"),
        ("resolved", "reopen"),
        ("closed", "reopen"),
        ("contacted", "lose_contact"),
        ("resolved", "lose_contact"),
    }
    if (state, deed) in allowed:
        assert next_state(state, deed) in State
    else:
        with pytest.raises(IllegalMove, match="cannot be"):
            next_state(state, deed)
    assert {(before, each) for each, moves in MOVES.items() for before in moves} == allowed


def test_refused_move_leaves_no_trace(world, follow_up):
    with pytest.raises(IllegalMove):
        close_loop(follow_up, closing="told", text="They know", by=world.home.greta, at=LATER)
    assert FollowUp.objects.get().version == 1
    assert FollowUpEntry.objects.count() == 1
    assert not AuditEntry.objects.filter(verb="follow_up.closed").exists()


def test_loop_is_closed_only_when_the_customer_was_told(world, follow_up):
    resolve(follow_up, outcome="explained", root_cause="price", text="Mended", by=world.home.greta, at=LATER)
    with pytest.raises(IllegalMove, match="Tell the customer first"):
        close_loop(follow_up, closing="told", text="They know", by=world.home.greta, at=LATER)
    contact(follow_up, way="mail", by=world.home.greta, at=LATER)
    assert follow_up.state == "resolved"
    close_loop(follow_up, closing="told", text="They know", by=world.home.greta, at=LATER)


def test_unreachable_customer_needs_a_reason_and_then_may_be_closed(world, follow_up):
    with pytest.raises(ValueError, match="how you tried"):
        resolve(follow_up, outcome="unreachable", root_cause="other", text=" ", by=world.home.greta, at=LATER)
    resolve(follow_up, outcome="unreachable", root_cause="other", text="Rang 3 times", by=world.home.greta, at=LATER)
    with pytest.raises(ValueError, match="why the customer could not be told"):
        close_loop(follow_up, closing="impossible", text="", by=world.home.greta, at=LATER)
    close_loop(follow_up, closing="impossible", text="Moved away", by=world.home.greta, at=LATER)
    closed = FollowUp.objects.get()
    assert (closed.state, closed.closing) == ("closed", "impossible")


@pytest.mark.parametrize(("closing", "text", "why"), [("", "Hello", "whether"), ("told", " ", "what the customer was")])
def test_closing_needs_a_statement(world, follow_up, closing, text, why):
    with pytest.raises(ValueError, match=why):
        close_loop(follow_up, closing=closing, text=text, by=world.home.greta, at=LATER)


def test_resolving_says_what_was_done(world, follow_up):
    with pytest.raises(ValueError, match="what was done"):
        resolve(follow_up, outcome="recovered", root_cause="price", text="", by=world.home.greta, at=LATER)


@pytest.mark.parametrize(("outcome", "root_cause"), [("", "price"), ("recovered", ""), ("great", "price")])
def test_resolving_needs_outcome_and_root_cause(world, follow_up, outcome, root_cause):
    with pytest.raises(ValueError, match="outcome and a root cause"):
        resolve(follow_up, outcome=outcome, root_cause=root_cause, text="Mended", by=world.home.greta, at=LATER)


def test_reopening_clears_the_outcome_and_starts_the_resolution_clock_anew(world, follow_up):
    promised = follow_up.resolution_due_at
    contact(follow_up, way="phone", by=world.home.greta, at=LATER)
    resolve(follow_up, outcome="recovered", root_cause="price", text="Mended", by=world.home.greta, at=LATER)
    close_loop(follow_up, closing="told", text="They know", by=world.home.greta, at=LATER)
    reopen(follow_up, text="Broke again", by=world.home.anton, at=LATER + timedelta(days=7))
    follow_up = FollowUp.objects.get()
    assert (follow_up.state, follow_up.outcome, follow_up.closed_at, follow_up.resolved_at) == ("open", "", None, None)
    assert follow_up.resolution_due_at == promised + timedelta(days=7, hours=2)
    assert follow_up.entries.get(from_state="closed").details["outcome"] == "recovered"


def test_stale_version_carries_both_and_what_happened_between(world, follow_up):
    other = FollowUp.objects.get()
    acknowledge(follow_up, by=world.home.greta, at=LATER, version=1)
    assign(follow_up, owner=world.home.greta, by=world.home.greta, at=LATER, version=2)
    with pytest.raises(StaleVersion) as caught:
        contact(other, way="phone", by=world.home.anton, at=LATER, version=1)
    assert (caught.value.seen, caught.value.current) == (1, 3)
    assert [entry.kind for entry in caught.value.changes()] == ["moved", "assigned"]
    assert FollowUp.objects.get().state == "acknowledged"


def test_same_submission_twice_is_done_once(world, follow_up):
    key = new_id()
    for _ in range(2):
        entry = contact(follow_up, way="phone", by=world.home.greta, at=LATER, version=1, entry_id=key)
        assert entry.pk == key
    assert FollowUp.objects.get().version == 2
    for _ in range(2):
        add_note(follow_up, text="Called", by=world.home.greta, at=LATER, entry_id=(note := key.__class__(int=7)))
    assert FollowUpEntry.objects.filter(pk=note).count() == 1


def test_note_is_no_conflict(world, follow_up):
    acknowledge(follow_up, by=world.home.greta, at=LATER)
    add_note(FollowUp.objects.get(), text=" Prefers mornings ", by=world.home.anton, at=LATER)
    assert FollowUp.objects.get().version == 2
    assert FollowUpEntry.objects.get(kind="note").text == "Prefers mornings"
    details = AuditEntry.objects.get(verb="follow_up.noted").details
    assert "mornings" not in str(details)


def test_owner_must_be_somebody_who_may_act_here(world, follow_up):
    for person in (world.home.victor, world.other.greta):
        with pytest.raises(ValueError, match="cannot own"):
            assign(follow_up, owner=person, by=world.home.ana, at=LATER)
    assign(follow_up, owner=world.olga, by=world.home.ana, at=LATER)
    with pytest.raises(ReasonMissing, match="Olga Both owns it"):
        assign(follow_up, owner=None, by=world.home.ana, at=LATER)
    assign(follow_up, owner=None, text="Is leaving us", by=world.home.ana, at=LATER)
    assert FollowUp.objects.get().owner is None
    assert FollowUpEntry.objects.filter(kind="assigned").last().text == "Is leaving us"


def test_reply_is_queued_counts_as_contact_and_stops_the_first_clock(world, follow_up):
    reply(follow_up, subject="Your parcel", text="So sorry.", by=world.home.greta, at=LATER, version=1)
    mail = OutgoingMail.objects.get(template="follow_up_reply")
    assert (mail.to_address, mail.context["text"]) == (world.home.chiara.email, "So sorry.")
    entry = FollowUpEntry.objects.get(kind="reply")
    assert (entry.details["mail_id"], entry.to_state) == (str(mail.pk), "contacted")
    assert FollowUp.objects.get().first_contacted_at == LATER
    assert "sorry" not in str(AuditEntry.objects.get(verb="follow_up.replied").details)


@pytest.mark.parametrize("answer", [None, False])
def test_reply_without_consent_is_refused_with_the_reason(world, answer):
    follow_up = open_follow_up(world.home, may_contact=answer)
    with world.home.scope():
        with pytest.raises(ContactRefused, match="not asked" if answer is None else "does not want"):
            reply(follow_up, subject="Hello", text="Hello", by=world.home.greta, at=LATER)
        assert not OutgoingMail.objects.filter(template="follow_up_reply").exists()
        assert FollowUp.objects.get().state == "open"


def test_newer_decision_of_the_customer_counts(world, follow_up):
    purpose = Consent.Purpose.CONTACT
    Consent.objects.create(customer=world.home.chiara, purpose=purpose, is_given=False, source="phone", at=LATER)
    with pytest.raises(ContactRefused, match="does not want"):
        reply(follow_up, subject="Hello", text="Hello", by=world.home.greta, at=LATER)


@pytest.mark.parametrize(
    ("reason", "hours", "is_allowed"),
    [("unsubscribed", -1, True), ("unsubscribed", 1, False), ("complained", -1, False), ("bounced", -1, False)],
)
def test_suppressed_address_is_not_written_to_unless_they_asked_for_contact_later(
    world, follow_up, reason, hours, is_allowed
):
    Suppression.objects.create(
        email_key=world.home.chiara.email_key, reason=reason, at=TUESDAY + timedelta(hours=hours)
    )
    if is_allowed:
        reply(follow_up, subject="Hello", text="Hello", by=world.home.greta, at=LATER)
    else:
        with pytest.raises(ContactRefused, match="must not be written to"):
            reply(follow_up, subject="Hello", text="Hello", by=world.home.greta, at=LATER)


def test_machine_may_act_too(world, follow_up):
    acknowledge(follow_up, by=SYSTEM, at=LATER)
    entry = FollowUpEntry.objects.get(to_state="acknowledged")
    assert (entry.by, entry.by_label) == (None, "CXM")
