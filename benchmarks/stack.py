"""A whole stack of its own for one measurement: durable PostgreSQL, Redis, gunicorn, workers and a mail sink.

    with Stack(workers=2) as stack:
        stack.manage("seed_demo")
        requests to stack.base_url ...; stack.kill("worker"); stack.memory()

Everything is in a temporary directory on free ports, with the settings of production, and is gone afterwards.
"""

import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from cxm.embedded.collecting import collect_for_tests
from cxm.embedded.keeping import Keeping
from cxm.embedded.mailbox.messages import Messages
from cxm.embedded.ports import free_port
from cxm.embedded.postgres import SUPERUSER, client
from cxm.embedded.processes import Supervisor
from cxm.embedded.product import beat, mailbox, web, worker
from cxm.embedded.programs import Program
from cxm.embedded.services import Services, inherited_environment, manage


class Stack:
    """Starts when entered and stops when left; what is killed meanwhile is started again."""

    def __init__(
        self,
        *,
        workers: int = 1,
        settings: dict[str, str] | None = None,
        watch: bool = True,
        has_own_beat: bool = False,
    ) -> None:
        """`settings` are added to the product's environment; without `watch` what was killed stays down.

        The schedule runs inside the first worker, or as a process of its own, as on several machines.
        """
        self.workers = workers
        self.has_own_beat = has_own_beat
        self.settings = settings or {}
        self.is_watching = watch

    def __enter__(self) -> "Stack":
        self.directory = Path(tempfile.mkdtemp(prefix="cxm-stack-"))
        self.keeping = Keeping(self.directory)
        self.keeping.prepare()
        self.supervisor = Supervisor(logs=self.keeping.logs)
        self.supervisor.handle_signals()
        self._watcher = threading.Thread(target=self.supervisor.watch, daemon=True)
        try:
            self._start()
        except BaseException:
            self._end()
            raise
        if self.is_watching:
            self._watcher.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._end()

    def manage(self, *arguments: str, role: str = "app") -> None:
        """Runs a command of manage.py to its end; raises Refusal with its last lines when it fails."""
        environment = self.environment if role == "app" else self.environment | self.services.owner_environment()
        command = manage(*arguments, environment=environment, role=role)
        with Supervisor(logs=self.keeping.logs) as supervisor:
            supervisor.run(command)

    def kill(self, name: str) -> int:
        """`kill -9` of web, worker, beat, redis or postgres, its main process only; returns its process id."""
        process = self._named(name).process
        process.send_signal(signal.SIGKILL)
        process.wait()
        return process.pid

    def stop(self, name: str) -> Callable[[], None]:
        """Ends a program for good; returns what starts it again. Only without `watch`."""
        if self.is_watching:
            raise RuntimeError("a stack that watches would start it again at once")
        running = self._named(name)
        running.ask_to_stop()
        running.process.wait()
        return running.start_again

    def memory(self) -> dict[str, int]:
        """Proportional memory (PSS) of each program with all its children, in KiB."""
        return {name: sum(map(_memory, pids)) for name, pids in self._processes().items()}

    def processor_seconds(self) -> dict[str, float]:
        """Processor time each program has used so far, with all its children, those that ended too."""
        return {name: sum(map(_processor_seconds, pids)) for name, pids in self._processes().items()}

    def _processes(self) -> dict[str, list[int]]:
        """The process ids of each program, its main process first."""
        children: dict[int, list[int]] = {}
        for entry in Path("/proc").glob("[0-9]*/stat"):
            if fields := _stat(int(entry.parent.name)):
                children.setdefault(int(fields[1]), []).append(int(entry.parent.name))
        return {running.name: _family(running.process.pid, children) for running in self.supervisor.running}

    def database_url(self, *, role: str = SUPERUSER) -> str:
        """For pgbench and for looking at the result; `postgres` sees past row-level security."""
        return self.services.postgres.url(role, "cxm").replace("postgres://", "postgresql://", 1)

    @staticmethod
    def client(name: str) -> str:
        """The path of pgbench, psql and the like."""
        return client(name)

    def _start(self) -> None:
        self.services = Services(self.keeping, free_port(), free_port())
        self.web_port, self.smtp_port, self.mailbox_port = free_port(), free_port(), free_port()
        self.base_url = f"http://localhost:{self.web_port}"
        self.mails = Messages(self.keeping.mails)
        mail = {"EMAIL_URL": f"smtp://127.0.0.1:{self.smtp_port}", "DEMO_MAIL": "true", "BASE_URL": self.base_url}
        self.environment = inherited_environment() | self.services.environment() | mail | self.settings
        self.environment["STATIC_ROOT"] = str(collect_for_tests(self.environment))
        self.services.postgres.prepare()
        self.supervisor.start(self.services.postgres.program())
        self.supervisor.start(self.services.redis.program())
        self.manage("setup_database", role="admin")
        self.manage("migrate", role="owner")
        for program in self._product():
            self.supervisor.start(program)

    def _product(self) -> list[Program]:
        sink = mailbox(
            self.environment, directory=self.keeping.mails, smtp_port=self.smtp_port, web_port=self.mailbox_port
        )
        # As bin/up does it: the schedule inside the first worker, whose memory it shares.
        workers = [
            worker(self.environment, with_schedule=number == 0 and not self.has_own_beat)
            for number in range(self.workers)
        ]
        schedule = [beat(self.environment)] if self.has_own_beat else []
        return [sink, web(self.environment, port=self.web_port), *workers, *schedule]

    def _end(self) -> None:
        self.supervisor.stop.set()
        if self._watcher.is_alive():
            self._watcher.join()
        self.supervisor.stop_all()
        shutil.rmtree(self.directory, ignore_errors=True)

    def is_running(self, name: str) -> bool:
        """Whether its main process lives; one that was killed is started again within a second."""
        return self._named(name).process.poll() is None

    def _named(self, name: str):
        return next(running for running in self.supervisor.running if running.name == name)


def _family(pid: int, children: dict[int, list[int]]) -> list[int]:
    return [pid, *(member for child in children.get(pid, []) for member in _family(child, children))]


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat after the name; empty for a process that is gone."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _processor_seconds(pid: int) -> float:
    # utime, stime, and the same of children that were waited for: fields 14 to 17 of proc(5).
    return sum(map(int, _stat(pid)[11:15])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> int:
    try:
        lines = (Path("/proc") / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
