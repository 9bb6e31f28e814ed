"""The tasks of an application as a whole: listed, and taken back while they wait."""

import pytest

from harness import cos
from harness.events import (confirm, process, pull, pull_mode, pull_until, task_result,
                            wait_until)
from harness.origin import Origin
from harness.tencent import TencentError

COVER = {"CoverBySnapshotTaskSet": [
    {"Definition": 10, "PositionType": "Time", "PositionValue": 0}]}


def abort(client, task):
    """The code of the answer; empty when the task was aborted."""
    try:
        client.call("ManageTask", TaskId=task, OperationType="Abort")
    except TencentError as error:
        return error.code
    return ""


def status(client, task):
    return client.call("DescribeTaskDetail", TaskId=task)["Status"]


def listed(client, **query):
    return [task["TaskId"] for task in client.call("DescribeTasks", **query)["TaskSet"]]


@pytest.fixture
def origin():
    origin = Origin()
    yield origin
    origin.close()


@pytest.fixture
def client(start_server):
    """Of a server with one worker, so that what waits is known."""
    return start_server("--jobs", "1").client()


def test_what_waits_can_be_aborted_and_nothing_else(client, long_mp4):
    file = cos.upload(client, long_mp4)
    pull_mode(client)
    busy = process(client, file, TranscodeTaskSet=[{"Definition": 100040}, {"Definition": 100030}])
    wait_until(lambda: status(client, busy) == "PROCESSING")
    waiting = process(client, file)
    edit = client.call("EditMedia", InputType="File", FileInfos=[{"FileId": file}])["TaskId"]

    assert abort(client, busy) == "FailedOperation"
    for task in (waiting, edit):
        assert listed(client, Status="WAITING").count(task) == 1
        assert abort(client, task) == ""
        assert abort(client, task) == "FailedOperation"
        assert status(client, task) == "ABORTED"
    assert abort(client, "1300000001-Procedure-0t0") == "InvalidParameterValue.TaskId"
    assert listed(client, Status="PROCESSING") == [busy]
    assert listed(client, Status="WAITING") == []

    # The next event after that of the busy task is the one of the last task.
    last = process(client, file, **COVER)
    told = []
    while len(told) < 2:
        events = pull_until(client, 1)
        confirm(client, events)
        told += [event["ProcedureStateChangeEvent"]["TaskId"] for event in events]
    assert told == [busy, last]
    assert abort(client, busy) == "FailedOperation"
    assert (status(client, waiting), status(client, edit)) == ("ABORTED", "ABORTED")
    assert listed(client, Status="FINISH", Sort={"Field": "FinishTime", "Order": "Asc"}) == [
        busy, last]


def test_what_waits_for_its_slow_half_has_begun(client, long_mp4, mp4):
    long, small = cos.upload(client, long_mp4), cos.upload(client, mp4)
    pull_mode(client)
    busy = process(client, long, TranscodeTaskSet=[{"Definition": 10}])
    wait_until(lambda: status(client, busy) == "PROCESSING")
    older = process(client, long, TranscodeTaskSet=[{"Definition": 100030}])
    task = client.call("ProcessMedia", FileId=small, TasksNotifyMode="Change", MediaProcessTask={
        **COVER, "TranscodeTaskSet": [{"Definition": 10}]})["TaskId"]
    told = []
    while len(told) < 2:
        events = pull_until(client, 1)
        confirm(client, events)
        told += [event["ProcedureStateChangeEvent"]["TaskId"] for event in events]
    assert told == [busy, task]  # Its cover is made, and its transcode waits behind the older one.
    assert status(client, task) == "PROCESSING"
    assert task in listed(client, Status="PROCESSING")
    assert abort(client, task) == "FailedOperation"
    assert status(client, older) == "PROCESSING"


@pytest.mark.parametrize("at_once", [1, 6])
def test_as_many_files_are_pulled_at_once_as_is_said(start_server, origin, mp4, at_once):
    names = [f"/{number}.mp4" for number in range(at_once + 1)]
    origin.files = dict.fromkeys(names, mp4.read_bytes())
    origin.held = set(names)
    client = start_server("--pulls-at-once", str(at_once)).client()
    for name in names:
        client.call("PullUpload", MediaUrl=origin.url(name))
    wait_until(lambda: len(listed(client, Status="PROCESSING")) == at_once)
    wait_until(lambda: len(origin.requests) == at_once)
    assert len(listed(client, Status="WAITING")) == 1
    origin.released.set()
    wait_until(lambda: len(listed(client, Status="FINISH")) == len(names))
    assert len(origin.requests) == len(names)


