"""Templates of an application's own: what they say is what ffmpeg does, and they last."""

import math
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness import clips, cos
from harness.events import confirm, process, pull_mode, pull_until, task_result
from harness.origin import Origin
from harness.tencent import TencentError
from harness.web import fetch

VIDEO = {"Codec": "libx264", "Fps": 10, "Bitrate": 300, "Width": 256, "Height": 256,
         "ResolutionAdaptive": "close", "FillType": "white"}
SOUND = {"Codec": "libmp3lame", "Bitrate": 64, "SampleRate": 48000, "AudioChannel": 1}


@pytest.fixture
def origin():
    site = Origin()
    yield site
    site.close()


def refusal(client, action, **parameters):
    with pytest.raises(TencentError) as refused:
        client.call(action, **parameters)
    return refused.value.code


def transcode_template(client, container="mp4", video=None, sound=None, **more):
    return client.call("CreateTranscodeTemplate", Container=container,
                       VideoTemplate=VIDEO | (video or {}), AudioTemplate=SOUND | (sound or {}),
                       **more)["Definition"]


def steps_of(task):
    """Each result's own member: its Input, Output and Status."""
    return [next(value for name, value in result.items() if name != "Type" and value)
            for result in task["MediaProcessResultSet"]]


def streams(url):
    return {stream["codec_type"]: stream
            for stream in clips.probe(fetch(url).body)["streams"]}


def transcoded(client, file, definition):
    step, = steps_of(task_result(client, process(
        client, file, TranscodeTaskSet=[{"Definition": definition}])))
    assert (step["Status"], step["Output"]["Definition"]) == ("SUCCESS", definition)
    return step["Output"]


def test_a_transcode_has_the_settings_of_its_template(client, mp4):
    file = cos.upload(client, mp4)
    output = transcoded(client, file, transcode_template(client))
    made = streams(output["Url"])
    assert (made["video"]["codec_name"], made["video"]["width"], made["video"]["height"],
            made["video"]["r_frame_rate"]) == ("h264", 256, 256, "10/1")
    assert (made["audio"]["codec_name"], made["audio"]["sample_rate"],
            made["audio"]["channels"]) == ("mp3", "48000", 1)
    assert (output["Width"], output["Height"]) == (256, 256)


def test_a_template_without_picture_or_without_sound(client, mp4):
    file = cos.upload(client, mp4)
    silent = transcode_template(client, RemoveAudio=1)
    assert set(streams(transcoded(client, file, silent)["Url"])) == {"video"}
    flac = client.call("CreateTranscodeTemplate", Container="flac", RemoveVideo=1,
                       AudioTemplate={"Codec": "flac", "Bitrate": 0, "SampleRate": 44100,
                                      "AudioChannel": 2})["Definition"]
    output = transcoded(client, file, flac)
    made = streams(output["Url"])
    assert set(made) == {"audio"}
    assert (made["audio"]["codec_name"], made["audio"]["channels"]) == ("flac", 2)
    assert output["Url"].split("?")[0].endswith(".flac")
    assert fetch(output["Url"]).headers["content-type"] == "audio/flac"


def test_the_sides_follow_the_orientation_when_they_are_adaptive(client, tmp_path):
    """256 is the long side, whatever the orientation; without it, 256 is the width."""
    tall = cos.upload(client, clips.mp4(tmp_path / "tall.mp4", size="240x320", seconds=1))
    for adaptive, wanted in ("open", (192, 256)), ("close", (256, 342)):
        number = transcode_template(client, video={"Height": 0, "ResolutionAdaptive": adaptive})
        output = transcoded(client, tall, number)
        assert (output["Width"], output["Height"]) == wanted


