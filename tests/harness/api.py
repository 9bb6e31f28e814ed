"""A client of the native API. Each answer is held to the OpenAPI document of the server."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import jsonschema

from .server import Server

TOKEN = "scenario-owner-token"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: Any  # Of JSON; None when there is none.

    def __getitem__(self, name: str) -> Any:
        return self.body[name]


class Definition:
    """The document, and which schema an answer must fit."""

    def __init__(self, document: dict):
        self.document = document
        self._templates = [(path.split("/"), path) for path in document["paths"]]
        self._templates.sort(key=lambda pair: pair[1].count("{"))

    def operation(self, method: str, path: str) -> dict | None:
        words = path.split("?")[0].split("/")
        for template, name in self._templates:
            fits = len(template) == len(words) and all(
                wanted.startswith("{") or wanted == word for wanted, word in zip(template, words))
            if fits and method.lower() in self.document["paths"][name]:
                return self.document["paths"][name][method.lower()]
        return None

    def check(self, method: str, path: str, answer: Answer) -> None:
        operation = self.operation(method, path)
        if operation is None:
            assert answer.status in (404, 405), f"{method} {path} is not in the document"
            return
        responses = operation["responses"]
        told = responses.get(str(answer.status)) or responses.get(f"{answer.status // 100}XX")
        assert told, f"{method} {path}: {answer.status} is not in the document: {answer.body}"
        if "$ref" in told:
            told = self.document["components"]["responses"][told["$ref"].rsplit("/", 1)[1]]
        if "content" not in told:
            assert answer.body is None, f"{method} {path}: {answer.body}"
            return
        (kind, content), = told["content"].items()
        assert answer.headers["content-type"] == kind
        schema = {"components": self.document["components"], **content["schema"]}
        jsonschema.Draft202012Validator(schema).validate(answer.body)


class Api:
    """One caller. Refusals are answers, not exceptions, but for `good`."""

    def __init__(self, server: Server, token: str | None = TOKEN,
                 definition: Definition | None = None):
        self.server = server
        self.token = token
        self.definition = definition or Definition(self._send("GET", "/api/v1/openapi.json").body)

    def with_token(self, token: str | None) -> Api:
        return Api(self.server, token, self.definition)

    def call(self, method: str, path: str, body: Any = None, *, query: dict | None = None,
             raw: bytes | None = None, headers: dict[str, str] | None = None,
             timeout: float = 60) -> Answer:
        target = "/api/v1" + path + (f"?{urlencode(query)}" if query else "")
        if body is not None:
            raw = json.dumps(body).encode()
        answer = self._send(method, target, raw, headers, timeout)
        if method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            self.definition.check(method, target, answer)
        return answer

    def good(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        answer = self.call(method, path, body, **options)
        assert 200 <= answer.status < 300, f"{method} {path}: {answer.status} {answer.body}"
        return answer.body

    def endpoint(self, url: str, **more: Any) -> dict:
        return self.good("POST", "/endpoints", {"url": url, **more})

    def publish(self, events: dict | list[dict]) -> list[dict]:
        return self.good("POST", "/events", events)["events"]

    def pull(self, queue: str, **more: Any) -> list[dict]:
        return self.good("POST", f"/queues/{quote(queue)}/pull", more)["events"]

    def confirm(self, queue: str, pulled: list[dict]) -> list[str]:
        handles = {"handles": [event["handle"] for event in pulled]}
        told = self.good("POST", f"/queues/{quote(queue)}/confirm", handles)
        return [one["result"] for one in told["results"]]

    def items(self, path: str, **query: Any) -> Iterator[dict]:
        """All items of a list, page by page."""
        cursor: str | None = ""
        while cursor is not None:
            page = self.good("GET", path, query={**query, **({"cursor": cursor} if cursor else {})})
            yield from page["items"]
            cursor = page["next_cursor"]

    def wait_for(self, path: str, enough: Callable[[list[dict]], bool], seconds: float = 60,
                 **query: Any) -> list[dict]:
        """The items of a list as soon as they are what is waited for."""
        deadline = time.monotonic() + seconds
        while True:
            found = list(self.items(path, **query))
            if enough(found):
                return found
            assert time.monotonic() < deadline, f"{path} {query} after {seconds} s: {found}"
            time.sleep(0.05)

    def _send(self, method: str, target: str, body: bytes | None = None,
              headers: dict[str, str] | None = None, timeout: float = 60) -> Answer:
        sent = {"Content-Type": "application/json"} if body is not None else {}
        if self.token is not None:
            sent["Authorization"] = f"Bearer {self.token}"
        connection = http.client.HTTPConnection(self.server.host, self.server.port,
                                                timeout=timeout)
        try:
            connection.request(method, target, body, {**sent, **(headers or {})})
            response = connection.getresponse()
            text = response.read()
            told = {name.lower(): value for name, value in response.getheaders()}
            is_json = "json" in told.get("content-type", "")
            return Answer(response.status, told, json.loads(text) if text and is_json else None)
        finally:
            connection.close()
