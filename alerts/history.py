"""The history of a follow-up in words: what each line says, and what became of each reply."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from alerts.correspondence.showing import MailFacts, files_by_entry, mail_facts
from alerts.following_up import CONTACT_OUTCOMES, CONTACT_WAYS
from alerts.models import Delivery, FollowUp, FollowUpEntry, Priority, Recovery, SlaBreach
from alerts.states import State
from alerts.work.mention_text import in_parts
from surveys.responding import verbatims_of
from tenancy.models import OutgoingMail

Kind = FollowUpEntry.Kind
Mail = OutgoingMail.State


@dataclass(frozen=True)
class Line:
    """One line as it is shown."""

    icon_name: str
    tone: str
    title: str
    moment: datetime
    author: str
    body: str
    error: str = ""
    until: datetime | None = None
    # The number of the follow-up it was written into, where that was merged into this one.
    of: int | None = None
    # Colleagues named in the body.
    mentioned: tuple[str, ...] = ()
    mail: MailFacts | None = None
    # When a contact took place, where that was before it was written down.
    happened_at: datetime | None = None
    # The reply that was given up and can be sent again.
    resends: UUID | None = None

    @property
    def parts(self) -> list[tuple[str, bool]]:
        """The body, cut at the names that are mentioned in it."""
        return in_parts(self.body, self.mentioned)


def history_of(follow_up: FollowUp) -> list[Line]:
    """Newest first; five queries at most for any number of lines."""
    entries = list(follow_up.entries.all())
    files = files_by_entry(entries)
    added = [entry.details["response"] for entry in entries if entry.kind == Kind.ANSWER_ADDED]
    said = {str(pk): words for pk, words in verbatims_of(added).items()}
    ids = [entry.details["mail_id"] for entry in entries if entry.details.get("mail_id")]
    mails = {str(mail.pk): mail for mail in OutgoingMail.objects.filter(pk__in=ids)} if ids else {}
    states = _delivery_states(entries)
    return [
        replace(
            line_of(
                entry,
                mails.get(entry.details.get("mail_id", "")),
                said.get(entry.details.get("response", ""), ""),
                outside=_outside_words(entry, states),
            ),
            mail=mail_facts(entry, files.get(entry.pk, [])),
            resends=_resends(entry, mails),
        )
        for entry in reversed(entries)
    ]


def line_of(entry: FollowUpEntry, mail: OutgoingMail | None = None, said: str = "", *, outside: str = "") -> Line:
    """One line. `mail` is what became of a reply, `said` the customer's words in an answer that was added, `outside`
    what became of what channels were told."""
    icon_name, tone, title = _words(entry)
    said = said or outside
    error = ""
    until = entry.details.get("until") if entry.kind == Kind.PAUSED else None
    happened_at = entry.details.get("happened_at")
    if entry.kind == Kind.REPLY:
        icon_name, tone, title, error = _reply_words(entry, mail)
    moment = datetime.fromisoformat(until) if until else None
    line = Line(icon_name, tone, title, entry.at, entry.by_label, entry.text or said, error, moment, *_context(entry))
    return replace(line, happened_at=datetime.fromisoformat(happened_at)) if happened_at else line


def _resends(entry: FollowUpEntry, mails: dict[str, OutgoingMail]) -> UUID | None:
    mail = mails.get(entry.details.get("mail_id", ""))
    return entry.pk if mail and mail.state in (Mail.FAILED, Mail.QUARANTINED) else None


def _delivery_states(entries: list[FollowUpEntry]) -> dict[str, str]:
    """What became of deliveries, by id; those that were kept long enough are not there any more."""
    ids = [each["delivery"] for entry in entries for each in entry.details.get("outside", [])]
    return (
        {str(each.pk): each.get_state_display().lower() for each in Delivery.objects.filter(pk__in=ids)} if ids else {}
    )


def _outside_words(entry: FollowUpEntry, states: dict[str, str]) -> str:
    """Outside: “Desk” (delivered), “Ops” (given up)."""
    told = [
        f"“{each['name']}” ({states[each['delivery']]})" if each["delivery"] in states else f"“{each['name']}”"
        for each in entry.details.get("outside", [])
    ]
    return f"Places outside: {', '.join(told)}" if told else ""


def _context(entry: FollowUpEntry) -> tuple[int | None, tuple[str, ...]]:
    return entry.details.get("of"), tuple(each["name"] for each in entry.details.get("mentions", []))


def _words(entry: FollowUpEntry) -> tuple[str, str, str]:
    details = entry.details
    if entry.kind == Kind.NOTE:
        return "sticky-note", "", "Note"
    if entry.kind == Kind.ASSIGNED:
        return "user-round", "", _owner_words(details)
    if entry.kind == Kind.BREACHED:
        return "triangle-alert", "breach", f"Overdue: {SlaBreach.Promise(details['promise']).label.lower()}"
    if entry.kind == Kind.ESCALATED:
        return "megaphone", "warn" if details["percent"] < 100 else "breach", _escalation_words(details)
    if entry.kind == Kind.RECEIVED:
        return "mail-open", "detractor", "The customer wrote; open again" if entry.to_state else "The customer wrote"
    if entry.kind == Kind.PAUSED:
        return "circle-pause", "", FollowUp.Pause(details["reason"]).label
    if entry.kind == Kind.RESUMED:
        return "circle-play", "", "The clock goes on"
    if {"undelivered", "resent"} & details.keys():
        to = details.get("to", "the customer")
        if "undelivered" in details:
            return "mail-x", "breach", f"The reply to {to} could not be delivered: it counts as no contact"
        return "mail", "", f"Reply sent again to {to}"
    if entry.kind == Kind.CHANGED and not {"reason", "recovery", "playbook"} & details.keys():
        return "pencil", "", _change_words(details)
    if entry.kind == Kind.MERGED:
        return "merge", "", _merge_words(details)
    if entry.kind == Kind.ATTEMPT:
        way, outcome = CONTACT_WAYS.get(details["way"], ""), CONTACT_OUTCOMES.get(details["outcome"], "")
        return "phone-missed", "", f"Tried to get in touch. {way}: {outcome.lower()}"
    if entry.kind == Kind.ANSWER_EDITED:
        was, now = (details.get("before") or {}).get("score"), details.get("score")
        title = (
            "Customer changed the answer" if was in (None, now) else f"Customer changed the score from {was} to {now}"
        )
        return "pencil", "", title
    if entry.kind == Kind.ANSWER_ADDED:
        tone = "detractor" if details.get("group", "detractor") == "detractor" else ""
        return "message-square", tone, f"The customer answered again: score {details.get('score')}{_times(details)}"
    if entry.kind == Kind.STEP:
        words = "Step done" if details.get("is_done") else "Step not done after all"
        return "list-checks", "ok" if details.get("is_done") else "", f"{words}: {details.get('step', '')}"
    if entry.kind == Kind.CHANGED and "playbook" in details:
        name = details["playbook"]
        return "list-checks", "", f"Goes by the playbook “{name}”" if name else "Goes by no playbook"
    if entry.kind == Kind.CHANGED and "reason" in details:
        return "bell", "detractor", f"{details['reason']}{_times(details)}"
    if "recovery" in details:
        return _recovery_words(details)
    return _move_words(entry)


def _recovery_words(details: dict) -> tuple[str, str, str]:
    result = Recovery.Result(details["recovery"])
    tone = {Recovery.Result.RECOVERED: "ok", Recovery.Result.WORSE: "detractor"}.get(result, "")
    before = details.get("before")
    was = f", after {before} before" if before is not None else ""
    return (
        "message-square",
        tone,
        f"The customer was asked again: {result.label.lower()}, score {details['score']}{was}",
    )


def _times(details: dict[str, Any]) -> str:
    return f"; the times of “{details['policy']}” hold where they are sooner" if "policy" in details else ""


def _change_words(details: dict[str, Any]) -> str:
    if "undone" in details:
        return "Taken back: what was done to many at once"
    if "priority" in details:
        before, after = (Priority(each).label.lower() for each in details["priority"])
        return f"Priority changed from {before} to {after}{_times(details)}"
    if "tags" in details:
        before, after = details["tags"]
        new, gone = ([tag for tag in these if tag not in those] for these, those in ((after, before), (before, after)))
        parts = [f"{words} {', '.join(tags)}" for words, tags in (("added", new), ("removed", gone)) if tags]
        return f"Tags {' and '.join(parts)}" if parts else "Tags changed"
    return "Changed"


def _merge_words(details: dict[str, Any]) -> str:
    if "into" in details:
        return f"Merged into follow-up {details['into']}"
    return f"Follow-up {details.get('from', '')} was merged into this one"


def _escalation_words(details: dict) -> str:
    """Told Ben (lead) by mail and in the product: first contact, 100 % used."""
    promise = SlaBreach.Promise(details["promise"]).label.lower()
    told: dict[str, list[str]] = {}
    for each in details["told"]:
        name = f"{each['name']} ({each['as']})" if each["as"] else each["name"]
        told.setdefault(" and ".join(each["ways"]), []).append(name)
    words = "; ".join(f"{', '.join(names)} {ways}" for ways, names in told.items())
    return f"Told {words or 'nobody: all switched it off'}: {promise}, {details['percent']} % used"


def _owner_words(details: dict) -> str:
    """To whom, and which rule chose them for which reason."""
    person = details.get("to_person")
    if not person:
        return "Nobody owns it any more"
    if "rule" not in details:
        return f"Assigned to {person}"
    if not details["rule"]:
        return f"Assigned to {person}: no rule gave anybody"
    because = f"; {details['because']}" if details.get("because") else ""
    return f"Assigned to {person} by the rule “{details['rule']}”{because}"


def _move_words(entry: FollowUpEntry) -> tuple[str, str, str]:
    details, after = entry.details, entry.to_state
    if "way" in details:
        return "phone", "ok", f"Contacted: {CONTACT_WAYS.get(details['way'], '').lower()}"
    if after == State.RESOLVED:
        outcome, cause = FollowUp.Outcome(details["outcome"]).label, details.get("cause", details["root_cause"])
        return "check", "ok", f"Resolved: {outcome.lower()}. Cause: {cause.lower()}"
    if after == State.CLOSED:
        is_untold = details.get("closing") == FollowUp.Closing.IMPOSSIBLE
        return "circle-check", "ok", "Loop closed; the customer could not be told" if is_untold else "Loop closed"
    if after == State.OPEN and entry.from_state:
        return "rotate-ccw", "", "Reopened"
    if after == State.OPEN:
        return "inbox", "detractor", f"Opened by the rule “{details.get('rule', '')}”"
    return "eye", "", FollowUp.State(after).label if after else "Changed"


def _reply_words(entry: FollowUpEntry, mail: OutgoingMail | None) -> tuple[str, str, str, str]:
    to = entry.details.get("to", "the customer")
    if mail is None:
        return "mail", "", "Reply", ""
    if mail.state == Mail.SENT:
        return "mail-check", "ok", f"Reply sent to {to}", ""
    if mail.state in (Mail.FAILED, Mail.QUARANTINED):
        return "mail-x", "breach", f"Reply to {to} was not sent", mail.last_error
    return "mail", "", f"Reply to {to} is being sent", mail.last_error
