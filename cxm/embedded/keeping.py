"""The directory where a running product keeps everything: its places, its secrets, and one user at a time."""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cxm.embedded.postgres import APP, OWNER, SUPERUSER
from cxm.embedded.screen import Refusal

PROJECT = Path(__file__).resolve().parents[2]
SECRET_NAMES = ("secret_key", SUPERUSER, OWNER, APP, "redis")


class Keeping:
    """What lies where below one directory (`var/` for bin/up, a temporary one for tests and measurements)."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.postgres = directory / "postgres"
        self.redis = directory / "redis"
        self.mails = directory / "mails"
        self.logs = directory / "logs"
        self.static = directory / "static"
        self.accounts = directory / "demo-accounts.json"
        self._secrets = directory / "secrets.json"
        self._prepared = directory / "prepared"
        self._lock = directory / "up.lock"

    def prepare(self) -> None:
        """Makes the directory; others may pass through it, since PostgreSQL may have to run as another user."""
        self.directory.mkdir(parents=True, exist_ok=True)
        self.directory.chmod(0o711)
        for place in (self.mails, self.logs):
            place.mkdir(exist_ok=True)
            place.chmod(0o700)

    def secrets(self) -> dict[str, str]:
        """Secret key and passwords: made once, then the same at every start; readable by the owner alone."""
        kept = json.loads(self._secrets.read_text()) if self._secrets.exists() else {}
        missing = [name for name in SECRET_NAMES if name not in kept]
        if missing:
            kept |= {name: secrets.token_urlsafe(48 if name == "secret_key" else 24) for name in missing}
            unfinished = self._secrets.with_suffix(".new")
            unfinished.unlink(missing_ok=True)
            unfinished.touch(mode=0o600)
            unfinished.write_text(json.dumps(kept, indent=2))
            unfinished.replace(self._secrets)
        return kept

    def prepared_by(self) -> str:
        """The fingerprint of the migrations the database has been through; empty when there is none."""
        return self._prepared.read_text() if self._prepared.exists() else ""

    def note_prepared_by(self, fingerprint: str) -> None:
        self._prepared.write_text(fingerprint)

    def erase(self) -> None:
        """Removes all that was kept, except the lock of whoever is erasing."""
        for entry in self.directory.iterdir():
            if entry == self._lock:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()

    @contextmanager
    def locked(self, *, address: str) -> Iterator[bool]:
        """Holds the directory for one process; the system lets go of it however that process ends.

        Yields whether the last holder ended without tidying up. Raises Refusal while another one runs.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        with open(self._lock, "a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise Refusal(_running_already(lock.read())) from None
            lock.seek(0)
            ended_untidily = bool(lock.read())
            _write(lock.fileno(), f"{os.getpid()} {address}")
            yield ended_untidily
            _write(lock.fileno(), "")


def _write(descriptor: int, text: str) -> None:
    os.ftruncate(descriptor, 0)
    os.write(descriptor, text.encode())


def _running_already(noted: str) -> str:
    process, _, address = noted.partition(" ")
    return (
        f"bin/up is running already{f' as process {process}' if process else ''}{f': {address}' if address else ''}.\n"
        f"Use that one, or stop it first with Ctrl-C in its terminal{f' or  kill {process}' if process else ''}"
    )
