"""Microsoft Teams, by a webhook of Workflows: a message that holds one Adaptive Card.

https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using. Webhooks of the
former Office connectors (webhook.office.com) are gone; logic.azure.com is where workflows had theirs before 2026.
"""

import json
import re

from alerts.notifying.message import Message
from alerts.notifying.posting import Posting, Request

CARD = "application/vnd.microsoft.card.adaptive"


class Teams(Posting):
    label = "Microsoft Teams"
    icon = "messages-square"
    explanation = (
        "In Teams, open the menu of the channel, choose Workflows and “Send webhook alerts to a channel”, let anyone "
        "trigger it, and copy the address it shows."
    )
    hosts = ("environment.api.powerplatform.com", "logic.azure.com")

    def request(self, message: Message, *, sealed: dict[str, str], at: int) -> Request:
        attachment = {"contentType": CARD, "contentUrl": None, "content": _card(message)}
        body = {"type": "message", "attachments": [attachment]}
        return Request(sealed["address"], json.dumps(body).encode(), {"Content-Type": "application/json"})


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
        "body": [*blocks, {"type": "FactSet", "facts": facts}] if facts else blocks,
        "actions": [{"type": "Action.OpenUrl", "title": message.link_label, "url": message.link}],
    }


def _plain(text: str) -> str:
    """Cards read Markdown: what a customer writes makes no link and no emphasis."""
    return re.sub(r"([\\`*_\[\]()#])", r"\\\1", text)


CHANNEL = Teams()
