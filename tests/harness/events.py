"""Short words for what most scenarios do with events."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from . import cos
from .receiver import Receiver
from .tencent import Client, TencentError

PULL_HOLD_SECONDS = 5
LEASE_SECONDS = 30
PULL_BATCH_MAX = 16

TRANSCODE_AND_COVER = {
    "TranscodeTaskSet": [{"Definition": 10}],
    "CoverBySnapshotTaskSet": [
        {"Definition": 10, "PositionType": "Time", "PositionValue": 1}],
}


def push_to(client: Client, receiver: Receiver, path: str = "/callback", **more: str) -> None:
    client.call("ModifyEventConfig", Mode="PUSH", NotificationUrl=receiver.url(path),
                UploadMediaCompleteEventSwitch="ON", **more)


def pull_mode(client: Client) -> None:
    client.call("ModifyEventConfig", Mode="PULL", UploadMediaCompleteEventSwitch="ON")


def make_event(client: Client) -> str:
    """The cheapest event there is: a file of a few bytes. Returns the file's id."""
    return cos.upload(client, b"not a video", "mp4")


def pull(client: Client) -> list[dict[str, Any]]:
    """One PullEvents; empty when the server says that there is nothing."""
    try:
        return client.call("PullEvents")["EventSet"]
    except TencentError as error:
        if error.code != "ResourceNotFound":
            raise
        return []


def pull_until(client: Client, count: int, seconds: float = 60) -> list[dict[str, Any]]:
    """Pulls until there are so many events, all within one lease."""
    deadline = time.monotonic() + seconds
    events: list[dict[str, Any]] = []
    while len(events) < count:
        assert time.monotonic() < deadline, f"{len(events)} of {count} events after {seconds} s"
        events += pull(client)
    return events


def confirm(client: Client, events: list[dict[str, Any]]) -> None:
    client.call("ConfirmEvents", EventHandles=[event["EventHandle"] for event in events])


def body(event: dict[str, Any]) -> dict[str, Any]:
    """What an event says, without its handle and its null members."""
    return {name: value for name, value in event.items()
            if name != "EventHandle" and value is not None}


def file_id(event: dict[str, Any]) -> str:
    for member in ("FileUploadEvent", "ProcedureStateChangeEvent"):
        if event.get(member):
            return event[member]["FileId"]
    raise AssertionError(f"no file in {event}")


def wait_until(condition: Callable[[], Any], seconds: float = 60, every: float = 0.1,
               but: Callable[[], Any] = lambda: "") -> Any:
    """Asks again and again for what has no announcement; returns the first true answer. `but` says
    what is there instead when it never comes."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"still not so after {seconds} s: {but()}"
        time.sleep(every)
    return found


def task_result(client: Client, task: str, seconds: float = 120, **scope: Any) -> dict[str, Any]:
    """The ProcedureTask of a task when it is finished."""
    def finished() -> Any:
        detail = client.call("DescribeTaskDetail", TaskId=task, **scope)
        return detail["ProcedureTask"] if detail["Status"] == "FINISH" else None
    return wait_until(finished, seconds)


def process(client: Client, file: str, **tasks: Any) -> str:
    return client.call("ProcessMedia", FileId=file,
                       MediaProcessTask=tasks or TRANSCODE_AND_COVER)["TaskId"]
