"""Watermarks, looked at in the pixels of what was made."""

import base64

import pytest

from harness import clips, cos
from harness.events import process, task_result
from harness.tencent import TencentError
from harness.web import fetch

BRIGHT = 200


def picture(tmp_path, name="mark.png", source="color=white:s=64x32"):
    path = tmp_path / name
    clips.ffmpeg("-f", "lavfi", "-i", source, "-frames:v", "1", path)
    return base64.b64encode(path.read_bytes()).decode()


def image_mark(client, content, **more):
    image = {"ImageContent": content, "Width": "64px"} | more.pop("image", {})
    return client.call("CreateWatermarkTemplate", Type="image", ImageTemplate=image, **more)


def works(client, file, **tasks):
    return [next(value for name, value in result.items() if name != "Type" and value)
            for result in task_result(client, process(client, file, **tasks))[
                "MediaProcessResultSet"]]


def transcode(client, file, **more):
    definition = client.call("CreateTranscodeTemplate", Container="mp4", RemoveAudio=1,
                             VideoTemplate={"Codec": "libx264", "Fps": 0, "Bitrate": 0,
                                            "Vcrf": 10})["Definition"]
    step, = works(client, file, TranscodeTaskSet=[{"Definition": definition} | more])
    return step


def frames(url):
    return clips.frames(fetch(url).body)


def is_bright(frame, *region):
    return min(frame.region(*region)) > BRIGHT


def is_dark(frame, *region):
    return max(frame.region(*region)) < 50


def test_an_image_is_where_and_when_it_was_asked_for(client, tmp_path, dark):
    file = cos.upload(client, dark)
    made = image_mark(client, picture(tmp_path), CoordinateOrigin="BottomRight", XPos="10%",
                      YPos="20px")
    asked = {"Definition": made["Definition"], "StartTimeOffset": 1, "EndTimeOffset": -1}
    step = transcode(client, file, WatermarkSet=[asked])
    assert step["Status"] == "SUCCESS", step
    assert step["Input"]["WatermarkSet"] == [asked | {"TextContent": "", "SvgContent": ""}]
    seen = frames(step["Output"]["Url"])
    assert len(seen) == 30
    for number, frame in enumerate(seen):
        # 64x32 at 320 - 32 - 64 and 240 - 20 - 32, but for the blur of its edge.
        there = is_bright(frame, 226, 190, 60, 28)
        assert there == (10 <= number < 20), number
        assert is_dark(frame, 0, 0, 320, 180) and is_dark(frame, 0, 180, 220, 60), number
        assert is_dark(frame, 292, 180, 28, 60) and is_dark(frame, 220, 224, 100, 16), number
    assert fetch(made["ImageUrl"]).headers["content-type"] == "image/png"


def test_transparency_size_and_more_than_one(client, tmp_path, dark):
    file = cos.upload(client, dark)
    half = image_mark(client, picture(tmp_path), image={"Width": "50%", "Height": "50%",
                                                        "Transparency": 50})["Definition"]
    jpeg = image_mark(client, picture(tmp_path, "mark.jpg"), CoordinateOrigin="BottomLeft",
                      image={"Width": "10%"})["Definition"]
    frame = frames(transcode(client, file, WatermarkSet=[
        {"Definition": half}, {"Definition": jpeg}])["Output"]["Url"])[0]
    grey = frame.region(4, 4, 152, 112)
    assert 100 < min(grey) and max(grey) < 150
    assert is_bright(frame, 3, 240 - 13, 26, 10)  # 32x16.
    assert is_dark(frame, 164, 0, 156, 240)


def test_a_gif_moves_as_its_template_says_and_ends_with_the_film(client, tmp_path, dark):
    """Half a second of white, half a second of grey."""
    path = tmp_path / "mark.gif"
    clips.ffmpeg("-f", "lavfi", "-i", "color=white:s=64x32:r=10:d=0.5", "-f", "lavfi", "-i",
                 "color=gray:s=64x32:r=10:d=0.5", "-filter_complex", "concat", path)
    content = base64.b64encode(path.read_bytes()).decode()
    file = cos.upload(client, dark)
    expected = {"repeat": [True, False] * 3, "once": [True] + [False] * 5,
                "repeat_last_frame": [True] + [False] * 5}
    for repeat, bright in expected.items():
        number = image_mark(client, content, image={"RepeatType": repeat})["Definition"]
        step = transcode(client, file, WatermarkSet=[{"Definition": number}])
        seen = frames(step["Output"]["Url"])
        assert len(seen) == 30, repeat
        assert [is_bright(seen[at], 4, 4, 56, 24) for at in range(2, 30, 5)] == bright, repeat
        assert is_dark(seen[-3], 4, 4, 56, 24) == (repeat == "once"), repeat


def test_a_text_is_drawn_as_it_is_written(client, dark):
    """Its characters mean nothing to ffmpeg; the same picture comes of any definition of them."""
    file = cos.upload(client, dark)
    number = client.call("CreateWatermarkTemplate", Type="text", CoordinateOrigin="TopRight",
                         XPos="8px", YPos="8px", TextTemplate={
                             "FontType": "arial.ttf", "FontSize": "24px",
                             "FontColor": "0xFFFFFF"})["Definition"]
    for text in "Hookreel", "%{pts}':x=1[a];\\ ©":
        step = transcode(client, file, WatermarkSet=[
            {"Definition": number, "TextContent": text, "EndTimeOffset": 2}])
        assert step["Status"] == "SUCCESS", step
        assert step["Input"]["WatermarkSet"][0]["TextContent"] == text
        seen = frames(step["Output"]["Url"])
        for frame in seen[:20]:
            assert max(frame.region(160, 4, 152, 34)) > BRIGHT
            assert is_dark(frame, 0, 40, 320, 200)
        assert is_dark(seen[25], 0, 0, 320, 240)


