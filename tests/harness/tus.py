"""A small client of tus 1.0.0, to send also what no client would."""

from __future__ import annotations

import base64
import socket
from urllib.parse import urlsplit

from .native import OWNER_TOKEN
from .tencent import Answer
from .web import fetch

BODY_TYPE = "application/offset+octet-stream"


def metadata(**values: str) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}"
                    for name, value in values.items())


class Tus:
    """Calls with the owner's token, with which the server must have been started."""

    def __init__(self, server, token: str = OWNER_TOKEN):
        self.base = server.url
        self.headers = {"Authorization": f"Bearer {token}", "Tus-Resumable": "1.0.0"}

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return fetch(self.base + path, method, self.headers | named, body)

    def create(self, length: int, **values: str) -> Answer:
        values = values or {"filename": "film.mp4"}
        return self.send("POST", "/api/v1/uploads", Upload_Length=str(length),
                         Upload_Metadata=metadata(**values))

    def begin(self, length: int, **values: str) -> str:
        """The path of a new upload."""
        answer = self.create(length, **values)
        assert answer.status == 201, answer
        return answer.headers["location"]

    def patch(self, path: str, offset: int, body: bytes, **headers: str) -> Answer:
        return self.send("PATCH", path, body, Upload_Offset=str(offset), Content_Type=BODY_TYPE,
                         **headers)

    def offset(self, path: str) -> int:
        answer = self.send("HEAD", path)
        assert answer.status == 200, answer
        return int(answer.headers["upload-offset"])

    def open_patch(self, path: str, offset: int, length: int) -> socket.socket:
        """The connection of a request that has announced so many bytes and sent none."""
        parts = urlsplit(self.base)
        connection = socket.create_connection((parts.hostname, parts.port), timeout=60)
        lines = [f"PATCH {path} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {length}",
                 f"Upload-Offset: {offset}", f"Content-Type: {BODY_TYPE}",
                 *(f"{name}: {value}" for name, value in self.headers.items())]
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        return connection
