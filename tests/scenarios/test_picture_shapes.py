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
