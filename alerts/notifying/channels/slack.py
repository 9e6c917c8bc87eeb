"""Slack, by an incoming webhook: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks."""

import json

from alerts.notifying.message import Message
from alerts.notifying.posting import Posting, Request

# Limits of Block Kit: header, section text, one field, fields a section.
HEADER, TEXT, FIELD, FIELDS = 150, 3000, 2000, 10


class Slack(Posting):
    label = "Slack"
    icon = "hash"
    explanation = (
        "In Slack, create an app with an incoming webhook for the channel, and copy the webhook's address: it begins "
        "with https://hooks.slack.com/services/."
    )
    hosts = ("hooks.slack.com", "hooks.slack-gov.com")

    def request(self, message: Message, *, sealed: dict[str, str], at: int) -> Request:
        body = {"text": _escaped(message.title), "blocks": _blocks(message)}
        return Request(sealed["address"], json.dumps(body).encode(), {"Content-Type": "application/json"})


def _blocks(message: Message) -> list[dict]:
    blocks: list[dict] = [
        {"type": "header", "text": {"type": "plain_text", "text": message.title[:HEADER], "emoji": False}}
    ]
    if message.quote:
        quoted = "\n".join(f">{line}" for line in _escaped(message.quote).splitlines())
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": quoted[:TEXT]}})
    fields = [
        {"type": "mrkdwn", "text": f"*{_escaped(name)}*\n{_escaped(value)}"[:FIELD]} for name, value in message.fields
    ]
    if fields:
        blocks.append({"type": "section", "fields": fields[:FIELDS]})
    button = {"type": "button", "text": {"type": "plain_text", "text": message.link_label}, "url": message.link}
    return [*blocks, {"type": "actions", "elements": [button]}]


def _escaped(text: str) -> str:
    """The three characters Slack reads as commands: a customer who writes <!channel> calls nobody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


CHANNEL = Slack()
