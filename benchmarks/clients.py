"""A lean HTTP client on one kept connection, so that a measurement measures the server and not its own client."""

import socket
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; header names are lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Connection:
    """One connection, opened when needed. `request` raises OSError when the server went away before it answered."""

    def __init__(self, port: int, *, timeout: float = 30.0):
        self.port, self.timeout = port, timeout
        self.socket: socket.socket | None = None
        self.rest = b""

    def request(self, method: str, path: str, body: bytes = b"", **headers: str) -> Reply:
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Accept-Language: en"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        if body or method == "POST":
            lines.append(f"Content-Length: {len(body)}")
        try:
            if self.socket is None:
                self._open()
            self.socket.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
            return self._read()
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
        self.socket, self.rest = None, b""

    def _open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=self.timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _read(self) -> Reply:
        while b"\r\n\r\n" not in self.rest:
            self._more()
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        if not first.startswith("HTTP/"):
            raise ConnectionResetError("what came is no reply: its server was killed in the middle of another")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", 0))
        while len(self.rest) < length:
            self._more()
        body, self.rest = self.rest[:length], self.rest[length:]
        if headers.get("connection", "").lower() == "close" or "transfer-encoding" in headers:
            self.close()
        return Reply(int(first.split(" ", 2)[1]), headers, body)

    def _more(self) -> None:
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionResetError("the server closed the connection")
        self.rest += data
