"""The mailbox's web server: which address shows what, and who may ask."""

import json
import re
import smtplib
import threading
from collections.abc import Callable, Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from cxm.embedded.mailbox import pages
from cxm.embedded.mailbox.answering import answer
from cxm.embedded.mailbox.messages import Message, Messages
from cxm.embedded.ports import LOOPBACK

LOCAL_HOST = re.compile(r"^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$")
HERE = Path(__file__).parent
LONGEST_ANSWER = 200_000  # bytes

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A mail runs no script, and its pictures come from this machine or not at all: opening a mail tells nobody.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data: http://localhost:* http://127.0.0.1:*; "
    "sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'"
)


class PageServer(ThreadingHTTPServer):
    """Serves the pages from a thread of its own, from `start()` to `stop()`."""

    daemon_threads = True

    def __init__(self, messages: Messages, *, port: int, reply_port: int | None = None) -> None:
        super().__init__((LOOPBACK, port), Handler)
        self.messages = messages
        self.reply_port = reply_port

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    """One request. GET only looks; the two POSTs delete all and answer a mail, and must come from a page of ours."""

    server: PageServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if not self._is_local():
            self._refuse(HTTPStatus.FORBIDDEN)
            return
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        match address.path.strip("/").split("/"):
            case [""]:
                wanted = query.get("to", "")
                self._page(pages.list_page(list(self._found(wanted)), wanted=wanted))
            case ["style.css"]:
                self._answer((HERE / "style.css").read_bytes(), "text/css")
            case ["list.js"]:
                self._answer((HERE / "list.js").read_bytes(), "text/javascript")
            case ["messages", id]:
                can_reply = self.server.reply_port is not None
                is_sent = "sent" in query
                self._show(
                    id,
                    lambda message: self._page(
                        pages.message_page(message, view=query.get("view", ""), can_reply=can_reply, is_sent=is_sent)
                    ),
                )
            case ["messages", id, "html"]:
                self._show(id, lambda message: self._page(pages.framed(message.html), policy=MAIL_POLICY))
            case ["messages", id, "raw"]:
                self._show(id, lambda message: self._answer(message.raw, "text/plain"))
            case ["api", "messages"]:
                self._json([message.as_dict() for message in self._found(query.get("to", ""))])
            case ["api", "messages", id]:
                self._show(id, lambda message: self._json(message.as_dict(whole=True)))
            case _:
                self._refuse(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        if not self._is_local() or not self._comes_from_our_page():
            self._refuse(HTTPStatus.FORBIDDEN)
            return
        match urlsplit(self.path).path.strip("/").split("/"):
            case ["delete-all"]:
                self.server.messages.delete_all()
                self._see("/")
            case ["messages", id, "reply"] if self.server.reply_port is not None:
                self._show(id, self._reply)
            case _:
                self._refuse(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing: the mails are what people look for."""

    def _reply(self, message: Message) -> None:
        """Hands the answer in; what the server says against it is shown, and what was written stays."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LONGEST_ANSWER:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        text = parse_qs(self.rfile.read(int(length)).decode("utf-8", "replace")).get("text", [""])[0]
        try:
            answer(message, text, port=self.server.reply_port or 0)
        except (OSError, smtplib.SMTPException) as error:
            html = pages.message_page(message, view="", can_reply=True, text=text, refusal=str(error))
            self._page(html, status=HTTPStatus.BAD_GATEWAY)
        else:
            self._see(f"/messages/{message.id}?sent=1")

    def _see(self, address: str) -> None:
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _found(self, wanted: str) -> Iterator[Message]:
        return self.server.messages.to(wanted) if wanted.strip() else iter(self.server.messages)

    def _is_local(self) -> bool:
        """Whether the page was asked for by a local name: a strange one may be a web site pointing its name at us."""
        return bool(LOCAL_HOST.match(self.headers.get("Host", "")))

    def _comes_from_our_page(self) -> bool:
        origin = self.headers.get("Origin")
        return origin is None or urlsplit(origin).netloc == self.headers.get("Host")

    def _show(self, id: str, show: Callable[[Message], None]) -> None:
        message: Message | None = self.server.messages.get(id)
        if message is None:
            self._refuse(HTTPStatus.NOT_FOUND)
        else:
            show(message)

    def _page(self, html: str, *, policy: str = PAGE_POLICY, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._answer(html.encode(), "text/html", policy=policy, status=status)

    def _json(self, value: object) -> None:
        self._answer(json.dumps(value, ensure_ascii=False, indent=2).encode(), "application/json")

    def _refuse(self, status: HTTPStatus) -> None:
        self._answer(status.phrase.encode(), "text/plain", status=status)

    def _answer(self, body: bytes, kind: str, *, status: HTTPStatus = HTTPStatus.OK, policy: str = PAGE_POLICY) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": f"{kind}; charset=utf-8",
            "Content-Length": str(len(body)),
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cache-Control": "no-store",
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
