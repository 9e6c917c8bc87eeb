"""Servers outside that speak real HTTP, and break it in every way: a script of bytes and pauses for each connection."""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Script = Callable[[socket.socket], None]


class Outside:
    """A server on this machine; `requests` are the heads and bodies it got, in order."""

    def __init__(self, script: Script, context: ssl.SSLContext | None = None) -> None:
        self.script, self.context = script, context
        self.requests: list[bytes] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.socket.accept()
                threading.Thread(target=self._answer, args=[connection], daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            wire = self.context.wrap_socket(connection, server_side=True) if self.context else connection
            self.requests.append(_read(wire))
            self.script(wire)
            wire.close()


@contextmanager
def outside(script: Script, context: ssl.SSLContext | None = None) -> Iterator[Outside]:
    server = Outside(script, context)
    try:
        yield server
    finally:
        server.socket.close()


def answers(status: str = "200 OK", body: bytes = b"ok", *headers: str) -> Script:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
    return lambda wire: wire.sendall("\r\n".join(lines).encode() + body)


def drips(start: bytes, piece: bytes, *, every: float) -> Script:
    """Sends `start`, then `piece` again and again for ever."""

    def script(wire: socket.socket) -> None:
        wire.sendall(start)
        while True:
            wire.sendall(piece)
            time.sleep(every)

    return script


def resets(wire: socket.socket) -> None:
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def keeps_silent(wire: socket.socket) -> None:
    time.sleep(30)


def _read(wire: socket.socket) -> bytes:
    read = b""
    while b"\r\n\r\n" not in read:
        piece = wire.recv(65536)
        if not piece:
            return read
        read += piece
    head, _, body = read.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += wire.recv(65536)
    return head + b"\r\n\r\n" + body
