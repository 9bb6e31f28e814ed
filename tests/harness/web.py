"""Plain HTTP for what is not the API, and bytes on a socket for what is not HTTP."""

from __future__ import annotations

import http.client
import socket
import time
from urllib.parse import urlsplit

from .tencent import Answer


def fetch(url: str, method: str = "GET", headers: dict[str, str] | None = None,
          body: bytes | None = None, timeout: float = 30) -> Answer:
    parts = urlsplit(url)
    assert parts.scheme == "http" and parts.hostname and parts.port, url
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
    try:
        connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body,
                           headers or {})
        response = connection.getresponse()
        return Answer(response.status,
                      {name.lower(): value for name, value in response.getheaders()},
                      response.read())
    finally:
        connection.close()


def talk(host: str, port: int, *pieces: bytes, end_of_writing: bool = False,
         seconds: float = 60) -> bytes:
    """Sends the pieces and returns what comes back until the other side closes.

    Fails when it has not closed in that time. A reset counts as closed.
    """
    deadline = time.monotonic() + seconds
    received = b""
    with socket.create_connection((host, port), timeout=seconds) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
            if end_of_writing:
                connection.shutdown(socket.SHUT_WR)
            while True:
                left = deadline - time.monotonic()
                assert left > 0, f"not closed after {seconds} s; so far came {received[:200]!r}"
                connection.settimeout(left)
                chunk = connection.recv(65536)
                if not chunk:
                    return received
                received += chunk
        except (ConnectionResetError, BrokenPipeError):
            return received


def status_of(received: bytes) -> int | None:
    """The status of a raw answer, None when nothing came."""
    return int(received.split(b" ", 2)[1]) if received.startswith(b"HTTP/1.") else None
