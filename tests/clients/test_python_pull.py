"""PullUpload through the official Python SDK, from a site that misbehaves."""

import random

import pytest
from tencentcloud.vod.v20180717 import models

from harness.events import pull_mode, pull_until, wait_until
from harness.origin import Origin
from harness.sdk import connect, refusal, request
from harness.web import fetch

CONTENT = random.Random(2).randbytes(3 * 1024 * 1024 + 17)


@pytest.fixture
def origin():
    site = Origin()
    yield site
    site.close()


def told(client, count=1):
    events = []
    for raw in pull_until(client, count):
        event = models.EventContent()
        event._deserialize({name: value for name, value in raw.items() if value is not None})
        assert event.EventType == "PullComplete"
        events.append(event.PullCompleteEvent)
    return events


def start(sdk, origin, path, **fields):
    return sdk.PullUpload(request("PullUpload", MediaUrl=origin.url(path), **fields)).TaskId


def test_a_file_is_pulled_and_told(server, client, origin, mp4):
    sdk = connect(server)
    pull_mode(client)
    origin.files = {"/a/clip.mp4": mp4.read_bytes(), "/clip.png": b"GIF89a, a picture"}
    origin.redirects = {"/go": "/a/clip.mp4"}
    task = start(sdk, origin, "/go", MediaType="mp4", MediaName="pulled clip",
                 CoverUrl=origin.url("/clip.png"), SessionId="pull-1", SessionContext="ctx",
                 SourceContext="order-42", ClassId=4)
    event = told(client)[0]
    assert (event.TaskId, event.Status, event.ErrCode, event.Message) == \
        (task, "FINISH", 0, "SUCCESS")
    assert (event.SessionId, event.SessionContext, event.Progress) == ("pull-1", "ctx", 100)
    basic = event.MediaBasicInfo
    assert (basic.Name, basic.Type, basic.ClassId) == ("pulled clip", "mp4", 4)
    assert basic.SourceInfo.SourceContext == "order-42"
    assert fetch(event.FileUrl).body == mp4.read_bytes()
    assert fetch(basic.CoverUrl).body == b"GIF89a, a picture"
    assert (event.MetaData.Width, event.MetaData.Height) == (320, 240)
    detail = sdk.DescribeTaskDetail(request("DescribeTaskDetail", TaskId=task))
    assert (detail.TaskType, detail.Status) == ("PullUpload", "FINISH")
    assert detail.PullUploadTask.FileId == event.FileId
    found = sdk.SearchMedia(request("SearchMedia", Names=["pulled"]))
    assert [item.FileId for item in found.MediaInfoSet] == [event.FileId]
    assert refusal(sdk.PullUpload, "PullUpload", MediaUrl=origin.url("/x.mp4"),
                   SessionId="pull-1") == "InvalidParameterValue.SessionId"


def test_what_breaks_off_goes_on(server, client, origin):
    pull_mode(client)
    origin.files["/film.mp4"] = CONTENT
    origin.breaks["/film.mp4"] = [1_000_000, 1_000_000]
    start(connect(server), origin, "/film.mp4")
    assert fetch(told(client)[0].FileUrl).body == CONTENT
    ranges = [wanted for _, wanted in origin.requests]
    assert ranges == [None, "bytes=1000000-", "bytes=2000000-"]


def test_a_pull_outlives_the_server(start_server, origin):
    server = start_server()
    client, sdk = server.client(), connect(server)
    pull_mode(client)
    origin.files["/film.mp4"] = CONTENT
    origin.held.add("/film.mp4")
    task = start(sdk, origin, "/film.mp4")
    wait_until(lambda: origin.requests)
    detail = sdk.DescribeTaskDetail(request("DescribeTaskDetail", TaskId=task))
    assert detail.PullUploadTask.Status == "PROCESSING"
    server.kill()
    origin.held.clear()
    server = start_server()
    event = told(server.client())[0]
    assert event.TaskId == task
    assert fetch(event.FileUrl).body == CONTENT


def test_a_stream_becomes_one_file(server, client, origin):
    pull_mode(client)
    origin.files = {
        "/v/list.m3u8": b"#EXTM3U\n#EXTINF:1,\na.ts\n#EXTINF:1,\nsub/b.ts?x=1\n#EXT-X-ENDLIST\n",
        "/v/a.ts": b"\0" * 400_000, "/v/sub/b.ts": b"b" * 10}
    start(connect(server), origin, "/v/list.m3u8")
    event = told(client)[0]
    assert event.MediaBasicInfo.Type == "ts"
    assert fetch(event.FileUrl).body == b"\0" * 400_000 + b"b" * 10


