"""Files that are not what they say: kept, reported, and harmless."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from harness import clips, cos
from harness.events import TRANSCODE_AND_COVER, process, push_to, task_result
from harness.web import fetch


def steps(task):
    """The inner results by type."""
    return {result["Type"]: result[f"{result['Type']}Task"]
            for result in task["MediaProcessResultSet"]}


def without_nulls(value):
    """An answer of the API has nulls where a callback leaves out."""
    if isinstance(value, dict):
        return {name: without_nulls(item) for name, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


@pytest.fixture
def secret_file(tmp_path):
    path = tmp_path / "secret.txt"
    path.write_text("a secret of this machine\n")
    return path


@pytest.fixture
def forbidden_server():
    """A server that no ffmpeg may ever ask."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.asked = asked
    yield server
    server.shutdown()
    server.server_close()


def check_refused(client, receiver, content, works=TRANSCODE_AND_COVER):
    """Uploads it; the file is kept, the task finishes, its steps fail and its event is sent."""
    push_to(client, receiver)
    file = cos.upload(client, content, "mp4")
    upload = receiver.wait_for_type("NewFileUpload")[0].json()["FileUploadEvent"]
    kept = fetch(upload["MediaBasicInfo"]["MediaUrl"]).body
    assert kept == content.read_bytes()

    task = process(client, file, **works)
    change = receiver.wait_for_type("ProcedureStateChanged")[0].json()
    change = change["ProcedureStateChangeEvent"]
    assert (change["TaskId"], change["Status"]) == (task, "FINISH")
    for kind, step in steps(change).items():
        assert step["Status"] == "FAIL", kind
        assert step["ErrCodeExt"].startswith("SourceFileError"), (kind, step["ErrCodeExt"])
        assert step["ErrCode"] != 0
        assert step["Message"] not in ("", "SUCCESS")
        assert step.get("Output") is None
    assert without_nulls(steps(task_result(client, task))) == steps(change)
    return upload


def test_text_named_mp4(client, receiver, tmp_path):
    path = tmp_path / "text.mp4"
    path.write_text("This is no video at all.\n" * 100)
    assert check_refused(client, receiver, path).get("MetaData") is None


def test_a_picture_named_mp4(client, receiver, tmp_path):
    check_refused(client, receiver, clips.png_named(tmp_path / "picture.mp4"))


def test_a_truncated_mp4(client, receiver, tmp_path, mp4):
    """Its head promises 2 s; ffmpeg would end with success and half a video."""
    check_refused(client, receiver, clips.truncated(tmp_path / "cut.mp4", mp4),
                  {"TranscodeTaskSet": [{"Definition": 10}]})


def test_a_cover_behind_what_is_left_of_a_truncated_mp4(client, receiver, tmp_path, mp4):
    """The last picture that is left is not the one of that time."""
    content = clips.truncated(tmp_path / "cut.mp4", mp4)
    at = [{"Definition": 10, "PositionType": "Time", "PositionValue": seconds}
          for seconds in (1.7, 0.1, 100)]
    upload = check_refused(client, receiver, content, {"CoverBySnapshotTaskSet": at[:1]})
    file = upload["FileId"]
    there, behind = (task_result(client, process(client, file, CoverBySnapshotTaskSet=[cover]))
                     for cover in at[1:])
    assert steps(there)["CoverBySnapshot"]["Status"] == "SUCCESS"
    assert steps(behind)["CoverBySnapshot"]["ErrCodeExt"] == "InvalidInput.InvalidTimeOffset"


def test_an_empty_file(client, receiver, tmp_path):
    path = tmp_path / "empty.mp4"
    path.touch()
    check_refused(client, receiver, path)


def test_a_playlist_named_mp4_reads_no_file_and_calls_nobody(
        client, receiver, tmp_path, secret_file, forbidden_server):
    target = f"http://127.0.0.1:{forbidden_server.server_port}/segment.ts"
    for number, url in enumerate([target, f"file://{secret_file}", str(secret_file),
                                  f"concat:{secret_file}|{secret_file}"]):
        path = clips.playlist_named(tmp_path / f"playlist{number}.mp4", url)
        file = cos.upload(client, path, "mp4")
        result = task_result(client, process(client, file))
        assert {step["Status"] for step in steps(result).values()} == {"FAIL"}
    assert forbidden_server.asked == []


def test_a_concat_script_named_mp4_reads_no_file(client, receiver, tmp_path, mp4):
    path = clips.concat_named(tmp_path / "script.mp4", str(mp4))
    check_refused(client, receiver, path)


def test_a_name_that_looks_like_options_is_a_name(client, mp4):
    file = cos.upload(client, mp4, MediaName="-y -i /etc/passwd; $(reboot) `id` ../../x\u202e")
    result = task_result(client, process(client, file, CoverBySnapshotTaskSet=[
        {"Definition": 10, "PositionType": "Time", "PositionValue": 0}]))
    assert steps(result)["CoverBySnapshot"]["Status"] == "SUCCESS"


def test_sound_alone_has_no_picture(client, tmp_path):
    file = cos.upload(client, clips.mp3(tmp_path / "sound.mp3"))
    result = steps(task_result(client, process(client, file)))
    assert result["CoverBySnapshot"]["Status"] == "FAIL"
    assert result["CoverBySnapshot"]["ErrCodeExt"] == "SourceFileError.NoVideoMedia"


def test_a_template_that_does_not_exist(client, mp4):
    file = cos.upload(client, mp4)
    answer = client.send(client.v3("ProcessMedia", {
        "FileId": file, "MediaProcessTask": {"TranscodeTaskSet": [{"Definition": 999999}]}}))
    if answer.code is None:  # Taken: then the step says so.
        result = steps(task_result(client, answer.json()["Response"]["TaskId"]))
        assert result["Transcode"]["ErrCodeExt"] == "InvalidInput.DefinitionNotExist"
    else:
        assert answer.code.startswith("InvalidParameter")


def test_bad_media_does_not_stop_good_media(client, receiver, tmp_path, mp4):
    path = tmp_path / "text.mp4"
    path.write_text("no video\n")
    bad = process(client, cos.upload(client, path))
    good = process(client, cos.upload(client, mp4))
    assert steps(task_result(client, good))["Transcode"]["Status"] == "SUCCESS"
    assert steps(task_result(client, bad))["Transcode"]["Status"] == "FAIL"
