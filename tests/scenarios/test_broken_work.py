"""Media work that goes wrong: bad requests, files that vanish, and a ffmpeg that dies or hangs."""

import os
import signal
import unicodedata

import pytest

from harness import clips, cos
from harness.events import confirm, process, pull, pull_mode, pull_until, task_result, wait_until
from harness.server import processes
from harness.tencent import TencentError

OFFSET = "InvalidInput.InvalidTimeOffset"
KINDS = {
    "transcode": {"TranscodeTaskSet": [{"Definition": 20}]},
    "cover": {"CoverBySnapshotTaskSet": [
        {"Definition": 10, "PositionType": "Time", "PositionValue": 19}]},
    "snapshot": {"SnapshotByTimeOffsetTaskSet": [
        {"Definition": 10, "ExtTimeOffsetSet": ["19s"]}]},
    "sample": {"SampleSnapshotTaskSet": [{"Definition": 10}]},
    "sprite": {"ImageSpriteTaskSet": [{"Definition": 10}]},
    "animation": {"AnimatedGraphicTaskSet": [
        {"Definition": 20000, "StartTimeOffset": 15, "EndTimeOffset": 19}]},
}


def code(client, action, **parameters):
    """Of the answer; empty for a success."""
    try:
        client.call(action, **parameters)
    except TencentError as error:
        return error.code
    return ""


def steps(task):
    """What became of each step."""
    return [next(value for name, value in result.items() if name != "Type" and value)
            for result in task["MediaProcessResultSet"]]


def files_of(server):
    """What lies in the library, besides originals, and in working folders."""
    return [path for path in (server.data_dir / "media").rglob("*")
            if path.is_file() and not path.name.startswith("f0.")]


def ffmpeg_at_work(server):
    return next(iter(wait_until(lambda: processes("ffmpeg", server.data_dir), every=0.005)))


@pytest.fixture(scope="session")
def dense_clip(clip_folder):
    """20 s with a single key frame at the beginning: every picture of it costs its time."""
    path = clip_folder / "dense.mp4"
    clips.ffmpeg("-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=25:duration=20", "-c:v",
                 "libx264", "-preset", "ultrafast", "-g", "9999", "-keyint_min", "9999", path)
    return path


# --- requests

@pytest.mark.parametrize("works", [
    {"TranscodeTaskSet": [{"Definition": 10, "StartTimeOffset": 50}]},
    {"TranscodeTaskSet": [{"Definition": 10, "EndTimeOffset": 50}]},
    {"TranscodeTaskSet": [{"Definition": 10, "StartTimeOffset": 1.5, "EndTimeOffset": 1}]},
    {"TranscodeTaskSet": [{"Definition": 10, "StartTimeOffset": -50}]},
    {"CoverBySnapshotTaskSet": [
        {"Definition": 10, "PositionType": "Time", "PositionValue": 3600}]},
    {"CoverBySnapshotTaskSet": [
        {"Definition": 10, "PositionType": "Percent", "PositionValue": 101}]},
    {"SnapshotByTimeOffsetTaskSet": [{"Definition": 10, "ExtTimeOffsetSet": ["0s", "3600s"]}]},
    {"SnapshotByTimeOffsetTaskSet": [{"Definition": 10, "TimeOffsetSet": [3600000]}]},
    {"AnimatedGraphicTaskSet": [
        {"Definition": 20000, "StartTimeOffset": 50, "EndTimeOffset": 60}]},
])
def test_times_past_the_end_are_the_failure_of_their_step(client, mp4, works):
    file = cos.upload(client, mp4)
    step, = steps(task_result(client, process(client, file, **works)))
    assert (step["Status"], step["ErrCode"], step["ErrCodeExt"]) == ("FAIL", 40000, OFFSET)
    assert step.get("Output") is None


