"""Requests to addresses that customers of the product typed in: the one way out, and nothing inside is reached by it.

The name is resolved once, every address it has must be public, and the connection goes to an address that was checked:
a name that answers differently the next time changes nothing. No redirect is followed and no proxy is asked.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from django.conf import settings
from django.utils import timezone
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import HTTPResponse
from urllib3.util import Url, parse_url

RESOLVE_SECONDS = CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
# From the first look at the name to the last byte read, whatever the other side does.
DEADLINE_SECONDS = 20.0
MOST_BYTES = 16 * 1024
# Besides what Python calls not global: ways of writing an IPv4 address in IPv6, relays, and ranges of the registries.
NOT_PUBLIC = [
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "224.0.0.0/3",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
    )
]
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")


class Unreachable(Exception):
    """No answer came: the reason in words that may be shown."""


class Refused(Unreachable):
    """The address is none we send to."""


@dataclass(frozen=True)
class Reply:
    """What came back; `text` is its beginning, `retry_after` in seconds."""

    status: int
    text: str
    retry_after: int | None = None

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


def post(url: str, *, body: bytes, headers: Mapping[str, str]) -> Reply:
    """Post `body` and return the reply, whatever its status; takes at most DEADLINE_SECONDS.

    Raises Refused for an address that is not allowed, Unreachable when there was no reply.
    """
    ends = time.monotonic() + DEADLINE_SECONDS
    target = checked_url(url)
    addresses = _public_addresses(target)
    connection = _connection(target)
    connection.addresses, connection.ends = addresses, ends
    try:
        sent = {"User-Agent": "CXM", **headers}
        connection.request("POST", target.request_uri, body=body, headers=sent, preload_content=False)
        response = connection.getresponse()
        # A head that was cut reads like one that ended.
        if time.monotonic() >= ends:
            raise TimeoutError
        return Reply(response.status, _beginning(response), _seconds(response.headers.get("Retry-After", "")))
    except (OSError, HTTPError, http.client.HTTPException, ValueError) as error:
        if time.monotonic() >= ends:
            raise Unreachable(f"No reply within {DEADLINE_SECONDS:.0f} seconds") from error
        raise Unreachable(f"{type(error).__name__}: {error}"[:500]) from error
    finally:
        connection.close()
        connection.leave()


def checked_url(url: str) -> Url:
    """The parts of an address we may send to, without asking for its name; raises Refused."""
    try:
        target = parse_url(url)
    except HTTPError as error:
        raise Refused("This is no web address") from error
    if not target.host:
        raise Refused("This is no web address")
    if target.scheme != "https" and not (target.scheme == "http" and settings.OUTGOING_PRIVATE_TARGETS):
        raise Refused("The address must begin with https://")
    if target.auth:
        raise Refused("The address must not hold a user name or a password")
    return target


def is_public(address: str) -> bool:
    """Whether this IP address belongs to the public internet."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if ip.version == 6 and ip not in GLOBAL_UNICAST:
        return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in NOT_PUBLIC)


def _bare(target: Url) -> str:
    """The host without the brackets of an IPv6 address."""
    return (target.host or "").strip("[]")


def _public_addresses(target: Url) -> list[tuple]:
    """(family, socket address) of the host, in the resolver's order; raises Refused when one of them is not public."""
    found: list[tuple] = []
    failed: list[OSError | UnicodeError] = []
    port = target.port or (443 if target.scheme == "https" else 80)

    def resolve() -> None:
        try:
            found.extend(socket.getaddrinfo(_bare(target), port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            failed.append(error)

    # The resolver takes no timeout; in a thread of its own it can be left behind.
    thread = threading.Thread(target=resolve, daemon=True)
    thread.start()
    thread.join(RESOLVE_SECONDS)
    if failed or not found:
        raise Unreachable(f"The name {_bare(target)} could not be resolved")
    addresses = [(family, address) for family, _, _, _, address in found]
    if not settings.OUTGOING_PRIVATE_TARGETS and not all(is_public(address[0]) for _, address in addresses):
        raise Refused(f"{_bare(target)} is not a public address")
    return addresses


class _Pinned:
    """A connection to addresses that were checked, cut when its time is over."""

    addresses: list[tuple]
    ends: float
    _wire: socket.socket | None = None
    _timer: threading.Timer | None = None

    def _new_conn(self) -> socket.socket:
        error: OSError = TimeoutError("no time left")
        for family, address in self.addresses:
            left = self.ends - time.monotonic()
            if left <= 0:
                break
            sock = socket.socket(family, socket.SOCK_STREAM)
            sock.settimeout(min(CONNECT_SECONDS, left))
            try:
                sock.connect(address)
            except OSError as failure:
                sock.close()
                error = failure
                continue
            self._cut_in_time(sock)
            return sock
        raise error

    def _cut_in_time(self, sock: socket.socket) -> None:
        """Timeouts of a socket begin anew with each byte; this one does not. A copy, since TLS takes the original."""
        self._wire = sock.dup()
        self._timer = threading.Timer(max(self.ends - time.monotonic(), 0), _cut, [self._wire])
        self._timer.daemon = True
        self._timer.start()

    def leave(self) -> None:
        if self._timer:
            self._timer.cancel()
        if self._wire:
            self._wire.close()


class _PinnedHTTP(_Pinned, HTTPConnection):
    pass


class _PinnedHTTPS(_Pinned, HTTPSConnection):
    """Server name and certificate stay those of the host in the address."""


def _connection(target: Url) -> "_PinnedHTTP | _PinnedHTTPS":
    if target.scheme == "https":
        return _PinnedHTTPS(_bare(target), target.port, timeout=READ_SECONDS, ssl_context=ssl.create_default_context())
    return _PinnedHTTP(_bare(target), target.port, timeout=READ_SECONDS)


def _cut(wire: socket.socket) -> None:
    with suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)


def _beginning(response: HTTPResponse) -> str:
    """The first MOST_BYTES as text. The status is known by now: a body that breaks off takes nothing from it."""
    read = b""
    with suppress(OSError, HTTPError, http.client.HTTPException, ValueError):
        while len(read) < MOST_BYTES and (piece := response.read1(MOST_BYTES - len(read), decode_content=False)):
            read += piece
    # PostgreSQL stores no NUL.
    return read.decode(errors="replace").replace("\x00", "")


def _seconds(retry_after: str) -> int | None:
    """RFC 9110, 10.2.3: seconds, or a date."""
    if retry_after.strip().isdecimal():
        return int(retry_after.strip()[:9])
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(int((moment - timezone.now()).total_seconds()), 0)
