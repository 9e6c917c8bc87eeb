"""Why somebody was, will be or was not asked, in words: one sentence for each code an invitation can carry."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

Details = dict[str, Any]

SUPPRESSIONS = {
    "unsubscribed": "They unsubscribed.",
    "bounced": "Mail to this address came back.",
    "complained": "They marked our mail as spam.",
    "manual": "A member of staff put the address on the list of those who are not written to.",
}

_TEXTS: dict[str, str | Callable[[Details], str]] = {
    "planned": lambda details: f"Will be asked {_because(details)}.",
    "preparing": "The mail is being written.",
    "handing_over": "The mail is being handed over to the mail server.",
    "sent": lambda details: f"Asked {_because(details)}.",
    # Not asked
    "too_old": lambda details: (
        f"Reported too late: the time to ask was over {_days(details.get('days', 7))} before we heard of it."
    ),
    "moment_passed": lambda details: f"Too late to ask: it could not be sent within {_days(details.get('days', 7))}.",
    "no_address": "There is no e-mail address.",
    "erased": "The customer was erased.",
    "suppressed": lambda details: SUPPRESSIONS.get(details.get("because", ""), "We may not write to this address."),
    "consent_withdrawn": "They have withdrawn their consent to be asked.",
    "survey_draft": "The survey is not live.",
    "survey_closed": "The survey was closed before the mail was due.",
    "plan_off": "The send rule was switched off before the mail was due.",
    "demo": "No mail leaves the demo.",
    # Put off, or not asked for the same reason
    "survey_paused": "The survey is paused. They will be asked when it goes on.",
    "asked_recently": lambda details: _asked_recently(details),
    "asked_this_recently": lambda details: (
        f"Asked the same {_on(details.get('asked_at'))}, and nobody is asked this more often than once in "
        f"{_days(details.get('days', 0))}."
    ),
    "quiet_hours": lambda details: f"Quiet hours. The mail goes out {_on(details.get('until'))}.",
    "mail_server_down": lambda details: (
        f"The mail server cannot be reached ({details.get('error', '')}). We keep trying."
    ),
    "retry": lambda details: (
        f"The mail server put us off ({details.get('error', '')}). Tried {_times(details.get('attempts', 1))} so far."
    ),
    # Failed
    "refused": lambda details: f"The mail server refused the mail: {details.get('error', '')}",
    "address_unknown": lambda details: f"There is no such mailbox: {details.get('error', '')}",
    "gave_up": lambda details: f"Given up after {_times(details.get('attempts', 1))}: {details.get('error', '')}",
    "not_written": lambda details: f"The mail could not be written: {details.get('error', '')}",
    "set_aside": lambda details: f"Set aside: {_times(details.get('stops', 3))} the program stopped while writing it.",
    # Not known
    "hand_over_unknown": (
        "The connection or the program stopped while the mail was handed over, so it may have arrived. "
        "It is not sent again by itself: nobody is asked twice by accident."
    ),
    "marked_sent": lambda details: f"Asked {_because(details)}. {details.get('by', 'Somebody')} marked it as sent.",
    "marked_not_sent": lambda details: f"{details.get('by', 'Somebody')} marked it as not sent.",
    "withdrawn": lambda details: f"{details.get('by', 'Somebody')} took it back before it was sent.",
}

# What the ledger offers as a filter, in these words.
SHORT = {
    "too_old": "Reported too late",
    "moment_passed": "Moment passed",
    "no_address": "No e-mail address",
    "erased": "Erased",
    "suppressed": "Must not be written to",
    "consent_withdrawn": "Consent withdrawn",
    "survey_draft": "Survey not live",
    "survey_closed": "Survey closed",
    "plan_off": "Send rule off",
    "demo": "Demo",
    "survey_paused": "Survey paused",
    "asked_recently": "Asked recently",
    "asked_this_recently": "Asked the same recently",
    "quiet_hours": "Quiet hours",
    "mail_server_down": "Mail server down",
    "retry": "Put off by mail server",
    "refused": "Refused",
    "address_unknown": "No such mailbox",
    "gave_up": "Given up",
    "not_written": "Could not be written",
    "set_aside": "Set aside",
    "hand_over_unknown": "Not known whether sent",
    "marked_not_sent": "Marked as not sent",
    "withdrawn": "Taken back",
}


def reason_text(code: str, details: Details | None = None) -> str:
    """The sentence for a code with its details; moments in the active time zone. Empty for no code."""
    text = _TEXTS.get(code, code.replace("_", " ").capitalize())
    sentence = text(details or {}) if callable(text) else text
    return sentence if not sentence or sentence.endswith(".") else f"{sentence}."


def _because(details: Details) -> str:
    """ "1 day after “Order delivered”", or "because Ana wanted it"."""
    if wanted_by := details.get("wanted_by"):
        return f"because {wanted_by} wanted it"
    if because := details.get("because"):
        return str(because)
    milestone = details.get("milestone")
    if not milestone:
        return "as planned"
    delay = span_words(details.get("delay_minutes", 0))
    return f"{delay} after “{milestone}”" if delay else f"at once after “{milestone}”"


def span_words(minutes: int) -> str:
    """ "2 days", "90 minutes", "1 hour"; empty for 0. The largest unit that leaves no rest."""
    for size, unit in ((60 * 24, "day"), (60, "hour"), (1, "minute")):
        if minutes and minutes % size == 0:
            count = minutes // size
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return ""


def _asked_recently(details: Details) -> str:
    known = (
        f"Asked {_on(details.get('asked_at'))} by “{details.get('survey', '')}”, "
        f"and customers are left in peace for {_days(details.get('days', 0))}."
    )
    return f"{known} The next ask is possible {_on(details['until'])}." if details.get("until") else known


def _on(moment: str | None) -> str:
    if not moment:
        return "earlier"
    return f"on {date_format(timezone.localtime(datetime.fromisoformat(moment)), 'j M Y, H:i')}"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _times(count: int) -> str:
    return {1: "once", 2: "twice", 3: "three times"}.get(count, f"{count} times")
