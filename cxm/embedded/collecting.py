"""Collected static files, kept until their sources change: compressing them takes longer than everything else."""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from cxm.embedded.keeping import PROJECT
from cxm.embedded.processes import Supervisor
from cxm.embedded.services import manage

STAMP = "collected-from"


def collect(supervisor: Supervisor, environment: Mapping[str, str], *, into: Path) -> None:
    """Leaves the collected files in `into`; does nothing when they were made from the sources as they are."""
    if _is_current(into):
        return
    into.mkdir(parents=True, exist_ok=True)
    supervisor.run(
        manage("collectstatic", "--noinput", "--clear", environment={**environment, "STATIC_ROOT": str(into)})
    )
    (into / STAMP).write_text(_fingerprint())


def collect_for_tests(environment: Mapping[str, str]) -> Path:
    """The same for all test runs on this machine: the first one collects, the others find it done."""
    into = Path(tempfile.gettempdir()) / f"cxm-static-{os.getuid()}-{_fingerprint()[:12]}"
    with open(into.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with Supervisor() as supervisor:
            collect(supervisor, environment, into=into)
    return into


def _is_current(into: Path) -> bool:
    stamp = into / STAMP
    return stamp.exists() and stamp.read_text() == _fingerprint()


def _fingerprint() -> str:
    """Changes with our own static files, with the pinned packages, and with the settings that say how."""
    seen = hashlib.sha256()
    for path in sorted((PROJECT / "static").rglob("*")):
        if path.is_file():
            seen.update(str(path.relative_to(PROJECT)).encode() + path.read_bytes())
    for path in (PROJECT / "uv.lock", PROJECT / "cxm" / "settings.py"):
        seen.update(path.read_bytes())
    return seen.hexdigest()
