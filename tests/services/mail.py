"""A real SMTP server for the product's mails, and the mails it received."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cxm.embedded.mailbox.messages import Message, Messages
from cxm.embedded.mailbox.receiving import MailServer, Receiver
from tests.services.waiting import eventually


class Mailbox:
    """What a test sees of the SMTP server: the mails, and a way to make it refuse some."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self.messages = Messages(receiver.directory)
        self.refuse = receiver.refuse
        self.accept_all = receiver.accept_all

    @property
    def connections(self) -> int:
        """How many times a client has said hello since the test began."""
        return self._receiver.connections

    def to(self, recipient: str) -> list[Message]:
        return list(self.messages.to(recipient))

    def wait_for(self, recipient: str, *, within: float = 15.0) -> Message:
        """The newest mail for the address, as soon as there is one."""
        return eventually(lambda: self.to(recipient), within=within, what=f"a mail for {recipient}")[0]

    def empty(self) -> None:
        self.messages.delete_all()
        self.accept_all()
        self._receiver.connections = 0


@pytest.fixture(scope="session")
def _mail_server() -> Iterator[Mailbox]:
    port = urlsplit(os.environ["EMAIL_URL"]).port
    assert port is not None
    directory = Path(tempfile.mkdtemp(prefix="mails-", dir=os.environ["CXM_TEST_DIRECTORY"]))
    server = MailServer(Receiver(directory), port=port)
    server.start()
    yield Mailbox(server.receiver)
    server.stop()


@pytest.fixture
def mail_server(_mail_server: Mailbox, settings) -> Mailbox:
    """The SMTP server EMAIL_URL leads to, empty; in this process mail goes there too, instead of to `mailoutbox`."""
    _mail_server.empty()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    return _mail_server
