"""Bytes that are no proper request: a clear refusal, and the server serves on."""

import re
import socket
import threading

import pytest

from harness.web import fetch, status_of, talk

HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@pytest.fixture(autouse=True)
def serves_on(request):
    """After each of these, the same server answers a proper request."""
    client = request.getfixturevalue("client")
    yield
    assert client.call("DescribeEventConfig")["Mode"]


@pytest.mark.parametrize("sent", [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"nonsense\r\n\r\n", b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
    b"GET / HTTP/1.1\r\nBad\x00Name: x\r\n\r\n",
    HEAD + b"Content-Length: -1\r\n\r\n", HEAD + b"Content-Length: 1x\r\n\r\n",
    HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n12345",
    HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    HEAD + b"Transfer-Encoding: gzip\r\n\r\n", HEAD + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
    HEAD + b"Content-Length: 99999999999999999999999\r\n\r\n"])
def test_what_is_not_http_is_refused_and_the_connection_closed(server, sent):
    received = talk(server.host, server.port, sent, seconds=30, end_of_writing=True)
    assert status_of(received) in (None, 400, 411, 413, 501, 505)


def test_a_head_without_end_is_refused(server):
    field = b"X-Filler: " + b"x" * 1000 + b"\r\n"
    received = talk(server.host, server.port, HEAD, *[field] * 1000, seconds=30)
    assert status_of(received) in (None, 400, 413, 431)


def test_a_target_without_end_is_refused(server):
    received = talk(server.host, server.port, b"GET /", *[b"x" * 65536] * 20, seconds=30)
    assert status_of(received) in (None, 400, 413, 414, 431)


def test_a_slow_head_is_ended(server):
    received = talk(server.host, server.port, b"POST / HTTP/1.1\r\nHos", seconds=30)
    assert status_of(received) in (None, 400, 408)


def test_a_body_that_does_not_come_is_ended(server):
    received = talk(server.host, server.port, HEAD + b"Content-Length: 100\r\n\r\n{", seconds=60)
    assert status_of(received) in (None, 200, 400, 408)
    assert b'"Error"' in received or status_of(received) != 200


def test_a_body_that_is_cut_is_dropped(server):
    received = talk(server.host, server.port, HEAD + b"Content-Length: 100\r\n\r\n{\"Mode\":",
                    end_of_writing=True, seconds=30)
    assert status_of(received) in (None, 200, 400)
    assert b'"Error"' in received or status_of(received) != 200


def test_a_body_without_end_is_refused_in_flat_memory(server):
    before = server.resident_bytes()
    chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    received = talk(server.host, server.port, HEAD + b"Transfer-Encoding: chunked\r\n"
                    b"X-TC-Action: PullEvents\r\nX-TC-Version: 2018-07-17\r\n\r\n",
                    *[chunk] * 200, seconds=60)
    assert status_of(received) in (None, 200, 400, 413)
    assert b'"Error"' in received or status_of(received) != 200
    assert server.resident_bytes() - before < 120 << 20


def test_slow_bodies_do_not_hold_up_others(server, client):
    slow = [socket.create_connection((server.host, server.port)) for _ in range(50)]
    try:
        for connection in slow:
            connection.sendall(HEAD + b"Content-Length: 1000\r\n\r\n{")
        for _ in range(20):
            client.call("DescribeEventConfig")
    finally:
        for connection in slow:
            connection.close()


def test_many_connections_that_only_listen_do_not_hold_up_others(server, client):
    silent = [socket.create_connection((server.host, server.port)) for _ in range(200)]
    try:
        client.call("DescribeEventConfig")
    finally:
        for connection in silent:
            connection.close()


def test_requests_in_one_go_are_answered_in_order(server):
    one = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    received = talk(server.host, server.port, one * 9 + last, seconds=30)
    statuses = re.findall(rb"HTTP/1\.1 (\d+) ", received)
    assert statuses == [b"200"] * 9 + [b"404"]


def test_a_body_is_asked_for_when_the_sender_waits_for_it(server, client):
    request = client.v3("DescribeEventConfig", b"{}")
    head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    with socket.create_connection((server.host, server.port), timeout=20) as connection:
        connection.sendall((f"POST / HTTP/1.1\r\nHost: {server.address}\r\n{head}"
                            "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n").encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 100")
        connection.sendall(b"{}")
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")


def test_callers_that_hang_up_at_once_leave_nothing_behind(server, client):
    def come_and_go():
        for _ in range(50):
            with socket.create_connection((server.host, server.port)) as connection:
                connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n12")
    threads = [threading.Thread(target=come_and_go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert fetch(server.url + "/healthz").status == 200
