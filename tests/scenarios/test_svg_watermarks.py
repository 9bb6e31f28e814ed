"""Watermarks in SVG, looked at in the pixels of what was made, and hostile ones."""

import pytest

from harness import clips, cos
from harness.events import process, task_result
from harness.tencent import TencentError
from harness.web import fetch

BRIGHT = 200
DARK = 50
NAMESPACE = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
# Twice as wide as high.
WHITE = f'<svg {NAMESPACE} viewBox="0 0 40 20"><rect width="40" height="20" fill="#fff"/></svg>'


def svg_mark(client, width=None, height=None, **more):
    sides = {name: side for name, side in (("Width", width), ("Height", height)) if side}
    return client.call("CreateWatermarkTemplate", Type="svg", **({"SvgTemplate": sides} if sides
                                                                else {}), **more)["Definition"]


def works(client, file, **tasks):
    return [next(value for name, value in result.items() if name != "Type" and value)
            for result in task_result(client, process(client, file, **tasks))[
                "MediaProcessResultSet"]]


def snapshot(client, file, *marks, time="1s"):
    """What became of the step."""
    step, = works(client, file, SnapshotByTimeOffsetTaskSet=[
        {"Definition": 10, "ExtTimeOffsetSet": [time], "WatermarkSet": list(marks)}])
    return step


def shot(client, file, *marks):
    """Its picture."""
    step = snapshot(client, file, *marks)
    assert step["Status"] == "SUCCESS", step
    return clips.frames(fetch(step["Output"]["PicInfoSet"][0]["Url"]).body)[0]


def is_bright(frame, *region):
    return min(frame.region(*region)) > BRIGHT


def is_dark(frame, *region):
    return max(frame.region(*region)) < DARK


def is_box(frame, width, height):
    """Whether a box at the top left is bright and all beside it is dark, but for its edge."""
    return (is_bright(frame, 4, 4, width - 8, height - 8)
            and is_dark(frame, width + 4, 0, 316 - width, 240)
            and is_dark(frame, 0, height + 4, 320, 236 - height))


def stored(server):
    return sorted((server.data_dir / "media" / ".drawings").rglob("*.svg"))


def test_a_drawing_is_where_and_when_it_was_asked_for(client, dark):
    file = cos.upload(client, dark)
    number = svg_mark(client, "64px", CoordinateOrigin="BottomRight", XPos="10%", YPos="20px")
    listed, = client.call("DescribeWatermarkTemplates", Type="svg")["WatermarkTemplateSet"]
    assert (listed["Type"], listed["SvgTemplate"]) == ("svg", {"Width": "64px", "Height": "0px"})
    definition = client.call("CreateTranscodeTemplate", Container="mp4", RemoveAudio=1,
                             VideoTemplate={"Codec": "libx264", "Fps": 0, "Bitrate": 0,
                                            "Vcrf": 10})["Definition"]
    asked = {"Definition": number, "StartTimeOffset": 1, "EndTimeOffset": -1}
    step, = works(client, file, TranscodeTaskSet=[
        {"Definition": definition, "WatermarkSet": [asked | {"SvgContent": WHITE}]}])
    assert step["Status"] == "SUCCESS", step
    # The drawing itself is not repeated.
    assert step["Input"]["WatermarkSet"] == [asked | {"TextContent": "", "SvgContent": ""}]
    seen = clips.frames(fetch(step["Output"]["Url"]).body)
    assert len(seen) == 30
    for at, frame in enumerate(seen):
        # 64x32 at 320 - 32 - 64 and 240 - 20 - 32.
        assert is_bright(frame, 226, 190, 60, 28) == (10 <= at < 20), at
        assert is_dark(frame, 0, 0, 320, 186) and is_dark(frame, 0, 180, 222, 60), at
        assert is_dark(frame, 290, 180, 30, 60) and is_dark(frame, 220, 222, 100, 18), at


def test_its_sides_are_counted_as_they_say(client, dark):
    file = cos.upload(client, dark)
    expected = {("50W%", None): (160, 80), ("50H%", None): (120, 60), ("50S%", "0px"): (120, 60),
                ("25L%", None): (80, 40), ("50%", "25%"): (160, 60), ("80px", "100px"): (80, 100),
                ("0px", "25L%"): (160, 80), ("0px", "10W%"): (64, 32), (None, None): (32, 16),
                ("0px", "0px"): (40, 20)}
    numbers = {sides: svg_mark(client, *sides) for sides in expected}
    for sides, (width, height) in expected.items():
        frame = shot(client, file, {"Definition": numbers[sides], "SvgContent": WHITE})
        assert is_box(frame, width, height), sides
    client.call("ModifyWatermarkTemplate", Definition=numbers["0px", "0px"],
                SvgTemplate={"Width": "100px"})
    mark = {"Definition": numbers["0px", "0px"], "SvgContent": WHITE}
    assert is_box(shot(client, file, mark), 100, 50)


