"""Adaptive streams, played from the server by ffmpeg and looked at with ffprobe."""

import os
import signal
import xml.etree.ElementTree as xml
from urllib.parse import urljoin

import pytest

from harness import clips, cos
from harness.events import (confirm, process, pull, pull_mode, pull_until, task_result,
                            wait_until)
from harness.server import processes
from harness.web import fetch

LADDER = [240, 480, 720, 1080, 1440, 2160]
TYPES = {"m3u8": "application/vnd.apple.mpegurl", "mpd": "application/dash+xml",
         "ts": "video/mp2t", "m4s": "video/iso.segment", "mp4": "video/mp4"}


def without_nulls(value):
    if isinstance(value, dict):
        return {name: without_nulls(member) for name, member in value.items()
                if member is not None}
    return [without_nulls(one) for one in value] if isinstance(value, list) else value


def streams_of(client, file, *definitions):
    task = task_result(client, process(client, file, AdaptiveDynamicStreamingTaskSet=[
        {"Definition": definition} for definition in definitions]), seconds=240)
    results = task["MediaProcessResultSet"]
    assert all(one["Type"] == "AdaptiveDynamicStreaming" for one in results)
    return [one["AdaptiveDynamicStreamingTask"] for one in results]


def described(client, file):
    info = client.call("DescribeMediaInfos", FileIds=[file])["MediaInfoSet"][0]
    return info["AdaptiveDynamicStreamingInfo"]


def got(url):
    answer = fetch(url)
    assert answer.status == 200, url
    assert answer.headers["content-type"] == TYPES[url.rsplit(".", 1)[1]]
    return answer.body


def hls_files(url):
    """All files of a master playlist, by the playlist that names them."""
    files = {}
    for line in got(url).decode().splitlines():
        name = line.split('URI="')[1].split('"')[0] if 'URI="' in line else line
        if name and not name.startswith("#"):
            own = urljoin(url, name)
            files[own] = [urljoin(own, piece) for piece in got(own).decode().splitlines()
                          if piece and not piece.startswith("#")]
    return files


def check_sub_streams(output, heights, seconds):
    """The pictures in order, then the sound, as ffprobe finds them in what is served."""
    pictures = [one for one in output["SubStreamSet"] if one["Type"] == "video"]
    assert [one["Height"] for one in pictures] == heights
    assert [one["Type"] for one in output["SubStreamSet"]][len(pictures):] == ["audio"]
    found = clips.probe_address(output["Url"])
    assert abs(float(found["format"]["duration"]) - seconds) < 0.2
    video = [one for one in found["streams"] if one["codec_type"] == "video"]
    assert {one["codec_name"] for one in video} == {"h264"}
    assert sorted((one["width"], one["height"]) for one in video) == [
        (one["Width"], one["Height"]) for one in pictures]
    sound = [one for one in found["streams"] if one["codec_type"] == "audio"]
    assert {(one["codec_name"], one["sample_rate"], one["channels"]) for one in sound} == {
        ("aac", "44100", 2)}
    assert clips.play(output["Url"]) == ""


def test_hls_is_made_played_told_and_deleted(client, tmp_path):
    pull_mode(client)
    client.call("ModifyEventConfig", UploadMediaCompleteEventSwitch="OFF",
                DeleteMediaCompleteEventSwitch="ON")
    file = cos.upload(client, clips.mp4(tmp_path / "a.mp4", seconds=6, size="854x480"))
    step, = streams_of(client, file, 10)
    output = step["Output"]
    assert (step["Status"], step["Progress"], step["Input"]["Definition"]) == ("SUCCESS", 100, 10)
    assert (output["Package"], output["DrmType"], output["DigitalWatermarkType"]) == (
        "HLS", "", "None")
    check_sub_streams(output, [240, 480], seconds=6)

    files = hls_files(output["Url"])
    assert len(files) == 3 and all(len(pieces) == 2 for pieces in files.values())
    sizes = [len(got(own)) + sum(len(got(piece)) for piece in pieces)
             for own, pieces in sorted(files.items())]
    assert sizes == [one["Size"] for one in output["SubStreamSet"]]
    assert output["Size"] == sum(sizes) + len(got(output["Url"]))

    event = pull_until(client, 1)[0]["ProcedureStateChangeEvent"]
    told = event["MediaProcessResultSet"][0]["AdaptiveDynamicStreamingTask"]
    assert without_nulls(told) == without_nulls(step)
    shown, = described(client, file)["AdaptiveDynamicStreamingSet"]
    assert without_nulls(shown) == without_nulls(output)

    part = {"Type": "AdaptiveDynamicStreamingFiles", "Definition": 10}
    client.call("DeleteMedia", FileId=file, DeleteParts=[part])
    assert described(client, file) is None
    assert all(fetch(url).status == 404 for url in [output["Url"], *files])
    deleted = pull_until(client, 1)[0]["FileDeleteEvent"]["FileDeleteResultInfo"][0]
    assert deleted["DeleteParts"] == [part]