def test_pulls_can_be_aborted_while_they_wait(client, origin, mp4):
    at_once = 4
    names = [f"/{number}.mp4" for number in range(at_once + 1)]
    origin.files = dict.fromkeys(names, mp4.read_bytes())
    origin.held = set(names)
    pull_mode(client)
    *busy, waiting = [client.call("PullUpload", MediaUrl=origin.url(name))["TaskId"]
                      for name in names]
    wait_until(lambda: all(status(client, task) == "PROCESSING" for task in busy))
    assert status(client, waiting) == "WAITING"
    assert abort(client, busy[0]) == "FailedOperation"
    assert abort(client, waiting) == ""
    assert abort(client, waiting) == "FailedOperation"
    origin.released.set()
    told = set()
    while len(told) < at_once:
        events = pull_until(client, 1)
        confirm(client, events)
        told |= {event["PullCompleteEvent"]["TaskId"] for event in events
                 if event["EventType"] == "PullComplete"}
    assert told == set(busy) and abort(client, busy[0]) == "FailedOperation"
    assert pull(client) == []
    assert names[-1] not in {path for path, _ in origin.requests}
    assert status(client, waiting) == "ABORTED"


def test_the_list_is_read_page_by_page_also_after_a_restart(start_server, mp4):
    server = start_server("--jobs", "1")
    client = server.client()
    file = cos.upload(client, mp4)
    tasks = [process(client, file, **COVER) for _ in range(5)]
    task_result(client, tasks[-1])
    server.stop()
    client = start_server("--jobs", "1").client()

    sort = {"Field": "CreateTime", "Order": "Asc"}
    seen, token = [], ""
    for page in (2, 2, 1):
        answer = client.call("DescribeTasks", Limit=2, Sort=sort, ScrollToken=token)
        assert len(answer["TaskSet"]) == page
        seen += answer["TaskSet"]
        token = answer["ScrollToken"]
    assert token == ""
    assert sorted(task["TaskId"] for task in seen) == sorted(tasks)
    assert [task["CreateTime"] for task in seen] == sorted(task["CreateTime"] for task in seen)
    for task in seen:
        assert (task["FileId"], task["TaskType"], task["Status"]) == (file, "Procedure", "FINISH")
        detail = client.call("DescribeTaskDetail", TaskId=task["TaskId"])
        for time in ("CreateTime", "BeginProcessTime", "FinishTime"):
            assert task[time] == detail[time]
    assert listed(client, FileId="1") == []


def test_the_last_to_finish_are_listed_whatever_their_kind(start_server, start_service, origin,
                                                           mp4):
    """Also when they were asked for in another order."""
    service = start_service()
    client = start_server("--jobs", "1", "--external-service", f"*={service.url}").client()
    file = cos.upload(client, mp4)
    origin.files["/clip.mp4"] = mp4.read_bytes()
    busy = process(client, file, **COVER)
    task_result(client, busy)
    asked = [
        client.call("PullUpload", MediaUrl=origin.url("/clip.mp4"))["TaskId"],
        client.call("ReviewAudioVideo", FileId=file, Definition=10)["TaskId"],
        client.call("EditMedia", InputType="File", FileInfos=[{"FileId": file}])["TaskId"],
        process(client, file, **COVER),
        client.call("ProcessMedia", FileId=file,
                    AiContentReviewTask={"Definition": 10})["TaskId"],
        client.call("ComposeMedia", Tracks=[{"Type": "Video", "TrackItems": [
            {"Type": "Video", "VideoItem": {"SourceMedia": file}}]}],
            Output={"FileName": "made", "Container": "mp4"})["TaskId"],
    ]
    for task in asked:
        wait_until(lambda task=task: status(client, task) == "FINISH")
    by_end = {"Field": "FinishTime", "Order": "Desc"}
    found = client.call("DescribeTasks", Sort=by_end)["TaskSet"]
    assert {task["TaskId"] for task in found} == {busy, *asked}
    times = [task["FinishTime"] for task in found]
    assert times == sorted(times, reverse=True)
    pages, token = [], ""
    while not pages or token:
        answer = client.call("DescribeTasks", Sort=by_end, Limit=2, ScrollToken=token)
        pages.append([task["TaskId"] for task in answer["TaskSet"]])
        token = answer["ScrollToken"]
    assert sum(pages, []) == [task["TaskId"] for task in found]
    assert listed(client, Sort=by_end, Status="WAITING") == []
