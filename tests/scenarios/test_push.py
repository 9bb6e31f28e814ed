"""The normal callback, as the tutorial has it: upload, process, hear of both, play the files."""

import hashlib

import pytest

from harness import clips, cos
from harness.events import make_event, process, push_to
from harness.web import fetch


@pytest.fixture(scope="module")
def name() -> str:
    return "tutorial clip"


def test_the_tutorial_by_normal_callback(client, receiver, wmv, name):
    push_to(client, receiver)

    file = cos.upload(client, wmv, MediaName=name)
    uploaded = receiver.wait_for_type("NewFileUpload")[0]
    check_headers(uploaded)
    check_upload_event(uploaded.json(), file, name, wmv.stat().st_size)

    task = process(client, file)
    changed = receiver.wait_for_type("ProcedureStateChanged")[0]
    check_headers(changed)
    transcode, cover = check_procedure_event(changed.json(), file, task, name)

    check_played(transcode)
    picture = fetch(cover["Output"]["CoverUrl"])
    assert picture.headers["content-type"] == "image/jpeg"
    assert clips.probe(picture.body)["streams"][0]["width"] == 320
    assert len(receiver.callbacks) == 2


def check_headers(callback):
    assert callback.headers["content-type"] == "application/json"
    assert callback.headers["content-length"] == str(len(callback.body))
    assert callback.headers["host"].startswith("127.0.0.1:")


def check_upload_event(event, file, name, size):
    assert set(event) == {"EventType", "FileUploadEvent"}
    upload = event["FileUploadEvent"]
    assert upload["FileId"] == file
    assert upload["ProcedureTaskId"] == ""
    basic = upload["MediaBasicInfo"]
    assert (basic["Name"], basic["Type"], basic["Status"]) == (name, "wmv", "Normal")
    assert basic["ExpireTime"] == "9999-12-31T23:59:59Z"
    assert basic["SourceInfo"]["SourceType"] == "Upload"
    assert len(fetch(basic["MediaUrl"]).body) == size
    found = upload["MetaData"]
    assert (found["Size"], found["Width"], found["Height"]) == (size, 320, 240)
    assert found["Duration"] == pytest.approx(3, abs=0.5)
    assert found["VideoStreamSet"][0]["Codec"] == "wmv2"
    assert found["AudioStreamSet"][0]["Codec"] == "wmav2"
    assert None not in basic.values()


def check_procedure_event(event, file, task, name):
    assert set(event) == {"EventType", "ProcedureStateChangeEvent"}
    change = event["ProcedureStateChangeEvent"]
    assert (change["TaskId"], change["FileId"]) == (task, file)
    assert (change["Status"], change["ErrCode"], change["FileName"]) == ("FINISH", 0, name)
    results = {result["Type"]: result for result in change["MediaProcessResultSet"]}
    assert set(results) == {"Transcode", "CoverBySnapshot"}
    assert set(results["Transcode"]) == {"Type", "TranscodeTask"}
    transcode = results["Transcode"]["TranscodeTask"]
    cover = results["CoverBySnapshot"]["CoverBySnapshotTask"]
    for result in (transcode, cover):
        assert (result["Status"], result["ErrCode"], result["ErrCodeExt"]) == ("SUCCESS", 0, "")
        assert result["Progress"] == 100
        assert result["BeginProcessTime"] <= result["FinishTime"]
        assert result["Input"]["Definition"] == 10
    return transcode, cover


def check_played(transcode):
    output = transcode["Output"]
    assert output["Definition"] == 10
    played = fetch(output["Url"])
    assert played.status == 200
    assert played.headers["content-type"] == "video/mp4"
    assert len(played.body) == output["Size"]
    assert hashlib.md5(played.body).hexdigest() == output["Md5"]
    assert output["Duration"] == pytest.approx(3, abs=1)
    streams = {stream["codec_type"]: stream for stream in clips.probe(played.body)["streams"]}
    assert (streams["video"]["codec_name"], streams["video"]["width"]) == ("h264", 320)
    assert streams["audio"]["codec_name"] == "aac"