def test_pictures_and_sprites_by_own_templates(client, mp4):
    file = cos.upload(client, mp4)
    snapshot = client.call("CreateSnapshotByTimeOffsetTemplate", Width=100, Height=200,
                           ResolutionAdaptive="close", Format="png")["Definition"]
    sprite = client.call("CreateImageSpriteTemplate", SampleType="Percent", SampleInterval=25,
                         RowCount=2, ColumnCount=2, Width=160, Height=128,
                         Format="webp")["Definition"]
    cover, pictures, sheets = sorted(
        steps_of(task_result(client, process(
            client, file, ImageSpriteTaskSet=[{"Definition": sprite}],
            SnapshotByTimeOffsetTaskSet=[{"Definition": snapshot, "ExtTimeOffsetSet": ["50%"]}],
            CoverBySnapshotTaskSet=[{"Definition": snapshot, "PositionType": "Time",
                                     "PositionValue": 0}]))),
        key=lambda step: ("CoverUrl" not in step["Output"], "ImageUrlSet" in step["Output"]))
    taken, = pictures["Output"]["PicInfoSet"]
    for url in cover["Output"]["CoverUrl"], taken["Url"]:
        picture = streams(url)["video"]
        assert (picture["codec_name"], picture["width"], picture["height"]) == ("png", 100, 200)
    assert pictures["Output"]["Definition"] == snapshot
    made = sheets["Output"]
    assert (made["Definition"], made["TotalCount"], made["Width"], made["Height"]) == (
        sprite, 4, 160, 128)
    sheet = streams(made["ImageUrlSet"][0])["video"]
    assert (sheet["codec_name"], sheet["width"], sheet["height"]) == ("webp", 320, 256)
    assert "#xywh=160,128,160,128" in fetch(made["WebVttUrl"]).body.decode()
    media, = client.call("DescribeMediaInfos", FileIds=[file])["MediaInfoSet"]
    assert media["ImageSpriteInfo"]["ImageSpriteSet"][0]["Definition"] == sprite


def test_samples_and_animated_graphics_by_own_templates(client, mp4):
    file = cos.upload(client, mp4)
    sample = client.call("CreateSampleSnapshotTemplate", SampleType="Time", SampleInterval=1,
                         Width=64, Height=64, ResolutionAdaptive="close",
                         Format="webp")["Definition"]
    moving = client.call("CreateAnimatedGraphicsTemplate", Fps=5, Width=128,
                         Format="webp")["Definition"]
    seconds = float(clips.probe(mp4.read_bytes())["format"]["duration"])
    pictures, animation = sorted(
        steps_of(task_result(client, process(
            client, file, SampleSnapshotTaskSet=[{"Definition": sample}],
            AnimatedGraphicTaskSet=[{"Definition": moving, "StartTimeOffset": 0,
                                     "EndTimeOffset": 1}]))),
        key=lambda step: "ImageUrlSet" not in step["Output"])
    taken = pictures["Output"]
    assert (taken["Definition"], taken["SampleType"], taken["Interval"]) == (sample, "Time", 1)
    assert len(taken["ImageUrlSet"]) == math.ceil(seconds - 1e-6)
    for url in taken["ImageUrlSet"]:
        picture = streams(url)["video"]
        assert (picture["codec_name"], picture["width"], picture["height"]) == ("webp", 64, 64)
    made = animation["Output"]
    assert (made["Definition"], made["Container"], made["Width"], made["Height"]) == (
        moving, "webp", 128, 96)
    body = fetch(made["Url"]).body
    assert (len(body), body[8:12], body.count(b"ANMF")) == (made["Size"], b"WEBP", 5)
    # What made them may go: what was made says what it is.
    client.call("DeleteSampleSnapshotTemplate", Definition=sample)
    media, = client.call("DescribeMediaInfos", FileIds=[file])["MediaInfoSet"]
    kept, = media["SampleSnapshotInfo"]["SampleSnapshotSet"]
    assert kept == taken


