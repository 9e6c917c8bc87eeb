"""Ports on the loopback address: which are free, who holds one, and the way out when it is taken."""

import os
import random
import socket
import time
from pathlib import Path

from cxm.embedded.screen import Refusal

LOOPBACK = "127.0.0.1"


def require_free(port: int, *, purpose: str, variable: str, patience: float = 0.0) -> None:
    """Raises Refusal with the way out when something listens on the port after `patience` seconds."""
    give_up_at = time.monotonic() + patience
    while not is_free(port):
        if time.monotonic() >= give_up_at:
            raise Refusal(_way_out(port, purpose=purpose, variable=variable))
        time.sleep(0.1)


def port_from_environment(variable: str, default: int) -> int:
    """The port a person chose, else the default. Raises Refusal when it is not a port number."""
    text = os.environ.get(variable) or str(default)
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text) <= 65535:
        raise Refusal(f"{variable} is {text!r}, but must be a port number between 1 and 65535.")
    return int(text)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do, so that connections still closing do not count as a taken port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
            probe.listen()
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port nobody listens on at this moment; another program may still take it first.

    Below the range from which the system gives ports to outgoing connections: one of those took a port that was asked
    for with 0 before its server had started.
    """
    while True:
        port = random.randrange(20_000, 32_000)
        if is_free(port):
            return port


def accepts_connections(port: int) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1):
            return True
    except OSError:
        return False


def holder(port: int) -> str:
    """Who listens on the port, as `python3 (process 4711)`; empty where the system does not tell."""
    try:
        rows = [line.split() for name in ("tcp", "tcp6") for line in _lines(Path("/proc/net") / name)]
        sockets = {f"socket:[{row[9]}]" for row in rows if row[3] == "0A" and int(row[1].split(":")[1], 16) == port}
        for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
            if os.path.islink(descriptor) and _target(descriptor) in sockets:
                process = descriptor.parent.parent
                return f"{(process / 'comm').read_text().strip()} (process {process.name})"
    except (OSError, ValueError, IndexError):
        pass
    return ""


def _way_out(port: int, *, purpose: str, variable: str) -> str:
    by = holder(port)
    return (
        f"port {port}, meant for {purpose}, is taken{f' by {by}' if by else ''}.\n"
        f"Stop what uses it, or choose another port:  {variable}={_next_free(port)} bin/up"
    )


def _next_free(port: int) -> int:
    candidates = range(port + 10, min(port + 500, 65536), 10)
    return next((candidate for candidate in candidates if is_free(candidate)), free_port())


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines()[1:] if path.exists() else []


def _target(link: Path) -> str:
    try:
        return os.readlink(link)
    except OSError:
        return ""
