"""A taken port is a clear message with the way out."""

import socket

import pytest

from cxm.embedded.ports import free_port, is_free, port_from_environment, require_free
from cxm.embedded.screen import Refusal


@pytest.fixture
def taken_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_taken_port_is_named_with_its_purpose_and_the_way_out(taken_port):
    with pytest.raises(Refusal) as refusal:
        require_free(taken_port, purpose="the web pages", variable="CXM_PORT")
    words = str(refusal.value)
    assert f"port {taken_port}, meant for the web pages, is taken" in words
    assert "CXM_PORT=" in words and words.endswith("bin/up")


def test_the_port_proposed_instead_is_free(taken_port):
    with pytest.raises(Refusal) as refusal:
        require_free(taken_port, purpose="the web pages", variable="CXM_PORT")
    proposed = int(str(refusal.value).split("CXM_PORT=")[1].split()[0])
    assert proposed != taken_port and is_free(proposed)


def test_a_port_that_becomes_free_in_time_is_taken(taken_port):
    with pytest.raises(Refusal):
        require_free(taken_port, purpose="Redis", variable="CXM_REDIS_PORT", patience=0.2)
    require_free(free_port(), purpose="Redis", variable="CXM_REDIS_PORT", patience=0.2)


def test_a_port_is_free_again_although_a_connection_to_it_is_still_closing():
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]
    client = socket.create_connection(("127.0.0.1", port))
    accepted, _ = server.accept()
    accepted.close()
    client.close()
    server.close()
    assert is_free(port)


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1", "80.5", "٨٠"])
def test_a_setting_that_is_no_port_is_refused(monkeypatch, text):
    monkeypatch.setenv("CXM_PORT", text)
    with pytest.raises(Refusal, match="CXM_PORT"):
        port_from_environment("CXM_PORT", 8000)


def test_an_empty_setting_means_the_default(monkeypatch):
    monkeypatch.setenv("CXM_PORT", "")
    assert port_from_environment("CXM_PORT", 8000) == 8000