def test_what_is_transparent_stays_so_and_edges_are_sharp(client, dark):
    content = (f'<svg {NAMESPACE} viewBox="0 0 4 2"><rect width="1" height="2" fill="#fff"/>'
               '<rect x="1" width="1" height="2" fill="#fff" opacity="0.5"/></svg>')
    number = svg_mark(client, "160px")
    frame = shot(client, cos.upload(client, dark), {"Definition": number, "SvgContent": content})
    assert is_bright(frame, 1, 1, 37, 78)
    half = frame.region(43, 2, 34, 76)
    assert 110 < min(half) and max(half) < 145
    assert is_dark(frame, 83, 0, 237, 240)


def test_its_letters_are_drawn(client, dark):
    content = (f'<svg {NAMESPACE} width="160" height="40"><text y="32" font-size="32" fill="#fff">'
               'Hookreel</text></svg>')
    number = svg_mark(client, "0px", "0px")
    frame = shot(client, cos.upload(client, dark), {"Definition": number, "SvgContent": content})
    # The upright of its first letter.
    assert max(frame.region(2, 8, 8, 24)) > BRIGHT
    assert max(frame.region(80, 8, 60, 24)) > BRIGHT
    assert is_dark(frame, 0, 50, 320, 190)


def test_every_kind_of_picture_has_it_in_its_size(client, dark):
    file = cos.upload(client, dark)
    number = svg_mark(client, "25W%")
    mark = [{"Definition": number, "SvgContent": WHITE}]
    samples, cover, adaptive = (
        works(client, file, **{name: [task | {"Definition": 10, "WatermarkSet": mark}]})[0]
        for name, task in {
            "SampleSnapshotTaskSet": {},
            "CoverBySnapshotTaskSet": {"PositionType": "Time", "PositionValue": 1},
            "AdaptiveDynamicStreamingTaskSet": {}}.items())
    for step in samples, cover, adaptive:
        assert step["Status"] == "SUCCESS", step
    assert all(is_box(clips.frames(fetch(url).body)[0], 80, 40)
               for url in samples["Output"]["ImageUrlSet"])
    assert is_box(clips.frames(fetch(cover["Output"]["CoverUrl"]).body)[0], 80, 40)
    assert is_box(clips.last_frame(adaptive["Output"]["Url"]), 80, 40)


def test_a_procedure_keeps_its_drawing_over_a_restart(start_server, dark):
    server = start_server()
    client = server.client()
    number = svg_mark(client, "64px")
    # Of 1.9 million characters: nothing of that goes into a record.
    large = WHITE.replace("<rect", f"<!--{'x' * 1_900_000}--><rect")
    cover = {"Definition": 10, "PositionType": "Time", "PositionValue": 0}
    client.call("CreateProcedureTemplate", Name="marked", MediaProcessTask={
        "CoverBySnapshotTaskSet": [
            cover | {"WatermarkSet": [{"Definition": number, "SvgContent": large}]}]})
    # What a refused call brought is named by nothing.
    with pytest.raises(TencentError):
        process(client, "1", CoverBySnapshotTaskSet=[
            cover | {"WatermarkSet": [{"Definition": number, "SvgContent": WHITE}]}])
    assert len(stored(server)) == 2
    server.kill()
    server = start_server()
    client = server.client()
    path, = stored(server)
    assert path.read_text() == large
    assert fetch(f"{server.url}/media/.drawings/{path.parent.name}/{path.name}").status == 404
    file = cos.upload(client, dark)
    task = client.call("ProcessMediaByProcedure", ProcedureName="marked", FileId=file)
    result, = task_result(client, task["TaskId"])["MediaProcessResultSet"]
    cover = result["CoverBySnapshotTask"]
    assert cover["Status"] == "SUCCESS", cover
    assert is_box(clips.frames(fetch(cover["Output"]["CoverUrl"]).body)[0], 64, 32)


def refusal(client, content):
    with pytest.raises(TencentError) as refused:
        process(client, "1", SampleSnapshotTaskSet=[
            {"Definition": 10, "WatermarkSet": [{"Definition": 1, "SvgContent": content}]}])
    assert refused.value.code == "InvalidParameterValue"
    return str(refused.value)


