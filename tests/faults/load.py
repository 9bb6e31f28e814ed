"""Clients that work against a server that dies, and the books they keep of what was acknowledged.

What a client was told is true for ever; what it was not told may be either way.
"""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from harness import cos
from harness.events import body
from harness.tencent import Client, TencentError

Event = dict[str, Any]
COVER = {"CoverBySnapshotTaskSet": [{"Definition": 10, "PositionType": "Time", "PositionValue": 0}]}
# What a caller sees of a server that was killed.
BROKEN = (OSError, http.client.HTTPException)


@dataclass
class Delivery:
    event: Event
    asked_at: float  # When the request began that brought it.


@dataclass
class Books:
    """Threads: any."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    files: dict[str, bytes] = field(default_factory=dict)  # Acknowledged, with their content.
    tasks: set[str] = field(default_factory=set)  # Acknowledged.
    open_uploads: list[tuple[cos.Session, bytes]] = field(default_factory=list)  # Not answered.
    unanswered_tasks: int = 0
    deliveries: dict[str, list[Delivery]] = field(default_factory=lambda: defaultdict(list))
    confirmed_at: dict[str, float] = field(default_factory=dict)  # Acknowledged.
    surprises: list[str] = field(default_factory=list)

    def delivered(self, events: list[Event], asked_at: float) -> None:
        with self.lock:
            for event in events:
                self.deliveries[subject(event)].append(Delivery(event, asked_at))

    def confirmed(self, events: list[Event]) -> None:
        with self.lock:
            for event in events:
                self.confirmed_at.setdefault(subject(event), time.monotonic())


def subject(event: Event) -> str:
    """What an event is about; each file and each task has exactly one event here."""
    if event.get("FileUploadEvent"):
        return event["FileUploadEvent"]["FileId"]
    return event["ProcedureStateChangeEvent"]["TaskId"]


def upload_once(client: Client, books: Books, dice: random.Random) -> None:
    content = dice.randbytes(dice.randrange(1, 3000))
    session = cos.apply(client)
    session.put(content)
    try:
        file = session.commit()["FileId"]
    except BROKEN:
        with books.lock:
            books.open_uploads.append((session, content))
        raise
    with books.lock:
        books.files[file] = content


def process_up_to(tasks_max: int, client: Client, books: Books, file: str) -> bool:
    """Asks for one more task. False when there are so many."""
    if len(books.tasks) >= tasks_max:
        return False
    try:
        task = client.call("ProcessMedia", FileId=file, MediaProcessTask=COVER)["TaskId"]
    except BROKEN:
        with books.lock:
            books.unanswered_tasks += 1
        raise
    with books.lock:
        books.tasks.add(task)
    return True


def pull_once(client: Client, books: Books, confirm_share: float) -> bool:
    """Pulls, and confirms that share of the times. False when there was nothing."""
    asked_at = time.monotonic()
    try:
        events = client.call("PullEvents")["EventSet"]
    except TencentError as error:
        if error.code != "ResourceNotFound":
            raise
        return False
    books.delivered(events, asked_at)
    if random.random() < confirm_share:
        confirm(client, books, events)
    return True


def confirm(client: Client, books: Books, events: list[Event]) -> None:
    client.call("ConfirmEvents", EventHandles=[event["EventHandle"] for event in events])
    books.confirmed(events)


class Load:
    """Runs each step in a thread, again and again until the server is gone or the step returns
    False. An answer that is wrong is a surprise."""

    def __init__(self, books: Books, steps: list[Callable[[], Any]]):
        self.books = books
        self.ending = threading.Event()
        self.threads = [threading.Thread(target=self._run, args=(step,)) for step in steps]
        for thread in self.threads:
            thread.start()

    def _run(self, step: Callable[[], Any]) -> None:
        while not self.ending.is_set():
            try:
                if step() is False:
                    return
            except BROKEN:
                return
            except Exception as problem:  # Whatever else: the test shows it.
                with self.books.lock:
                    self.books.surprises.append(f"{type(problem).__name__}: {problem}")
                return

    def join(self) -> None:
        self.ending.set()
        for thread in self.threads:
            thread.join(60)
            assert not thread.is_alive(), "a client hangs although the server is gone"


def contradictions(books: Books) -> list[str]:
    """Everything in the books that must not be."""
    found = list(books.surprises)
    for name in (*books.files, *books.tasks):
        if name not in books.deliveries:
            found.append(f"{name} was acknowledged and its event never came")
    handles: set[str] = set()
    for name, deliveries in books.deliveries.items():
        if len({repr(body(delivery.event)) for delivery in deliveries}) != 1:
            found.append(f"the event of {name} came with different contents")
        for delivery in deliveries:
            handle = delivery.event["EventHandle"]
            if handle in handles:
                found.append(f"the handle {handle} was given out twice")
            handles.add(handle)
            if delivery.asked_at > books.confirmed_at.get(name, float("inf")):
                found.append(f"the event of {name} came again after its confirm")
    unknown = [name for name in books.deliveries
               if name not in books.files and name not in books.tasks]
    if len(unknown) > books.unanswered_tasks:
        found.append(f"{len(unknown)} events of things that nobody made: {unknown[:5]}")
    return found
