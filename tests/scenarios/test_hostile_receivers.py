"""Receivers that are wrong, slow, endless or malicious: each has a named error, at its own cost."""

from __future__ import annotations

import json
import re
import ssl
from pathlib import Path

import pytest

from harness.certificates import make_certificates, server_context
from harness.events import make_event, wait_until
from harness.raw_receiver import Peer, RawReceiver
from harness.receiver import unused_port
from harness.tencent import Answer
from harness.web import fetch

TOKEN = "hostile-receivers-owner-token-0000000001"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
EVENTS = 5


def says(*pieces: bytes):
    def behave(peer: Peer) -> None:
        peer.ask()
        peer.say(*pieces)
    return behave


def hangs(peer: Peer) -> None:
    peer.ask()
    peer.hold()


def drips(peer: Peer) -> None:
    peer.ask()
    for byte in OK * 100:
        if peer.receiver.closing.wait(0.5):
            return
        peer.say(bytes([byte]))


def endless(beginning: bytes, piece: bytes):
    def behave(peer: Peer) -> None:
        peer.ask()
        peer.say(beginning)
        while not peer.receiver.closing.is_set():
            peer.say(piece)
    return behave


def resets(after: bytes):
    def behave(peer: Peer) -> None:
        peer.ask()
        peer.say(after)
        peer.reset()
    return behave