def test_what_is_no_drawing_or_leads_out_of_it_is_refused(server, client):
    def svg(inside):
        return f"<svg {NAMESPACE}>{inside}</svg>"

    laughs = "".join(f'<!ENTITY a{i + 1} "{f"&a{i};" * 10}">' for i in range(9))
    for content, words in {
            "no drawing": "one <svg>",
            "<html/>": "one <svg>",
            "<svg><g></svg>": "no XML",
            f'<!DOCTYPE svg [<!ENTITY a0 "ha">{laughs}]><svg>&a9;</svg>': "DOCTYPE",
            svg('<image xlink:href="/etc/passwd"/>'): "`/etc/passwd`",
            svg('<image href="file:///etc/passwd"/>'): "`file:///etc/passwd`",
            svg('<image href="http://127.0.0.1:9/a.png"/>'): "`http://127.0.0.1:9/a.png`",
            svg('<rect fill="url(http://127.0.0.1:9/#a)"/>'): "`http://127.0.0.1:9/#a`",
            svg("<style>@import url(http://127.0.0.1:9/);</style>"): "@import",
            svg("<script>alert(1)</script>"): "script",
            svg("<g>" * 100_000 + "</g>" * 100_000): "too deep",
            "<svg>" + "x" * 2_000_000: "2000000 characters"}.items():
        assert words in refusal(client, content), content[:100]
    assert stored(server) == []
    # Different ones, in one call.
    with pytest.raises(TencentError) as refused:
        process(client, "1", SampleSnapshotTaskSet=[
            {"Definition": 10, "WatermarkSet": [
                {"Definition": 1, "SvgContent": svg(f"<!--{step} {i}-->")} for i in range(7)]}
            for step in range(3)])
    assert refused.value.code == "InvalidParameterValue"
    assert "At most 20 different" in str(refused.value)


def test_what_cannot_be_drawn_fails_its_step_alone(client, dark):
    file = cos.upload(client, dark)
    relative, native = svg_mark(client), svg_mark(client, "0px", "0px")
    rect = '<rect width="9" height="9"/>'
    noise = ('<filter id="n"><feTurbulence baseFrequency="0.5" numOctaves="100000"/></filter>'
             '<rect filter="url(#n)" width="2000" height="2000"/>')
    uses = "".join(f'<g id="g{i + 1}">{f"<use href=%s/>" % repr(f"#g{i}") * 10}</g>'
                   for i in range(12))
    for number, content in (
            (native, f'<svg {NAMESPACE} width="1000000" height="1000000">{rect}</svg>'),
            (native, f'<svg {NAMESPACE} width="1000000" height="1">{rect}</svg>'),
            (relative, f'<svg {NAMESPACE} viewBox="0 0 1 1000000">{rect}</svg>'),
            (native, f'<svg {NAMESPACE} width="2000" height="2000">{noise}</svg>'),
            (relative, f"<svg {NAMESPACE}>&undeclared;</svg>")):
        step = snapshot(client, file, {"Definition": number, "SvgContent": content})
        assert (step["Status"], step["ErrCodeExt"]) == ("FAIL", "InvalidInput"), content[:200]
        assert "SVG" in step["Message"], step
    # These take what they take, and whatever comes of them the server goes on.
    for content in (
            f'<svg {NAMESPACE} viewBox="0 0 9 9"><g id="g0">{rect}</g>{uses}</svg>',
            f'<svg {NAMESPACE} viewBox="0 0 900 900"><filter id="b" x="-99" y="-99" width="9999" '
            'height="9999"><feGaussianBlur stdDeviation="99999"/></filter>'
            + '<g filter="url(#b)">' * 90 + rect + "</g>" * 90 + "</svg>"):
        step = snapshot(client, file, {"Definition": relative, "SvgContent": content})
        assert step["Status"] in ("SUCCESS", "FAIL"), step
    assert is_box(shot(client, file, {"Definition": relative, "SvgContent": WHITE}), 32, 16)


def test_a_template_takes_what_is_of_its_kind(client, dark):
    file = cos.upload(client, dark)
    drawn = svg_mark(client)
    text = client.call("CreateWatermarkTemplate", Type="text",
                       TextTemplate={"FontSize": "24px"})["Definition"]
    for mark in ({"Definition": drawn}, {"Definition": drawn, "TextContent": "x"},
                 {"Definition": drawn, "TextContent": "x", "SvgContent": WHITE},
                 {"Definition": text, "TextContent": "x", "SvgContent": WHITE}):
        step = snapshot(client, file, mark)
        assert (step["Status"], step["ErrCodeExt"]) == ("FAIL", "InvalidInput"), step
    for sides, code in ({"Width": "10"}, "Width"), ({"Width": "1.5px"}, "Width"), (
            {"Height": "101S%"}, "Height"), ({"Height": "4097px"}, "Height"):
        with pytest.raises(TencentError) as refused:
            client.call("CreateWatermarkTemplate", Type="svg", SvgTemplate=sides)
        assert refused.value.code == f"InvalidParameterValue.{code}"
