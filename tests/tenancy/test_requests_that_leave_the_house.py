"""Requests to addresses people typed in: public only, pinned to what was checked, and over in time."""

import datetime as dt
import ipaddress
import socket
import ssl
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tenancy import outgoing
from tenancy.outgoing import MOST_BYTES, Refused, Unreachable, is_public, post
from tests.services.misbehaving import answers, drips, keeps_silent, outside, resets


@pytest.fixture
def inside_allowed(settings):
    settings.OUTGOING_PRIVATE_TARGETS = True


def send(url: str):
    return post(url, body=b'{"a": 1}', headers={"Content-Type": "application/json"})


def resolving(monkeypatch, *addresses: str) -> list[str]:
    """Let every name have these addresses; returns the names asked for."""
    asked: list[str] = []

    def getaddrinfo(host, port, **_):
        asked.append(host)
        return [(socket.AF_INET6 if ":" in a else socket.AF_INET, 1, 6, "", (a, port)) for a in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_request_arrives_whole_and_the_reply_comes_back(inside_allowed):
    with outside(answers(body=b"taken")) as server:
        reply = send(server.url + "?to=a%20b")
    assert (reply.status, reply.text, reply.is_success) == (200, "taken", True)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /hook?to=a%20b HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{server.port}".encode() in head
    assert body == b'{"a": 1}'


@pytest.mark.parametrize(
    "status", ["500 Internal Server Error", "404 Not Found", "301 Moved Permanently", "302 Found", "307 Temporary"]
)
def test_every_other_status_is_a_reply_without_success_and_no_redirect_is_followed(inside_allowed, status):
    with outside(answers()) as inner, outside(answers(status, b"no", f"Location: {inner.url}")) as server:
        reply = send(server.url)
    assert (reply.status, reply.is_success) == (int(status[:3]), False)
    assert inner.requests == []


@pytest.mark.parametrize(("value", "seconds"), [("120", 120), ("soon", None), ("-5", None), ("²", None)])
def test_retry_after_is_read(inside_allowed, value, seconds):
    with outside(answers("429 Too Many Requests", b"", f"Retry-After: {value}")) as server:
        assert send(server.url).retry_after == seconds


def test_retry_after_may_be_a_date(inside_allowed):
    moment = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5)
    with outside(answers("503 Busy", b"", f"Retry-After: {moment:%a, %d %b %Y %H:%M:%S} GMT")) as server:
        assert 290 <= (send(server.url).retry_after or 0) <= 300


def test_huge_body_is_read_at_its_beginning_only(inside_allowed):
    with outside(drips(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536, every=0)) as server:
        assert len(send(server.url).text) == MOST_BYTES


@pytest.mark.parametrize(
    "script",
    [
        drips(b"HTTP/1.1 200 OK\r\n", b"X-Slow: 1\r\n", every=0.1),
        drips(b"HTTP/1.1 2", b"0", every=0.1),
        drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n", every=0.1),
        keeps_silent,
    ],
)
def test_slow_head_ends_at_the_deadline(inside_allowed, monkeypatch, script):
    monkeypatch.setattr(outgoing, "DEADLINE_SECONDS", 0.6)
    started = time.monotonic()
    with outside(script) as server, pytest.raises(Unreachable, match="No reply within"):
        send(server.url)
    assert time.monotonic() - started < 2


def test_slow_body_ends_at_the_deadline_and_the_status_counts(inside_allowed, monkeypatch):
    monkeypatch.setattr(outgoing, "DEADLINE_SECONDS", 0.6)
    started = time.monotonic()
    with outside(drips(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"x", every=0.1)) as server:
        assert send(server.url).status == 200
    assert time.monotonic() - started < 2


def test_silence_ends_with_the_read_timeout(inside_allowed, monkeypatch):
    monkeypatch.setattr(outgoing, "READ_SECONDS", 0.2)
    with outside(keeps_silent) as server, pytest.raises(Unreachable, match="Timeout"):
        send(server.url)


