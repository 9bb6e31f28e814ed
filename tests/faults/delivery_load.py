"""Publishers, receivers and consumers around a server that dies, and the books that they keep.

What a publisher was told is true for ever. What it was not told is asked again under the same id.
"""

from __future__ import annotations

import http.client
import json
import random
import socket
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

BROKEN = (OSError, http.client.HTTPException)
ANSWER_SECONDS_MAX = 2  # The time-out of the endpoints here.
KEYS = 4  # Of each publisher.


@dataclass
class Arrival:
    event: str
    begun: float
    ended: float
    taken: bool  # Whether it was answered with 200.


@dataclass
class Books:
    """Threads: any."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    published: dict[str, tuple[str, int]] = field(default_factory=dict)  # Id: key, its number.
    arrivals: dict[str, list[Arrival]] = field(default_factory=lambda: defaultdict(list))
    pulled: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    confirmed_at: dict[str, float] = field(default_factory=dict)
    confirms_asked: set[str] = field(default_factory=set)  # Also those without an answer.
    deaths: list[tuple[float, float]] = field(default_factory=list)  # From when to when.
    asked_again: int = 0  # Publishes whose answer was lost.
    surprises: list[str] = field(default_factory=list)

    def surprise(self, text: str) -> None:
        with self.lock:
            self.surprises.append(text)


class Place:
    """Where the server is now; it changes with each life."""

    def __init__(self, token: str):
        self.token = token
        self.address: tuple[str, int] | None = None

    def call(self, method: str, path: str, body: Any = None, seconds: float = 30) -> Any:
        """The answer's JSON, or a Refusal. BROKEN when the server is gone."""
        if self.address is None:
            raise ConnectionError("between two lives")
        connection = http.client.HTTPConnection(*self.address, timeout=seconds)
        try:
            connection.request(method, "/api/v1" + path,
                               None if body is None else json.dumps(body),
                               {"Authorization": "Bearer " + self.token,
                                "Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if answer.status >= 300:
            raise Refusal(f"{method} {path}: {answer.status} {text[:300]!r}", answer.status)
        return json.loads(text) if text else None

    def all(self, path: str) -> list[Any]:
        """All items of a list, page by page."""
        items, cursor = [], ""
        while True:
            page = self.call("GET", path + (f"&cursor={cursor}" if cursor else ""))
            items += page["items"]
            cursor = page["next_cursor"]
            if not cursor:
                return items


class Refusal(Exception):
    def __init__(self, text: str, status: int):
        super().__init__(text)
        self.status = status


class Crowd:
    """Threads that repeat their step, whatever happens to the server, until `stop`."""

    def __init__(self, books: Books):
        self.books = books
        self.ending = threading.Event()
        self.threads: list[threading.Thread] = []

    def add(self, step) -> None:
        thread = threading.Thread(target=self._run, args=(step,), daemon=True)
        self.threads.append(thread)
        thread.start()

    def _run(self, step) -> None:
        while not self.ending.is_set():
            try:
                step()
            except BROKEN:
                time.sleep(0.05)
            except Refusal as refusal:
                if refusal.status not in (429, 503):
                    self.books.surprise(str(refusal))
                time.sleep(0.05)

    def stop(self) -> None:
        self.ending.set()
        for thread in self.threads:
            thread.join(60)
            assert not thread.is_alive(), "a client hangs"


class Publisher:
    """Publishes batches; within a key, the next one only after the one before was acknowledged."""

    def __init__(self, name: str, place: Place, books: Books, dice: random.Random):
        self.name, self.place, self.books, self.dice = name, place, books, dice
        self.count = 0
        self.open: list[dict[str, Any]] = []

    def step(self) -> None:
        if self.open:
            self.books.asked_again += 1
        else:
            self.open = [self._event() for _ in range(self.dice.randrange(1, 20))]
        answer = self.place.call("POST", "/events", self.open)
        assert [told["id"] for told in answer["events"]] == [event["id"] for event in self.open]
        with self.books.lock:
            for event in self.open:
                self.books.published[event["id"]] = (event["key"], event["data"]["number"])
        self.open = []
        time.sleep(self.dice.uniform(0, 0.3))

    def finish(self) -> None:
        """Settles what was not answered."""
        while self.open:
            self.step()

    def _event(self) -> dict[str, Any]:
        self.count += 1
        return {"id": f"{self.name}-{self.count}", "type": "soak.counted",
                "key": f"{self.name}/{self.count % KEYS}", "data": {"number": self.count}}


class Consumer:
    def __init__(self, place: Place, books: Books, dice: random.Random):
        self.place, self.books, self.dice = place, books, dice

    def step(self) -> None:
        asked_at = time.monotonic()
        answer = self.place.call("POST", "/queues/soak/pull",
                                 {"max": 16, "lease_seconds": 3, "wait_seconds": 1})
        events = answer["events"]
        with self.books.lock:
            for pulled in events:
                self.books.pulled[pulled["event"]["id"]].append(asked_at)
        if not events or self.dice.random() < 0.2:
            return
        with self.books.lock:
            self.books.confirms_asked.update(pulled["event"]["id"] for pulled in events)
        self.place.call("POST", "/queues/soak/confirm",
                        {"handles": [pulled["handle"] for pulled in events]})
        with self.books.lock:
            for pulled in events:
                self.books.confirmed_at.setdefault(pulled["event"]["id"], time.monotonic())


class Receiver(ThreadingHTTPServer):
    """Takes callbacks at /NAME and treats a share of them badly, until it is told to be good."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, books: Books, dice: random.Random):
        super().__init__(("127.0.0.1", 0), Callback)
        self.books, self.dice = books, dice
        self.bad_share: dict[str, float] = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{name}"

    def handle_error(self, request, client_address) -> None:
        """A server that dies breaks its connections."""


class Callback(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_) -> None:
        pass

    def do_POST(self) -> None:
        begun = time.monotonic()
        body = self.rfile.read(int(self.headers["Content-Length"]))
        name = self.path[1:]
        event = json.loads(body)["id"]
        if event != self.headers["webhook-id"]:
            self.server.books.surprise(f"{name}: id {event} under {self.headers['webhook-id']}")
        taken = self.server.dice.random() >= self.server.bad_share.get(name, 0)
        if taken:
            self._answer(200)
        else:
            self.server.dice.choice([self._fail, self._slow_down, self._hang_up, self._hang])()
        with self.server.books.lock:
            self.server.books.arrivals[name].append(
                Arrival(event, begun, time.monotonic(), taken))

    def _answer(self, status: int, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for field_name, value in (headers or {}).items():
            self.send_header(field_name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _fail(self) -> None:
        self._answer(500)

    def _slow_down(self) -> None:
        self._answer(503, {"Retry-After": "1"})

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _hang(self) -> None:
        self.close_connection = True
        time.sleep(ANSWER_SECONDS_MAX + 0.5)


def contradictions(books: Books, dead: dict[str, set[str]], rules: dict[str, str]) -> list[str]:
    """Everything that must not be. `dead` are the dead letters of each endpoint, `rules` what holds
    of it: "once or more", "in order", "at most once"."""
    found = list(books.surprises)
    for name, rule in rules.items():
        arrivals = books.arrivals[name]
        taken = {arrival.event for arrival in arrivals if arrival.taken}
        for event in arrivals:
            if event.event not in books.published:
                found.append(f"{name}: {event.event} arrived, but nobody was told it is stored")
        lost = books.published.keys() - taken - dead[name]
        if lost:
            found.append(f"{name}: {len(lost)} lost, such as {sorted(lost)[:3]}")
        if rule == "at most once":
            found += more_than_once(name, arrivals)
            continue
        found += unexplained_duplicates(name, arrivals, books.deaths)
        if rule == "in order":
            found += out_of_order(name, arrivals, books.published)
    lost = books.published.keys() - books.confirms_asked
    if lost:
        found.append(f"the queue lost {len(lost)}, such as {sorted(lost)[:3]}")
    for event, pulls in books.pulled.items():
        if max(pulls) > books.confirmed_at.get(event, float("inf")):
            found.append(f"the queue handed out {event} after its confirm")
    return found


def more_than_once(name: str, arrivals: list[Arrival]) -> list[str]:
    seen: set[str] = set()
    again = []
    for arrival in arrivals:
        if arrival.event in seen:
            again.append(f"{name}: {arrival.event} came twice")
        seen.add(arrival.event)
    return again


def duplicates(arrivals: list[Arrival]) -> list[tuple[Arrival, Arrival]]:
    """Pairs of which the first was taken and the second came all the same."""
    taken: dict[str, Arrival] = {}
    pairs = []
    for arrival in sorted(arrivals, key=lambda each: each.begun):
        if arrival.event in taken:
            pairs.append((taken[arrival.event], arrival))
        if arrival.taken:
            taken[arrival.event] = arrival
    return pairs


def unexplained_duplicates(name: str, arrivals: list[Arrival],
                           deaths: list[tuple[float, float]]) -> list[str]:
    """Allowed is one where the server died between the two, or the answer came too late."""
    return [f"{name}: {again.event} came again without a death between"
            for first, again in duplicates(arrivals)
            if not any(first.begun < until and since < again.ended for since, until in deaths)
            and first.ended - first.begun < ANSWER_SECONDS_MAX / 2]


def out_of_order(name: str, arrivals: list[Arrival], published: dict[str, tuple[str, int]]
                 ) -> list[str]:
    last: dict[str, int] = defaultdict(int)
    seen: set[str] = set()
    found = []
    for arrival in sorted(arrivals, key=lambda each: each.begun):
        if not arrival.taken or arrival.event in seen or arrival.event not in published:
            continue
        seen.add(arrival.event)
        key, number = published[arrival.event]
        if number < last[key]:
            found.append(f"{name}: {arrival.event} came after number {last[key]} of its key")
        last[key] = max(last[key], number)
    return found