def test_a_page_and_nothing_are_no_film(server, client, origin):
    pull_mode(client)
    origin.files = {"/page.mp4": b"<html><body>Sorry.</body></html>", "/empty.mp4": b"",
                    "/unknown.mp4": CONTENT}
    tasks = {start(connect(server), origin, path): path for path in origin.files}
    for event in told(client, len(tasks)):
        kept = tasks[event.TaskId] == "/unknown.mp4"
        assert event.ErrCode == (0 if kept else 60000), event.Message
    assert client.call("SearchMedia")["TotalCount"] == 1


def test_failures_are_told(server, client, origin):
    sdk = connect(server)
    pull_mode(client)
    origin.redirects = {"/private.mp4": "http://10.0.0.1/secret.mp4", "/loop.mp4": "/loop.mp4",
                        "/file.mp4": "file:///etc/passwd"}
    paths = ["/missing.mp4", "/private.mp4", "/loop.mp4", "/file.mp4"]
    tasks = {start(sdk, origin, path): path for path in paths}
    for event in told(client, len(paths)):
        assert event.TaskId in tasks
        assert (event.Status, event.ErrCode, event.FileId) == ("FINISH", 60000, "")
        assert event.Message.startswith("Source file error: download failed")
        assert event.MediaBasicInfo is None
    assert sdk.SearchMedia(request("SearchMedia")).TotalCount == 0


@pytest.mark.parametrize("fields, code", [
    ({"MediaUrl": "ftp://127.0.0.1/a.mp4"}, "InvalidParameterValue.MediaUrl"),
    ({"MediaUrl": "file:///etc/passwd"}, "InvalidParameterValue.MediaUrl"),
    ({"MediaUrl": "http://127.0.0.1/a"}, "FailedOperation.MediaType"),
    ({"MediaUrl": "http://127.0.0.1/a.ism"}, "FailedOperation.MediaType"),
    ({"MediaUrl": "http://127.0.0.1/a.mp4", "CoverUrl": "x"}, "InvalidParameterValue.CoverUrl"),
    ({"MediaUrl": "http://127.0.0.1/a.mp4", "CoverUrl": "http://127.0.0.1/a.exe"},
     "FailedOperation.CoverType"),
    ({"MediaUrl": "http://127.0.0.1/a.mp4", "SessionId": "s" * 51},
     "InvalidParameterValue.SessionIdTooLong"),
    ({"MediaUrl": "http://127.0.0.1/a.mp4", "ExpireTime": "2020-01-01T00:00:00Z"},
     "InvalidParameterValue.ExpireTime"),
], ids=lambda value: "" if isinstance(value, dict) else value)
def test_wrong_input_is_refused(server, fields, code):
    assert refusal(connect(server).PullUpload, "PullUpload", **fields) == code


def test_the_files_of_a_manifest_are_listed(server):
    sdk = connect(server)
    playlist = "#EXTM3U\n#EXTINF:1,\na.ts\n#EXTINF:1,\nb.ts\n#EXT-X-ENDLIST\n"
    assert sdk.ParseStreamingManifest(request(
        "ParseStreamingManifest", MediaManifestContent=playlist, ManifestType="m3u8"
    )).MediaSegmentSet == ["a.ts", "b.ts"]
    assert refusal(sdk.ParseStreamingManifest, "ParseStreamingManifest",
                   MediaManifestContent="nothing", ManifestType="m3u8") == \
        "InvalidParameterValue.MediaManifestContent"


def test_a_new_application_has_files_of_its_own(server):
    sdk = connect(server)
    made = sdk.CreateSubAppId(request("CreateSubAppId", Name="second")).SubAppId
    assert made == 1500000002
    listed = sdk.DescribeSubAppIds(request("DescribeSubAppIds")).SubAppIdInfoSet
    assert [item.Name for item in listed] == ["main", "second"]
    answer = sdk.SearchMedia(request("SearchMedia", SubAppId=made))
    assert answer.TotalCount == 0
    assert refusal(sdk.SearchMedia, "SearchMedia", SubAppId=7) == "InvalidParameterValue.SubAppId"
