"""In which order media work is done: by priority, then what is quick, then what is old."""

import pytest

from harness import cos
from harness.events import confirm, pull_mode, pull_until, wait_until

COVER = {"CoverBySnapshotTaskSet": [
    {"Definition": 10, "PositionType": "Time", "PositionValue": 0}]}
TRANSCODE = {"TranscodeTaskSet": [{"Definition": 10}]}


def ask(client, file, work, priority=0, **more):
    return client.call("ProcessMedia", FileId=file, MediaProcessTask=work, TasksPriority=priority,
                       **more)["TaskId"]


def cut(client, file, priority):
    return client.call("EditMedia", InputType="File", TasksPriority=priority,
                       FileInfos=[{"FileId": file, "EndTimeOffset": 0.4}])["TaskId"]


def told(client, count):
    """So many events, oldest first, each as its task, its status and how its steps are."""
    seen = []
    while len(seen) < count:
        events = pull_until(client, 1)
        confirm(client, events)
        for event in events:
            body = event["ProcedureStateChangeEvent"] or event["EditMediaCompleteEvent"]
            steps = event["ProcedureStateChangeEvent"] and [
                next(value["Status"] for name, value in step.items() if name != "Type" and value)
                for step in body["MediaProcessResultSet"]]
            seen.append((body["TaskId"], body["Status"], steps))
    return seen


@pytest.fixture
def busy(start_server, long_mp4, mp4):
    """A server whose one worker is at a long transcode: the server, its client, a small file, and
    the task that runs. More can wait meanwhile."""
    server = start_server("--jobs", "1")
    client = server.client()
    long, small = cos.upload(client, long_mp4), cos.upload(client, mp4)
    pull_mode(client)
    task = ask(client, long, {"TranscodeTaskSet": [{"Definition": 100040}]})
    wait_until(lambda: client.call("DescribeTaskDetail", TaskId=task)["Status"] == "PROCESSING")
    return server, client, small, task


def test_what_is_urgent_goes_first_and_covers_before_transcodes(busy):
    _, client, file, running = busy
    plain = ask(client, file, TRANSCODE)
    late = ask(client, file, COVER, -10)
    edit = cut(client, file, 3)
    quick = ask(client, file, COVER)
    younger = ask(client, file, TRANSCODE)
    urgent = ask(client, file, COVER, 10)
    order = [task for task, _, _ in told(client, 7)]
    assert order == [running, urgent, edit, quick, plain, younger, late]


def test_the_order_outlives_the_death_of_the_server(busy, start_server):
    server, client, file, running = busy
    plain = ask(client, file, TRANSCODE)
    quick = ask(client, file, COVER)
    urgent = ask(client, file, TRANSCODE, 1)
    server.kill()
    client = start_server("--jobs", "1").client()
    # What ran is as urgent as it was, and the oldest of its kind.
    assert [task for task, _, _ in told(client, 4)] == [urgent, quick, running, plain]


def test_a_task_of_both_kinds_makes_its_cover_and_lets_other_covers_pass(busy):
    _, client, file, running = busy
    both = ask(client, file, {**TRANSCODE, **COVER}, TasksNotifyMode="Change")
    cover = ask(client, file, COVER)
    events = told(client, 4)
    assert [task for task, _, _ in events] == [running, both, cover, both]
    assert events[1][1:] == ("PROCESSING", ["PROCESSING", "SUCCESS"])
    assert events[3][1:] == ("FINISH", ["SUCCESS", "SUCCESS"])
