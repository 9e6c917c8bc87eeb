"""The headers that keep a correspondence together in the customer's mail program."""

import re
from urllib.parse import urlsplit

from django.conf import settings

from alerts.models import FollowUp, FollowUpEntry

Kind = FollowUpEntry.Kind
# As many as a header of references needs to hold on to a long correspondence.
REFERENCES = 20
# As mail programs mark an answer, in the languages that do not say Re.
ANSWERED = re.compile(r"^(?:\s*(?:re|aw|sv|vs|antw|odp|rif|رد)\s*:)+", re.I)
MESSAGE_ID = re.compile(r"<[^<>\s]{1,180}>")


def message_id_of(entry: FollowUpEntry) -> str:
    """The Message-ID of a reply: the same however often it is tried, so that a mail sent twice is seen once."""
    return f"<{entry.pk}@{urlsplit(settings.BASE_URL).hostname or 'cxm'}>"


def thread_headers(follow_up: FollowUp, *, entry: FollowUpEntry) -> dict[str, str]:
    """Message-ID of this reply, and what it answers: the mails of both sides so far."""
    headers = {"Message-ID": message_id_of(entry)}
    lines = follow_up.entries.filter(kind__in=[Kind.REPLY, Kind.RECEIVED]).exclude(pk=entry.pk).order_by("-at", "-id")
    ids = [str(each or "") for each in lines.values_list("details__message_id", flat=True)[:REFERENCES]]
    earlier = [each for each in reversed(ids) if MESSAGE_ID.fullmatch(each)]
    if earlier:
        headers |= {"In-Reply-To": earlier[-1], "References": " ".join(earlier)}
    return headers


def last_subject(follow_up: FollowUp) -> str:
    """What the correspondence is about, without the Re: of whoever answered; empty before the first mail."""
    lines = follow_up.entries.filter(kind__in=[Kind.REPLY, Kind.RECEIVED], details__has_key="subject")
    subject = str(lines.order_by("-at", "-id").values_list("details__subject", flat=True).first() or "")
    return ANSWERED.sub("", subject).strip()


def first_message_id(value: str) -> str:
    """The message id in a header of somebody else's; empty where there is none that could be repeated safely."""
    found = MESSAGE_ID.search(value)
    return found.group() if found else ""
