"""The local mailbox: what came in over SMTP is shown as received, and nobody outside hears of it."""

import json
import smtplib
import urllib.error
import urllib.request
from email.message import EmailMessage

import pytest

from cxm.embedded.mailbox.messages import Messages
from cxm.embedded.mailbox.receiving import MailServer, Receiver
from cxm.embedded.mailbox.serving import PageServer
from cxm.embedded.ports import free_port


class Mailbox:
    """A mailbox of a test: `send` goes in by SMTP, `get` and `post` by HTTP."""

    def __init__(self, directory):
        self.smtp = MailServer(Receiver(directory), port=free_port())
        self.pages = PageServer(Messages(directory), port=0)
        self.url = f"http://127.0.0.1:{self.pages.port}"

    def send(
        self,
        recipient: str,
        *,
        subject: str = "How was it?",
        text: str = "Answer: http://localhost/r/1?score=3.",
        html: str = "",
    ):
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "Northwind <care@northwind.example>", recipient, subject
        message["List-Unsubscribe"] = "<https://northwind.example/u/1>"
        message.set_content(text)
        if html:
            message.add_alternative(html, subtype="html")
        with smtplib.SMTP("127.0.0.1", self.smtp.port) as client:
            client.send_message(message, from_addr="bounce@northwind.example")

    def get(self, path: str, **headers: str):
        return urllib.request.urlopen(urllib.request.Request(self.url + path, headers=headers), timeout=5)

    def page(self, path: str) -> str:
        return self.get(path).read().decode()

    def newest(self) -> str:
        return json.loads(self.page("/api/messages"))[0]["id"]

    def post(self, path: str, **headers: str):
        return urllib.request.urlopen(urllib.request.Request(self.url + path, b"", headers), timeout=5)


@pytest.fixture
def mailbox(tmp_path):
    mailbox = Mailbox(tmp_path)
    mailbox.smtp.start()
    mailbox.pages.start()
    yield mailbox
    mailbox.pages.stop()
    mailbox.smtp.stop()


def test_mails_are_listed_newest_first(mailbox):
    mailbox.send("chiara@northwind.example", subject="The first")
    mailbox.send("karim@northwind.example", subject="The second")
    page = mailbox.page("/")
    assert page.index("The second") < page.index("The first")
    assert "2 mails" in page


def test_search_finds_the_mails_of_a_recipient(mailbox):
    mailbox.send("chiara@northwind.example")
    mailbox.send("karim@northwind.example")
    found = json.loads(mailbox.page("/api/messages?to=KARIM"))
    assert [message["to"] for message in found] == [["karim@northwind.example"]]
    assert "karim@northwind.example" not in mailbox.page("/?to=chiara")
    assert "No mail for" in mailbox.page("/?to=nobody")


def test_plain_text_headers_and_raw_are_shown_with_links_to_click(mailbox):
    mailbox.send("chiara@northwind.example")
    id = mailbox.newest()
    assert '<a href="http://localhost/r/1?score=3" target="_blank"' in mailbox.page(f"/messages/{id}?view=text")
    headers = mailbox.page(f"/messages/{id}?view=headers")
    assert '<a href="https://northwind.example/u/1"' in headers
    assert "bounce@northwind.example" in headers and "Delivered-To" in headers
    assert "List-Unsubscribe: " in mailbox.page(f"/messages/{id}/raw")


def test_html_is_framed_without_scripts_or_pictures_from_outside(mailbox):
    mailbox.send("chiara@northwind.example", html="<p>Salut <a href='http://localhost/r/1'>3</a></p><script>1</script>")
    id = mailbox.newest()
    assert f'src="/messages/{id}/html" sandbox="allow-popups' in mailbox.page(f"/messages/{id}")
    answer = mailbox.get(f"/messages/{id}/html")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "sandbox allow-popups" in policy and "allow-scripts" not in policy
    assert "http:" not in policy.replace("http://localhost:*", "").replace("http://127.0.0.1:*", "")
    assert '<base target="_blank">' in answer.read().decode()


def test_a_subject_with_markup_is_shown_as_text(mailbox):
    mailbox.send("chiara@northwind.example", subject="<script>alert(1)</script>")
    for path in ("/", f"/messages/{mailbox.newest()}"):
        assert "<script>alert" not in mailbox.page(path)
        assert "&lt;script&gt;alert(1)" in mailbox.page(path)


def test_arabic_arrives_as_it_was_sent(mailbox):
    mailbox.send("karim@northwind.example", subject="كيف كانت الخدمة؟", text="شكراً لك", html="<p dir=rtl>شكراً</p>")
    message = json.loads(mailbox.page(f"/api/messages/{mailbox.newest()}"))
    assert message["subject"] == "كيف كانت الخدمة؟"
    assert message["text"].strip() == "شكراً لك" and "شكراً" in message["html"]


def test_all_mails_can_be_deleted_from_the_page_and_from_nowhere_else(mailbox):
    mailbox.send("chiara@northwind.example")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        mailbox.post("/delete-all", Origin="https://evil.example")
    assert len(json.loads(mailbox.page("/api/messages"))) == 1
    mailbox.post("/delete-all", Origin=mailbox.url)
    assert json.loads(mailbox.page("/api/messages")) == []
    assert "No mail yet" in mailbox.page("/")


def test_a_web_site_pointing_its_name_here_reads_nothing(mailbox):
    with pytest.raises(urllib.error.HTTPError, match="403"):
        mailbox.get("/api/messages", Host="evil.example")


@pytest.mark.parametrize("id", ["..%2f..%2fetc%2fpasswd", "1", "1763760000000000000-zzzzzzzz", "../secrets"])
def test_an_unknown_message_is_not_found(mailbox, id):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        mailbox.get(f"/messages/{id}")


def test_a_refused_recipient_gets_the_reply_it_was_given_as_often_as_said(mailbox):
    mailbox.smtp.receiver.refuse("chiara@northwind.example", "450 4.2.1 Try later", times=1)
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        mailbox.send("chiara@northwind.example")
    assert refusal.value.recipients["chiara@northwind.example"][0] == 450
    mailbox.send("chiara@northwind.example")
    assert len(json.loads(mailbox.page("/api/messages"))) == 1