def test_dash_has_all_pictures_also_the_larger_ones(client, tmp_path):
    file = cos.upload(client, clips.mp4(tmp_path / "a.mp4", seconds=2))
    step, = streams_of(client, file, 20)
    output = step["Output"]
    assert step["Message"] == "SUCCESS" and output["Package"] == "DASH"
    check_sub_streams(output, LADDER, seconds=2)
    space = {"": "urn:mpeg:dash:schema:mpd:2011"}
    sets = xml.fromstring(got(output["Url"])).findall("Period/AdaptationSet", space)
    assert [one.get("contentType") for one in sets] == ["video", "audio"]
    for number, one in enumerate(output["SubStreamSet"]):
        head = got(urljoin(output["Url"], f"stream_{number}_init.mp4"))
        piece = got(urljoin(output["Url"], f"stream_{number}_00001.m4s"))
        assert one["Size"] == len(head) + len(piece)


@pytest.mark.parametrize("kind", ["silent", "turned", "sound"])
def test_of_other_sources(client, tmp_path, kind):
    if kind == "sound":
        file = cos.upload(client, clips.mp3(tmp_path / "a.mp3"))
        assert streams_of(client, file, 10)[0]["ErrCodeExt"] == "SourceFileError.NoVideoMedia"
        assert described(client, file) is None
        return
    clip = clips.mp4(tmp_path / "a.mp4", size="322x242", audio=kind == "turned")
    if kind == "turned":
        clip = clips.turned(tmp_path / "turned.mov", clip)
    output = streams_of(client, cos.upload(client, clip), 10)[0]["Output"]
    video = [one for one in output["SubStreamSet"] if one["Type"] == "video"]
    assert [(one["Width"], one["Height"]) for one in video] == [
        (320, 240) if kind == "silent" else (240, 320)]
    assert len(output["SubStreamSet"]) == (1 if kind == "silent" else 2)
    assert clips.play(output["Url"]) == ""


def test_an_unknown_template_fails_in_its_step(client, mp4):
    file = cos.upload(client, mp4)
    assert streams_of(client, file, 15)[0]["ErrCodeExt"] == "InvalidInput.DefinitionNotExist"


def ffmpeg_at_work(server):
    """The process that makes a stream now."""
    return next(iter(wait_until(lambda: processes("ffmpeg", server.data_dir), every=0.01)))


def files_made(server):
    """What lies in the library besides originals, and in working folders."""
    return [path for path in (server.data_dir / "media").rglob("*")
            if path.is_file() and not path.name.startswith("f0.")]


@pytest.fixture
def long_clip(tmp_path):
    return clips.mp4(tmp_path / "long.mp4", seconds=20, size="1280x720")


def test_a_killed_ffmpeg_leaves_nothing_and_is_told(server, client, long_clip):
    task = process(client, cos.upload(client, long_clip),
                   AdaptiveDynamicStreamingTaskSet=[{"Definition": 10}])
    os.kill(ffmpeg_at_work(server), signal.SIGKILL)
    result = task_result(client, task)["MediaProcessResultSet"][0]
    step = result["AdaptiveDynamicStreamingTask"]
    assert (step["Status"], step["ErrCode"], step["ErrCodeExt"]) == ("FAIL", 70000, "InternalError")
    assert "Output" not in step
    wait_until(lambda: not files_made(server), but=lambda: files_made(server))


def test_progress_grows_while_ffmpeg_runs(client, long_clip, tmp_path):
    """Both kinds tell it: a sprite, whose sheet comes at the very end, too."""
    # Nine small pictures, each told when it is there.
    longer = clips.mp4(tmp_path / "longer.mp4", seconds=90, size="1280x720")
    for clip, works in ((long_clip, {"AdaptiveDynamicStreamingTaskSet": [{"Definition": 10}]}),
                        (longer, {"ImageSpriteTaskSet": [{"Definition": 10}]})):
        file = cos.upload(client, clip)
        task, seen = process(client, file, **works), set()

        def finished():
            detail = client.call("DescribeTaskDetail", TaskId=task)
            result = detail["ProcedureTask"]["MediaProcessResultSet"][0]
            step = next(value for name, value in result.items() if name != "Type" and value)
            seen.add(step["Progress"])
            return step["Status"] == "SUCCESS"
        wait_until(finished, seconds=120, every=0.02)
        assert max(seen) == 100 and any(0 < percent < 99 for percent in seen), (works, seen)


def test_a_killed_server_makes_the_stream_again_and_tells_once(start_server, long_clip):
    server = start_server()
    client = server.client()
    pull_mode(client)
    client.call("ModifyEventConfig", UploadMediaCompleteEventSwitch="OFF")
    file = cos.upload(client, long_clip)
    task = process(client, file, AdaptiveDynamicStreamingTaskSet=[{"Definition": 10}])
    ffmpeg_at_work(server)
    server.kill()
    wait_until(lambda: not processes("ffmpeg", server.data_dir))
    server = start_server()
    client = server.client()
    event, = pull_until(client, 1, seconds=120)
    assert event["ProcedureStateChangeEvent"]["TaskId"] == task
    output, = described(client, file)["AdaptiveDynamicStreamingSet"]
    assert clips.play(output["Url"]) == ""
    confirm(client, [event])
    assert pull(client) == []


def test_a_hanging_ffmpeg_does_not_hold_the_server_up(start_server, long_clip):
    server = start_server()
    file = cos.upload(server.client(), long_clip)
    process(server.client(), file, AdaptiveDynamicStreamingTaskSet=[{"Definition": 10}])
    os.kill(ffmpeg_at_work(server), signal.SIGSTOP)
    assert server.terminate() == 0
    assert not processes("ffmpeg", server.data_dir)
    client = start_server().client()
    wait_until(lambda: described(client, file), seconds=120)
