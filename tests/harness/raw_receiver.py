"""A receiver that may say anything on its connections, on a port of its own until `close`."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable

# Talks on one connection; `ask` has read one request before, unless the behaviour wants none.
Behaviour = Callable[["Peer"], None]


class Peer:
    """One connection, as a behaviour sees it."""

    def __init__(self, connection: socket.socket, receiver: RawReceiver):
        self.connection = connection
        self.receiver = receiver

    def ask(self) -> bytes:
        """One whole request; empty when the caller hung up."""
        received = b""
        while b"\r\n\r\n" not in received:
            piece = self.connection.recv(65536)
            if not piece:
                return b""
            received += piece
        head, _, body = received.partition(b"\r\n\r\n")
        length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n")
                       if line.lower().startswith(b"content-length:")), 0)
        while len(body) < length:
            body += self.connection.recv(65536)
        self.receiver.note(body)
        return head

    def say(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.connection.sendall(piece)

    def hold(self) -> None:
        """Waits until the receiver is closed."""
        self.receiver.closing.wait()

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.connection.close()


class RawReceiver:
    def __init__(self, behaviour: Behaviour, tls: ssl.SSLContext | None = None,
                 host: str = "127.0.0.1"):
        self.behaviour = behaviour
        self.tls = tls
        self.host = host
        self.closing = threading.Event()
        self.bodies: list[bytes] = []
        self._changed = threading.Condition()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), backlog=64, family=family)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}/hook"

    def note(self, body: bytes) -> None:
        with self._changed:
            self.bodies.append(body)
            self._changed.notify_all()

    def wait_for(self, count: int, seconds: float = 60) -> list[bytes]:
        """The bodies of at least so many requests."""
        with self._changed:
            done = self._changed.wait_for(lambda: len(self.bodies) >= count, seconds)
            assert done, f"{len(self.bodies)} of {count} requests after {seconds} s"
            return list(self.bodies)

    def close(self) -> None:
        self.closing.set()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            self.behaviour(Peer(connection, self))
        except OSError:
            pass  # The other side had enough, as it should.
        finally:
            connection.close()
