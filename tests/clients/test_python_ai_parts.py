"""Review, analysis and recognition as parts of a task, through the official Python SDK."""

from harness import cos
from harness.events import pull_mode
from harness.sdk import connect, refusal, request


def test_the_event_has_results_of_the_sdks_types(start_server, start_service, mp4):
    server = start_server("--external-service", f"*={start_service().url}")
    sdk = connect(server)
    pull_mode(server.client())
    sdk.CreateProcedureTemplate(request(
        "CreateProcedureTemplate", Name="looked-at", AiContentReviewTask={"Definition": 10},
        AiAnalysisTask={"Definition": 20}, AiRecognitionTaskSet=[{"Definition": 30}],
        MediaProcessTask={"CoverBySnapshotTaskSet": [
            {"Definition": 10, "PositionType": "Time", "PositionValue": 0}]}))
    template, = sdk.DescribeProcedureTemplates(
        request("DescribeProcedureTemplates", Names=["looked-at"])).ProcedureTemplateSet
    assert template.AiContentReviewTask.Definition == 10
    assert template.AiAnalysisTask.Definition == 20
    assert [one.Definition for one in template.AiRecognitionTaskSet] == [30]
    file = cos.upload(server.client(), mp4, MediaName="clip", Procedure="looked-at")
    events = {}
    while "ProcedureStateChanged" not in events:
        pulled = sdk.PullEvents(request("PullEvents")).EventSet
        events |= {event.EventType: event for event in pulled}
        sdk.ConfirmEvents(request("ConfirmEvents",
                                  EventHandles=[event.EventHandle for event in pulled]))
    content = events["ProcedureStateChanged"].ProcedureStateChangeEvent
    assert (content.Status, content.FileId) == ("FINISH", file)
    cover, = content.MediaProcessResultSet
    assert cover.CoverBySnapshotTask.Status == "SUCCESS"
    review, = content.AiContentReviewResultSet
    assert (review.Type, review.PornTask.Status, review.PornTask.Output.Suggestion) == (
        "Porn", "SUCCESS", "pass")
    assert review.PornTask.Input.Definition == 10
    assert review.PornAsrTask is None
    analysis, = content.AiAnalysisResultSet
    assert [(tag.Tag, tag.Confidence) for tag in analysis.TagTask.Output.TagSet] == [("video", 99)]
    assert analysis.TagTask.FinishTime
    words, = content.AiRecognitionResultSet
    segment, = words.AsrFullTextTask.Output.SegmentSet
    assert segment.Text == "These are the words of clip."
    shown = sdk.DescribeTaskDetail(request("DescribeTaskDetail", TaskId=content.TaskId))
    assert shown.ProcedureTask.AiAnalysisResultSet[0].TagTask.Output.TagSet[0].Tag == "video"


def test_an_address_is_reviewed(start_server, start_service, mp4):
    server = start_server("--external-service", f"*={start_service().url}")
    sdk, client = connect(server), server.client()
    file = cos.upload(client, mp4)
    info, = client.call("DescribeMediaInfos", FileIds=[file])["MediaInfoSet"]
    address = info["BasicInfo"]["MediaUrl"]
    pull_mode(client)
    task = sdk.ProcessMediaByUrl(request(
        "ProcessMediaByUrl", InputInfo={"Url": address, "Name": "clip", "Id": "mine"},
        AiContentReviewTask={"Definition": 10})).TaskId
    event, = sdk.PullEvents(request("PullEvents")).EventSet
    content = event.ProcedureStateChangeEvent
    assert (content.TaskId, content.FileId, content.FileName, content.FileUrl) == (
        task, "mine", "clip", address)
    assert content.AiContentReviewResultSet[0].PornTask.Output.Suggestion == "pass"


def test_without_a_service_they_are_refused(server, client, mp4):
    sdk = connect(server)
    file = cos.upload(client, mp4)
    for part in ("AiContentReviewTask", "AiAnalysisTask", "AiRecognitionTask"):
        asked = {part: {"Definition": 10}}
        assert refusal(sdk.ProcessMedia, "ProcessMedia", FileId=file, **asked) == "FailedOperation"
        assert refusal(sdk.CreateProcedureTemplate, "CreateProcedureTemplate", Name="x",
                       **asked) == "FailedOperation"
