"""Adaptive streams in SimpleAES (template 12): what lies there, who gets the key, who plays."""

import base64
import json
import stat
import subprocess

import pytest

from harness import clips, cos, hls
from harness.events import (confirm, process, pull, pull_mode, pull_until, task_result,
                            wait_until)
from harness.server import processes
from harness.tencent import TencentError
from harness.web import fetch

ENCRYPTED = {"AdaptiveDynamicStreamingTaskSet": [{"Definition": 12}]}
LINK_KEY = "24FEQmTzro4V5u3D5epW"


def stream_of(client, file):
    task = task_result(client, process(client, file, **ENCRYPTED), seconds=240)
    step, = task["MediaProcessResultSet"]
    step = step["AdaptiveDynamicStreamingTask"]
    assert (step["Status"], step["Message"]) == ("SUCCESS", "SUCCESS"), step
    return step["Output"]


def described(client, file):
    info = client.call("DescribeMediaInfos", FileIds=[file])["MediaInfoSet"][0]
    streams = info["AdaptiveDynamicStreamingInfo"]
    return streams["AdaptiveDynamicStreamingSet"] if streams else []


def keys_on_disk(server):
    return list((server.data_dir / "media").rglob("*.key"))


def codecs(content):
    """What ffprobe finds in some bytes; nothing when they are no media."""
    try:
        return {one.get("codec_name") for one in clips.probe(content)["streams"]}
    except subprocess.CalledProcessError:
        return set()


@pytest.fixture
def clip(tmp_path):
    return clips.mp4(tmp_path / "a.mp4", seconds=6, size="854x480")


@pytest.fixture
def long_clip(tmp_path):
    return clips.mp4(tmp_path / "long.mp4", seconds=20, size="1280x720")


def test_pieces_are_media_with_their_key_alone(client, clip):
    output = stream_of(client, cos.upload(client, clip))
    assert clips.play(output["Url"]) == ""
    found = clips.probe_address(output["Url"])
    assert abs(float(found["format"]["duration"]) - 6) < 0.2
    streams = hls.read(output["Url"])
    assert [len(one.pieces) for one in streams] == [2, 2, 2]
    key = hls.given(streams[0].key).body
    assert len(key) == 16 and {one.key for one in streams} == {streams[0].key}
    for one, codec in zip(streams, ("h264", "h264", "aac"), strict=True):
        for place, piece in enumerate(one.pieces):
            content = hls.given(piece).body
            assert not hls.is_transport_stream(content) and codec not in codecs(content)
            clear = hls.decrypted(content, key, place)
            assert hls.is_transport_stream(clear) and codecs(clear) == {codec}


def test_all_of_it_is_counted_told_and_deleted(server, client, clip):
    pull_mode(client)
    client.call("ModifyEventConfig", UploadMediaCompleteEventSwitch="OFF",
                DeleteMediaCompleteEventSwitch="ON")
    file = cos.upload(client, clip)
    output = stream_of(client, file)
    assert (output["Definition"], output["Package"], output["DrmType"]) == (12, "HLS", "SimpleAES")
    assert [(one["Type"], one["Height"]) for one in output["SubStreamSet"]] == [
        ("video", 240), ("video", 480), ("audio", 0)]
    streams = hls.read(output["Url"])
    sizes = [sum(len(hls.given(url).body) for url in one.files()) for one in streams]
    assert sizes == [one["Size"] for one in output["SubStreamSet"]]
    assert output["Size"] == sum(sizes) + len(hls.given(output["Url"]).body) + 16

    told = pull_until(client, 1)[0]["ProcedureStateChangeEvent"]["MediaProcessResultSet"][0]
    assert told["AdaptiveDynamicStreamingTask"]["Output"]["DrmType"] == "SimpleAES"
    shown, = described(client, file)
    assert (shown["DrmType"], shown["Size"]) == ("SimpleAES", output["Size"])

    client.call("DeleteMedia", FileId=file, DeleteParts=[
        {"Type": "AdaptiveDynamicStreamingFiles", "Definition": 12}])
    assert described(client, file) == []
    wait_until(lambda: not keys_on_disk(server))
    assert {fetch(url).status for url in [streams[0].key, *streams[0].files()]} == {404}


def test_the_key_is_given_as_players_and_caches_need_it(server, client, mp4):
    output = stream_of(client, cos.upload(client, mp4))
    url = hls.read(output["Url"])[0].key
    assert url.rsplit("/", 1)[0] == output["Url"].rsplit("/", 1)[0]
    for headers in {}, {"Range": "bytes=0-3"}, {"If-None-Match": "*"}:
        answer = fetch(url, headers={"Origin": "https://player.example", **headers})
        assert (answer.status, len(answer.body)) == (200, 16)
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["access-control-allow-origin"] == "*"
    head = fetch(url, method="HEAD")
    assert (head.status, head.headers["content-length"], head.body) == (200, "16", b"")
    path, = keys_on_disk(server)
    assert path.parent.name == "adp.12" and stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_key_is_nowhere_but_in_its_file(start_server, clip):
    server = start_server()
    client = server.client()
    pull_mode(client)
    file = cos.upload(client, clip)
    task = process(client, file, **ENCRYPTED)
    seen = set()

    def finished():
        seen.update(processes("ff(mpeg|probe)", server.data_dir).values())
        return client.call("DescribeTaskDetail", TaskId=task)["Status"] == "FINISH"
    wait_until(finished, seconds=240, every=0.02)
    path, = keys_on_disk(server)
    key = path.read_bytes()
    answers = json.dumps([pull(client), client.call("DescribeTaskDetail", TaskId=task),
                          client.call("DescribeMediaInfos", FileIds=[file])])
    assert seen and "SimpleAES" in answers
    server.stop()
    forms = [key, key.hex().encode(), key.hex().upper().encode(), base64.b64encode(key)]
    places = {"answers": answers.encode(), "log": server.output.encode(),
              "command lines": " ".join(seen).encode()}
    places |= {one: one.read_bytes() for one in server.data_dir.rglob("*")
               if one.is_file() and one != path}
    assert [name for name, content in places.items() for form in forms if form in content] == []


