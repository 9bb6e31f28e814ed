"""Real files of many containers: what events say of them is what ffprobe says."""

import hashlib

import pytest

from harness import clips, cos
from harness.events import confirm, process, pull_mode, pull_until
from harness.web import fetch

SECONDS, RATE = 1.2, 25
FRAME = 1 / RATE
COVER = {"CoverBySnapshotTaskSet": [
    {"Definition": 10, "PositionType": "Time", "PositionValue": 0.5}]}

# The names that ffprobe has for them. What is "turned" is written as a phone writes it.
PICTURES = {"mp4": "mov,mp4", "mov": "mov,mp4", "turned.mov": "mov,mp4", "3gp": "mov,mp4",
            "mkv": "matroska", "webm": "matroska,webm", "avi": "avi", "mpg": "mpeg",
            "ts": "mpegts", "ogv": "ogg", "wmv": "asf", "flv": "flv"}
SOUNDS = {"mp3": "mp3", "m4a": "mov,mp4", "ogg": "ogg", "flac": "flac", "wav": "wav"}


def next_event(client, kind):
    event, = pull_until(client, 1)
    confirm(client, [event])
    assert event["EventType"] == kind
    return event["FileUploadEvent"] or event["ProcedureStateChangeEvent"]


def streams_of(probed, kind):
    return [stream for stream in probed["streams"] if stream["codec_type"] == kind]


def number(probed, name):
    """Of ffprobe, which writes numbers as text and leaves out what it does not know."""
    return float(probed.get(name, 0))


def expect_media(told, probed, size):
    """What an event says of a file is what ffprobe says."""
    assert told["Size"] == size
    assert told["Container"] == probed["format"]["format_name"]
    assert told["Duration"] == pytest.approx(number(probed["format"], "duration"), abs=0.001)
    assert told["Bitrate"] == pytest.approx(number(probed["format"], "bit_rate"), rel=0.01)
    for kind, members in [("video", told["VideoStreamSet"]), ("audio", told["AudioStreamSet"])]:
        assert len(members) == len(streams_of(probed, kind)), kind
        for member, stream in zip(members, streams_of(probed, kind)):
            assert member["Codec"] == stream["codec_name"]
            if "bit_rate" in stream:
                assert member["Bitrate"] == int(stream["bit_rate"])
            if kind == "audio":
                assert member["SamplingRate"] == int(stream["sample_rate"])
            else:
                assert (member["Width"], member["Height"]) == (stream["width"], stream["height"])


@pytest.mark.parametrize("container", ["mkv", "webm"])
def test_a_picture_is_told_without_the_sound_beside_it(client, tmp_path, container):
    """These containers tell the bitrate of the whole only."""
    clip = clips.contained(tmp_path / f"clip.{container}")
    pull_mode(client)
    cos.upload(client, clip)
    told = next_event(client, "NewFileUpload")["MetaData"]
    video, audio = (clips.packet_bytes(clip.read_bytes(), kind) for kind in "va")
    whole = video + audio
    assert audio > whole / 100
    assert told["VideoStreamSet"][0]["Bitrate"] == pytest.approx(
        told["Bitrate"] * video / whole, rel=0.01)
    assert told["AudioStreamSet"][0]["Bitrate"] == pytest.approx(
        told["Bitrate"] * audio / whole, rel=0.01)


def expect_output(folder, output):
    """An output is what its event says; returns what ffprobe says of it."""
    content = fetch(output["Url"]).body
    assert output["Md5"] == hashlib.md5(content).hexdigest()
    path = folder / f"output.{output['Url'].rpartition('.')[2]}"
    path.write_bytes(content)
    probed = clips.probe(path)
    expect_media(output, probed, len(content))
    return probed


def results_of(client, file, **works):
    process(client, file, **works)
    steps = next_event(client, "ProcedureStateChanged")["MediaProcessResultSet"]
    results = {step["Type"]: next(value for name, value in step.items() if name != "Type" and value)
               for step in steps}
    for result in results.values():
        assert (result["Status"], result["ErrCodeExt"]) == ("SUCCESS", "")
    return [result["Output"] for result in results.values()]


def shown_size(clip):
    """As it is seen: a quarter's turn exchanges the sides."""
    stream = streams_of(clips.probe(clip), "video")[0]
    turns = [side["rotation"] for side in stream.get("side_data_list", []) if "rotation" in side]
    size = stream["width"], stream["height"]
    return size[::-1] if turns and turns[0] % 180 else size


@pytest.fixture
def client(client):
    pull_mode(client)
    return client


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_of_each_container_are_what_their_events_say(client, tmp_path, name):
    clip = clips.contained(tmp_path / f"clip.{name.removeprefix('turned.')}")
    if name.startswith("turned."):
        clip = clips.turned(tmp_path / name, clips.contained(tmp_path / "upright.mp4"))
    file = cos.upload(client, clip)
    told = next_event(client, "NewFileUpload")["MetaData"]
    probed = clips.probe(clip)
    assert probed["format"]["format_name"].startswith(PICTURES[name])
    expect_media(told, probed, clip.stat().st_size)
    length = streams_of(probed, "video")[0].get("duration", probed["format"]["duration"])
    assert told["VideoDuration"] == pytest.approx(float(length), abs=0.001)
    assert told["VideoStreamSet"][0]["Fps"] == RATE
    turn = told["Rotate"] % 180
    assert turn == (90 if name.startswith("turned.") else 0)

    transcode, cover = results_of(client, file, TranscodeTaskSet=[{"Definition": 10}], **COVER)
    made = expect_output(tmp_path, transcode)
    picture, = streams_of(made, "video")
    assert (picture["codec_name"], streams_of(made, "audio")[0]["codec_name"]) == ("h264", "aac")
    # Some containers count a moment before the first picture, or forget the last one.
    longest = max(SECONDS, told["VideoDuration"])
    assert SECONDS - FRAME <= float(picture["duration"]) <= longest + FRAME
    width, height = shown_size(clip)
    assert "side_data_list" not in picture
    assert (transcode["Width"], transcode["Height"]) == (picture["width"], picture["height"])
    assert picture["width"] / picture["height"] == pytest.approx(width / height, rel=0.02)
    still = clips.probe(fetch(cover["CoverUrl"]).body)["streams"][0]
    assert (still["codec_name"], still["width"], still["height"]) == ("mjpeg", width, height)


@pytest.mark.parametrize("name", SOUNDS)
def test_sound_of_each_container_is_what_its_events_say(client, tmp_path, name):
    clip = clips.contained(tmp_path / f"clip.{name}")
    file = cos.upload(client, clip)
    upload = next_event(client, "NewFileUpload")
    told, probed = upload["MetaData"], clips.probe(clip)
    assert probed["format"]["format_name"].startswith(SOUNDS[name])
    expect_media(told, probed, clip.stat().st_size)
    assert upload["MediaBasicInfo"]["Category"] == "Audio"
    assert (told["Width"], told["Height"], told["VideoDuration"]) == (0, 0, 0)

    transcode, = results_of(client, file, TranscodeTaskSet=[{"Definition": 1010}])
    made = expect_output(tmp_path, transcode)
    assert [stream["codec_name"] for stream in made["streams"]] == ["mp3"]
    # MP3 comes in whole frames, with a delay before the first.
    assert transcode["Duration"] == pytest.approx(SECONDS, abs=0.1)