def test_files_play_with_ranges(client, receiver, wmv):
    push_to(client, receiver)
    cos.upload(client, wmv)
    url = receiver.wait_for(1)[0].json()["FileUploadEvent"]["MediaBasicInfo"]["MediaUrl"]
    whole = wmv.read_bytes()
    size = len(whole)

    for wanted, begin, end in [("bytes=0-99", 0, 100), ("bytes=100-", 100, size),
                               ("bytes=-50", size - 50, size),
                               (f"bytes=0-{size * 2}", 0, size)]:
        answer = fetch(url, headers={"Range": wanted})
        assert answer.status == 206
        assert answer.headers["content-range"] == f"bytes {begin}-{end - 1}/{size}"
        assert answer.body == whole[begin:end]

    beyond = fetch(url, headers={"Range": f"bytes={size}-"})
    assert beyond.status == 416
    assert beyond.headers["content-range"] == f"bytes */{size}"
    head = fetch(url, method="HEAD")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(size))
    assert head.headers["accept-ranges"] == "bytes"
    assert fetch(url, headers={"Range": "nonsense"}).body == whole


@pytest.mark.parametrize("path", [
    "/media/", "/media/nothing.mp4", "/media/../hookreel.db", "/media/%2e%2e/hookreel.db",
    "/media/..%2f..%2f..%2f..%2fetc/passwd", "/media//etc/passwd", "/media/%00"])
def test_paths_that_are_no_files_of_the_library_are_not_found(server, path):
    answer = fetch(server.url + path)
    assert answer.status in (400, 404)
    assert b"root:" not in answer.body and b"SQLite" not in answer.body


def test_an_upload_is_not_told_when_its_switch_is_off_but_work_is(client, receiver, mp4):
    client.call("ModifyEventConfig", Mode="PUSH", NotificationUrl=receiver.url())
    file = cos.upload(client, mp4)
    process(client, file, CoverBySnapshotTaskSet=[
        {"Definition": 10, "PositionType": "Percent", "PositionValue": 50}])
    assert receiver.wait_for(1)[0].type == "ProcedureStateChanged"


def test_notify_mode_none_sends_nothing_and_change_sends_each_step(client, receiver, mp4):
    push_to(client, receiver)
    file = cos.upload(client, mp4)
    receiver.wait_for_type("NewFileUpload")
    cover = {"Definition": 10, "PositionType": "Time", "PositionValue": 0}
    works = {"TranscodeTaskSet": [{"Definition": 10}], "CoverBySnapshotTaskSet": [cover]}
    silent = client.call("ProcessMedia", FileId=file, MediaProcessTask=works,
                         TasksNotifyMode="None")["TaskId"]
    talkative = client.call("ProcessMedia", FileId=file, MediaProcessTask=works,
                            TasksNotifyMode="Change")["TaskId"]
    told = receiver.wait_for_type("ProcedureStateChanged", 2)
    changes = [event.json()["ProcedureStateChangeEvent"] for event in told]
    assert [change["TaskId"] for change in changes] == [talkative] * 2
    assert {change["Status"] for change in changes} == {"PROCESSING", "FINISH"}
    assert client.call("DescribeTaskDetail", TaskId=silent)["Status"] == "FINISH"


def test_session_context_and_id_come_back(client, receiver, mp4):
    push_to(client, receiver)
    file = cos.upload(client, mp4, SourceContext="from the upload")
    source = receiver.wait_for_type("NewFileUpload")[0].json()["FileUploadEvent"]
    assert source["MediaBasicInfo"]["SourceInfo"]["SourceContext"] == "from the upload"
    client.call("ProcessMedia", FileId=file, SessionContext="from the call", SessionId="once",
                MediaProcessTask={"CoverBySnapshotTaskSet": [
                    {"Definition": 10, "PositionType": "Time", "PositionValue": 0}]})
    change = receiver.wait_for_type("ProcedureStateChanged")[0].json()
    change = change["ProcedureStateChangeEvent"]
    assert (change["SessionContext"], change["SessionId"]) == ("from the call", "once")


def test_an_event_without_anybody_to_tell_is_dropped(client, receiver):
    """PUSH without an address: nothing waits for the day when there is one."""
    client.call("ModifyEventConfig", Mode="PUSH", UploadMediaCompleteEventSwitch="ON")
    make_event(client)
    push_to(client, receiver)
    later = make_event(client)
    assert receiver.wait_for(1)[0].json()["FileUploadEvent"]["FileId"] == later
    assert len(receiver.callbacks) == 1
