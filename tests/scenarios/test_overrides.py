"""OverrideParameter: a template as one task changes it, held to what ffprobe says of the output."""

import pytest

from harness import clips, cos
from harness.events import process, task_result
from harness.tencent import TencentError
from harness.web import fetch


def transcode(client, file, **more):
    result, = task_result(client, process(client, file, TranscodeTaskSet=[more]))[
        "MediaProcessResultSet"]
    return result["TranscodeTask"]


def streams(step):
    assert step["Status"] == "SUCCESS", step
    return {stream["codec_type"]: stream
            for stream in clips.probe(fetch(step["Output"]["Url"]).body)["streams"]}


def test_what_is_given_replaces_that_value_alone(client, mp4):
    file = cos.upload(client, mp4)
    override = {"VideoTemplate": {"Codec": "libx265", "Width": 160, "Fps": 5},
                "AudioTemplate": {"SampleRate": 48000}}
    step = transcode(client, file, Definition=10, OverrideParameter=override)
    made = streams(step)
    assert (made["video"]["codec_name"], made["video"]["width"], made["video"]["height"],
            made["video"]["r_frame_rate"]) == ("hevc", 160, 120, "5/1")
    assert (made["audio"]["codec_name"], made["audio"]["sample_rate"],
            made["audio"]["channels"]) == ("aac", "48000", 2)
    assert (step["Output"]["Definition"], step["Output"]["Width"]) == (10, 160)
    assert step["Input"]["OverrideParameter"] == override | {"TEHDConfig": None}
    # The template itself is as it was.
    assert streams(transcode(client, file, Definition=10))["video"]["codec_name"] == "h264"


def test_a_container_may_be_another_one_or_hold_less(client, mp4):
    file = cos.upload(client, mp4)
    sound = transcode(client, file, Definition=10, OverrideParameter={
        "Container": "wav", "RemoveVideo": 1,
        "AudioTemplate": {"Codec": "pcm16", "Bitrate": 0, "SampleRate": 16000}})
    made = streams(sound)
    assert set(made) == {"audio"}
    assert (made["audio"]["codec_name"], made["audio"]["sample_rate"]) == ("pcm_s16le", "16000")
    silent = transcode(client, file, Definition=20, OverrideParameter={"RemoveAudio": 1})
    assert set(streams(silent)) == {"video"}
    hls = transcode(client, file, Definition=30, OverrideParameter={"Container": "hls"})
    assert hls["Output"]["Container"] == "hls"
    assert fetch(hls["Output"]["Url"]).body.startswith(b"#EXTM3U")


def test_a_procedure_keeps_its_changes_of_an_own_template(client, mp4):
    number = client.call("CreateTranscodeTemplate", Container="mp4", RemoveAudio=1, VideoTemplate={
        "Codec": "libx264", "Fps": 10, "Bitrate": 300, "Width": 128, "Height": 0})["Definition"]
    client.call("CreateProcedureTemplate", Name="flow", MediaProcessTask={"TranscodeTaskSet": [
        {"Definition": number, "OverrideParameter": {"VideoTemplate": {"Width": 200}}}]})
    task = client.call("ProcessMediaByProcedure", ProcedureName="flow",
                       FileId=cos.upload(client, mp4))["TaskId"]
    result, = task_result(client, task)["MediaProcessResultSet"]
    made = streams(result["TranscodeTask"])
    assert (made["video"]["width"], made["video"]["r_frame_rate"]) == (200, "10/1")
    assert set(made) == {"video"}


def test_what_does_not_go_together_is_refused(client, mp4):
    file = cos.upload(client, mp4)
    for definition, override, code in [
            (10, {"Container": "mp3"}, "InvalidParameterValue"),
            (10, {"VideoTemplate": {"Codec": "av1"}}, "InvalidParameterValue"),
            (10, {"TEHDConfig": {"Type": "TEHD-100"}}, "InvalidParameterValue"),
            (875, {"RemoveAudio": 1}, "InvalidParameterValue"),
            (1999999, {"RemoveAudio": 1}, "InvalidParameterValue"),
            (10, {"AudioTemplate": {"StreamSelects": [0]}}, "FailedOperation")]:
        with pytest.raises(TencentError) as refused:
            process(client, file, TranscodeTaskSet=[
                {"Definition": definition, "OverrideParameter": override}])
        assert refused.value.code == code, override
