"""An HTTP proxy as companies have them: absolute requests and tunnels, with a password."""

from __future__ import annotations

import base64
import socket
import threading
from urllib.parse import urlsplit


class Proxy:
    """On a port of its own until `close`; `open` takes the same port again."""

    def __init__(self, user: str, password: str):
        self.secret = base64.b64encode(f"{user}:{password}".encode())
        self.asked: list[bytes] = []  # The request lines that it took.
        self._listener: socket.socket | None = None
        self.port = 0
        self.open()

    def open(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def close(self) -> None:
        # A thread that is in accept() would keep the port; shutdown wakes it.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, caller: socket.socket) -> None:
        with caller:
            try:
                self._forward(caller)
            except OSError:
                pass  # One of both hung up.

    def _forward(self, caller: socket.socket) -> None:
        received = b""
        while b"\r\n\r\n" not in received:
            piece = caller.recv(65536)
            if not piece:
                return
            received += piece
        head, _, rest = received.partition(b"\r\n\r\n")
        line, *fields = head.split(b"\r\n")
        if b"Basic " + self.secret not in head:
            caller.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\n"
                           b"Proxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")
            return
        self.asked.append(line)
        method, target, version = line.split(b" ")
        if method == b"CONNECT":
            host, _, port = target.decode().rpartition(":")
            with socket.create_connection((host, int(port))) as receiver:
                caller.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
                _join(caller, receiver)
            return
        url = urlsplit(target.decode())
        kept = [one for one in fields if not one.lower().startswith(b"proxy-")]
        first = b" ".join((method, url.path.encode(), version))
        with socket.create_connection((url.hostname, url.port)) as receiver:
            receiver.sendall(b"\r\n".join([first, *kept]) + b"\r\n\r\n" + rest)
            _join(caller, receiver)


def _join(one: socket.socket, other: socket.socket) -> None:
    back = threading.Thread(target=_copy, args=(other, one), daemon=True)
    back.start()
    _copy(one, other)
    back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while piece := source.recv(65536):
            target.sendall(piece)
    except OSError:
        pass
    try:
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass
