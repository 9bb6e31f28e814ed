"""A receiver of callbacks that records what it gets and can behave badly on purpose."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Callback:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes
    method: str = "POST"
    at: float = field(default_factory=time.monotonic)

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def type(self) -> str:
        return self.json()["EventType"]


# Answers one request; gets the handler, whose `wfile` is the connection.
Behaviour = Callable[["Handler"], None]


def answer(status: int, body: bytes = b"ok", headers: dict[str, str] | None = None) -> Behaviour:
    def behave(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
    return behave


def hang(handler: Handler) -> None:
    """Reads the request and never answers."""
    handler.close_connection = True
    handler.receiver.closing.wait()


def hang_up(handler: Handler) -> None:
    """Closes the connection instead of answering."""
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def never_end(handler: Handler) -> None:
    """Answers, and goes on answering for as long as anybody listens."""
    handler.close_connection = True
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    while not handler.receiver.closing.wait(0.05):
        handler.wfile.write(chunk)


def drip(handler: Handler) -> None:
    """Sends its head one byte a second, so that no single wait is long."""
    handler.close_connection = True
    for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok":
        if handler.receiver.closing.wait(1):
            return
        handler.wfile.write(bytes([byte]))


def break_off(handler: Handler) -> None:
    """Closes the connection in the middle of the body."""
    handler.close_connection = True
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nok")
    handler.connection.shutdown(socket.SHUT_RDWR)


def stall(handler: Handler) -> None:
    """Sends its head and nothing of the body."""
    handler.close_connection = True
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
    handler.receiver.closing.wait(20)


def talk_nonsense(handler: Handler) -> None:
    """Answers with something that is not HTTP."""
    handler.close_connection = True
    handler.wfile.write(b"\x16\x03\x01 this is not HTTP\r\n\r\n")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _HttpServer

    @property
    def receiver(self) -> Receiver:
        return self.server.receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        behaviour = self.receiver.take(Callback(self.path, headers, body, self.command))
        try:
            behaviour(self)
        except OSError:
            self.close_connection = True  # The other side had enough; the test looks at the record.

    do_OPTIONS = do_POST

    def log_message(self, format: str, *args: Any) -> None:
        pass


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], receiver: Receiver):
        super().__init__(address, Handler)
        self.receiver = receiver


class Receiver:
    """Listens from the start on a port of its own until `close`."""

    def __init__(self) -> None:
        self.behaviour: Behaviour = answer(200)
        self.behaviours: dict[str, Behaviour] = {}  # By path, before `behaviour`.
        self.options: Behaviour = answer(405)  # To OPTIONS, on every path.
        self.closing = threading.Event()
        self._callbacks: list[Callback] = []
        self._changed = threading.Condition()
        self._server = _HttpServer(("127.0.0.1", 0), self)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def url(self, path: str = "/callback") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def take(self, callback: Callback) -> Behaviour:
        with self._changed:
            self._callbacks.append(callback)
            self._changed.notify_all()
            if callback.method == "OPTIONS":
                return self.options
            return self.behaviours.get(callback.path, self.behaviour)

    @property
    def callbacks(self) -> list[Callback]:
        with self._changed:
            return list(self._callbacks)

    def wait_for(self, count: int, matching: Callable[[Callback], bool] = lambda _: True,
                 seconds: float = 60) -> list[Callback]:
        """At least `count` callbacks that match, in the order in which they came."""
        with self._changed:
            found: list[Callback] = []

            def enough() -> bool:
                found[:] = [callback for callback in self._callbacks if matching(callback)]
                return len(found) >= count

            done = self._changed.wait_for(enough, seconds)
            assert done, (f"{len(found)} of {count} callbacks after {seconds} s; in all came: "
                          f"{[callback.body[:80] for callback in self._callbacks]}")
            return found

    def wait_for_type(self, event_type: str, count: int = 1, seconds: float = 60) -> list[Callback]:
        return self.wait_for(count, lambda callback: callback.type == event_type, seconds)

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


def unused_port() -> int:
    """A port on which nobody listens, as long as nobody is given it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
