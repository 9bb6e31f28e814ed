"""Work under a name: by ProcessMediaByProcedure, and on every file that names it when it comes."""

import pytest

from harness import cos
from harness.events import confirm, pull_mode, pull_until, task_result
from harness.origin import Origin
from harness.tencent import TencentError
from harness.web import fetch

COVER = {"CoverBySnapshotTaskSet": [
    {"Definition": 10, "PositionType": "Time", "PositionValue": 0}]}
SOUND = {"TranscodeTaskSet": [{"Definition": 1100}]}


@pytest.fixture
def origin():
    site = Origin()
    yield site
    site.close()


def refusal(client, action, **parameters):
    with pytest.raises(TencentError) as refused:
        client.call(action, **parameters)
    return refused.value.code


def told(client, count):
    """So many events, by their type."""
    events = pull_until(client, count)
    confirm(client, events)
    return {event["EventType"]: event for event in events}


def test_an_upload_that_names_a_procedure_is_worked_through(client, mp4):
    pull_mode(client)
    client.call("CreateProcedureTemplate", Name="my-flow", MediaProcessTask=COVER | SOUND)
    file = cos.upload(client, mp4, Procedure="my-flow", SessionContext="of the upload")
    events = told(client, 2)
    task = events["NewFileUpload"]["FileUploadEvent"]["ProcedureTaskId"]
    done = events["ProcedureStateChanged"]["ProcedureStateChangeEvent"]
    assert (done["TaskId"], done["FileId"], done["Status"]) == (task, file, "FINISH")
    assert done["SessionContext"] == "of the upload"
    assert sorted(result["Type"] for result in done["MediaProcessResultSet"]) == [
        "CoverBySnapshot", "Transcode"]
    info, = client.call("DescribeMediaInfos", FileIds=[file])["MediaInfoSet"]
    assert fetch(info["BasicInfo"]["CoverUrl"]).body[:2] == b"\xff\xd8"
    assert [item["Definition"] for item in info["TranscodeInfo"]["TranscodeSet"]] == [0, 1100]


def test_a_procedure_that_nobody_knows_leaves_the_file(client, mp4):
    pull_mode(client)
    file = cos.upload(client, mp4, Procedure="unknown")
    event = told(client, 1)["NewFileUpload"]["FileUploadEvent"]
    assert (event["FileId"], event["ProcedureTaskId"]) == (file, "")


def test_a_pulled_file_is_worked_through(start_server, origin, mp4):
    client = start_server("--allow-address", "127.0.0.0/8").client()
    pull_mode(client)
    client.call("CreateProcedureTemplate", Name="cover", MediaProcessTask=COVER)
    origin.files = {"/clip.mp4": mp4.read_bytes()}
    client.call("PullUpload", MediaUrl=origin.url("/clip.mp4"), Procedure="cover")
    events = told(client, 2)
    task = events["PullComplete"]["PullCompleteEvent"]["ProcedureTaskId"]
    assert events["ProcedureStateChanged"]["ProcedureStateChangeEvent"]["TaskId"] == task


def test_a_task_keeps_the_procedure_that_it_was_made_of(start_server, mp4):
    server = start_server("--jobs", "1")
    client = server.client()
    client.call("CreateProcedureTemplate", Name="flow", MediaProcessTask=COVER)
    file = cos.upload(client, mp4)
    by_name = dict(ProcedureName="flow", FileId=file, SessionId="once")
    task = client.call("ProcessMediaByProcedure", **by_name)["TaskId"]
    assert refusal(client, "ProcessMediaByProcedure", **by_name) == \
        "InvalidParameterValue.SessionId"
    client.call("ResetProcedureTemplate", Name="flow", MediaProcessTask=SOUND)
    assert task_result(client, task)["MediaProcessResultSet"][0]["Type"] == "CoverBySnapshot"

    server.stop()
    client = start_server("--jobs", "1").client()
    template, = client.call("DescribeProcedureTemplates", Type="Custom")["ProcedureTemplateSet"]
    assert template["MediaProcessTask"] == SOUND
    task = client.call("ProcessMediaByProcedure", ProcedureName="flow", FileId=file)["TaskId"]
    client.call("DeleteProcedureTemplate", Name="flow")
    assert task_result(client, task)["MediaProcessResultSet"][0]["Type"] == "Transcode"
    assert refusal(client, "ProcessMediaByProcedure", ProcedureName="flow", FileId=file) == \
        "InvalidParameterValue.ProcedureName"


def test_procedures_belong_to_their_application(client):
    other = client.call("CreateSubAppId", Name="other")["SubAppId"]
    client.call("CreateProcedureTemplate", Name="flow", MediaProcessTask=COVER)
    assert client.call("DescribeProcedureTemplates", SubAppId=other,
                       Type="Custom")["TotalCount"] == 0
    assert refusal(client, "DeleteProcedureTemplate", SubAppId=other, Name="flow") == \
        "InvalidParameter"
