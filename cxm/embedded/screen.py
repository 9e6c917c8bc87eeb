"""What bin/up and its like print: numbered steps with their time, names in colour, refusals without a traceback."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

COLOURS = {"web": 36, "worker": 35, "beat": 34, "mailbox": 32, "postgres": 33, "redis": 31}
NAME_WIDTH = 8


class Refusal(Exception):
    """Something the person at the keyboard can put right; the message says how."""


def has_colour() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def paint(text: str, code: int) -> str:
    """The text in an ANSI colour, or as it is when the output is no terminal."""
    return f"\033[{code}m{text}\033[0m" if has_colour() else text


def say(text: str = "") -> None:
    print(text, flush=True)


def say_line_of(name: str, line: str) -> None:
    """One line of a running program, with its name in front."""
    say(f"{paint(name.ljust(NAME_WIDTH), COLOURS.get(name, 37))} | {line}")


class Steps:
    """Counts the steps of a start: `[3/8] PostgreSQL ... ready in 1.2 s`."""

    def __init__(self, *, total: int, done: int = 0) -> None:
        self.total = total
        self.done = done

    @contextmanager
    def step(self, title: str, *, outcome: str = "ready") -> Iterator[None]:
        self.done += 1
        print(f"[{self.done}/{self.total}] {title} ... ", end="", flush=True)
        started_at = time.monotonic()
        try:
            yield
        except BaseException:
            say("stopped")
            raise
        say(f"{paint(outcome, 32)} in {time.monotonic() - started_at:.1f} s")

    def note(self, title: str, outcome: str) -> None:
        """A step with nothing to do: `[5/10] Migrations ... unchanged`."""
        self.done += 1
        say(f"[{self.done}/{self.total}] {title} ... {paint(outcome, 32)}")


@contextmanager
def refusals_in_words() -> Iterator[None]:
    """Ends the program with code 1 and the message of a Refusal, instead of a traceback."""
    try:
        yield
    except Refusal as refusal:
        say(f"\n{paint('Cannot go on:', 31)} {refusal}")
        sys.exit(1)
