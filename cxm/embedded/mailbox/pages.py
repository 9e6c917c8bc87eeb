"""The mailbox's pages as HTML: the list, and one mail in its views."""

import re
from datetime import UTC, datetime
from html import escape
from string import Template
from urllib.parse import quote, urlencode

from cxm.embedded.mailbox.answering import answer_address
from cxm.embedded.mailbox.messages import Message

VIEWS = {"html": "HTML", "phone": "Phone", "text": "Plain text", "headers": "Headers", "raw": "Raw"}
ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")

PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>$title</title>
<link rel="stylesheet" href="/style.css">
$script</head>
<body>
<header><a class="home" href="/">Mailbox</a><p>Mails of this machine. None of them has left it.</p></header>
<main>
$content
</main>
</body>
</html>
""")

LIST = Template("""<h1 data-live>$heading</h1>
<div class="bar">
<form role="search"><label for="to">Recipient</label>
<input id="to" name="to" type="search" value="$wanted" placeholder="chiara@northwind.example">
<button>Find</button></form>
<form method="post" action="/delete-all"><button class="quiet">Delete all</button></form>
</div>
<div data-live>$rows</div>""")

MESSAGE = Template("""<p class="back"><a href="/">All mails</a></p>
<h1 dir="auto">$subject</h1>
<dl><dt>From</dt><dd>$sender</dd><dt>To</dt><dd>$recipients</dd><dt>Received</dt><dd>$received</dd>$attachments</dl>
<nav aria-label="Views of this mail">$tabs</nav>
$body
$reply""")

REPLY = Template("""<form class="reply" method="post" action="/messages/$id/reply">
<h2>Reply as $sender</h2>
$note<label for="text">Your answer goes to $address</label>
<textarea id="text" name="text" rows="6" required dir="auto">$text</textarea>
<button>Send the reply</button></form>""")


def list_page(messages: list[Message], *, wanted: str) -> str:
    """The mails, newest first; looks again by itself every few seconds."""
    rows = "".join(map(_row, messages))
    if rows:
        rows = f'<ol class="mails">{rows}</ol>'
    elif wanted:
        rows = f'<p class="empty">No mail for “{escape(wanted)}”. <a href="/">Show all</a></p>'
    else:
        rows = '<p class="empty">No mail yet. It appears here as soon as the product sends one.</p>'
    count = f"{len(messages)} mail{'' if len(messages) == 1 else 's'}"
    content = LIST.substitute(heading=count, wanted=escape(wanted), rows=rows)
    return _page(f"({len(messages)}) Mailbox", content, script='<script src="/list.js" defer></script>\n')


def message_page(
    message: Message, *, view: str, can_reply: bool = False, is_sent: bool = False, text: str = "", refusal: str = ""
) -> str:
    """One mail; without a `view` its HTML, else its plain text. Where somebody would take it, a form to answer."""
    view = view if view in VIEWS else ("html" if message.html else "text")
    names = [escape(part.get_filename() or part.get_content_type()) for part in message.attachments]
    content = MESSAGE.substitute(
        subject=escape(message.subject),
        sender=escape(message.sender),
        recipients=escape(", ".join(message.recipients)),
        received=_moment(message.received_at),
        attachments=f"<dt>Attached</dt><dd>{', '.join(names)}</dd>" if names else "",
        tabs="".join(_tab(message, name, is_current=name == view) for name in VIEWS),
        body=_body(message, view),
        reply=_reply_form(message, is_sent, text, refusal) if can_reply and answer_address(message) else "",
    )
    return _page(message.subject, content)


def framed(html: str) -> str:
    """The mail's HTML for the sandboxed frame; its links open in a tab of their own."""
    return (
        f'<base target="_blank">{html}' if html else '<p style="font-family:system-ui">This mail has no HTML part.</p>'
    )


def linked(text: str) -> str:
    """Escaped text in which web addresses can be clicked."""
    pieces, end = [], 0
    for found in ADDRESS.finditer(text):
        address = escape(found.group())
        pieces += [escape(text[end : found.start()])]
        pieces += [f'<a href="{address}" target="_blank" rel="noopener noreferrer">{address}</a>']
        end = found.end()
    return "".join([*pieces, escape(text[end:])])


def _body(message: Message, view: str) -> str:
    if view in ("html", "phone"):
        return (
            f'<iframe class="{view}" title="The mail" src="/messages/{message.id}/html" sandbox="{_SANDBOX}"></iframe>'
        )
    if view == "text":
        return f'<pre class="mail" dir="auto">{linked(message.text) or "This mail has no plain text part."}</pre>'
    if view == "headers":
        rows = "".join(f"<tr><th>{escape(name)}</th><td>{linked(value)}</td></tr>" for name, value in message.headers)
        return f'<div class="wide"><table>{rows}</table></div>'
    return f'<pre class="mail raw">{escape(message.raw.decode("utf-8", errors="replace"))}</pre>'


_SANDBOX = "allow-popups allow-popups-to-escape-sandbox"


def _reply_form(message: Message, is_sent: bool, text: str, refusal: str) -> str:
    note = '<p class="note" role="status">Your reply was handed in.</p>' if is_sent else ""
    note = f'<p class="note" role="alert">It was not taken: {escape(refusal)}</p>' if refusal else note
    sender, address = ", ".join(message.recipients[:1]), answer_address(message)
    return REPLY.substitute(
        id=quote(message.id), sender=escape(sender), address=escape(address), text=escape(text), note=note
    )


def _row(message: Message) -> str:
    return (
        f'<li><a href="/messages/{message.id}"><span class="subject"><bdi>{escape(message.subject)}</bdi></span>'
        f'<span class="to">{escape(", ".join(message.recipients))}</span>{_moment(message.received_at)}</a></li>'
    )


def _tab(message: Message, view: str, *, is_current: bool) -> str:
    current = ' aria-current="page"' if is_current else ""
    return f'<a href="/messages/{quote(message.id)}?{urlencode({"view": view})}"{current}>{VIEWS[view]}</a>'


def _moment(at: datetime) -> str:
    local = at.astimezone()
    today = local.date() == datetime.now(tz=UTC).astimezone().date()
    return f'<time datetime="{at.isoformat()}">{local:%H:%M:%S}{"" if today else f" on {local:%d %b %Y}"}</time>'


def _page(title: str, content: str, *, script: str = "") -> str:
    return PAGE.substitute(title=escape(title), content=content, script=script)
