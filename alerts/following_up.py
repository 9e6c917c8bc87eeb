"""What people do with a follow-up. Each verb locks the row, compares versions, writes history and audit.

All take `by` (who), `at` (when), `version` (the one that was seen; None takes whatever is there) and `entry_id` (names
the submission, so that a second one changes nothing). They raise IllegalMove, StaleVersion, or ValueError with words
for people when a value is missing; they return the line of history.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from alerts.changing import AlreadyDone, Change, Kind, change, new_entry, written
from alerts.clocks import clock_calendar, first_contact_due_at, resolution_due_at
from alerts.correspondence.threads import message_id_of
from alerts.models import Escalation, FollowUp, FollowUpEntry, Promise, SlaBreach, TeamMember
from alerts.notifying.people import tell
from alerts.pausing import end_pause
from alerts.proof.recovery.planning import drop_recovery, plan_recovery
from alerts.replying import queue_reply
from alerts.root_causes import full_name, root_causes
from alerts.sla import business_time_between
from alerts.states import Deed, IllegalMove, State, next_state
from tenancy.audit import Actor, record
from tenancy.models import Membership, User
from tenancy.roles import Role

TRIED = "Say how you tried to reach the customer."
TOLD_WHAT = "Say what the customer was told."
# How the customer was reached, or was tried to be; a recorded contact names one.
CONTACT_WAYS = {
    "phone": "Phone",
    "mail": "Mail",
    "message": "Message",
    "in_person": "In person",
    "other": "Another way",
}
# What came of it; only the first is a contact.
REACHED = "reached"
CONTACT_OUTCOMES = {
    REACHED: "Reached the customer",
    "left_message": "Left a message",
    "no_answer": "No answer",
    "wrong_number": "Wrong number or address",
    "other": "Something else",
}


def acknowledge(
    follow_up: FollowUp, *, by: Actor | User, at: datetime, version: int | None = None, entry_id: UUID | None = None
) -> FollowUpEntry:
    """Somebody has seen it and will care."""
    verb = "follow_up.acknowledged"
    try:
        with change(follow_up, kind=Kind.MOVED, verb=verb, by=by, at=at, version=version, entry_id=entry_id) as changed:
            changed.move_to(next_state(changed.follow_up.state, Deed.ACKNOWLEDGE))
    except AlreadyDone as done:
        return done.entry
    return changed.entry


def contact(
    follow_up: FollowUp,
    *,
    way: str,
    outcome: str = REACHED,
    text: str = "",
    happened_at: datetime | None = None,
    by: Actor | User,
    at: datetime,
    version: int | None = None,
    entry_id: UUID | None = None,
) -> FollowUpEntry:
    """The customer was reached by one of CONTACT_WAYS, or was tried to be: one of CONTACT_OUTCOMES.

    The first contact stops the first clock, at the moment it happened (None: now). An attempt stops none and moves
    nothing: it is a line of history.
    """
    if way not in CONTACT_WAYS or outcome not in CONTACT_OUTCOMES:
        raise ValueError("Say how the customer was reached, and what came of it.")
    if outcome == "other" and not text.strip():
        raise ValueError("Say what came of it.")
    happened_at = _moment_of(follow_up, happened_at, at=at)
    is_reached = outcome == REACHED
    kind, verb = (Kind.MOVED, "follow_up.contacted") if is_reached else (Kind.ATTEMPT, "follow_up.attempted")
    try:
        with change(
            follow_up, kind=kind, verb=verb, by=by, at=at, version=version, entry_id=entry_id, text=text
        ) as changed:
            changed.entry.details["way"] = way
            if happened_at != at:
                changed.entry.details["happened_at"] = happened_at.isoformat(timespec="seconds")
            if is_reached:
                count_as_contact(changed, at=happened_at)
            else:
                next_state(changed.follow_up.state, Deed.CONTACT)  # where nobody may be contacted, nobody tries
                changed.entry.details["outcome"] = outcome
    except AlreadyDone as done:
        return done.entry
    return changed.entry


def reply(
    follow_up: FollowUp,
    *,
    subject: str,
    text: str,
    by: Actor | User,
    at: datetime,
    version: int | None = None,
    entry_id: UUID | None = None,
) -> FollowUpEntry:
    """Write to the customer by mail, through the outbox. Counts as a contact. Raises ContactRefused without consent."""
    if not text.strip() or not subject.strip():
        raise ValueError("A reply needs a subject and a text.")
    verb = "follow_up.replied"
    try:
        with change(
            follow_up, kind=Kind.REPLY, verb=verb, by=by, at=at, version=version, entry_id=entry_id, text=text
        ) as changed:
            count_as_contact(changed, at=at)
            mail = queue_reply(changed.follow_up, entry=changed.entry, subject=subject.strip(), text=text.strip())
            changed.entry.details |= {"mail_id": str(mail.pk), "to": mail.to_address, "subject": subject.strip()}
            changed.entry.details["message_id"] = message_id_of(changed.entry)
    except AlreadyDone as done:
        return done.entry
    return changed.entry


def resolve(
    follow_up: FollowUp,
    *,
    outcome: str,
    root_cause: str,
    text: str,
    by: Actor | User,
    at: datetime,
    version: int | None = None,
    entry_id: UUID | None = None,
) -> FollowUpEntry:
    """What came of it, what caused it, and in `text` what was done about it."""
    causes = {cause.key: full_name(cause) for cause in root_causes()}
    if outcome not in FollowUp.Outcome.values or root_cause not in causes:
        raise ValueError("Resolving needs an outcome and a root cause.")
    if not text.strip():
        raise ValueError(TRIED if outcome == FollowUp.Outcome.UNREACHABLE else "Say what was done.")
    verb = "follow_up.resolved"
    try:
        with change(
            follow_up, kind=Kind.MOVED, verb=verb, by=by, at=at, version=version, entry_id=entry_id, text=text
        ) as changed:
            changed.move_to(next_state(changed.follow_up.state, Deed.RESOLVE))
            end_pause(changed, at=at)
            _reacted(changed)
            changed.set(outcome=outcome, root_cause=root_cause, resolved_at=at)
            # The name as it was then: the list may change.
            changed.entry.details |= {"outcome": outcome, "root_cause": root_cause, "cause": causes[root_cause]}
    except AlreadyDone as done:
        return done.entry
    return changed.entry


def close_loop(
    follow_up: FollowUp,
    *,
    closing: str,
    text: str,
    by: Actor | User,
    at: datetime,
    version: int | None = None,
    entry_id: UUID | None = None,
) -> FollowUpEntry:
    """The customer knows what came of it, and `text` says what they were told; or it says why nobody could tell them.

    IllegalMove for `closing` "told" when no contact is recorded.
    """
    if closing not in FollowUp.Closing.values:
        raise ValueError("Say whether the customer was told.")
    if not text.strip():
        raise ValueError(TOLD_WHAT if closing == FollowUp.Closing.TOLD else "Say why the customer could not be told.")
    verb = "follow_up.closed"
    try:
        with change(
            follow_up, kind=Kind.MOVED, verb=verb, by=by, at=at, version=version, entry_id=entry_id, text=text
        ) as changed:
            state = changed.follow_up.state
            after = next_state(state, Deed.CLOSE_LOOP)
            if closing == FollowUp.Closing.TOLD and not was_told(changed.follow_up):
                raise IllegalMove(Deed.CLOSE_LOOP, state, "Tell the customer first: reply, or record a contact.")
            changed.move_to(after)
            _reacted(changed)
            changed.set(closed_at=at, closing=closing)
            changed.entry.details["closing"] = closing
            plan_recovery(changed.follow_up, at=at)
    except AlreadyDone as done:
        return done.entry
    return changed.entry


def was_told(follow_up: FollowUp) -> bool:
    """Whether a contact with the customer is recorded."""
    return follow_up.first_contacted_at is not None


def reopen(
    follow_up: FollowUp,
    *,
    text: str = "",
    by: Actor | User,
    at: datetime,
    version: int | None = None,
    entry_id: UUID | None = None,
) -> FollowUpEntry:
    """Start again: outcome and root cause are cleared, and what is still to be done is promised anew."""
    verb = "follow_up.reopened"
    try:
        with change(
            follow_up, kind=Kind.MOVED, verb=verb, by=by, at=at, version=version, entry_id=entry_id, text=text
        ) as changed:
            before = changed.follow_up
            changed.move_to(next_state(before.state, Deed.REOPEN))
            start_again(changed, at=at)
    except AlreadyDone as done:
        return done.entry
    return changed.entry


def start_again(changed: Change, *, at: datetime) -> None:
    """Within a change that opens it again: what came of it is cleared, and the resolution is promised anew.

    So is the first contact where nobody reached the customer the first time.
    """
    before = changed.follow_up
    changed.entry.details |= {"outcome": before.outcome, "root_cause": before.root_cause}
    drop_recovery(before, at=at)
    promises = [Promise.RESOLUTION]
    calendar = clock_calendar(before.sla_policy, before.organization)
    due_at = resolution_due_at(before.sla_policy, calendar, start=at)
    if before.first_contacted_at is None:
        promises.append(Promise.FIRST_CONTACT)
        contact_due_at = first_contact_due_at(before.sla_policy, calendar, start=at)
        budget = business_time_between(at, contact_due_at, calendar)
        changed.set(first_contact_due_at=contact_due_at, first_contact_budget=budget)
    # A new promise: its steps can be taken again. What was told of the old one stands in the history.
    Escalation.objects.filter(follow_up=before, promise__in=promises).delete()
    changed.set(
        outcome="",
        root_cause="",
        resolved_at=None,
        closed_at=None,
        closing="",
        resolution_due_at=due_at,
        resolution_budget=business_time_between(at, due_at, calendar),
    )


def assign(
    follow_up: FollowUp,
    *,
    owner: User | None,
    text: str = "",
    by: Actor | User,
    at: datetime,
    version: int | None = None,
    entry_id: UUID | None = None,
) -> FollowUpEntry:
    """Give it to a person who may act (agent or above), or to nobody; `text` says why it leaves an owner it had.

    The team follows the owner: it stays where they are in it, else it becomes theirs.
    """
    if owner and not may_own(owner):
        raise ValueError(f"{owner} cannot own follow-ups here.")
    verb = "follow_up.assigned"
    try:
        with change(
            follow_up, kind=Kind.ASSIGNED, verb=verb, by=by, at=at, version=version, entry_id=entry_id, text=text
        ) as changed:
            before = changed.follow_up.owner
            if changed.follow_up.state == State.MERGED:
                raise ValueError("This follow-up is merged into another: give that one away.")
            if before and before != owner and not text.strip():
                raise ReasonMissing(f"{before} owns it: say why that changes.")
            changed.entry.details |= {"from": str(before or ""), "to_person": str(owner or "")}
            # Names change and are shared; figures of people go by this.
            changed.entry.details["from_id"] = str(before.pk) if before else ""
            changed.set(owner=owner)
            if owner is not None:
                changed.set(team_id=_team_with(owner, changed.follow_up.team_id))
            if owner not in (None, before) and changed.entry.by_id != owner.pk:
                tell(
                    [owner],
                    "assigned",
                    title=f"Follow-up {changed.follow_up.number} is yours now",
                    text=f"{changed.entry.by_label}: {text.strip()}" if text.strip() else "",
                    follow_up=changed.follow_up,
                    key=f"assigned:{changed.entry.pk}",
                    at=at,
                )
            if before not in (None, owner) and changed.entry.by_id != before.pk:
                whose = f"{owner}'s" if owner else "nobody's"
                tell(
                    [before],
                    "owned_changed",
                    title=f"Follow-up {changed.follow_up.number} is {whose} now",
                    text=f"{changed.entry.by_label}: {text.strip()}",
                    follow_up=changed.follow_up,
                    # As for those who watch: one thing, told once.
                    key=f"watched:{changed.entry.pk}",
                    at=at,
                )
    except AlreadyDone as done:
        return done.entry
    return changed.entry


class ReasonMissing(ValueError):
    """Somebody owned it, and nothing says why that changes. `field` is where the reason belongs."""

    field = "text"


def may_own(user: User) -> bool:
    acting = [role for role in Role if role.includes(Role.AGENT)]
    return Membership.objects.filter(user=user, user__is_active=True, role__in=acting).exists()


def _team_with(owner: User, team_id: UUID | None) -> UUID | None:
    """The team the follow-up has where the owner is in it, else the first they are in."""
    teams = list(TeamMember.objects.filter(user=owner).order_by("team__name").values_list("team_id", flat=True))
    return team_id if team_id in teams else next(iter(teams), None)


def add_note(
    follow_up: FollowUp,
    *,
    text: str,
    mentions: Sequence[User] = (),
    by: Actor | User,
    at: datetime,
    entry_id: UUID | None = None,
) -> FollowUpEntry:
    """Something colleagues should know. A note changes nothing, so it neither meets nor makes a conflict.

    Who is named in it is kept beside it; alerts.work.noting tells them.
    """
    if not text.strip():
        raise ValueError("Write something.")
    with transaction.atomic():
        # The same submission twice at once: the second waits here and finds the first.
        locked = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
        if entry_id and (done := locked.entries.filter(pk=entry_id).first()):
            return done
        if locked.state == State.MERGED:
            raise ValueError("This follow-up is merged into another: write there.")
        entry = new_entry(follow_up, kind=Kind.NOTE, by=by, at=at, text=text.strip())
        if mentions:
            entry.details["mentions"] = [{"id": str(user.pk), "name": str(user)} for user in mentions]
        if entry_id:
            entry.pk = entry_id
        entry.save(force_insert=True)
        record("follow_up.noted", on=follow_up, by=by, at=at)
        written([entry])
    return entry


def _moment_of(follow_up: FollowUp, happened_at: datetime | None, *, at: datetime) -> datetime:
    """When a contact took place. `field` of the ValueError is where that was said. People name minutes, not seconds."""
    if happened_at is None:
        return at
    if happened_at > at:
        raise WrongMoment("This is still to come.")
    if happened_at < follow_up.opened_at.replace(second=0, microsecond=0):
        raise WrongMoment("That was before the follow-up opened.")
    return max(happened_at, follow_up.opened_at)


class WrongMoment(ValueError):
    """A contact cannot have taken place then."""

    field = "happened_at"


def count_as_contact(changed: Change, *, at: datetime) -> None:
    """Within a change: the customer was reached, which ends a pause and the first clock. Raises IllegalMove."""
    follow_up = changed.follow_up
    after = next_state(follow_up.state, Deed.CONTACT)
    if after != State(follow_up.state):
        changed.move_to(after)
    end_pause(changed, at=at)
    if follow_up.customer_wrote_at and follow_up.customer_wrote_at <= at:
        _reacted(changed)
    if follow_up.first_contacted_at is None or at < follow_up.first_contacted_at:
        changed.set(first_contacted_at=at)
        # Written down late, but kept in time.
        kept = SlaBreach.objects.filter(follow_up=follow_up, promise=Promise.FIRST_CONTACT, due_at__gte=at)
        kept.delete()


def _reacted(changed: Change) -> None:
    """What the customer wrote has been seen to."""
    if changed.follow_up.customer_wrote_at is not None:
        changed.set(customer_wrote_at=None)
