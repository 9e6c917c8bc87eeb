"""The screen of bin/up says what is so: also with a database and a mail server of one's own."""

import pytest

from cxm.embedded.keeping import Keeping
from cxm.embedded.starting import Ports
from cxm.embedded.welcome import welcome


@pytest.fixture
def screen(tmp_path, monkeypatch):
    def screen(**environment):
        for name in ("DATABASE_URL", "EMAIL_URL"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return welcome(Keeping(tmp_path), Ports.from_environment(), address="http://localhost:8000")

    return screen


def test_everything_of_ours(screen, tmp_path):
    words = screen()
    assert f"Data       {tmp_path}   start over: bin/up --reset" in words
    assert "every mail ends here, none leaves" in words


def test_database_and_mail_server_of_ones_own(screen, tmp_path):
    words = screen(DATABASE_URL="postgres://cxm_app@db/cxm", EMAIL_URL="smtp://mail")
    assert "in the database of DATABASE_URL" in words and "--reset" not in words
    assert "it reaches real people" in words and "Mailbox" not in words
