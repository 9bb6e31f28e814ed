"""The official Node SDKs for the API and for objects, unmodified, against the real server."""

from harness.events import file_id, pull
from harness.sdk import node
from harness.web import fetch


def tutorial(server, video, *receiver):
    return node("tutorial.js", server.address, *server.keys, video, *receiver)


def check_uploads(uploads, video):
    content = video.read_bytes()
    for upload in uploads:
        assert fetch(upload["url"]).body == content
        assert int(upload["length"]) == len(content)
    assert uploads[1]["progress"][-1] == 1


def test_the_tutorial_by_normal_callback(server, receiver, wmv):
    done = tutorial(server, wmv, receiver.url())
    assert done["mode"] == "PUSH"
    check_uploads(done["uploads"], wmv)
    told = [callback.json() for callback in receiver.wait_for(3)]
    assert {file_id(event) for event in told} == {item["fileId"] for item in done["uploads"]}
    changed = receiver.wait_for_type("ProcedureStateChanged")[0].json()
    assert changed["ProcedureStateChangeEvent"]["TaskId"] == done["task"]


def test_the_tutorial_by_reliable_callback(server, client, wmv):
    done = tutorial(server, wmv)
    assert done["mode"] == "PULL"
    assert done["empty"] == "ResourceNotFound"
    types = [event["EventType"] for event in done["events"]]
    assert sorted(types) == ["NewFileUpload", "NewFileUpload", "ProcedureStateChanged"]
    assert all(isinstance(event["EventHandle"], str) for event in done["events"])
    assert pull(client) == []


def test_parts_of_a_larger_file_are_joined(server, tmp_path):
    """Over 1 MiB, so that sliceUploadFile sends several parts at once."""
    video = tmp_path / "large.wmv"
    video.write_bytes(bytes(range(256)) * 20_000)
    done = tutorial(server, video)
    check_uploads(done["uploads"], video)


def test_templates_of_ones_own(server):
    done = node("templates.js", server.address, *server.keys)
    assert done["made"] == [1000001, 1000002, 1000003]
    stream = done["transcode"]
    assert (stream["Definition"], stream["Container"], stream["VideoTemplate"]["HlsTime"]) == (
        "1000001", "hls", 2)
    assert (done["snapshot"]["Definition"], done["snapshot"]["Format"]) == (1000002, "webp")
    assert (done["sprite"]["Definition"], done["sprite"]["SampleType"]) == (1000003, "Percent")
    assert done["refused"] == "InvalidParameterValue.Container"


def test_errors_are_the_sdk_s_own_exceptions_with_the_code(server):
    exception = "TencentCloudSDKHttpException"
    assert node("errors.js", server.address, *server.keys) == {
        "signature": [exception, "AuthFailure.SignatureFailure", "string"],
        "key": [exception, "AuthFailure.SecretIdNotFound", "string"],
        "handle": [exception, "InvalidParameterValue", "string"],
        "type": [exception, "InvalidParameterValue.MediaType", "string"],
        "missing": [exception, "MissingParameter", "string"],
        "mode": [exception, "InvalidParameter", "string"]}
