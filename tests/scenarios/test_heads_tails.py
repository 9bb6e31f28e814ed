"""Heads and tails around a film, and transcodes that become files of their own; what is told of
them is held to what was really made."""

import pytest

from harness import clips, cos
from harness.events import process, pull_mode, pull_until, task_result, wait_until
from harness.web import fetch

WHITE, GREY, BLACK = 200, 128, 30


def shade(path, color, seconds, size="320x240", rate=10, audio=True):
    sound = ["-f", "lavfi", "-i", f"sine=frequency=880:duration={seconds}", "-c:a", "aac"]
    clips.ffmpeg("-f", "lavfi", "-i", f"color={color}:s={size}:r={rate}:d={seconds}",
                 *(sound if audio else []), "-c:v", "libx264", "-pix_fmt", "yuv420p", path)
    return path


@pytest.fixture
def files(client, tmp_path):
    """A grey film of 2 s, a white head of 1 s, a black tail of 1.5 s without sound."""
    return {name: cos.upload(client, shade(tmp_path / f"{name}.mp4", *how))
            for name, how in {"film": ("gray", 2), "head": ("white", 1, "200x150", 25),
                              "tail": ("black", 1.5, "640x480", 30, False)}.items()}


def template(client, **more):
    return client.call("CreateHeadTailTemplate", Name="mine", **more)["Definition"]


def transcode(client, file, *numbers, definition=10, **more):
    task = process(client, file, TranscodeTaskSet=[{
        "Definition": definition, "HeadTailSet": [{"Definition": one} for one in numbers]} | more])
    result, = task_result(client, task)["MediaProcessResultSet"]
    return result["TranscodeTask"]


def seconds_of(step, stream=None):
    probed = clips.probe_address(step["Output"]["Url"])
    if stream is None:
        return float(probed["format"]["duration"])
    return float(next(one for one in probed["streams"]
                      if one["codec_type"] == stream)["duration"])


def middles(step):
    """The shade of the middle of each frame, as a word."""
    return ["white" if one > WHITE else "black" if one < BLACK else "grey"
            for one in clips.shades(fetch(step["Output"]["Url"]).body)]


def test_a_head_and_a_tail_are_seen_around_the_film(client, files):
    number = template(client, HeadCandidateSet=[files["head"]], TailCandidateSet=[files["tail"]])
    step = transcode(client, files["film"], number)
    assert step["Status"] == "SUCCESS", step
    assert step["Input"]["HeadTailSet"] == [{"Definition": number}]
    assert step["Output"]["Duration"] == pytest.approx(seconds_of(step), abs=0.001)
    assert step["Output"]["Duration"] == pytest.approx(4.5, abs=0.1)
    assert seconds_of(step, "audio") == pytest.approx(4.5, abs=0.1)
    assert (step["Output"]["Width"], step["Output"]["Height"]) == (320, 240)
    seen = middles(step)
    # Ten pictures a second, as the film has: a frame of the parts' sound may come between.
    assert len(seen) == pytest.approx(45, abs=1)
    assert seen[:10] == ["white"] * 10 and seen[-15:] == ["black"] * 15
    assert set(seen[11:-16]) == {"grey"}

    hls = transcode(client, files["film"], number, definition=210)
    assert hls["Output"]["Duration"] == pytest.approx(4.5, abs=0.2)
    sound = transcode(client, files["film"], number, definition=1010)
    assert sound["Status"] == "SUCCESS", sound
    assert sound["Output"]["Duration"] == pytest.approx(seconds_of(sound), abs=0.001)
    assert sound["Output"]["Duration"] == pytest.approx(4.5, abs=0.15)  # The tail is silent.


def test_several_templates_and_the_candidate_of_the_films_shape(client, files, tmp_path):
    tall = cos.upload(client, shade(tmp_path / "tall.mp4", "black", 1, "120x240"))
    wide = cos.upload(client, shade(tmp_path / "wide.mp4", "white", 1, "640x480"))
    chosen = template(client, HeadCandidateSet=[tall, wide])
    assert middles(transcode(client, files["film"], chosen))[0] == "white"
    both = transcode(client, files["film"], chosen,
                     template(client, HeadCandidateSet=[tall], TailCandidateSet=[wide]),
                     StartTimeOffset=1)
    seen = middles(both)
    assert seen[2:8] == ["white"] * 6 and seen[12:18] == ["black"] * 6
    assert seen[22:28] == ["grey"] * 6 and seen[-8:] == ["white"] * 8
    assert both["Output"]["Duration"] == pytest.approx(4, abs=0.1)


def test_what_is_not_there_fails_the_step_and_says_so(client, files):
    number = template(client, HeadCandidateSet=[files["head"]])
    client.call("ModifyHeadTailTemplate", Definition=number,
                TailCandidateSet=[files["tail"], files["head"]])
    client.call("DeleteMedia", FileId=files["tail"])
    # The next candidate takes its place.
    assert set(middles(transcode(client, files["film"], number))[-8:]) == {"white"}
    client.call("DeleteMedia", FileId=files["head"])
    step = transcode(client, files["film"], number)
    assert (step["Status"], step["ErrCodeExt"]) == ("FAIL", "SourceFileError")
    assert f"template {number}" in step["Message"]
    client.call("DeleteHeadTailTemplate", Definition=number)
    step = transcode(client, files["film"], number)
    assert (step["Status"], step["ErrCodeExt"]) == ("FAIL", "InvalidInput.DefinitionNotExist")
    copied = transcode(client, files["film"], template(client), definition=875)
    assert (copied["Status"], copied["ErrCodeExt"]) == (
        "FAIL", "InvalidInput.ConfigurationUnsupported")


def test_a_transcode_becomes_a_file_of_its_own(start_server, tmp_path):
    server = start_server()
    client = server.client()
    film = cos.upload(client, shade(tmp_path / "film.mp4", "gray", 2), MediaName="Film")
    pull_mode(client)
    client.call("ProcessMedia", FileId=film, OutputAsIndependentMedia="ON", MediaProcessTask={
        "TranscodeTaskSet": [{"Definition": 10}, {"Definition": 210}],
        "CoverBySnapshotTaskSet": [{"Definition": 10, "PositionType": "Time",
                                    "PositionValue": 0}]})
    event, = pull_until(client, 1)
    results = event["ProcedureStateChangeEvent"]["MediaProcessResultSet"]
    outputs = [one["TranscodeTask"]["Output"] for one in results if one["Type"] == "Transcode"]
    made = [output["FileId"] for output in outputs]
    assert len({film, *made}) == 3
    server.stop()
    client = start_server().client()
    infos = {one["FileId"]: one for one in client.call(
        "DescribeMediaInfos", FileIds=[film, *made])["MediaInfoSet"]}
    assert [one["Definition"] for one in infos[film]["TranscodeInfo"]["TranscodeSet"]] == [0]
    assert infos[film]["BasicInfo"]["CoverUrl"]
    for file, output in zip(made, outputs):
        basic = infos[file]["BasicInfo"]
        assert basic["SourceInfo"]["SourceType"] == "VideoProcessing"
        assert basic["MediaUrl"].split("/media/")[1] == output["Url"].split("/media/")[1]
        assert fetch(basic["MediaUrl"]).status == 200
        assert infos[file]["MetaData"]["Duration"] == pytest.approx(2, abs=0.2)
    # They live on by themselves, and can be worked on.
    client.call("DeleteMedia", FileId=film)
    assert transcode(client, made[0])["Status"] == "SUCCESS"
    wait_until(lambda: client.call("SearchMedia")["TotalCount"] == 2)
