"""A program to run beside us, and one that runs: its own session, its output kept, its life tied to ours."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cxm.embedded.screen import Refusal

LAUNCHER = Path(__file__).with_name("launch.py")
LINES_REMEMBERED = 40
LOG_BYTES_KEPT = 5_000_000


class Stopped(Exception):
    """Somebody asked for the end while something was still starting."""


@dataclass(frozen=True)
class Identity:
    """The user a program runs as when the supervisor is root."""

    user: int
    group: int
    enter_private_directories: bool = False


@dataclass(frozen=True)
class Program:
    """What to run and how to end it.

    `stop_signal` asks for an orderly end and has `stop_seconds`; `death_signal` is what the kernel sends when the
    supervisor itself was killed.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    directory: Path
    is_ready: Callable[["Running"], bool] = lambda running: True
    ready_within: float = 30.0
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 15.0
    death_signal: signal.Signals = signal.SIGTERM
    identity: Identity | None = None
    shown: bool = True
    serves_others: bool = False  # a database, say: asked to stop only when those who use it are gone

    def launch_command(self) -> list[str]:
        """The command line, led by the launcher that ties the program's life to ours."""
        options = ["--parent", str(os.getpid()), "--death-signal", str(int(self.death_signal))]
        if self.identity is not None:
            options += ["--user", str(self.identity.user), "--group", str(self.identity.group)]
            if self.identity.enter_private_directories:
                options.append("--enter-private-directories")
        return [sys.executable, "-I", "-S", str(LAUNCHER), *options, "--", *self.command]


@dataclass
class Running:
    """A started program: its process, its latest lines, and when it began."""

    program: Program
    log: Path | None
    on_line: Callable[[str, str], None] | None = None
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=LINES_REMEMBERED))
    quick_deaths: int = 0
    is_asked: bool = False

    def __post_init__(self) -> None:
        self.process, self._reader = self._start()

    @property
    def name(self) -> str:
        return self.program.name

    def start_again(self) -> None:
        self.process, self._reader = self._start()

    def wait_until_ready(self, *, stop: threading.Event) -> None:
        """Raises Refusal, with the program's last lines, when it ends or takes too long; Stopped on `stop`."""
        give_up_at = time.monotonic() + self.program.ready_within
        while not self.program.is_ready(self):
            if stop.wait(0.03):
                raise Stopped
            if self.process.poll() is not None:
                raise Refusal(f"{self.name} {died_of(self.process.returncode)} while starting:\n{self.last_lines()}")
            if time.monotonic() > give_up_at:
                waited = f"{self.program.ready_within:.0f} s"
                raise Refusal(f"{self.name} was not ready within {waited}:\n{self.last_lines()}")

    def said(self, text: str) -> bool:
        """Whether one of the latest lines of output holds the text."""
        return any(text in line for line in tuple(self.lines))

    def last_lines(self) -> str:
        self._reader.join(timeout=1)
        return "\n".join(f"    {line}" for line in tuple(self.lines)[-15:])

    def ask_to_stop(self) -> None:
        """Sends the stop signal, once: a second one would mean "at once" to some programs."""
        if not self.is_asked and self.process.poll() is None:
            self.is_asked = True
            with suppress(ProcessLookupError):
                self.process.send_signal(self.program.stop_signal)

    def is_gone(self) -> bool:
        return self.process.poll() is not None

    def kill_group(self) -> None:
        """Ends every process of the program's session that is still there, its children included."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._reader.join(timeout=1)

    def _start(self) -> tuple["subprocess.Popen[bytes]", threading.Thread]:
        self.lines.clear()
        self.is_asked = False
        self.started_at = time.monotonic()
        process = subprocess.Popen(
            self.program.launch_command(),
            cwd=self.program.directory,
            env=dict(self.program.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which then stops things in order
        )
        reader = threading.Thread(target=self._read, args=(process,), daemon=True)
        reader.start()
        return process, reader

    def _read(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdout is not None
        if self.log is not None and self.log.exists() and self.log.stat().st_size > LOG_BYTES_KEPT:
            self.log.replace(self.log.with_suffix(".old.log"))
        with process.stdout, open(self.log or os.devnull, "ab", buffering=0) as log:
            for raw in process.stdout:
                log.write(raw)
                line = raw.decode(errors="replace").rstrip("\n")
                self.lines.append(line)
                if self.on_line is not None:
                    self.on_line(self.name, line)


def died_of(returncode: int) -> str:
    """How a process ended, in words: `was ended by SIGKILL` or `ended with code 3`."""
    if returncode < 0:
        return f"was ended by {signal.Signals(-returncode).name}"
    return f"ended with code {returncode}"
