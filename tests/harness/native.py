"""A client of the native API."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from .server import Server
from .web import fetch

OWNER_TOKEN = "scenario-owner-token-000000000000000001"


class Refused(Exception):
    """A problem answer."""

    def __init__(self, status: int, problem: Any):
        super().__init__(f"{status}: {problem}")
        self.status = status
        self.problem = problem


class Native:
    """Calls with the owner's token, with which the server must have been started."""

    def __init__(self, server: Server, token: str = OWNER_TOKEN):
        self.base = server.url + "/api/v1/"
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def call(self, method: str, path: str, body: Any = None) -> Any:
        sent = None if body is None else json.dumps(body).encode()
        answer = fetch(self.base + path, method=method, body=sent, headers=self.headers)
        said = json.loads(answer.body) if answer.body else None
        if answer.status >= 300:
            raise Refused(answer.status, said)
        return said

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def post(self, path: str, body: Any = None) -> Any:
        return self.call("POST", path, body)

    def add_endpoint(self, url: str, **settings: Any) -> str:
        return self.post("endpoints", {"url": url, "types": ["*"], **settings})["id"]

    def publish(self, *numbers: int, type: str = "order.paid", key: str = "") -> list[str]:
        """Custom events whose data has the numbers. Returns their ids."""
        events = [{"type": type, "data": {"number": number}} | ({"key": key} if key else {})
                  for number in numbers]
        return [event["id"] for event in self.post("events", events)["events"]]

    def deliveries(self, endpoint: str, **query: str) -> list[dict[str, Any]]:
        words = "".join(f"&{name}={value}" for name, value in query.items())
        return self.get(f"deliveries?endpoint={endpoint}{words}")["items"]

    def wait_until(self, look: Callable[[], Any], what: str, seconds: float = 60) -> Any:
        """The first answer of `look` that is true."""
        deadline = time.monotonic() + seconds
        while not (seen := look()):
            assert time.monotonic() < deadline, f"not seen after {seconds} s: {what}"
            time.sleep(0.05)
        return seen

    def wait_for_state(self, endpoint: str, state: str, count: int) -> list[dict[str, Any]]:
        """So many deliveries of the endpoint in that state."""
        return self.wait_until(
            lambda: found if len(found := self.deliveries(endpoint, state=state)) >= count else [],
            f"{count} deliveries {state}")
