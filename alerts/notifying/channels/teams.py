"""Microsoft Teams, by a webhook of Workflows: a message that holds one Adaptive Card."""

import json
import re

from alerts.notifying.channels import Request
from alerts.notifying.message import Message

CARD = "application/vnd.microsoft.card.adaptive"


class Teams:
    label = "Microsoft Teams"
    hosts: tuple[str, ...] = ("logic.azure.com", "api.powerplatform.com", "webhook.office.com")
    has_secret = False

    def request(self, message: Message, *, sealed: dict[str, str], at: int) -> Request:
        attachment = {"contentType": CARD, "contentUrl": None, "content": _card(message)}
        body = {"type": "message", "attachments": [attachment]}
        return Request(sealed["url"], json.dumps(body).encode(), {"Content-Type": "application/json"})


def _card(message: Message) -> dict:
    blocks: list[dict] = [
        {"type": "TextBlock", "text": _plain(message.title), "weight": "Bolder", "size": "Medium", "wrap": True}
    ]
    if message.quote:
        blocks.append({"type": "TextBlock", "text": _plain(message.quote), "isSubtle": True, "wrap": True})
    facts = [{"title": name, "value": _plain(value)} for name, value in message.fields]
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [*blocks, {"type": "FactSet", "facts": facts}],
        "actions": [{"type": "Action.OpenUrl", "title": message.link_label, "url": message.link}],
    }


def _plain(text: str) -> str:
    """Cards read Markdown: what a customer writes makes no link and no emphasis."""
    return re.sub(r"([\\`*_\[\]()#])", r"\\\1", text)


CHANNEL = Teams()