def test_adaptive_streams_by_own_templates(client, mp4):
    sound = {"Codec": "libfdk_aac", "Bitrate": 48, "SampleRate": 48000, "AudioChannel": 1}
    file = cos.upload(client, mp4)
    for package, suffix, sizes in (("HLS", "m3u8", [(192, 144), (128, 128)]),
                                   ("MPEG-DASH", "mpd", [(640, 360), (320, 180)])):
        streams_wanted = [{"Audio": sound, "Video": {
            "Codec": "libx264", "Fps": 12, "Bitrate": 200, "Width": width, "Height": height,
            "ResolutionAdaptive": "close"}} for width, height in sizes]
        number = client.call("CreateAdaptiveDynamicStreamingTemplate", Format=package,
                             StreamInfos=streams_wanted, SegmentDuration=1)["Definition"]
        step, = steps_of(task_result(client, process(
            client, file, AdaptiveDynamicStreamingTaskSet=[{"Definition": number}])))
        made = step["Output"]
        assert (step["Status"], made["Definition"], made["DrmType"]) == ("SUCCESS", number, "")
        assert made["Url"].endswith(f"/adp.{number}.{suffix}")
        pictures = [one for one in made["SubStreamSet"] if one["Type"] == "video"]
        assert [(one["Width"], one["Height"]) for one in pictures] == sizes
        played = clips.probe_address(made["Url"])["streams"]
        assert sorted((one["width"], one["height"]) for one in played
                      if one["codec_type"] == "video") == sorted(sizes)
        assert {(one["sample_rate"], one["channels"]) for one in played
                if one["codec_type"] == "audio"} == {("48000", 1)}
        client.call("DeleteAdaptiveDynamicStreamingTemplate", Definition=number)


def test_a_template_is_changed_for_later_tasks_and_a_deleted_one_makes_nothing(client, mp4):
    number = transcode_template(client)
    file = cos.upload(client, mp4)
    client.call("CreateProcedureTemplate", Name="flow", MediaProcessTask={
        "TranscodeTaskSet": [{"Definition": number}]})
    assert transcoded(client, file, number)["Width"] == 256
    client.call("ModifyTranscodeTemplate", Definition=number, RemoveAudio=1,
                VideoTemplate={"Width": 128, "Height": 128})
    output = transcoded(client, file, number)
    assert (output["Width"], output["Height"]) == (128, 128)
    made = streams(output["Url"])
    assert set(made) == {"video"}
    assert made["video"]["r_frame_rate"] == "10/1"
    client.call("DeleteTranscodeTemplate", Definition=number)
    assert refusal(client, "DeleteTranscodeTemplate",
                   Definition=number) == "ResourceNotFound.TemplateNotExist"
    step, = steps_of(task_result(client, client.call(
        "ProcessMediaByProcedure", FileId=file, ProcedureName="flow")["TaskId"]))
    assert (step["Status"], step["ErrCodeExt"]) == ("FAIL", "InvalidInput.DefinitionNotExist")
    media, = client.call("DescribeMediaInfos", FileIds=[file])["MediaInfoSet"]
    assert [one["Definition"] for one in media["TranscodeInfo"]["TranscodeSet"]] == [0, number]


def test_a_deleted_template_makes_room_for_another(client):
    numbers = [client.call("CreateSampleSnapshotTemplate", SampleType="Percent",
                           SampleInterval=50)["Definition"] for _ in range(16)]
    more = {"SampleType": "Percent", "SampleInterval": 50}
    assert refusal(client, "CreateSampleSnapshotTemplate", **more) == \
        "LimitExceeded.TooMuchTemplate"
    client.call("DeleteSampleSnapshotTemplate", Definition=numbers[3])
    assert client.call("CreateSampleSnapshotTemplate", **more)["Definition"] == numbers[-1] + 1


