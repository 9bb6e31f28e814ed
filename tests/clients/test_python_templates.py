"""Templates of one's own through the official Python SDK."""

import pytest

from harness import cos
from harness.events import pull_mode, pull_until
from harness.sdk import connect, refusal, request


@pytest.fixture
def sdk(server):
    return connect(server)


def test_a_transcode_template_is_made_described_and_used(sdk, client, mp4):
    video = {"Codec": "libx264", "Fps": 10, "Bitrate": 300, "Width": 160, "Height": 0,
             "ResolutionAdaptive": "close"}
    sound = {"Codec": "libfdk_aac", "Bitrate": 48, "SampleRate": 44100, "AudioChannel": 1}
    number = sdk.CreateTranscodeTemplate(request(
        "CreateTranscodeTemplate", Container="mp4", Name="small", VideoTemplate=video,
        AudioTemplate=sound)).Definition
    listed = sdk.DescribeTranscodeTemplates(
        request("DescribeTranscodeTemplates", Definitions=[number, 10], Type="Custom"))
    one, = listed.TranscodeTemplateSet
    assert (listed.TotalCount, one.Definition, one.Name, one.Type) == (
        1, str(number), "small", "Custom")
    assert (one.VideoTemplate.Fps, one.VideoTemplate.Width, one.AudioTemplate.AudioChannel) == (
        10, 160, 1)

    file = cos.upload(client, mp4)
    pull_mode(client)
    sdk.ProcessMedia(request("ProcessMedia", FileId=file, MediaProcessTask={
        "TranscodeTaskSet": [{"Definition": number}]}))
    event, = pull_until(client, 1)
    result, = event["ProcedureStateChangeEvent"]["MediaProcessResultSet"]
    output = result["TranscodeTask"]["Output"]
    assert (output["Definition"], output["Width"], output["Height"]) == (number, 160, 120)
    assert output["VideoStreamSet"][0]["Fps"] == 10


def test_snapshot_and_sprite_templates_are_made_and_described(sdk):
    snapshot = sdk.CreateSnapshotByTimeOffsetTemplate(request(
        "CreateSnapshotByTimeOffsetTemplate", Name="snap", Width=320, Format="png")).Definition
    sprite = sdk.CreateImageSpriteTemplate(request(
        "CreateImageSpriteTemplate", SampleType="Time", SampleInterval=2, RowCount=3,
        ColumnCount=4, Width=160)).Definition
    one, = sdk.DescribeSnapshotByTimeOffsetTemplates(request(
        "DescribeSnapshotByTimeOffsetTemplates",
        Definitions=[snapshot])).SnapshotByTimeOffsetTemplateSet
    assert (one.Name, one.Type, one.Width, one.Format, one.FillType) == (
        "snap", "Custom", 320, "png", "black")
    preset, own = sdk.DescribeImageSpriteTemplates(
        request("DescribeImageSpriteTemplates")).ImageSpriteTemplateSet
    assert (preset.Definition, preset.Type) == (10, "Preset")
    assert (own.Definition, own.SampleInterval, own.RowCount, own.ColumnCount) == (
        sprite, 2, 3, 4)


def test_templates_of_each_kind_are_changed_and_deleted(sdk):
    kinds = {
        "TranscodeTemplate": {"Container": "mp3", "RemoveVideo": 1, "AudioTemplate": {
            "Codec": "libmp3lame", "Bitrate": 64, "SampleRate": 44100}},
        "SnapshotByTimeOffsetTemplate": {},
        "ImageSpriteTemplate": {"SampleType": "Time", "SampleInterval": 2, "RowCount": 1,
                                "ColumnCount": 1},
        "SampleSnapshotTemplate": {"SampleType": "Time", "SampleInterval": 2},
        "AnimatedGraphicsTemplate": {"Fps": 5},
        "AdaptiveDynamicStreamingTemplate": {"Format": "HLS", "StreamInfos": [
            {"Video": {"Codec": "libx264", "Fps": 24, "Bitrate": 500}, "RemoveAudio": 1}]},
    }
    for kind, parameters in kinds.items():
        def act(verb, kind=kind, **more):
            return getattr(sdk, verb + kind)(request(verb + kind, **more))

        def listed(kind=kind):
            name = f"Describe{kind}s"
            found = getattr(sdk, name)(request(name, Type="Custom"))
            assert found.TotalCount == len(getattr(found, f"{kind}Set"))
            return getattr(found, f"{kind}Set")

        number = act("Create", Name="old", **parameters).Definition
        act("Modify", Definition=number, Name="new", Comment="changed")
        one, = listed()
        assert (str(one.Definition), one.Name, one.Comment) == (str(number), "new", "changed")
        for member, value in parameters.items():
            if member not in ("AudioTemplate", "StreamInfos"):
                assert getattr(one, member) == value
        act("Delete", Definition=number)
        assert listed() == []
        assert refusal(getattr(sdk, f"Delete{kind}"), f"Delete{kind}",
                       Definition=number) == "ResourceNotFound.TemplateNotExist"


def test_samples_and_animated_graphics_are_made_by_own_templates(sdk, client, mp4):
    sample = sdk.CreateSampleSnapshotTemplate(request(
        "CreateSampleSnapshotTemplate", SampleType="Percent", SampleInterval=50,
        Width=100)).Definition
    moving = sdk.CreateAnimatedGraphicsTemplate(request(
        "CreateAnimatedGraphicsTemplate", Fps=4, Format="gif", Height=128)).Definition
    file = cos.upload(client, mp4)
    pull_mode(client)
    sdk.ProcessMedia(request("ProcessMedia", FileId=file, MediaProcessTask={
        "SampleSnapshotTaskSet": [{"Definition": sample}],
        "AnimatedGraphicTaskSet": [{"Definition": moving, "StartTimeOffset": 0,
                                    "EndTimeOffset": 1}]}))
    event, = pull_until(client, 1)
    done = {result["Type"]: result for result in
            event["ProcedureStateChangeEvent"]["MediaProcessResultSet"]}
    taken = done["SampleSnapshot"]["SampleSnapshotTask"]["Output"]
    assert (taken["Definition"], taken["SampleType"], taken["Interval"],
            len(taken["ImageUrlSet"])) == (sample, "Percent", 50, 2)
    made = done["AnimatedGraphics"]["AnimatedGraphicTask"]["Output"]
    assert (made["Definition"], made["Container"], made["Width"], made["Height"]) == (
        moving, "gif", 170, 128)


def test_refusals_name_the_parameter(sdk):
    assert refusal(sdk.CreateTranscodeTemplate, "CreateTranscodeTemplate", Container="avi") == \
        "InvalidParameterValue.Container"
    assert refusal(sdk.CreateSnapshotByTimeOffsetTemplate, "CreateSnapshotByTimeOffsetTemplate",
                   Width=31) == "InvalidParameterValue.Width"
    assert refusal(sdk.CreateImageSpriteTemplate, "CreateImageSpriteTemplate", SampleType="Time",
                   SampleInterval=0, RowCount=1, ColumnCount=1) == \
        "InvalidParameterValue.SampleInterval"