@pytest.mark.parametrize(("action", "more", "refused"), [
    ("ProcessMedia", {"MediaProcessTask": {name: [] for name in (
        "TranscodeTaskSet", "CoverBySnapshotTaskSet", "SnapshotByTimeOffsetTaskSet",
        "SampleSnapshotTaskSet", "ImageSpriteTaskSet", "AnimatedGraphicTaskSet",
        "AdaptiveDynamicStreamingTaskSet")}}, "InvalidParameterValue"),
    ("EditMedia", {"InputType": "File", "FileInfos": []}, "InvalidParameterValue"),
    ("ComposeMedia", {"Tracks": [], "Output": {"FileName": "x"}}, "InvalidParameter"),
    ("ComposeMedia", {"Tracks": [{"Type": "Video", "TrackItems": []}],
                      "Output": {"FileName": "x"}}, "InvalidParameter"),
    ("DescribeMediaInfos", {"FileIds": []}, "InvalidParameterValue.FileIdsEmpty"),
    ("ConfirmEvents", {"EventHandles": []}, "InvalidParameterValue"),
])
def test_empty_sets_are_refused(client, mp4, action, more, refused):
    if action == "ProcessMedia":
        more = {"FileId": cos.upload(client, mp4), **more}
    assert code(client, action, **more).startswith(refused)
    assert client.call("DescribeTasks")["TaskSet"] == []


@pytest.mark.parametrize(("action", "made"), [
    ("ProcessMedia", lambda file: {"FileId": file, "MediaProcessTask": {
        "TranscodeTaskSet": [{"Definition": 10}] * 501}}),
    ("ProcessMedia", lambda file: {"FileId": file, "MediaProcessTask": {
        "SnapshotByTimeOffsetTaskSet": [
            {"Definition": 10, "ExtTimeOffsetSet": ["0s"] * 501}]}}),
    ("EditMedia", lambda file: {"InputType": "File", "FileInfos": [{"FileId": file}] * 501}),
    ("ComposeMedia", lambda file: {
        "Tracks": [{"Type": "Video", "TrackItems": [
            {"Type": "Video", "VideoItem": {"SourceMedia": file}}] * 501}],
        "Output": {"FileName": "x"}}),
    ("DescribeMediaInfos", lambda file: {"FileIds": [file] * 501}),
    ("SearchMedia", lambda file: {"FileIds": [file] * 501}),
    ("DeleteMedia", lambda file: {"FileId": file, "DeleteParts": [
        {"Type": "TranscodeFiles", "Definition": 10}] * 501}),
    ("ModifyMediaInfo", lambda file: {"FileId": file, "AddTags": [str(tag) for tag in range(501)]}),
])
def test_501_items_are_refused(client, mp4, action, made):
    file = cos.upload(client, mp4)
    assert code(client, action, **made(file)).startswith(("InvalidParameter", "LimitExceeded"))
    assert client.call("DescribeTasks")["TaskSet"] == []
    assert client.call("DescribeMediaInfos", FileIds=[file])["MediaInfoSet"]


@pytest.mark.parametrize("id", ["", "..", "../../etc/passwd", "/etc/passwd", "a/../b", "%2e%2e",
                                "1500000001/..", "..\\..", "x" * 600, "\u202e\u0000"])
def test_ids_are_no_paths(client, mp4, id):
    file = cos.upload(client, mp4)
    pull_mode(client)
    for action, more in [
            ("ProcessMedia", {"FileId": id, "MediaProcessTask": KINDS["cover"]}),
            ("EditMedia", {"InputType": "File", "FileInfos": [{"FileId": id}]}),
            ("DeleteMedia", {"FileId": id}), ("ModifyMediaInfo", {"FileId": id, "Name": "x"}),
            ("DescribeTaskDetail", {"TaskId": id}), ("CommitUpload", {"VodSessionKey": id}),
            ("ProcessMediaByProcedure", {"FileId": file, "ProcedureName": id or ".."}),
            ("ManageTask", {"TaskId": id, "OperationType": "Abort"})]:
        assert code(client, action, **more), action
    if id:
        infos = client.call("DescribeMediaInfos", FileIds=[id])
        assert (infos["MediaInfoSet"], infos["NotExistFileIdSet"]) == ([], [id])
    assert client.call("DescribeMediaInfos", FileIds=[file])["MediaInfoSet"]


