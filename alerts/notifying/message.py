"""One message in words and facts, before a channel gives it its own form."""

from dataclasses import dataclass
from typing import Any

EXCERPT_CHARACTERS = 300


@dataclass(frozen=True)
class Message:
    """`id` stays the same for every attempt; `fields` are (name, value) in the order they are shown."""

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


def message_of(*, id: str, event: str, at: str, count: int, facts: dict[str, Any]) -> Message:
    """The message of one follow-up, or of many that opened in a burst."""
    if "first_number" in facts:
        return Message(
            id=id,
            event=event,
            at=at,
            title=f"{count} more follow-ups opened",
            quote="",
            fields=[("Follow-ups", f"#{facts['first_number']} to #{facts['last_number']}")],
            link=facts["url"],
            link_label="Open the queue",
            data={"count": count, **_public(facts)},
        )
    if "rule" in facts:
        return _fired(id=id, event=event, at=at, count=count, facts=facts)
    fields = [
        ("Score", f"{facts['score']} ({facts['group']})" if facts["score"] is not None else ""),
        ("Survey", facts["survey"]),
        ("Touchpoint", facts["touchpoint"]),
        ("First contact due", facts["first_contact_due"]),
        ("Resolution due", facts["resolution_due"]),
    ]
    return Message(
        id=id,
        event=event,
        at=at,
        title=f"Follow-up #{facts['number']} opened: {facts['customer']}",
        quote=excerpt(facts["verbatim"] or facts.get("reason", "")),
        fields=[(name, value) for name, value in fields if value],
        link=facts["url"],
        link_label="Open the follow-up",
        data=_public(facts),
    )


def _fired(*, id: str, event: str, at: str, count: int, facts: dict[str, Any]) -> Message:
    """A rule that names the place fired: on one answer, or on so many at once."""
    is_one = count == 1
    score = f"{facts['score']} ({facts['group']})" if facts.get("score") is not None else ""
    fields = [("Customer", facts.get("customer", "")), ("Score", score)]
    return Message(
        id=id,
        event=event,
        at=at,
        title=f"“{facts['rule']}” fired" if is_one else f"“{facts['rule']}” fired {count} times",
        quote=excerpt(facts["reason"]),
        fields=[(name, value) for name, value in fields if value],
        link=facts["url"],
        link_label="Look at it" if is_one else "Look at the first",
        data=_public(facts) if is_one else {"count": count, **_public(facts)},
    )


def excerpt(text: str) -> str:
    return text if len(text) <= EXCERPT_CHARACTERS else text[: EXCERPT_CHARACTERS - 1] + "…"


def _public(facts: dict[str, Any]) -> dict[str, Any]:
    """Without the keys of customers: they are here for erasing, and tell nobody outside anything."""
    return {name: value for name, value in facts.items() if name != "customer_ids"}
