"""What is laid over the pictures of a transcode, looked at in the pixels of what was made."""

import pytest

from harness import clips, cos
from harness.events import process, task_result
from harness.tencent import TencentError
from harness.web import fetch

SHARP = 150  # The contrast of the checkered clip is over it, that of a mosaic far below.


@pytest.fixture
def checkered(tmp_path):
    return clips.checkered(tmp_path / "checkered.mp4")


def own_size(client):
    """A transcode template that keeps the size and the frames of its source, and its detail."""
    return client.call("CreateTranscodeTemplate", Container="mp4", RemoveAudio=1, VideoTemplate={
        "Codec": "libx264", "Fps": 0, "Bitrate": 0, "Vcrf": 12})["Definition"]


def transcode(client, file, **more):
    """The one step, done."""
    result, = task_result(client, process(client, file, TranscodeTaskSet=[more]))[
        "MediaProcessResultSet"]
    return result["TranscodeTask"]


def pictures(step):
    assert step["Status"] == "SUCCESS", step
    return clips.frames(fetch(step["Output"]["Url"]).body)


def test_a_mosaic_covers_its_region_for_its_time(client, checkered):
    file = cos.upload(client, checkered)
    asked = [{"CoordinateOrigin": "TopLeft", "XPos": "10%", "YPos": "24px", "Width": "30%",
              "Height": "64px", "StartTimeOffset": 1, "EndTimeOffset": 2},
             {"XPos": "240px", "YPos": "160px", "Width": "64px", "Height": "64px",
              "StartTimeOffset": -1}]
    step = transcode(client, file, Definition=own_size(client), MosaicSet=asked)
    made = pictures(step)
    assert len(made) == 30
    for number, picture in enumerate(made):
        covered = 10 <= number < 20
        assert (picture.contrast(32, 24, 96, 64) < SHARP) == covered, number
        covered = number >= 20
        assert (picture.contrast(240, 160, 64, 64) < SHARP) == covered, number
        assert picture.contrast(132, 24, 96, 64) > SHARP, number
        assert picture.contrast(32, 92, 96, 64) > SHARP, number
    first, second = step["Input"]["MosaicSet"]
    assert first == asked[0]
    assert second == {"CoordinateOrigin": "TopLeft", "XPos": "240px", "YPos": "160px",
                      "Width": "64px", "Height": "64px", "StartTimeOffset": -1,
                      "EndTimeOffset": 0}


def test_times_of_a_mosaic_are_those_of_the_part_that_is_cut_out(client, checkered):
    """Also in a procedure, and where the template has another size."""
    client.call("CreateProcedureTemplate", Name="covered", MediaProcessTask={"TranscodeTaskSet": [
        {"Definition": 20, "StartTimeOffset": 1, "MosaicSet": [
            {"Width": "50%", "Height": "100%", "EndTimeOffset": -1}]}]})
    task = client.call("ProcessMediaByProcedure", ProcedureName="covered",
                       FileId=cos.upload(client, checkered))["TaskId"]
    result, = task_result(client, task)["MediaProcessResultSet"]
    made = pictures(result["TranscodeTask"])
    assert len(made) == 20
    for number, picture in enumerate(made):
        assert (picture.contrast(0, 0, 316, 480) < SHARP) == (number < 10), number
        assert picture.contrast(324, 0, 316, 480) > SHARP, number


def test_a_mosaic_that_cannot_be_is_refused(client, checkered):
    file = cos.upload(client, checkered)
    for mosaics in [{"XPos": "ten"}], [{"Width": "0px"}], [{}] * 11:
        with pytest.raises(TencentError) as refused:
            process(client, file, TranscodeTaskSet=[{"Definition": 10, "MosaicSet": mosaics}])
        assert refused.value.code == "InvalidParameterValue"
    for definition in 875, 1010:
        step = transcode(client, file, Definition=definition, MosaicSet=[{}])
        assert (step["Status"], step["ErrCodeExt"]) == (
            "FAIL", "InvalidInput.ConfigurationUnsupported")