def test_another_stream_of_the_template_has_another_key_and_other_names(server, client, mp4):
    """What a player or a cache has of the one before never meets the key of the new one."""
    file = cos.upload(client, mp4)
    first = stream_of(client, file)
    before = hls.read(first["Url"])
    key = hls.given(before[0].key).body
    second = stream_of(client, file)
    assert second["Url"] == first["Url"] and len(described(client, file)) == 1
    after = hls.read(second["Url"])
    names = {url for one in before for url in [one.key, *one.pieces]}
    assert names.isdisjoint(url for one in after for url in [one.key, *one.pieces])
    assert {fetch(url).status for url in names} == {404}
    assert hls.given(after[0].key).body != key and len(keys_on_disk(server)) == 1
    assert clips.play(second["Url"]) == ""


def test_two_of_one_task_have_a_key_each(server, client, mp4):
    file = cos.upload(client, mp4)
    task = task_result(client, process(client, file, AdaptiveDynamicStreamingTaskSet=[
        {"Definition": 12}, {"Definition": 12}]), seconds=240)
    urls = [one["AdaptiveDynamicStreamingTask"]["Output"]["Url"]
            for one in task["MediaProcessResultSet"]]
    assert [url.split("/")[-2] for url in urls] == ["adp.12", "adp.12.1"]
    assert len({hls.given(hls.read(url)[0].key).body for url in urls}) == 2
    assert [clips.play(url) for url in urls] == ["", ""]
    client.call("DeleteMedia", FileId=file)
    wait_until(lambda: not keys_on_disk(server))


def test_with_links_the_key_is_for_whoever_has_one(start_server, mp4):
    client = start_server("--media-key", LINK_KEY).client()
    file = cos.upload(client, mp4)
    output = stream_of(client, file)
    assert "&sign=" in output["Url"]
    assert clips.play(output["Url"]) == ""
    streams = hls.read(output["Url"])
    for url in [one.key for one in streams] + streams[0].files():
        bare, query = url.split("?")
        assert fetch(url).status == 200
        assert fetch(bare).status == 403
        assert fetch(f"{bare}?{query.replace('sign=', 'sign=0')}").status == 403
    answer = fetch(streams[0].key)
    assert (len(answer.body), answer.headers["cache-control"]) == (16, "no-store")
    # The link of another folder of the same file is none.
    info = client.call("DescribeMediaInfos", FileIds=[file])["MediaInfoSet"][0]
    original = info["BasicInfo"]["MediaUrl"]
    assert fetch(original).status == 200
    assert fetch(f"{streams[0].key.split('?')[0]}?{original.split('?')[1]}").status == 403


@pytest.mark.parametrize("moment", ["encoding", "encrypting"])
def test_a_killed_server_leaves_key_and_pieces_that_fit(start_server, long_clip, moment):
    """The second moment may come when all is done: whenever it comes, what is there plays."""
    server = start_server()
    client = server.client()
    pull_mode(client)
    client.call("ModifyEventConfig", UploadMediaCompleteEventSwitch="OFF")
    file = cos.upload(client, long_clip)
    task = process(client, file, **ENCRYPTED)
    begun = {"encoding": lambda: processes("ffmpeg", server.data_dir),
             "encrypting": lambda: keys_on_disk(server)}
    wait_until(begun[moment], seconds=120, every=0.001)
    server.kill()
    wait_until(lambda: not processes("ffmpeg", server.data_dir))
    server = start_server()
    client = server.client()
    event, = pull_until(client, 1, seconds=240)
    assert event["ProcedureStateChangeEvent"]["TaskId"] == task
    output, = described(client, file)
    assert clips.play(output["Url"]) == ""
    assert len(keys_on_disk(server)) == 1
    confirm(client, [event])
    assert pull(client) == []


def test_an_encrypted_stream_is_no_source_and_says_so(client, mp4):
    pull_mode(client)
    output = stream_of(client, cos.upload(client, mp4))
    confirm(client, pull_until(client, 2))
    client.call("PullUpload", MediaUrl=output["Url"])
    event = pull_until(client, 1)[0]["PullCompleteEvent"]
    assert event["ErrCode"] == 60000 and "encrypted" in event["Message"], event


def test_streams_that_need_licences_are_refused(client, mp4):
    file = cos.upload(client, mp4)
    for definition in 11, 13, 14, 31, 41:
        with pytest.raises(TencentError) as refused:
            process(client, file, AdaptiveDynamicStreamingTaskSet=[{"Definition": definition}])
        assert refused.value.code == "FailedOperation" and "licences" in str(refused.value)
    for name in "WidevineFairPlayPreset", "SDMC-WidevineFairPlayPreset", "MultiDRMPreset":
        with pytest.raises(TencentError) as refused:
            client.call("ProcessMediaByProcedure", FileId=file, ProcedureName=name)
        assert refused.value.code == "FailedOperation" and "licences" in str(refused.value)
