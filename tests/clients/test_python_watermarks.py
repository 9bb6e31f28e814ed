"""Watermarks, mosaics and changed templates through the official Python SDK."""

import base64

import pytest

from harness import clips, cos
from harness.events import pull_mode, pull_until
from harness.sdk import connect, refusal, request
from harness.web import fetch


@pytest.fixture
def sdk(server):
    return connect(server)


@pytest.fixture
def logo(tmp_path):
    path = tmp_path / "logo.png"
    clips.ffmpeg("-f", "lavfi", "-i", "color=white:s=64x32", "-frames:v", "1", path)
    return base64.b64encode(path.read_bytes()).decode()


def test_a_watermark_template_is_made_changed_used_and_deleted(sdk, client, mp4, logo):
    made = sdk.CreateWatermarkTemplate(request(
        "CreateWatermarkTemplate", Type="image", Name="logo", CoordinateOrigin="BottomRight",
        XPos="5%", YPos="5%", ImageTemplate={"ImageContent": logo, "Width": "20%"}))
    assert fetch(made.ImageUrl).status == 200
    sdk.ModifyWatermarkTemplate(request("ModifyWatermarkTemplate", Definition=made.Definition,
                                        ImageTemplate={"Transparency": 10}))
    listed = sdk.DescribeWatermarkTemplates(
        request("DescribeWatermarkTemplates", Definitions=[made.Definition]))
    one, = listed.WatermarkTemplateSet
    assert (listed.TotalCount, one.Type, one.Name, one.XPos, one.CoordinateOrigin) == (
        1, "image", "logo", "5%", "BottomRight")
    assert (one.ImageTemplate.Width, one.ImageTemplate.Transparency) == ("20%", 10)
    assert one.TextTemplate is None

    text = sdk.CreateWatermarkTemplate(request(
        "CreateWatermarkTemplate", Type="text", TextTemplate={
            "FontType": "arial.ttf", "FontSize": "20px", "FontColor": "0xFF0000",
            "FontAlpha": 0.8})).Definition
    file = cos.upload(client, mp4)
    pull_mode(client)
    sdk.ProcessMedia(request("ProcessMedia", FileId=file, MediaProcessTask={"TranscodeTaskSet": [{
        "Definition": 10,
        "WatermarkSet": [{"Definition": made.Definition, "StartTimeOffset": 0.5},
                         {"Definition": text, "TextContent": "Hookreel"}],
        "MosaicSet": [{"XPos": "10px", "YPos": "10px", "Width": "20%", "Height": "20%"}],
        "OverrideParameter": {"VideoTemplate": {"Width": 200}}}]}))
    event, = pull_until(client, 1)
    result, = event["ProcedureStateChangeEvent"]["MediaProcessResultSet"]
    step = result["TranscodeTask"]
    assert (step["Status"], step["Output"]["Width"]) == ("SUCCESS", 200)
    assert [mark["Definition"] for mark in step["Input"]["WatermarkSet"]] == [
        made.Definition, text]
    assert step["Input"]["MosaicSet"][0]["CoordinateOrigin"] == "TopLeft"
    assert step["Input"]["OverrideParameter"]["VideoTemplate"]["Width"] == 200

    sdk.DeleteWatermarkTemplate(request("DeleteWatermarkTemplate", Definition=made.Definition))
    assert sdk.DescribeWatermarkTemplates(
        request("DescribeWatermarkTemplates", Type="image")).TotalCount == 0


def test_a_drawing_in_svg_is_laid_over_and_changed(sdk, client, mp4):
    content = ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">'
               '<rect width="40" height="20" fill="#fff"/></svg>')
    number = sdk.CreateWatermarkTemplate(request(
        "CreateWatermarkTemplate", Type="svg", Name="drawing", CoordinateOrigin="TopLeft",
        SvgTemplate={"Width": "25W%", "Height": "0px"})).Definition
    sdk.ModifyWatermarkTemplate(request("ModifyWatermarkTemplate", Definition=number,
                                        SvgTemplate={"Width": "50H%"}))
    one, = sdk.DescribeWatermarkTemplates(
        request("DescribeWatermarkTemplates", Type="svg")).WatermarkTemplateSet
    assert (one.Definition, one.Name, one.ImageTemplate, one.TextTemplate) == (
        number, "drawing", None, None)
    assert (one.SvgTemplate.Width, one.SvgTemplate.Height) == ("50H%", "0px")
    file = cos.upload(client, mp4)
    pull_mode(client)
    sdk.ProcessMedia(request("ProcessMedia", FileId=file, MediaProcessTask={
        "CoverBySnapshotTaskSet": [{"Definition": 10, "PositionType": "Time", "PositionValue": 0,
                                    "WatermarkSet": [{"Definition": number,
                                                      "SvgContent": content}]}]}))
    event, = pull_until(client, 1)
    result, = event["ProcedureStateChangeEvent"]["MediaProcessResultSet"]
    cover = result["CoverBySnapshotTask"]
    assert (cover["Status"], cover["Input"]["WatermarkSet"][0]["Definition"]) == (
        "SUCCESS", number)
    frame, = clips.frames(fetch(cover["Output"]["CoverUrl"]).body)
    assert min(frame.region(4, 4, 112, 52)) > 200  # 120x60 of 320x240.
    code = refusal(sdk.ProcessMedia, "ProcessMedia", FileId=file, MediaProcessTask={
        "CoverBySnapshotTaskSet": [{"Definition": 10, "PositionType": "Time", "PositionValue": 0,
                                    "WatermarkSet": [{"Definition": number, "SvgContent":
                                                      "<svg><image href='/etc/passwd'/></svg>"}]}]})
    assert code == "InvalidParameterValue"


def test_refusals_name_the_parameter(sdk, logo):
    assert refusal(sdk.CreateWatermarkTemplate, "CreateWatermarkTemplate", Type="image",
                   ImageTemplate={"ImageContent": logo, "Width": "4097px"}) == \
        "InvalidParameterValue.Width"
    assert refusal(sdk.CreateWatermarkTemplate, "CreateWatermarkTemplate", Type="text",
                   TextTemplate={"FontSize": "20"}) == "InvalidParameterValue.TextTemplate"
    assert refusal(sdk.DeleteWatermarkTemplate, "DeleteWatermarkTemplate", Definition=5) == \
        "ResourceNotFound.TemplateNotExist"