def test_templates_outlive_a_restart_and_keep_their_numbers(start_server, mp4):
    server = start_server()
    client = server.client()
    number = transcode_template(client, Name="mine")
    file = cos.upload(client, mp4)
    server.stop()
    client = start_server().client()
    listed, = client.call("DescribeTranscodeTemplates", Type="Custom")["TranscodeTemplateSet"]
    assert (listed["Definition"], listed["Name"]) == (str(number), "mine")
    assert transcode_template(client) == number + 1
    assert transcoded(client, file, number)["Width"] == 256


def test_templates_that_are_made_at_once_have_numbers_of_their_own(client):
    with ThreadPoolExecutor(8) as callers:
        numbers = list(callers.map(
            lambda _: client.call("CreateSnapshotByTimeOffsetTemplate")["Definition"], range(16)))
    assert sorted(numbers) == list(range(min(numbers), min(numbers) + 16))
    assert refusal(client, "CreateSnapshotByTimeOffsetTemplate") == \
        "LimitExceeded.TooMuchTemplate"
    assert client.call("DescribeSnapshotByTimeOffsetTemplates",
                       Type="Custom")["TotalCount"] == 16


def test_a_template_is_unknown_to_other_applications(client, mp4):
    other = client.call("CreateSubAppId", Name="other")["SubAppId"]
    number = transcode_template(client)
    assert client.call("DescribeTranscodeTemplates", SubAppId=other,
                       Type="Custom")["TotalCount"] == 0
    file = cos.upload(client, mp4, SubAppId=other)
    task = client.call("ProcessMedia", SubAppId=other, FileId=file, MediaProcessTask={
        "TranscodeTaskSet": [{"Definition": number}]})["TaskId"]
    step, = steps_of(task_result(client, task, SubAppId=other))
    assert (step["Status"], step["ErrCodeExt"]) == ("FAIL", "InvalidInput.DefinitionNotExist")


def test_a_procedure_works_by_own_templates_also_on_uploads_pulls_and_edits(
        start_server, origin, mp4):
    client = start_server("--allow-address", "127.0.0.0/8").client()
    pull_mode(client)
    number = transcode_template(client)
    client.call("CreateProcedureTemplate", Name="flow", MediaProcessTask={
        "TranscodeTaskSet": [{"Definition": number}]})
    origin.files = {"/clip.mp4": mp4.read_bytes()}
    file = cos.upload(client, mp4, Procedure="flow")
    client.call("PullUpload", MediaUrl=origin.url("/clip.mp4"), Procedure="flow")
    client.call("ProcessMediaByProcedure", ProcedureName="flow", FileId=file)
    client.call("EditMedia", InputType="File", ProcedureName="flow",
                FileInfos=[{"FileId": file, "EndTimeOffset": 1}])
    events = pull_until(client, 7)
    confirm(client, events)
    done = [event["ProcedureStateChangeEvent"] for event in events
            if event["EventType"] == "ProcedureStateChanged"]
    assert len(done) == 4
    for change in done:
        step, = steps_of(change)
        assert (step["Input"]["Definition"], step["Output"]["Definition"],
                step["Output"]["Width"]) == (number, number, 256)


def test_what_cannot_be_honoured_is_refused(client):
    base = dict(Container="mp4", VideoTemplate=VIDEO, AudioTemplate=SOUND)
    for change, code in [
            ({"VideoTemplate": VIDEO | {"Codec": "av1"}}, "InvalidParameterValue.VideoCodec"),
            ({"TEHDConfig": {"Type": "TEHD-100"}}, "InvalidParameterValue.TEHDType"),
            ({"Container": "flv", "VideoTemplate": VIDEO | {"Codec": "libx265"}},
             "InvalidParameterValue.VideoCodec"),
            ({"EnhanceConfig": {"VideoEnhance": {"Denoise": {"Switch": "ON"}}}},
             "FailedOperation")]:
        assert refusal(client, "CreateTranscodeTemplate", **base | change) == code
    assert client.call("DescribeTranscodeTemplates", Type="Custom")["TotalCount"] == 0
