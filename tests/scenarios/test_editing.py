"""EditMedia and ComposeMedia with the real binary: held to the frame, told once."""

import pytest

from harness import clips, cos
from harness.events import confirm, pull_mode, pull_until, wait_until
from harness.tencent import TencentError
from harness.web import fetch


def edit(client, files, **more):
    infos = [dict(FileId=file, StartTimeOffset=start, EndTimeOffset=end)
             for file, start, end in files]
    return client.call("EditMedia", InputType="File", FileInfos=infos, **more)["TaskId"]


def told(client, kind):
    """The one event that comes, of this kind."""
    event, = pull_until(client, 1)
    assert event["EventType"] == f"{kind}Complete"
    confirm(client, [event])
    return event[f"{kind}CompleteEvent"]


@pytest.fixture
def numbered(client, tmp_path):
    """The id of a clip of 50 frames that tell their number."""
    file = cos.upload(client, clips.numbered(tmp_path / "numbered.mp4"), "mp4")
    pull_mode(client)
    return file


def expect_frames(shades, numbers):
    assert len(shades) == len(numbers)
    for shade, number in zip(shades, numbers):
        assert abs(shade - 20 - 4 * number) <= 2


def test_pieces_are_cut_and_joined_exactly_to_the_frame(client, numbered):
    task = edit(client, [(numbered, 0.6, 1.4), (numbered, -0.4, 0)],
                OutputConfig={"MediaName": "名前 🎬", "ClassId": 0}, SessionContext="mine")
    event = told(client, "EditMedia")
    assert (event["TaskId"], event["Status"], event["ErrCode"]) == (task, "FINISH", 0)
    assert event["SessionContext"] == "mine"
    content = fetch(event["Output"]["FileUrl"]).body
    expect_frames(clips.shades(content), [*range(15, 35), *range(40, 50)])
    assert event["MetaData"]["Size"] == len(content)
    assert abs(event["MetaData"]["VideoDuration"] - 30 / 25) < 0.001

    info, = client.call("DescribeMediaInfos", FileIds=[event["Output"]["FileId"]])["MediaInfoSet"]
    assert info["BasicInfo"]["Name"] == "名前 🎬"
    assert info["BasicInfo"]["SourceInfo"]["SourceType"] == "VideoProcessing"
    detail = client.call("DescribeTaskDetail", TaskId=task)
    assert (detail["TaskType"], detail["Status"]) == ("EditMedia", "FINISH")
    assert detail["EditMediaTask"]["Output"] == event["Output"]


def test_a_playlist_can_be_made(client, numbered):
    edit(client, [(numbered, 0, 0), (numbered, 0, 0)], OutputConfig={"Type": "hls"})
    event = told(client, "EditMedia")
    url = event["Output"]["FileUrl"]
    playlist = fetch(url).body.decode()
    segments = [line for line in playlist.splitlines() if line and not line.startswith("#")]
    frames = [shade for name in segments
              for shade in clips.shades(fetch(url.rsplit("/", 1)[0] + "/" + name).body)]
    assert len(frames) == 100


def test_a_playlist_is_worked_on_like_any_file(client, numbered):
    works = {"TranscodeTaskSet": [{"Definition": 10}, {"Definition": 876}],
             "CoverBySnapshotTaskSet": [
                 {"Definition": 10, "PositionType": "Percent", "PositionValue": 100}],
             "AdaptiveDynamicStreamingTaskSet": [{"Definition": 10}],
             "ImageSpriteTaskSet": [{"Definition": 10}],
             "AnimatedGraphicTaskSet": [
                 {"Definition": 20000, "StartTimeOffset": 1, "EndTimeOffset": 2}]}
    client.call("CreateProcedureTemplate", Name="everything", MediaProcessTask=works)
    edit(client, [(numbered, 0, 0), (numbered, 0, 0)], OutputConfig={"Type": "hls"},
         ProcedureName="everything")
    made = told(client, "EditMedia")
    event, = pull_until(client, 1)
    confirm(client, [event])
    done = event["ProcedureStateChangeEvent"]
    assert (done["FileId"], done["TaskId"]) == (made["Output"]["FileId"], made["ProcedureTaskId"])
    results = [next(value for name, value in step.items() if name != "Type" and value)
               for step in done["MediaProcessResultSet"]]
    assert [(result["Status"], result["ErrCodeExt"]) for result in results] == [("SUCCESS", "")] * 6
    mp4 = results[0]["Output"]
    assert mp4["Duration"] == pytest.approx(4, abs=0.1)
    shades = clips.shades(fetch(mp4["Url"]).body)
    assert abs(shades[0] - 20) <= 4 and abs(shades[-1] - 216) <= 8

    client.call("DeleteMedia", FileId=made["Output"]["FileId"])
    for url in (mp4["Url"], made["Output"]["FileUrl"]):
        assert fetch(url).status == 404


def test_tracks_are_composed(client, numbered):
    items = [{"Type": "Empty", "EmptyItem": {"Duration": 0.2}},
             {"Type": "Video", "VideoItem": {"SourceMedia": numbered, "Duration": 0.4}}]
    task = client.call("ComposeMedia", Tracks=[{"Type": "Video", "TrackItems": items}],
                       Canvas={"Color": "White", "Width": 200, "Height": 120},
                       Output={"FileName": "composed", "Container": "mp4"})["TaskId"]
    event = told(client, "ComposeMedia")
    assert (event["TaskId"], event["ErrCode"]) == (task, 0)
    shades = clips.shades(fetch(event["Output"]["FileUrl"]).body)
    assert min(shades[:5]) > 220
    expect_frames(shades[5:], range(10))
    assert (event["MetaData"]["Width"], event["MetaData"]["Height"]) == (200, 120)
    detail = client.call("DescribeTaskDetail", TaskId=task)
    assert detail["ComposeMediaTask"]["Input"]["Canvas"]["Color"] == "White"


@pytest.mark.parametrize("start, end, code", [
    (5, 6, "InvalidInput.InvalidTimeOffset"), (1.5, 0.5, "InvalidInput.InvalidTimeOffset")])
def test_times_that_do_not_fit_are_told(client, numbered, start, end, code):
    edit(client, [(numbered, start, end)])
    event = told(client, "EditMedia")
    assert (event["ErrCode"], event["ErrCodeExt"]) == (40000, code)
    assert event["Output"]["FileId"] == ""


def test_a_session_is_taken_once(client, numbered):
    edit(client, [(numbered, 0, 0.4)], SessionId="once")
    with pytest.raises(TencentError) as refused:
        edit(client, [(numbered, 0, 0.4)], SessionId="once")
    assert refused.value.code == "InvalidParameterValue.SessionId"


def test_a_file_that_does_not_exist_is_named(client):
    with pytest.raises(TencentError) as refused:
        edit(client, [("1234567890123456789", 0, 1)])
    assert refused.value.code == "ResourceNotFound"


def test_an_edit_survives_the_death_of_the_server(start_server, long_mp4):
    server = start_server()
    client = server.client()
    file = cos.upload(client, long_mp4, "mp4")
    pull_mode(client)
    task = edit(client, [(file, 0, 0)] * 3)
    wait_until(lambda: client.call("DescribeTaskDetail", TaskId=task)["Status"] == "PROCESSING")
    server.kill()
    client = start_server().client()
    event = told(client, "EditMedia")
    assert (event["TaskId"], event["ErrCode"]) == (task, 0)
    assert abs(event["MetaData"]["Duration"] - 90) < 0.1
