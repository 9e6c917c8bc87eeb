"""The supervisor: programs start in order, come back when they end, and nothing is left running."""

import signal
import threading
import time
from pathlib import Path

from cxm.embedded.programs import Program, Running, Stopped, died_of
from cxm.embedded.screen import Refusal, say_line_of


class Supervisor:
    """Starts programs in order, keeps them running, and stops the last started first."""

    def __init__(self, *, logs: Path | None = None) -> None:
        self.logs = logs
        self.running: list[Running] = []
        self.is_showing = False
        self.stop = threading.Event()
        self._hurry = threading.Event()

    def __enter__(self) -> "Supervisor":
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop_all()

    def handle_signals(self) -> None:
        """Ctrl-C, SIGTERM and a closed terminal ask for an orderly end; the second time, for an end at once."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def start(self, program: Program) -> Running:
        """Starts the program and waits until it is ready. Raises Refusal when it is not, Stopped on request."""
        running = self.begin(program)
        self.wait_until_ready(running)
        return running

    def run(self, program: Program) -> None:
        """Runs the program to its end. Raises Refusal with its last lines when it fails, Stopped on request."""
        self.finish(self.begin(program))

    def begin(self, program: Program) -> Running:
        """Starts the program and waits for nothing; `finish` does, or `watch` keeps it running."""
        log = self.logs / f"{program.name}.log" if self.logs else None
        running = Running(program, log, on_line=self._show if program.shown else None)
        self.running.append(running)
        return running

    def wait_until_ready(self, running: Running) -> None:
        """Raises as `start` does."""
        running.wait_until_ready(stop=self.stop)

    def finish(self, running: Running) -> None:
        """Waits for the end of a program that was begun. Raises as `run` does."""
        while not running.is_gone():
            if self.stop.wait(0.03):
                raise Stopped
        self.running.remove(running)
        running.kill_group()
        if running.process.returncode != 0:
            raise Refusal(f"{running.name} {died_of(running.process.returncode)}:\n{running.last_lines()}")

    def watch(self) -> None:
        """Returns when a stop is asked for; until then starts again what has ended, later each time it ends at once."""
        while not self.stop.wait(0.25):
            for running in self.running:
                if running.is_gone() and time.monotonic() >= self._due_again(running):
                    self._start_again(running)

    def stop_all(self) -> None:
        """Stops everything, the last started first; what does not end in its time is killed with its children."""
        for running in self.running:
            if not running.program.serves_others:
                running.ask_to_stop()
        while self.running:
            running = self.running[-1]
            running.ask_to_stop()
            give_up_at = time.monotonic() + running.program.stop_seconds
            while not running.is_gone() and time.monotonic() < give_up_at and not self._hurry.is_set():
                time.sleep(0.02)
            running.kill_group()
            self.running.pop()

    def _on_signal(self, number: int, frame: object) -> None:
        if self.stop.is_set():
            self._hurry.set()
        self.stop.set()

    def _due_again(self, running: Running) -> float:
        return running.started_at + min(30.0, 2.0**running.quick_deaths)

    def _start_again(self, running: Running) -> None:
        lived = time.monotonic() - running.started_at
        running.quick_deaths = running.quick_deaths + 1 if lived < 10 else 0
        say_line_of(running.name, f"{died_of(running.process.returncode)}; starting it again")
        running.kill_group()
        running.start_again()

    def _show(self, name: str, line: str) -> None:
        if self.is_showing:
            say_line_of(name, line)