def answers_unasked(peer: Peer) -> None:
    """One answer for the request, and one in advance that says that the next one is taken too."""
    while peer.ask():
        peer.say(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", OK)


# What is said, and how the error of the attempt begins.
FAILURES = {
    "hangs": (hangs, "timeout: waiting for the answer"),
    "drips": (drips, "timeout: reading the answer"),
    "wrong_length": (says(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"), "reset: "),
    "broken_chunks": (says(CHUNKED, b"xyz\r\nabc\r\n"), "protocol: "),
    "cut_chunks": (says(CHUNKED, b"9\r\nabc"), "reset: "),
    "reset_at_once": (resets(b""), "reset: "),
    "reset_in_head": (resets(b"HTTP/1.1 20"), "reset: "),
    "reset_in_body": (resets(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nsho"), "reset: "),
    "closes": (says(), "reset: "),
    "long_head": (says(b"HTTP/1.1 200 OK\r\nX: " + b"x" * (1 << 20)), "protocol: "),
    "many_fields": (says(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 200_000, b"\r\n"), "protocol: "),
    "endless_head": (endless(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"), "protocol: "),
    "endless_interim": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "protocol: "),
    "endless_trailer": (endless(CHUNKED + b"0\r\n", b"X: y\r\n"), "protocol: "),
    "garbage": (says(b"\x00\x01\x02 garbage\r\n\r\n"), "protocol: "),
    "http_0_9": (says(b"<html>ok</html>\r\n\r\n"), "protocol: "),
    "http_2": (says(b"\x00\x00\x06\x04\x00\x00\x00\x00\x00", b"\x00\x03\x00\x00\x00\x64"),
               "protocol: "),
    "switches": (says(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n"), "protocol: "),
    "redirects": (says(b"HTTP/1.1 307 Go\r\nContent-Length: 0\r\n",
                       b"Location: http://169.254.169.254/latest/meta-data/\r\n\r\n"),
                  "status 307"),
    "answers_unasked": (answers_unasked, "status 500"),
}
# What is said, and counts as taken.
SUCCESSES = {
    "ok_and_close": says(OK),
    "no_content_with_body": says(b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello"),
    "continue": says(b"HTTP/1.1 100 Continue\r\n\r\n", OK),
    "early_hints": says(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", OK),
    "endless_body": endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536),
    "endless_chunks": endless(CHUNKED, b"ffff\r\n" + b"x" * 65535 + b"\r\n"),
    "trailers": says(CHUNKED, b"2\r\nok\r\n0\r\nRetry-After: 99999\r\n\r\n"),
    "gzip_bomb": says(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n",
                      b"\x1f\x8b\x08\x00"),
    "answers_twice": says(OK, OK),
}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory) -> Path:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


class House:
    """A server with endpoints of the standard dialect, and their receivers."""

    def __init__(self, server):
        self.server = server
        self.client = server.client()
        self.receivers: list[RawReceiver] = []

    def add(self, behaviour, tls: ssl.SSLContext | None = None) -> tuple[str, RawReceiver]:
        receiver = RawReceiver(behaviour, tls)
        self.receivers.append(receiver)
        return self.add_url(receiver.url), receiver

    def ask_for(self, url: str) -> Answer:
        wanted = {"url": url, "types": ["*"], "dialect": "standard",
                  "schedule": {"timeout_seconds": 3}}
        return fetch(self.server.url + "/api/v1/endpoints", method="POST",
                     body=json.dumps(wanted).encode(),
                     headers={"Authorization": f"Bearer {TOKEN}",
                              "Content-Type": "application/json"})

    def add_url(self, url: str) -> str:
        made = self.ask_for(url)
        assert made.status == 201, made.body
        return json.loads(made.body)["id"]

    def wait_for_attempt(self, endpoint: str) -> str:
        """The log's line on the first attempt at the endpoint."""
        return self.server.wait_for_line(rf"debug attempt .*endpoint={endpoint} .*", 60).group()


@pytest.fixture
def house(start_server, certificates):
    house = House(start_server("--api-token", TOKEN, "--log-level", "debug",
                               "--ca-file", str(certificates / "ca.pem")))
    yield house
    for receiver in house.receivers:
        receiver.close()


def greets(peer: Peer) -> None:
    while peer.ask():
        peer.say(OK)


def test_each_failure_has_its_class_and_delays_nobody_else(house):
    bad = {name: house.add(behaviour) for name, (behaviour, _) in FAILURES.items()}
    _, good = house.add(greets)
    for _ in range(EVENTS):
        make_event(house.client)
    good.wait_for(EVENTS)
    # The hanging ones are asked by now or later, but are not finished before they are let go.
    bad["hangs"][1].wait_for(1)
    for name, (endpoint, _) in bad.items():
        line = house.wait_for_attempt(endpoint)
        expected = FAILURES[name][1]
        assert re.search(rf'error="?{re.escape(expected)}', line), f"{name}: {line}"
    assert house.server.resident_bytes() < 1 << 30


def test_strange_answers_that_are_answers_count_as_taken(house):
    strange = {name: house.add(behaviour) for name, behaviour in SUCCESSES.items()}
    make_event(house.client)
    for name, (endpoint, _) in strange.items():
        line = house.wait_for_attempt(endpoint)
        assert "outcome=delivered" in line, f"{name}: {line}"


def test_an_answer_in_advance_confirms_nothing(house):
    """Each request gets the 500 that was given to it, never the 200 that came unasked."""
    endpoint, receiver = house.add(answers_unasked)
    for _ in range(EVENTS):
        make_event(house.client)
    receiver.wait_for(EVENTS)
    attempts = rf"debug attempt .*endpoint={endpoint} .*"
    wait_until(lambda: len(re.findall(attempts, house.server.output)) >= EVENTS)
    assert not re.search(rf"endpoint={endpoint} .*outcome=delivered", house.server.output)


def test_certificates_are_refused_by_name(house, certificates):
    def add(name: str, asks_client: bool = False) -> tuple[str, RawReceiver]:
        return house.add(greets, server_context(certificates, name, asks_client))

    expected = {
        add("expired")[0]: "tls: the certificate is expired",
        add("other")[0]: "tls: the certificate is for another host",
        add("own")[0]: "tls: the certificate is self-signed",
        add("good", asks_client=True)[0]: "tls: ",
    }
    _, good = add("good")
    make_event(house.client)
    good.wait_for(1)
    for endpoint, begin in expected.items():
        line = house.wait_for_attempt(endpoint)
        assert f'error="{begin}' in line, line


def test_urls_that_lead_nowhere_have_their_class(house):
    nobody = house.add_url(f"http://127.0.0.1:{unused_port()}/")
    # Without a network, it is our name servers that do not answer.
    no_name = house.add_url("http://does-not-exist.invalid/")
    make_event(house.client)
    assert 'error="connect: ' in house.wait_for_attempt(nobody)
    assert re.search('error="(dns|ours): ', house.wait_for_attempt(no_name))


REFUSED_HOSTS = [
    "10.0.0.1", "169.254.169.254", "100.100.100.200", "[::1]", "[::ffff:10.0.0.1]",
    "[64:ff9b::a9fe:a9fe]", "[2002:a00:1::]", "[fd00:ec2::254]", "168.63.129.16", "0.0.0.0",
    "2130706433", "0x7f.1", "127.1", "017700000001", "good.example@127.0.0.1", "%31%32%37.0.0.1"]


def test_no_endpoint_is_made_for_an_address_that_is_refused(house):
    for host in REFUSED_HOSTS:
        made = house.ask_for(f"http://{host}/")
        assert made.status == 400, (host, made.body)