def one_of_each_class():
    """A character of every class of Unicode that a name may have, by the class."""
    found = {}
    for point in range(0x20, 0x110000):
        found.setdefault(unicodedata.category(chr(point)), chr(point))
    for refused in ("Cc", "Cs"):  # Control characters; half characters, which UTF-8 has not.
        del found[refused]
    return found


def test_a_name_may_have_every_class_of_unicode(client, mp4):
    found = one_of_each_class()
    assert len(found) == 28
    name = "a" + "".join(found.values()) + "z"
    pull_mode(client)
    file = cos.upload(client, mp4, MediaName=name)
    events = pull_until(client, 1)
    confirm(client, events)
    assert events[0]["FileUploadEvent"]["MediaBasicInfo"]["Name"] == name
    info, = client.call("SearchMedia", Names=[name])["MediaInfoSet"]
    assert (info["FileId"], info["BasicInfo"]["Name"]) == (file, name)
    client.call("ModifyMediaInfo", FileId=file, Name=name[::-1], Description=name)
    client.call("EditMedia", InputType="File", FileInfos=[{"FileId": file, "EndTimeOffset": 1}],
                OutputConfig={"MediaName": name}, SessionId="s" + name, SessionContext=name)
    event, = pull_until(client, 1)
    edited = event["EditMediaCompleteEvent"]
    assert (edited["ErrCode"], edited["Output"]["MediaName"]) == (0, name)
    assert (edited["SessionContext"], edited["SessionId"]) == (name, "s" + name)
    described = client.call("DescribeMediaInfos", FileIds=[file])["MediaInfoSet"][0]["BasicInfo"]
    assert (described["Name"], described["Description"]) == (name[::-1], name)


@pytest.mark.parametrize("character", ["\x00", "\n", "\x1b", "\x7f"])
def test_a_name_has_no_control_characters(client, character):
    refused = code(client, "ApplyUpload", MediaType="mp4", MediaName=f"a{character}b")
    assert refused == "InvalidParameterValue"


# --- files that vanish

def processing(client, task):
    wait_until(lambda: client.call("DescribeTaskDetail", TaskId=task)["Status"] == "PROCESSING",
               every=0.01)


def test_a_file_that_vanishes_from_a_running_edit_is_told(client, dense_clip, mp4):
    first, second = cos.upload(client, dense_clip), cos.upload(client, mp4)
    pull_mode(client)
    task = client.call("EditMedia", InputType="File",
                       FileInfos=[{"FileId": first}, {"FileId": second}])["TaskId"]
    processing(client, task)
    client.call("DeleteMedia", FileId=second)
    event, = pull_until(client, 1, seconds=120)
    edited = event["EditMediaCompleteEvent"]
    assert (edited["TaskId"], edited["Status"]) == (task, "FINISH")
    assert edited["ErrCode"] == 60000 and edited["ErrCodeExt"].startswith("SourceFileError")
    assert edited["Output"]["FileId"] == ""
    confirm(client, [event])
    assert pull(client) == []
    assert [info["FileId"] for info in client.call("SearchMedia")["MediaInfoSet"]] == [first]


def test_a_file_that_vanishes_from_a_running_task_is_told(start_server, dense_clip):
    server = start_server()
    client = server.client()
    file = cos.upload(client, dense_clip)
    pull_mode(client)
    task = process(client, file, **KINDS["transcode"])
    ffmpeg_at_work(server)
    client.call("DeleteMedia", FileId=file)
    event, = pull_until(client, 1, seconds=120)
    told = event["ProcedureStateChangeEvent"]
    assert (told["TaskId"], told["Status"]) == (task, "FINISH")
    step, = steps(told)
    assert (step["Status"], step["ErrCodeExt"]) == ("FAIL", "SourceFileError")
    confirm(client, [event])
    assert pull(client) == []
    # What ffmpeg still put into the folder of the file goes at the latest with the next start.
    server.stop()
    start_server()
    assert files_of(server) == []


