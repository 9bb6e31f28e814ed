"""A Tencent Cloud API client made by hand, so that every part of a request can be wrong on purpose.

Both signatures are written from the wire description, not from an SDK.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

VERSION = "2018-07-17"


class TencentError(Exception):
    """An error answer of the API."""

    def __init__(self, code: str, message: str, request_id: str):
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.request_id = request_id


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str | None:
        """The error code, or None for a success."""
        return self.json()["Response"].get("Error", {}).get("Code")


@dataclass
class Request:
    """An HTTP request before it is sent."""

    method: str = "POST"
    target: str = "/"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def hmac_sha256(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def sign_v3(secret_id: str, secret_key: str, request: Request, timestamp: int, *,
            host: str, service: str = "vod", signed: tuple[str, ...] = ("content-type", "host")
            ) -> str:
    """The Authorization header (TC3-HMAC-SHA256) of a request."""
    date = time.strftime("%Y-%m-%d", time.gmtime(timestamp))
    values = {name.lower(): value for name, value in request.headers.items()} | {"host": host}
    path, _, query = request.target.partition("?")
    canonical = "\n".join([
        request.method, path, query, "".join(f"{name}:{values[name]}\n" for name in signed),
        ";".join(signed), hashlib.sha256(request.body).hexdigest()])
    scope = f"{date}/{service}/tc3_request"
    to_sign = "\n".join(["TC3-HMAC-SHA256", str(timestamp), scope,
                         hashlib.sha256(canonical.encode()).hexdigest()])
    key = hmac_sha256(b"TC3" + secret_key.encode(), date)
    for part in (service, "tc3_request"):
        key = hmac_sha256(key, part)
    return (f"TC3-HMAC-SHA256 Credential={secret_id}/{scope}, SignedHeaders={';'.join(signed)}, "
            f"Signature={hmac_sha256(key, to_sign).hex()}")


def sign_v1(secret_key: str, method: str, host: str, parameters: Mapping[str, str]) -> str:
    """The Signature parameter (HmacSHA1, or HmacSHA256 when the parameters say so)."""
    text = "&".join(f"{name}={parameters[name]}" for name in sorted(parameters))
    digest = hashlib.sha256 if parameters.get("SignatureMethod") == "HmacSHA256" else hashlib.sha1
    signed = hmac.new(secret_key.encode(), f"{method}{host}/?{text}".encode(), digest).digest()
    return base64.b64encode(signed).decode()


def flatten(value: Any, name: str = "") -> dict[str, str]:
    """Dotted names with indices from 0, all values as text."""
    if isinstance(value, Mapping):
        items = [(str(key), item) for key, item in value.items()]
    elif isinstance(value, (list, tuple)):
        items = [(str(index), item) for index, item in enumerate(value)]
    elif isinstance(value, bool):
        return {name: "true" if value else "false"}
    else:
        return {name: str(value)}
    flat: dict[str, str] = {}
    for key, item in items:
        flat |= flatten(item, f"{name}.{key}" if name else key)
    return flat


def form(parameters: Mapping[str, str]) -> str:
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}"
                    for name, value in parameters.items())


@dataclass(frozen=True)
class Client:
    host: str
    port: int
    secret_id: str
    secret_key: str

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"

    def with_keys(self, secret_id: str, secret_key: str) -> Client:
        return replace(self, secret_id=secret_id, secret_key=secret_key)

    # Calls an action and returns the fields of its answer; raises TencentError.
    def call(self, action: str, **parameters: Any) -> dict[str, Any]:
        return self.unwrap(self.send(self.v3(action, parameters)))

    def unwrap(self, answer: Answer) -> dict[str, Any]:
        assert answer.status == 200, (answer.status, answer.body)
        assert answer.headers["content-type"] == "application/json"
        response = answer.json()["Response"]
        assert isinstance(response["RequestId"], str)
        if "Error" in response:
            raise TencentError(response["Error"]["Code"], response["Error"]["Message"],
                               response["RequestId"])
        return response

    # A signed v3 POST; what is given replaces what a correct request has.
    def v3(self, action: str, parameters: Mapping[str, Any] | bytes | None = None, *,
           version: str = VERSION, timestamp: int | None = None, service: str = "vod",
           content_type: str = "application/json", headers: Mapping[str, str] | None = None,
           signed: tuple[str, ...] = ("content-type", "host")) -> Request:
        if not isinstance(parameters, bytes):
            parameters = json.dumps(parameters or {}).encode()
        now = int(time.time()) if timestamp is None else timestamp
        request = Request("POST", "/", {
            "Content-Type": content_type, "X-TC-Action": action, "X-TC-Version": version,
            "X-TC-Timestamp": str(now), **(headers or {})}, parameters)
        request.headers["Authorization"] = sign_v3(
            self.secret_id, self.secret_key, request, now, host=self.address, service=service,
            signed=signed)
        return request

    def v3_get(self, action: str, parameters: Mapping[str, Any] | None = None) -> Request:
        now = int(time.time())
        request = Request("GET", "/?" + form(flatten(parameters or {})), {
            "Content-Type": "application/x-www-form-urlencoded", "X-TC-Action": action,
            "X-TC-Version": VERSION, "X-TC-Timestamp": str(now)})
        request.headers["Authorization"] = sign_v3(
            self.secret_id, self.secret_key, request, now, host=self.address)
        return request

    def v1(self, action: str, parameters: Mapping[str, Any] | None = None, *, method: str = "POST",
           signature_method: str | None = "HmacSHA256", timestamp: int | None = None,
           version: str = VERSION) -> Request:
        flat = flatten(parameters or {}) | {
            "Action": action, "Version": version, "SecretId": self.secret_id,
            "Timestamp": str(int(time.time()) if timestamp is None else timestamp),
            "Nonce": str(random.randrange(1, 2**31)), "Region": ""}
        if signature_method:
            flat["SignatureMethod"] = signature_method
        flat["Signature"] = sign_v1(self.secret_key, method, self.address, flat)
        if method == "GET":
            return Request("GET", "/?" + form(flat))
        return Request("POST", "/", {"Content-Type": "application/x-www-form-urlencoded"},
                       form(flat).encode())

    def send(self, request: Request, timeout: float = 30) -> Answer:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        try:
            return send_on(connection, request)
        finally:
            connection.close()


def send_on(connection: http.client.HTTPConnection, request: Request) -> Answer:
    connection.request(request.method, request.target, request.body or None, request.headers)
    response = connection.getresponse()
    return Answer(response.status, {name.lower(): value for name, value in response.getheaders()},
                  response.read())
