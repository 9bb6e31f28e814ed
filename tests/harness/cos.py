"""Uploads of objects as the COS protocol has them, signed by hand."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from .tencent import Answer, Client, Request, send_on

MIB = 1024 * 1024


def q_sign(secret_id: str, secret_key: str, method: str, path: str, query: Mapping[str, str],
           headers: Mapping[str, str], key_time: str) -> str:
    """The Authorization header over `path` (decoded) and all given parameters and headers."""
    def listed(fields: Mapping[str, str]) -> tuple[str, str]:
        pairs = sorted((quote(name.lower(), safe=""), quote(value, safe=""))
                       for name, value in fields.items())
        return (";".join(name for name, _ in pairs),
                "&".join(f"{name}={value}" for name, value in pairs))

    names, parameters = listed(query)
    header_names, header_values = listed(headers)
    sign_key = hmac.new(secret_key.encode(), key_time.encode(), hashlib.sha1).hexdigest()
    text = f"{method.lower()}\n{path}\n{parameters}\n{header_values}\n"
    to_sign = f"sha1\n{key_time}\n{hashlib.sha1(text.encode()).hexdigest()}\n"
    signature = hmac.new(sign_key.encode(), to_sign.encode(), hashlib.sha1).hexdigest()
    return (f"q-sign-algorithm=sha1&q-ak={secret_id}&q-sign-time={key_time}&q-key-time={key_time}"
            f"&q-header-list={header_names}&q-url-param-list={names}&q-signature={signature}")


@dataclass
class Session:
    """One upload: what ApplyUpload answered, and requests with its temporary keys."""

    client: Client
    applied: dict[str, Any]
    scope: dict[str, Any] = field(default_factory=dict)  # SubAppId of a foreign application.

    @property
    def key(self) -> str:
        return self.applied["MediaStoragePath"].lstrip("/")

    @property
    def secret(self) -> tuple[str, str]:
        certificate = self.applied["TempCertificate"]
        return certificate["SecretId"], certificate["SecretKey"]

    def request(self, method: str, key: str | None = None, query: Mapping[str, str] | None = None,
                body: bytes = b"", headers: Mapping[str, str] | None = None, *,
                secret: tuple[str, str] | None = None, token: str | None = None,
                age_seconds: int = 0) -> Request:
        key = self.key if key is None else key
        query = query or {}
        now = int(time.time()) - age_seconds
        signed = {"host": self.client.address, **(headers or {})}
        target = f"/cos/{self.applied['StorageBucket']}/{quote(key)}"
        if query:
            target += "?" + "&".join(f"{name}={quote(value, safe='')}"
                                     for name, value in query.items())
        secret_id, secret_key = secret or self.secret
        sent = {name: value for name, value in signed.items() if name != "host"}
        sent["Authorization"] = q_sign(secret_id, secret_key, method, "/" + unquote(key), query,
                                       signed, f"{now - 1};{now + 900}")
        sent["x-cos-security-token"] = self.applied["TempCertificate"]["Token"] if token is None \
            else token
        return Request(method, target, sent, body)

    def send(self, *arguments: Any, **named: Any) -> Answer:
        return self.client.send(self.request(*arguments, **named), timeout=60)

    def put(self, content: bytes, key: str | None = None) -> None:
        answer = self.send("PUT", key, body=content)
        assert answer.status == 200, answer

    def put_file(self, path: Path) -> None:
        """Streams a file of any size."""
        request = self.request("PUT")
        request.headers["Content-Length"] = str(path.stat().st_size)
        connection = http.client.HTTPConnection(self.client.host, self.client.port, timeout=300)
        try:
            with path.open("rb") as file:
                request.body = file  # type: ignore[assignment]
                answer = send_on(connection, request)
        finally:
            connection.close()
        assert answer.status == 200, answer

    def put_in_parts(self, content: bytes, part_bytes: int = MIB) -> Answer:
        """The multipart sequence: start, parts, complete. Returns the last answer."""
        started = self.send("POST", query={"uploads": ""})
        assert started.status == 200, started
        upload = xml_text(started.body, "UploadId")
        listed = []
        for number, begin in enumerate(range(0, len(content), part_bytes), 1):
            part = content[begin:begin + part_bytes]
            answer = self.send("PUT", query={"partNumber": str(number), "uploadId": upload},
                               body=part)
            assert answer.status == 200, answer
            listed.append((number, answer.headers["etag"]))
        return self.complete(upload, listed)

    def complete(self, upload: str, listed: list[tuple[int, str]]) -> Answer:
        body = "".join(f"<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>"
                       for number, etag in listed)
        return self.send("POST", query={"uploadId": upload}, body=(
            f"<CompleteMultipartUpload>{body}</CompleteMultipartUpload>").encode())

    def commit(self) -> dict[str, Any]:
        return self.client.call("CommitUpload", VodSessionKey=self.applied["VodSessionKey"],
                                **self.scope)


def apply(client: Client, media_type: str = "mp4", **parameters: Any) -> Session:
    scope = {name: parameters[name] for name in parameters if name == "SubAppId"}
    return Session(client, client.call("ApplyUpload", MediaType=media_type, **parameters), scope)


def upload(client: Client, content: bytes | Path, media_type: str | None = None,
           **parameters: Any) -> str:
    """Uploads in one piece and returns the file's id."""
    if media_type is None:
        media_type = content.suffix.lstrip(".") if isinstance(content, Path) else "mp4"
    session = apply(client, media_type, **parameters)
    if isinstance(content, Path):
        session.put_file(content)
    else:
        session.put(content)
    return session.commit()["FileId"]


def xml_text(document: bytes, element: str) -> str:
    match = re.search(rf"<{element}>([^<]*)</{element}>", document.decode())
    assert match, f"no <{element}> in {document!r}"
    return match.group(1)