# --- ffmpeg

@pytest.mark.parametrize("kind", KINDS)
def test_a_killed_ffmpeg_is_the_failure_of_its_step(server, client, dense_clip, kind):
    task = process(client, cos.upload(client, dense_clip), **KINDS[kind])
    os.kill(ffmpeg_at_work(server), signal.SIGKILL)
    step, = steps(task_result(client, task))
    assert (step["Status"], step["ErrCode"], step["ErrCodeExt"]) == ("FAIL", 70000, "InternalError")
    assert step.get("Output") is None
    wait_until(lambda: not files_of(server), but=lambda: files_of(server))


@pytest.mark.parametrize("kind", KINDS)
def test_a_hanging_ffmpeg_ends_with_the_server_and_is_done_again(start_server, dense_clip, kind):
    server = start_server()
    client = server.client()
    pull_mode(client)
    client.call("ModifyEventConfig", UploadMediaCompleteEventSwitch="OFF")
    task = process(client, cos.upload(client, dense_clip), **KINDS[kind])
    os.kill(ffmpeg_at_work(server), signal.SIGSTOP)
    assert server.terminate() == 0
    assert not processes("ffmpeg", server.data_dir)
    client = start_server().client()
    event, = pull_until(client, 1, seconds=120)
    assert event["ProcedureStateChangeEvent"]["TaskId"] == task
    step, = steps(event["ProcedureStateChangeEvent"])
    assert (step["Status"], step["ErrCodeExt"]) == ("SUCCESS", "")
    confirm(client, [event])
    assert pull(client) == []


def edit_of(client, kind, file):
    if kind == "EditMedia":
        return client.call("EditMedia", InputType="File", FileInfos=[{"FileId": file}])["TaskId"]
    items = [{"Type": "Video", "VideoItem": {"SourceMedia": file}}]
    return client.call("ComposeMedia", Tracks=[{"Type": "Video", "TrackItems": items}],
                       Output={"FileName": "x", "Container": "mp4"})["TaskId"]


@pytest.mark.parametrize("kind", ["EditMedia", "ComposeMedia"])
def test_a_killed_ffmpeg_is_the_failure_of_its_edit(server, client, dense_clip, kind):
    file = cos.upload(client, dense_clip)
    pull_mode(client)
    task = edit_of(client, kind, file)
    os.kill(ffmpeg_at_work(server), signal.SIGKILL)
    event, = pull_until(client, 1, seconds=120)
    told = event[f"{kind}CompleteEvent"]
    assert (told["TaskId"], told["Status"], told["ErrCode"]) == (task, "FINISH", 70000)
    assert told["Output"]["FileId"] == ""
    confirm(client, [event])
    assert pull(client) == []
    wait_until(lambda: not files_of(server), but=lambda: files_of(server))
    assert [info["FileId"] for info in client.call("SearchMedia")["MediaInfoSet"]] == [file]


@pytest.mark.parametrize("kind", ["EditMedia", "ComposeMedia"])
def test_a_hanging_ffmpeg_of_an_edit_ends_with_the_server_and_is_done_again(start_server,
                                                                            dense_clip, kind):
    server = start_server()
    client = server.client()
    file = cos.upload(client, dense_clip)
    pull_mode(client)
    task = edit_of(client, kind, file)
    os.kill(ffmpeg_at_work(server), signal.SIGSTOP)
    assert server.terminate() == 0
    assert not processes("ffmpeg", server.data_dir)
    client = start_server().client()
    event, = pull_until(client, 1, seconds=120)
    told = event[f"{kind}CompleteEvent"]
    assert (told["TaskId"], told["ErrCode"]) == (task, 0)
    confirm(client, [event])
    assert pull(client) == []
