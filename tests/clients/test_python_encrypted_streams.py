"""SimpleAES through the official Python SDK: asked for, told, found, played."""

import pytest

from harness import clips, cos, hls
from harness.events import pull_mode, pull_until
from harness.sdk import connect, refusal, request


@pytest.mark.parametrize("way", ["ProcessMedia", "ProcessMediaByProcedure"])
def test_an_encrypted_stream_is_made_and_plays(server, client, mp4, way):
    sdk = connect(server)
    file = cos.upload(client, mp4)
    pull_mode(client)
    if way == "ProcessMedia":
        task = sdk.ProcessMedia(request("ProcessMedia", FileId=file, MediaProcessTask={
            "AdaptiveDynamicStreamingTaskSet": [{"Definition": 12}]})).TaskId
    else:
        task = sdk.ProcessMediaByProcedure(request(
            "ProcessMediaByProcedure", FileId=file, ProcedureName="SimpleAesEncryptPreset")).TaskId
    event = pull_until(client, 1)[0]["ProcedureStateChangeEvent"]
    assert event["TaskId"] == task
    told, *others = event["MediaProcessResultSet"]
    assert [one["Type"] for one in others] == (
        [] if way == "ProcessMedia" else ["ImageSprites", "CoverBySnapshot"])

    detail = sdk.DescribeTaskDetail(request("DescribeTaskDetail", TaskId=task))
    step = detail.ProcedureTask.MediaProcessResultSet[0].AdaptiveDynamicStreamingTask
    info = sdk.DescribeMediaInfos(request("DescribeMediaInfos", FileIds=[file])).MediaInfoSet[0]
    stream, = info.AdaptiveDynamicStreamingInfo.AdaptiveDynamicStreamingSet
    assert (step.Status, step.Message) == ("SUCCESS", "SUCCESS")
    for one in step.Output, stream:
        assert (one.Definition, one.Package, one.DrmType) == (12, "HLS", "SimpleAES")
    assert stream.Url == told["AdaptiveDynamicStreamingTask"]["Output"]["Url"]
    assert len(hls.given(hls.read(stream.Url)[0].key).body) == 16
    assert clips.play(stream.Url) == ""


def test_streams_that_need_licences_are_refused(server, client, mp4):
    sdk = connect(server)
    file = cos.upload(client, mp4)
    assert refusal(sdk.ProcessMedia, "ProcessMedia", FileId=file, MediaProcessTask={
        "AdaptiveDynamicStreamingTaskSet": [{"Definition": 13}]}) == "FailedOperation"
    assert refusal(sdk.ProcessMediaByProcedure, "ProcessMediaByProcedure", FileId=file,
                   ProcedureName="WidevineFairPlayPreset") == "FailedOperation"
