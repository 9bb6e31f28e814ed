"""EditMedia and ComposeMedia through the official Python SDK."""

from harness import clips, cos
from harness.events import pull_mode, pull_until
from harness.sdk import connect, refusal, request
from harness.web import fetch


def test_files_are_cut_joined_and_composed(server, client, tmp_path):
    sdk = connect(server)
    file = cos.upload(client, clips.numbered(tmp_path / "numbered.mp4"), "mp4")
    pull_mode(client)
    pieces = [{"FileId": file, "StartTimeOffset": 0, "EndTimeOffset": 0.4},
              {"FileId": file, "StartTimeOffset": 1, "EndTimeOffset": 1.4}]
    task = sdk.EditMedia(request("EditMedia", InputType="File", FileInfos=pieces)).TaskId
    pull_until(client, 1)
    detail = sdk.DescribeTaskDetail(request("DescribeTaskDetail", TaskId=task))
    assert (detail.TaskType, detail.Status) == ("EditMedia", "FINISH")
    made = detail.EditMediaTask
    assert (made.ErrCode, made.Message) == (0, "SUCCESS")
    assert len(clips.shades(fetch(made.Output.FileUrl).body)) == 20

    item = {"Type": "Video", "VideoItem": {"SourceMedia": made.Output.FileId, "Duration": 0.4}}
    task = sdk.ComposeMedia(request(
        "ComposeMedia", Tracks=[{"Type": "Video", "TrackItems": [item]}],
        Output={"FileName": "composed", "Container": "mp4"})).TaskId
    pull_until(client, 1)
    detail = sdk.DescribeTaskDetail(request("DescribeTaskDetail", TaskId=task))
    assert (detail.TaskType, detail.Status) == ("ComposeMedia", "FINISH")
    assert detail.ComposeMediaTask.MetaData.VideoDuration == 0.4

    assert refusal(sdk.EditMedia, "EditMedia", InputType="Stream",
                   StreamInfos=[{"StreamId": "1"}]) == "FailedOperation"
