"""Procedure templates and ProcessMediaByProcedure through the official Python SDK."""

from harness import clips, cos
from harness.events import pull_mode, pull_until
from harness.sdk import connect, refusal, request


def test_a_procedure_is_made_used_and_deleted(server, client, mp4):
    sdk = connect(server)
    works = {"CoverBySnapshotTaskSet": [
        {"Definition": 10, "PositionType": "Percent", "PositionValue": 50}]}
    flow = request("CreateProcedureTemplate", Name="flow", Comment="first",
                   MediaProcessTask=works)
    sdk.CreateProcedureTemplate(flow)
    assert refusal(sdk.CreateProcedureTemplate, "CreateProcedureTemplate", Name="flow",
                   MediaProcessTask=works) == "InvalidParameter.ExistedProcedureName"
    sdk.ResetProcedureTemplate(request("ResetProcedureTemplate", Name="flow", Comment="second",
                                       MediaProcessTask=works))
    listed = sdk.DescribeProcedureTemplates(
        request("DescribeProcedureTemplates", Names=["flow", "LongVideoPreset"]))
    assert [(one.Name, one.Type, one.Comment) for one in listed.ProcedureTemplateSet] == [
        ("LongVideoPreset", "Preset", ""), ("flow", "Custom", "second")]
    cover, = listed.ProcedureTemplateSet[1].MediaProcessTask.CoverBySnapshotTaskSet
    assert (cover.PositionType, cover.PositionValue) == ("Percent", 50)

    file = cos.upload(client, mp4)
    pull_mode(client)
    task = sdk.ProcessMediaByProcedure(
        request("ProcessMediaByProcedure", ProcedureName="flow", FileId=file)).TaskId
    event, = pull_until(client, 1)
    assert event["ProcedureStateChangeEvent"]["TaskId"] == task
    sdk.DeleteProcedureTemplate(request("DeleteProcedureTemplate", Name="flow"))
    assert refusal(sdk.ProcessMediaByProcedure, "ProcessMediaByProcedure", ProcedureName="flow",
                   FileId=file) == "InvalidParameterValue.ProcedureName"


def test_the_preset_of_long_videos_makes_all_that_it_says(server, client, tmp_path):
    sdk = connect(server)
    file = cos.upload(client, clips.mp4(tmp_path / "a.mp4", seconds=2))
    pull_mode(client)
    sdk.ProcessMediaByProcedure(request("ProcessMediaByProcedure",
                                        ProcedureName="LongVideoPreset", FileId=file))
    event, = pull_until(client, 1)
    results = event["ProcedureStateChangeEvent"]["MediaProcessResultSet"]
    assert [result["Type"] for result in results] == [
        "AdaptiveDynamicStreaming", "ImageSprites", "CoverBySnapshot"]
    for result in results:
        step = next(value for name, value in result.items() if name != "Type" and value)
        assert (step["Status"], step["ErrCode"]) == ("SUCCESS", 0)
    assert refusal(sdk.ProcessMediaByProcedure, "ProcessMediaByProcedure",
                   ProcedureName="MultiDRMPreset", FileId=file) == "FailedOperation"