def test_pictures_and_adaptive_streams_have_marks_too(client, tmp_path, dark):
    file = cos.upload(client, dark)
    number = image_mark(client, picture(tmp_path), image={"Width": "25%"})["Definition"]
    late = [{"Definition": number, "StartTimeOffset": 1.4}]
    snapshots, samples, cover, adaptive = (
        works(client, file, **{name: [task | {"Definition": 10, "WatermarkSet": late}]})[0]
        for name, task in {
            "SnapshotByTimeOffsetTaskSet": {"ExtTimeOffsetSet": ["1s", "2s", "100%"]},
            "SampleSnapshotTaskSet": {},
            "CoverBySnapshotTaskSet": {"PositionType": "Time", "PositionValue": 2},
            "AdaptiveDynamicStreamingTaskSet": {}}.items())
    for step in snapshots, samples, cover, adaptive:
        assert step["Status"] == "SUCCESS", step
        assert step["Input"]["WatermarkSet"][0]["Definition"] == number
    region = 2, 2, 76, 36  # 80x40 of 320x240.
    taken = snapshots["Output"]["PicInfoSet"]
    assert [is_bright(frames(one["Url"])[0], *region) for one in taken] == [False, True, True]
    assert all(one["WaterMarkDefinition"] == [number] for one in taken)
    sampled = [is_bright(frames(url)[0], *region) for url in samples["Output"]["ImageUrlSet"]]
    assert sampled == [False] * 5 + [True] * 5
    assert samples["Output"]["WaterMarkDefinition"] == [number]
    assert is_bright(frames(cover["Output"]["CoverUrl"])[0], *region)
    last = clips.last_frame(adaptive["Output"]["Url"])
    assert is_bright(last, *region) and is_dark(last, 84, 0, 236, 240)


def test_a_changed_template_counts_and_a_deleted_one_is_gone(client, tmp_path, dark):
    file = cos.upload(client, dark)
    number = image_mark(client, picture(tmp_path))["Definition"]
    client.call("CreateProcedureTemplate", Name="marked", MediaProcessTask={
        "CoverBySnapshotTaskSet": [{"Definition": 10, "PositionType": "Time", "PositionValue": 0,
                                    "WatermarkSet": [{"Definition": number}]}]})
    changed = client.call("ModifyWatermarkTemplate", Definition=number, CoordinateOrigin="TopRight",
                          ImageTemplate={"ImageContent": picture(tmp_path, "other.png",
                                                                 "color=gray:s=64x32")})

    def worked():
        task = client.call("ProcessMediaByProcedure", ProcedureName="marked", FileId=file)
        result, = task_result(client, task["TaskId"])["MediaProcessResultSet"]
        return result["CoverBySnapshotTask"]

    frame = frames(worked()["Output"]["CoverUrl"])[0]
    middle = frame.region(260, 4, 56, 24)
    assert 110 < min(middle) and max(middle) < 145
    assert is_dark(frame, 0, 0, 250, 240)
    client.call("DeleteWatermarkTemplate", Definition=number)
    assert fetch(changed["ImageUrl"]).status == 404
    step = worked()
    assert (step["Status"], step["ErrCodeExt"]) == ("FAIL", "InvalidInput.DefinitionNotExist")


def test_templates_are_of_their_application_and_outlive_a_restart(start_server, tmp_path, dark):
    server = start_server()
    client = server.client()
    made = image_mark(client, picture(tmp_path), Name="logo")
    other = client.call("CreateSubAppId", Name="other")["SubAppId"]
    assert client.call("DescribeWatermarkTemplates", SubAppId=other)["TotalCount"] == 0
    server.stop()
    client = start_server().client()
    listed, = client.call("DescribeWatermarkTemplates")["WatermarkTemplateSet"]
    assert (listed["Definition"], listed["Name"]) == (made["Definition"], "logo")
    assert listed["ImageTemplate"]["Width"] == "64px"
    assert fetch(listed["ImageTemplate"]["ImageUrl"]).status == 200
    file = cos.upload(client, dark)
    assert transcode(client, file, WatermarkSet=[
        {"Definition": made["Definition"]}])["Status"] == "SUCCESS"


def test_what_is_no_picture_harms_nothing_but_its_step(client, tmp_path, dark):
    file = cos.upload(client, dark)
    broken = b"\x89PNG\r\n\x1a\n" + b"no more of it" * 50
    number = image_mark(client, base64.b64encode(broken).decode())["Definition"]
    step = transcode(client, file, WatermarkSet=[{"Definition": number}])
    assert (step["Status"], step["ErrCodeExt"]) == ("FAIL", "InvalidInput")
    svg = base64.b64encode(b'<svg xmlns="http://www.w3.org/2000/svg"/>').decode()
    for content in svg, "not base64!":
        with pytest.raises(TencentError) as refused:
            image_mark(client, content)
        assert refused.value.code == "InvalidParameterValue.ImageContent"
