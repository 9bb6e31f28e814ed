"""A collector of traces: takes OTLP over HTTP and keeps the spans."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from .receiver import Callback, Receiver

KINDS = {2: "server", 3: "client", 4: "producer"}


class Span:
    def __init__(self, told: dict[str, Any]):
        self.trace: str = told["traceId"]
        self.id: str = told["spanId"]
        self.parent: str | None = told.get("parentSpanId")
        self.state: str = told.get("traceState", "")
        self.name: str = told["name"]
        self.kind = KINDS[told["kind"]]
        self.failed = told["status"].get("code") == 2
        self.attributes = {one["key"]: next(iter(one["value"].values()))
                           for one in told["attributes"]}
        self.begin, self.end = int(told["startTimeUnixNano"]), int(told["endTimeUnixNano"])
        assert len(self.trace) == 32 and len(self.id) == 16
        assert self.begin <= self.end

    def __repr__(self) -> str:
        return f"{self.kind} {self.name!r} {self.attributes}"


class Collector(Receiver):
    """Listens from the start; `behaviour` may make it answer otherwise."""

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def spans(self) -> list[Span]:
        return [span for request in self.callbacks for span in _spans(request)]

    def wait_for_spans(self, wanted: Callable[[Span], bool], count: int = 1) -> list[Span]:
        """At least so many such spans; fails after a while."""
        deadline = time.monotonic() + 60
        while len(found := [span for span in self.spans if wanted(span)]) < count:
            assert time.monotonic() < deadline, f"only {found} of {self.spans}"
            self.wait_for(len(self.callbacks) + 1)
        return found


def _spans(request: Callback) -> list[Span]:
    assert request.path == "/v1/traces" and request.method == "POST"
    assert request.headers["content-type"] == "application/json"
    resource, = request.json()["resourceSpans"]
    about = {one["key"]: one["value"]["stringValue"] for one in resource["resource"]["attributes"]}
    assert about["service.name"] == "hookreel" and about["service.version"]
    return [Span(span) for scope in resource["scopeSpans"] for span in scope["spans"]]
