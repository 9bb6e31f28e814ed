"""Work that external services do: asked for by action, done by a program of ours, told by event."""

from tencentcloud.vod.v20180717 import models

from harness import cos
from harness.events import push_to
from harness.external import SECRET
from harness.sdk import connect, refusal, request


def test_a_review_is_done_by_the_example_service_and_told(start_server, start_service, receiver,
                                                          mp4):
    service = start_service("--secret", SECRET, "--polls", "1")
    server = start_server("--external-service", f"review_audio_video={service.url}",
                          "--external-secret", SECRET)
    client = server.client()
    push_to(client, receiver)
    file = cos.upload(client, mp4)
    sdk = connect(server)
    task = sdk.ReviewAudioVideo(request("ReviewAudioVideo", FileId=file, Definition=10,
                                        SessionContext="lesson 7")).TaskId
    event = receiver.wait_for_type("ReviewAudioVideoComplete")[0].json()
    content = event["ReviewAudioVideoCompleteEvent"]
    assert (content["TaskId"], content["Status"], content["ErrCodeExt"]) == (task, "FINISH", "")
    assert content["Input"] == {"FileId": file, "Definition": 10}
    assert content["Output"]["Suggestion"] == "pass"
    assert content["SessionContext"] == "lesson 7"
    parsed = models.EventContent()
    parsed._deserialize(event)
    detail = sdk.DescribeTaskDetail(request("DescribeTaskDetail", TaskId=task))
    assert (detail.TaskType, detail.Status) == ("ReviewAudioVideo", "FINISH")
    assert detail.ReviewAudioVideoTask.Output.Suggestion == "pass"


def test_what_a_review_found_stays_with_the_file(start_server, start_service, receiver, mp4):
    service = start_service()
    options = ("--external-service", f"review_audio_video={service.url}")
    server = start_server(*options)
    client = server.client()
    push_to(client, receiver)
    file, other = (cos.upload(client, mp4) for _ in range(2))
    connect(server).ReviewAudioVideo(request("ReviewAudioVideo", FileId=file, Definition=10))
    receiver.wait_for_type("ReviewAudioVideoComplete")
    server.kill()
    client = start_server(*options).client()
    info, = client.call("DescribeMediaInfos", FileIds=[file],
                        Filters=["reviewInfo"])["MediaInfoSet"]
    review = info["ReviewInfo"]["MediaReviewInfo"]
    assert (review["Definition"], review["Suggestion"], review["TypeSet"]) == (10, "pass", [])
    assert info["ReviewInfo"]["CoverReviewInfo"] is None

    def found(*results):
        answer = client.call("SearchMedia", ReviewResults=list(results), Filters=["basicInfo"])
        return {one["FileId"] for one in answer["MediaInfoSet"]}

    assert found("pass") == {file}
    assert found("notModerated") == {other}
    assert found("block", "notModerated", "pass") == {file, other}
    assert found("review") == set()


def test_a_procedure_has_uploads_reviewed(start_server, start_service, receiver, mp4):
    service = start_service()
    server = start_server("--external-service", f"review_audio_video={service.url}")
    client = server.client()
    push_to(client, receiver)
    client.call("CreateProcedureTemplate", Name="looked-at", ReviewAudioVideoTask={
        "Definition": 10, "ReviewContents": ["Media"]}, MediaProcessTask={
        "CoverBySnapshotTaskSet": [{"Definition": 10, "PositionType": "Time",
                                    "PositionValue": 0}]})
    file = cos.upload(client, mp4, Procedure="looked-at")
    upload = receiver.wait_for_type("NewFileUpload")[0].json()["FileUploadEvent"]
    review = receiver.wait_for_type("ReviewAudioVideoComplete")[0].json()[
        "ReviewAudioVideoCompleteEvent"]
    procedure = receiver.wait_for_type("ProcedureStateChanged")[0].json()[
        "ProcedureStateChangeEvent"]
    assert upload["ReviewAudioVideoTaskId"] == review["TaskId"]
    assert upload["ProcedureTaskId"] == procedure["TaskId"]
    assert review["Input"] == {"FileId": file, "Definition": 10, "ReviewContents": ["Media"]}
    assert review["Output"]["Suggestion"] == "pass"

    client.call("EditMedia", InputType="File", FileInfos=[{"FileId": file}],
                ProcedureName="looked-at")
    edit = receiver.wait_for_type("EditMediaComplete")[0].json()["EditMediaCompleteEvent"]
    client.call("PullUpload", MediaUrl=upload["MediaBasicInfo"]["MediaUrl"], Procedure="looked-at")
    pull = receiver.wait_for_type("PullComplete")[0].json()["PullCompleteEvent"]
    reviewed = {one.json()["ReviewAudioVideoCompleteEvent"]["TaskId"]
                for one in receiver.wait_for_type("ReviewAudioVideoComplete", 3)}
    assert reviewed == {made["ReviewAudioVideoTaskId"] for made in (upload, edit, pull)}

    sdk = connect(server)
    answer = sdk.ProcessMediaByProcedure(request("ProcessMediaByProcedure", FileId=file,
                                                 ProcedureName="looked-at"))
    detail = sdk.DescribeTaskDetail(request("DescribeTaskDetail",
                                            TaskId=answer.ReviewAudioVideoTaskId))
    assert detail.TaskType == "ReviewAudioVideo"
    assert detail.ReviewAudioVideoTask.Input.FileId == file
    assert sdk.DescribeTaskDetail(request("DescribeTaskDetail",
                                          TaskId=answer.TaskId)).TaskType == "Procedure"


def test_a_service_that_refuses_our_signature_makes_the_task_fail(start_server, start_service,
                                                                  receiver, mp4):
    service = start_service("--secret", SECRET)
    server = start_server("--external-service", f"*={service.url}")
    client = server.client()
    push_to(client, receiver)
    file = cos.upload(client, mp4)
    connect(server).ReviewAudioVideo(request("ReviewAudioVideo", FileId=file))
    content = receiver.wait_for_type("ReviewAudioVideoComplete")[0].json()[
        "ReviewAudioVideoCompleteEvent"]
    assert content["ErrCodeExt"] == "InternalError"
    assert "401" in content["Message"]


def test_a_task_outlives_the_death_of_the_server(start_server, start_service, receiver, mp4,
                                                 tmp_path):
    service = start_service("--polls", "2")
    options = ("--external-service", f"*={service.url}")
    server = start_server(*options)
    client = server.client()
    push_to(client, receiver)
    file = cos.upload(client, mp4)
    task = connect(server).ReviewAudioVideo(request("ReviewAudioVideo", FileId=file)).TaskId
    server.kill()
    start_server(*options)
    told = receiver.wait_for_type("ReviewAudioVideoComplete")
    assert [one.json()["ReviewAudioVideoCompleteEvent"]["TaskId"] for one in told] == [task]


def test_without_a_service_the_action_says_so(server, client, mp4):
    file = cos.upload(client, mp4)
    sdk = connect(server)
    assert refusal(sdk.ReviewAudioVideo, "ReviewAudioVideo", FileId=file) == "FailedOperation"
    assert refusal(sdk.CreateAigcImageTask, "CreateAigcImageTask",
                   Prompt="waves") == "FailedOperation"
    assert refusal(sdk.CreateProcedureTemplate, "CreateProcedureTemplate", Name="x",
                   ReviewAudioVideoTask={"Definition": 10}) == "FailedOperation"
