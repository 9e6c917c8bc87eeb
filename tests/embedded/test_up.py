"""bin/up as a person meets it: one screen when all is there, one at a time, and nothing left when it ends."""

import json
import os
import re
import signal
import smtplib
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from cxm.embedded.collecting import collect_for_tests
from cxm.embedded.keeping import PROJECT, Keeping
from cxm.embedded.ports import free_port, holder
from cxm.embedded.services import PRIVILEGED, SETTINGS
from tests.services.waiting import eventually

pytestmark = [pytest.mark.worker]  # in one process (tests.services.sharing_out): they look at the same start
PORTS = ("CXM_PORT", "CXM_MAILBOX_PORT", "CXM_SMTP_PORT", "CXM_REPLY_PORT", "CXM_POSTGRES_PORT", "CXM_REDIS_PORT")


class Up:
    """One bin/up with a data directory and ports of its own; its output goes to a file, as into a terminal."""

    def __init__(self, data: Path, **settings: str) -> None:
        kept = {name: value for name, value in os.environ.items() if name not in SETTINGS | PRIVILEGED}
        self.environment = kept | {name: str(free_port()) for name in PORTS} | {"CXM_DATA": str(data)} | settings
        self.output = data.parent / "output.txt"
        self.data = data

    def start(self, *arguments: str) -> None:
        with open(self.output, "w") as output:
            command = [sys.executable, "-m", "cxm.embedded.up", *arguments]
            self.process = subprocess.Popen(
                command, cwd=PROJECT, env=self.environment, stdout=output, stderr=subprocess.STDOUT
            )

    def start_and_wait(self, *arguments: str) -> str:
        self.start(*arguments)
        eventually(self._has_settled, within=600, what="bin/up to be there")
        return self.said()

    def said(self) -> str:
        return self.output.read_text()

    def run_to_end(self, *arguments: str) -> str:
        self.start(*arguments)
        self.process.wait(timeout=60)
        return self.said()

    def port(self, name: str) -> int:
        return int(self.environment[name])

    def processes(self) -> list[psutil.Process]:
        """Everything below bin/up that is running."""
        return [process for process in psutil.Process(self.process.pid).children(recursive=True) if is_alive(process)]

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=60)

    def _has_settled(self) -> bool:
        return "Stop       Ctrl-C" in self.said() or self.process.poll() is not None


def is_alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


@pytest.fixture(scope="module")
def up(tmp_path_factory) -> Iterator[Up]:
    static = collect_for_tests(os.environ)  # shared with the other tests: collecting is slow, and tried there
    up = Up(tmp_path_factory.mktemp("up") / "var", STATIC_ROOT=str(static))
    up.start_and_wait()
    yield up
    up.end()


def test_one_screen_tells_where_everything_is(up):
    screen = up.said().split("CXM is running.")[1]
    assert f"http://localhost:{up.port('CXM_PORT')}/" in screen
    assert f"http://localhost:{up.port('CXM_MAILBOX_PORT')}/" in screen
    assert str(up.data) in screen
    accounts = json.loads((up.data / "demo-accounts.json").read_text())
    assert {account["role"] for account in accounts} >= {"admin", "analyst", "agent", "viewer"}
    for account in accounts:
        assert account["email"] in screen and account["password"] in screen


def test_every_step_is_numbered_and_timed_or_said_to_be_unchanged(up):
    steps = re.findall(r"^\[(\d+)/10\] .+ \.\.\. (?:\S+ in \d+\.\d s|.+)$", up.said(), re.MULTILINE)
    assert [int(step) for step in steps] == list(range(2, 11))  # the first is the Python environment's


def test_the_site_answers_with_its_style_sheet(up):
    site = f"http://localhost:{up.port('CXM_PORT')}"
    with urllib.request.urlopen(f"{site}/accounts/login/", timeout=20) as page:
        html = page.read().decode()
    sheet = re.search(r'href="(/static/[^"]+\.css)"', html)
    assert sheet is not None
    with urllib.request.urlopen(site + sheet.group(1), timeout=20) as css:
        assert css.headers["Content-Type"].startswith("text/css")


def test_a_mail_to_its_smtp_server_is_on_the_mailbox_page(up):
    with smtplib.SMTP("127.0.0.1", up.port("CXM_SMTP_PORT")) as client:
        client.sendmail("care@northwind.example", ["chiara@northwind.example"], "Subject: Hello\n\nHow was it?")
    with urllib.request.urlopen(f"http://localhost:{up.port('CXM_MAILBOX_PORT')}/?to=chiara", timeout=20) as page:
        assert "Hello" in page.read().decode()


def test_a_second_one_is_refused_in_words(up):
    second = Up(up.data, **{name: up.environment[name] for name in PORTS})
    second.output = up.data.parent / "second.txt"
    words = second.run_to_end()
    assert second.process.returncode == 1
    assert f"running already as process {up.process.pid}" in words and "Traceback" not in words


def test_ctrl_c_stops_everything_and_the_next_start_keeps_the_data(up):
    accounts, secrets = ((up.data / name).read_text() for name in ("demo-accounts.json", "secrets.json"))
    started = up.processes()
    assert len(started) > 5
    up.end()
    assert up.process.returncode == 0
    assert [process for process in started if is_alive(process)] == []
    assert "Everything has stopped." in up.said()

    said = up.start_and_wait()
    assert "Demo organization ... unchanged" in said
    assert (up.data / "demo-accounts.json").read_text() == accounts
    assert (up.data / "secrets.json").read_text() == secrets


def test_nothing_is_left_when_it_is_killed(up):
    started = up.processes()
    up.process.kill()
    up.process.wait()
    eventually(lambda: not any(map(is_alive, started)), within=20, what="the end of every process")
    eventually(lambda: not any(holder(up.port(name)) for name in PORTS), within=5, what="the end of every listener")


def test_reset_begins_again_from_nothing(up):
    secrets = (up.data / "secrets.json").read_text()
    up.environment["CXM_PORT"] = str(free_port())  # the old one is free for anybody by now
    with socket.create_server(("127.0.0.1", up.port("CXM_PORT"))):  # so that it goes no further than erasing
        assert f"Erasing {up.data}" in up.run_to_end("--reset")
    assert not (up.data / "postgres").exists()
    assert Keeping(up.data).secrets() != json.loads(secrets)


def test_a_taken_port_is_named_with_the_way_out(tmp_path):
    up = Up(tmp_path / "var")
    with socket.create_server(("127.0.0.1", up.port("CXM_SMTP_PORT"))):
        words = up.run_to_end()
    assert up.process.returncode == 1
    assert f"port {up.port('CXM_SMTP_PORT')}, meant for the mailbox's SMTP server, is taken" in words
    assert "CXM_SMTP_PORT=" in words and "Traceback" not in words


def test_a_database_of_ones_own_needs_its_owner_too(tmp_path):
    up = Up(tmp_path / "var", DATABASE_URL="postgres://cxm_app:x@127.0.0.1:1/cxm")
    words = up.run_to_end()
    assert up.process.returncode == 1
    assert "DATABASE_OWNER_URL" in words and "Traceback" not in words


def test_reset_does_not_touch_a_database_of_ones_own(tmp_path):
    up = Up(tmp_path / "var", DATABASE_URL="postgres://cxm_app:x@127.0.0.1:1/cxm")
    assert "--reset will not erase it" in up.run_to_end("--reset")
