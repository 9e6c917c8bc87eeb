"""One message in words and facts, before a channel gives it its own form."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from alerts.models import Delivery
from alerts.notifying.events import OUTSIDE

EXCERPT_CHARACTERS = 300
NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Message:
    """`id` stays the same for every attempt; `fields` are (name, value) in the order they are shown.

    `key` names what is told: the same thing told to several places has the same.
    """

    id: str
    event: str
    at: str
    title: str
    quote: str
    fields: list[tuple[str, str]]
    link: str
    link_label: str
    # For machines: the facts as they are.
    data: dict[str, Any]
    key: str = ""
    organization_id: UUID = NOBODY
    customer_ids: tuple[str, ...] = ()


def message_of_delivery(delivery: Delivery) -> Message:
    return message_of(
        id=str(delivery.pk),
        event=delivery.event,
        at=delivery.created_at.isoformat(timespec="seconds"),
        count=delivery.count,
        facts=delivery.facts,
        key=delivery.dedupe_key,
        organization_id=delivery.organization_id,
    )


def message_of(
    *,
    id: str,
    event: str,
    at: str,
    count: int,
    facts: dict[str, Any],
    key: str = "",
    organization_id: UUID = NOBODY,
) -> Message:
    """The message of one thing, or of many that came in a burst."""
    if "numbers" in facts:
        title, quote, fields, label = _of_many(event, count, facts)
        data = {"count": count, **_public(facts)}
    elif "rule" in facts:
        title, quote, fields, label = _of_rule(count, facts)
        data = _public(facts) if count == 1 else {"count": count, **_public(facts)}
    else:
        title, quote, fields, label = _of_one(facts)
        data = _public(facts)
    return Message(
        id=id,
        event=event,
        at=at,
        title=title,
        quote=quote,
        fields=[(name, value) for name, value in fields if value],
        link=facts["url"],
        link_label=label,
        data=data,
        key=key,
        organization_id=organization_id,
        customer_ids=tuple(facts.get("customer_ids", ())),
    )


def excerpt(text: str) -> str:
    return text if len(text) <= EXCERPT_CHARACTERS else text[: EXCERPT_CHARACTERS - 1] + "…"


def _of_many(event: str, count: int, facts: dict[str, Any]) -> tuple[str, str, list[tuple[str, str]], str]:
    is_opening = event == "follow_up.opened"
    title = f"{count} more follow-ups opened" if is_opening else f"{count} more: {OUTSIDE[event].words_outside}"
    spans = [f"#{first}" if first == last else f"#{first} to #{last}" for first, last in facts["numbers"]]
    return title, "", [("Follow-ups", excerpt(", ".join(spans)))], "Open the queue"


def _of_rule(count: int, facts: dict[str, Any]) -> tuple[str, str, list[tuple[str, str]], str]:
    """A rule that names the place fired: on one answer, or on so many at once."""
    is_one = count == 1
    score = f"{facts['score']} ({facts['group']})" if facts.get("score") is not None else ""
    title = f"“{facts['rule']}” fired" if is_one else f"“{facts['rule']}” fired {count} times"
    fields = [("Customer", facts.get("customer", "")), ("Score", score)]
    return title, excerpt(facts["reason"]), fields, "Look at it" if is_one else "Look at the first"


def _of_one(facts: dict[str, Any]) -> tuple[str, str, list[tuple[str, str]], str]:
    score = facts.get("score")
    fields = [
        ("Score", f"{score} ({facts['group']})" if score is not None else ""),
        ("Survey", facts.get("survey", "")),
        ("Touchpoint", facts.get("touchpoint", "")),
        ("First contact due", facts.get("first_contact_due", "")),
        ("Resolution due", facts.get("resolution_due", "")),
    ]
    number = facts.get("number")
    title = facts.get("title") or f"Follow-up #{number} opened: {facts['customer']}"
    quote = facts.get("text") or facts.get("verbatim") or facts.get("reason", "")
    return title, excerpt(quote), fields, "Open the follow-up" if number else "Have a look"


def _public(facts: dict[str, Any]) -> dict[str, Any]:
    """Without the keys of customers: they are here for erasing, and tell nobody outside anything."""
    return {name: value for name, value in facts.items() if name != "customer_ids"}
