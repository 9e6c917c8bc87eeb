"""Collected static files, kept until their sources change: compressing them takes longer than everything else."""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from cxm.embedded.keeping import PROJECT
from cxm.embedded.processes import Supervisor
from cxm.embedded.services import manage

STAMP = "collected-from"


def begin_collecting(supervisor: Supervisor, environment: Mapping[str, str], *, into: Path) -> Callable[[], None]:
    """Begins to leave the collected files in `into`, unless they are there; returns what waits for the end of it."""
    fingerprint = _fingerprint()
    stamp = into / STAMP
    if stamp.exists() and stamp.read_text() == fingerprint:
        return lambda: None
    into.mkdir(parents=True, exist_ok=True)
    command = manage("collectstatic", "--noinput", "--clear", environment={**environment, "STATIC_ROOT": str(into)})
    running = supervisor.begin(command)

    def finish() -> None:
        supervisor.finish(running)
        stamp.write_text(fingerprint)

    return finish


def collect_for_tests(environment: Mapping[str, str]) -> Path:
    """The same for all test runs on this machine: the first one collects, the others find it done."""
    into = Path(tempfile.gettempdir()) / f"cxm-static-{os.getuid()}-{_fingerprint()[:12]}"
    with open(into.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with Supervisor() as supervisor:
            begin_collecting(supervisor, environment, into=into)()
    return into


def _fingerprint() -> str:
    """Changes with our own static files, with the pinned packages, and with the settings that say how."""
    seen = hashlib.sha256()
    for path in sorted((PROJECT / "static").rglob("*")):
        if path.is_file():
            seen.update(str(path.relative_to(PROJECT)).encode() + path.read_bytes())
    for name in ("uv.lock", "cxm/settings.py", "cxm/static_files.py"):
        seen.update((PROJECT / name).read_bytes())
    return seen.hexdigest()
