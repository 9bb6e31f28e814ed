"""Pictures that are shown in another shape than they are stored in: turned, or of oblong pixels."""

from harness import clips, cos
from harness.events import confirm, process, pull_mode, pull_until
from harness.web import fetch


def processed(client, file, **works):
    """The results of one task, by their type."""
    process(client, file, **works)
    event, = pull_until(client, 1)
    confirm(client, [event])
    steps = event["ProcedureStateChangeEvent"]["MediaProcessResultSet"]
    return {step["Type"]: next(value for name, value in step.items() if name != "Type" and value)
            for step in steps}


def test_a_copy_of_a_turned_video_is_told_as_it_is_shown_or_not_made(client, tmp_path):
    upright = clips.mp4(tmp_path / "upright.mp4", size="640x360")
    file = cos.upload(client, clips.turned(tmp_path / "turned.mp4", upright), "mp4")
    pull_mode(client)
    copy = processed(client, file, TranscodeTaskSet=[{"Definition": 875}])["Transcode"]["Output"]
    assert (copy["Width"], copy["Height"]) == (360, 640)
    stream, = copy["VideoStreamSet"]
    assert (stream["Width"], stream["Height"]) == (360, 640)
    kept = clips.probe(fetch(copy["Url"]).body)["streams"][0]["side_data_list"]
    assert [side["rotation"] % 180 for side in kept] == [90]

    hls = processed(client, file, TranscodeTaskSet=[{"Definition": 876}])["Transcode"]
    assert (hls["Status"], hls["ErrCodeExt"]) == ("FAIL", "SourceFileError.ContentUnsupported")


def size_of(url):
    picture = clips.probe(fetch(url).body)["streams"][0]
    return picture["width"], picture["height"], picture.get("sample_aspect_ratio", "1:1")


def test_oblong_pixels_become_square_in_pictures(client, tmp_path):
    file = cos.upload(client, clips.oblong(tmp_path / "pal.mp4"))
    pull_mode(client)
    made = processed(
        client, file, TranscodeTaskSet=[{"Definition": 20}],
        CoverBySnapshotTaskSet=[{"Definition": 10, "PositionType": "Time", "PositionValue": 0.5}],
        SnapshotByTimeOffsetTaskSet=[{"Definition": 10, "ExtTimeOffsetSet": ["0.2s"]}],
        ImageSpriteTaskSet=[{"Definition": 10}],
        AnimatedGraphicTaskSet=[{"Definition": 20000, "StartTimeOffset": 0, "EndTimeOffset": 0.5}])
    made = {name: step["Output"] for name, step in made.items()}
    assert size_of(made["CoverBySnapshot"]["CoverUrl"])[:2] == (524, 288)
    picture, = made["SnapshotByTimeOffset"]["PicInfoSet"]
    assert size_of(picture["Url"])[:2] == (524, 288)
    moving = made["AnimatedGraphics"]
    assert (moving["Width"], moving["Height"]) == size_of(moving["Url"])[:2] == (524, 288)
    sprite = made["ImageSprites"]
    assert abs(sprite["Width"] / sprite["Height"] - 360 * 16 / 11 / 288) < 0.05

    # A video keeps its pixels: whoever plays it asks for their shape.
    width, height, aspect = size_of(made["Transcode"]["Url"])
    along, across = map(int, aspect.split(":"))
    assert abs(width * along / across / height - 360 * 16 / 11 / 288) < 0.02