@pytest.mark.parametrize("script", [resets, lambda wire: None, lambda wire: wire.sendall(b"SSH-2.0-OpenSSH\r\n")])
def test_broken_connection_is_no_reply(inside_allowed, script):
    with outside(script) as server, pytest.raises(Unreachable):
        send(server.url)


def test_closed_port_is_no_reply(inside_allowed):
    # Taken, so that nobody else gets it meanwhile, but nobody listens.
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(Unreachable):
            send(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.5.5", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "0.1.2.3",
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.0.8", "198.18.0.1", "192.0.2.1", "192.88.99.1",
        "::1", "::", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "::7f00:1", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1",
        "ff02::1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001::1", "2001:db8::1", "3fff::1", "fd00:ec2::254",
    ],
)  # fmt: skip
def test_no_address_inside_is_reached(monkeypatch, address):
    assert not is_public(address)
    resolving(monkeypatch, address)
    with pytest.raises(Refused, match="not a public address"):
        send("https://hooks.example/")


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e"])
def test_public_addresses_are_allowed(address):
    assert is_public(address)


def test_one_address_inside_among_public_ones_is_enough_to_refuse(monkeypatch):
    resolving(monkeypatch, "8.8.8.8", "10.0.0.1")
    with pytest.raises(Refused):
        send("https://hooks.example/")


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "localhost", "[::1]", "[::ffff:127.0.0.1]"])
def test_other_spellings_of_this_machine_are_refused(host):
    with pytest.raises(Unreachable):
        send(f"https://{host}/")


@pytest.mark.parametrize(
    "url",
    ["http://hooks.example/", "ftp://hooks.example/", "file:///etc/passwd", "https://me:you@hooks.example/", "https://",
     "hooks", "", "https://[::1", "https://hooks.example:99999/"],
)  # fmt: skip
def test_other_kinds_of_addresses_are_refused(url):
    with pytest.raises(Refused):
        send(url)


def test_line_breaks_in_an_address_reach_no_header(inside_allowed):
    with outside(answers()) as server:
        send(server.url + "\r\nX-Inner: 1")
    assert b"\r\nX-Inner" not in server.requests[0]


def test_name_is_resolved_once_and_the_connection_goes_to_what_was_checked(inside_allowed, monkeypatch):
    with outside(answers()) as server:
        asked = resolving(monkeypatch, "127.0.0.1")
        assert send(f"http://hooks.example:{server.port}/").status == 200
    assert asked == ["hooks.example"]
    assert f"Host: hooks.example:{server.port}".encode() in server.requests[0]


def test_name_nobody_knows_is_no_reply(monkeypatch):
    def getaddrinfo(*_, **__):
        raise socket.gaierror("unknown")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(Unreachable, match="could not be resolved"):
        send("https://hooks.example/")


def certificate(name: str, path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    alternative = x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("9.9.9.9"))])
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(alternative, critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


@pytest.mark.parametrize(("name", "is_trusted"), [("hooks.example", True), ("other.example", False)])
def test_certificate_must_be_of_the_name_not_of_the_address(inside_allowed, monkeypatch, tmp_path, name, is_trusted):
    context = certificate(name, tmp_path / "certificate.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    asked_for: list[str | None] = []
    context.sni_callback = lambda _, server_name, __: asked_for.append(server_name)
    with outside(answers(), context) as server:
        resolving(monkeypatch, "127.0.0.1")
        url = f"https://hooks.example:{server.port}/"
        if is_trusted:
            assert send(url).status == 200
        else:
            with pytest.raises(Unreachable, match=r"(?i)certificate"):
                send(url)
    assert asked_for == ["hooks.example"]


def test_certificate_nobody_trusts_is_refused(inside_allowed, monkeypatch, tmp_path):
    with outside(answers(), certificate("hooks.example", tmp_path / "certificate.pem")) as server:
        resolving(monkeypatch, "127.0.0.1")
        with pytest.raises(Unreachable, match=r"(?i)certificate"):
            send(f"https://hooks.example:{server.port}/")
