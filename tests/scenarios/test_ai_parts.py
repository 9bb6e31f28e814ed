"""The parts of tasks that external services do: review, analysis, recognition."""

import pytest

from harness import cos
from harness.command import Command, succeed
from harness.events import (TRANSCODE_AND_COVER, confirm, process, pull, pull_mode, pull_until,
                            push_to, task_result, wait_until)
from harness.external import SECRET, say
from harness.native import OWNER_TOKEN, Native
from harness.receiver import Receiver, answer, hang
from harness.tencent import TencentError

TAGS = [{"Type": "Tag", "TagTask": {"Output": {"TagSet": [{"Tag": "lake", "Confidence": 90}]}}}]
VERDICT = {"Type": "Porn", "PornTask": {"Output": {"Confidence": 1, "Suggestion": "pass",
                                                   "SegmentSet": []}}}
THREE = {"AiContentReviewTask": {"Definition": 10}, "AiAnalysisTask": {"Definition": 20},
         "AiRecognitionTask": {"Definition": 30}}


def going_on(progress=30):
    return say("processing", progress=progress, ask_again_seconds=1)


@pytest.fixture
def service():
    """A service whose answers the test chooses by kind: `service.behaviours["/analyze"]`."""
    with_paths = Receiver()
    yield with_paths
    with_paths.close()


def served_by(service):
    return [word for kind in ("review", "analyze", "recognize")
            for word in ("--external-service", f"{kind}_content={service.url('/' + kind)}")]


def questions(service, path="/analyze"):
    return [one.json() for one in service.callbacks if one.path == path]


def ask(client, file, **more):
    return client.call("ProcessMedia", FileId=file, **more)["TaskId"]


def analyze(client, file, **more):
    return ask(client, file, AiAnalysisTask={"Definition": 20}, **more)


def procedure_of(callback):
    return callback.json()["ProcedureStateChangeEvent"]


def told(receiver, count=1):
    return [procedure_of(one) for one in receiver.wait_for_type("ProcedureStateChanged", count)]


def detail(client, task):
    return client.call("DescribeTaskDetail", TaskId=task)


def statuses(procedure):
    """What has come of each result, by its type."""
    return {one["Type"]: next(value["Status"] for name, value in one.items()
                              if name != "Type" and value)
            for name, results in procedure.items() if name.endswith("ResultSet")
            for one in results}


def test_the_example_service_does_them_beside_the_steps(start_server, start_service, receiver, mp4):
    service = start_service("--secret", SECRET, "--polls", "1")
    server = start_server("--external-service", f"*={service.url}", "--external-secret", SECRET)
    client = server.client()
    push_to(client, receiver)
    file = cos.upload(client, mp4, MediaName="clip")
    task = ask(client, file, MediaProcessTask=TRANSCODE_AND_COVER, SessionContext="lesson 7",
               **THREE)
    content, = told(receiver)
    assert (content["TaskId"], content["Status"], content["FileId"]) == (task, "FINISH", file)
    assert content["SessionContext"] == "lesson 7"
    assert statuses(content) == {
        "Transcode": "SUCCESS", "CoverBySnapshot": "SUCCESS", "Porn": "SUCCESS", "Tag": "SUCCESS",
        "AsrFullTextRecognition": "SUCCESS"}
    review, = content["AiContentReviewResultSet"]
    assert review["PornTask"]["Output"]["Suggestion"] == "pass"
    assert review["PornTask"]["Input"] == {"Definition": 10}
    analysis, = content["AiAnalysisResultSet"]
    assert analysis["TagTask"]["Output"] == {
        "TagSet": [{"Tag": "video", "Confidence": 99}], "TagSetFileUrl": "",
        "TagSetFileUrlExpireTime": ""}
    assert (analysis["TagTask"]["ErrCode"], analysis["TagTask"]["Progress"]) == (0, 100)
    words, = content["AiRecognitionResultSet"]
    assert words["AsrFullTextTask"]["Input"] == {"Definition": 30}
    assert "the words of clip" in words["AsrFullTextTask"]["Output"]["SegmentSet"][0]["Text"]
    shown = task_result(client, task)
    assert statuses(shown) == statuses(content)
    # What the definition calls null-able is null in an answer, and left out of a callback.
    assert shown["AiContentReviewResultSet"][0]["PornAsrTask"] is None
    assert len(told(receiver)) == 1


def test_they_hold_no_job_while_a_service_works(start_server, service, mp4):
    client = start_server("--jobs", "1", *served_by(service)).client()
    service.behaviours["/analyze"] = going_on(40)
    pull_mode(client)
    file = cos.upload(client, mp4)
    busy = analyze(client, file, MediaProcessTask=TRANSCODE_AND_COVER)
    service.wait_for(1)
    transcoded = process(client, file)
    assert task_result(client, transcoded)["Status"] == "FINISH"
    shown = wait_until(lambda: (found := detail(client, busy))["ProcedureTask"][
        "AiAnalysisResultSet"][0]["ClassificationTask"]["Progress"] == 40 and found)
    assert shown["Status"] == "PROCESSING"
    results = statuses(shown["ProcedureTask"])
    assert (results.pop("Transcode"), results.pop("CoverBySnapshot")) == ("SUCCESS", "SUCCESS")
    assert set(results) == {"Classification", "Cover", "Tag", "FrameTag", "Highlight"}
    assert set(results.values()) == {"PROCESSING"}
    service.behaviours["/analyze"] = say("finished", output=TAGS)
    assert statuses(task_result(client, busy))["Tag"] == "SUCCESS"


def test_a_killed_server_goes_on_asking_and_tells_once(start_server, service, receiver, mp4):
    service.behaviours["/analyze"] = going_on(60)
    server = start_server(*served_by(service))
    client = server.client()
    push_to(client, receiver)
    task = analyze(client, cos.upload(client, mp4), MediaProcessTask={
        "CoverBySnapshotTaskSet": [{"Definition": 10, "PositionType": "Time",
                                    "PositionValue": 0}]})
    service.wait_for(2)
    server.kill()
    asked = len(service.callbacks)
    service.behaviours["/analyze"] = going_on(10)
    client = start_server(*served_by(service)).client()
    service.wait_for(asked + 1)
    shown = detail(client, task)
    assert shown["Status"] == "PROCESSING"
    assert shown["ProcedureTask"]["AiAnalysisResultSet"][0]["ClassificationTask"][
        "Progress"] == 60
    service.behaviours["/analyze"] = say("finished", output=TAGS)
    content, = told(receiver)
    assert (content["TaskId"], statuses(content)["Tag"]) == (task, "SUCCESS")
    assert len({one["id"] for one in questions(service)}) == 1
    # Another task's event is the second one: nothing of the first was told again.
    process(client, content["FileId"])
    assert [one["TaskId"] for one in told(receiver, 2)].count(task) == 1


def test_a_kill_during_the_question_loses_nothing(start_server, service, receiver, mp4):
    service.behaviours["/analyze"] = hang
    server = start_server(*served_by(service))
    client = server.client()
    push_to(client, receiver)
    task = analyze(client, cos.upload(client, mp4))
    service.wait_for(1)
    server.kill()
    service.behaviours["/analyze"] = say("finished", output=TAGS)
    start_server(*served_by(service))
    assert [one["TaskId"] for one in told(receiver)] == [task]


def test_what_waits_is_taken_back_and_what_is_done_is_not(start_server, service, mp4):
    client = start_server(*served_by(service)).client()
    pull_mode(client)
    file = cos.upload(client, mp4)
    confirm(client, pull_until(client, 1))
    service.behaviours["/analyze"] = hang
    task = analyze(client, file)
    service.wait_for(1)
    client.call("ManageTask", TaskId=task, OperationType="Abort")
    shown = detail(client, task)
    assert shown["Status"] == "ABORTED"
    assert set(statuses(shown["ProcedureTask"]).values()) == {"FAIL"}
    service.behaviours["/analyze"] = going_on()
    other = analyze(client, file)
    wait_until(lambda: detail(client, other)["Status"] == "PROCESSING")
    with pytest.raises(TencentError) as refused:
        client.call("ManageTask", TaskId=other, OperationType="Abort")
    assert refused.value.code == "FailedOperation"
    service.behaviours["/analyze"] = say("finished", output=TAGS)
    event, = pull_until(client, 1)
    assert event["ProcedureStateChangeEvent"]["TaskId"] == other
    confirm(client, [event])
    assert pull(client) == []


def test_each_end_is_told_and_a_failure_is_its_parts_own(start_server, service, receiver, mp4):
    client = start_server(*served_by(service)).client()
    push_to(client, receiver)
    service.behaviours |= {
        "/review": say("failed", error="SourceFileError.ContentUnsupported", message="too dark"),
        "/analyze": say("finished", output=[{"Type": "Mood", "MoodTask": {}}]),
        "/recognize": answer(404)}
    file = cos.upload(client, mp4)
    ask(client, file, TasksNotifyMode="Change", MediaProcessTask={
        "CoverBySnapshotTaskSet": [{"Definition": 10, "PositionType": "Time",
                                    "PositionValue": 0}]}, **THREE)
    events = told(receiver, 4)
    assert [one["Status"] for one in events] == ["PROCESSING"] * 3 + ["FINISH"]
    first = statuses(events[0])
    assert first.pop("CoverBySnapshot") == "SUCCESS"
    assert set(first.values()) == {"PROCESSING"}
    last = events[3]
    assert last["MediaProcessResultSet"][0]["CoverBySnapshotTask"]["Status"] == "SUCCESS"
    review = last["AiContentReviewResultSet"][0]["PornTask"]
    assert (review["Status"], review["ErrCode"], review["Message"]) == ("FAIL", 60000, "too dark")
    assert review["ErrCodeExt"] == "SourceFileError.ContentUnsupported"
    analysis = last["AiAnalysisResultSet"][0]["ClassificationTask"]
    assert (analysis["Status"], analysis["ErrCodeExt"]) == ("FAIL", "InternalError")
    assert "Mood" in analysis["Message"]
    assert "404" in last["AiRecognitionResultSet"][0]["HeadTailTask"]["Message"]


def test_a_service_has_so_much_time(start_server, service, receiver, mp4):
    client = start_server(*served_by(service), "--external-time-limit", "1s").client()
    push_to(client, receiver)
    service.behaviours["/analyze"] = say("processing", ask_again_seconds=600)
    analyze(client, cos.upload(client, mp4))
    content, = told(receiver)
    assert "in time" in content["AiAnalysisResultSet"][0]["ClassificationTask"]["Message"]


def test_nothing_is_told_of_a_task_that_asked_for_that(start_server, service, mp4):
    client = start_server(*served_by(service)).client()
    pull_mode(client)
    file = cos.upload(client, mp4)
    confirm(client, pull_until(client, 1))
    service.behaviours["/analyze"] = say("finished", output=TAGS)
    task = analyze(client, file, TasksNotifyMode="None")
    assert statuses(task_result(client, task)) == {"Tag": "SUCCESS"}
    assert pull(client) == []


def test_a_service_that_is_gone_later_fails_the_part(start_server, service, receiver, mp4):
    service.behaviours["/analyze"] = going_on()
    server = start_server(*served_by(service))
    client = server.client()
    push_to(client, receiver)
    client.call("CreateProcedureTemplate", Name="looked-at", AiAnalysisTask={"Definition": 20})
    file = cos.upload(client, mp4)
    analyze(client, file)
    service.wait_for(1)
    server.stop()
    client = start_server().client()
    content, = told(receiver)
    analysis = content["AiAnalysisResultSet"][0]["ClassificationTask"]
    assert analysis["Status"] == "FAIL"
    assert "no external service does analyze_content" in analysis["Message"]
    # Who asks now is told at once; an upload that names the procedure comes in all the same.
    for action, more in (("ProcessMedia", {"AiAnalysisTask": {"Definition": 20}}),
                         ("ProcessMediaByProcedure", {"ProcedureName": "looked-at"})):
        with pytest.raises(TencentError) as refused:
            client.call(action, FileId=file, **more)
        assert refused.value.code == "FailedOperation"
        assert "--external-service analyze_content=URL" in str(refused.value)
    cos.upload(client, mp4, Procedure="looked-at")
    assert set(statuses(told(receiver, 2)[1]).values()) == {"FAIL"}


def test_a_file_that_is_deleted_fails_the_part(start_server, service, receiver, mp4):
    client = start_server(*served_by(service)).client()
    push_to(client, receiver)
    service.behaviours["/analyze"] = going_on()
    file = cos.upload(client, mp4)
    analyze(client, file)
    service.wait_for(1)
    client.call("DeleteMedia", FileId=file)
    content, = told(receiver)
    assert content["FileId"] == file
    analysis = content["AiAnalysisResultSet"][0]["ClassificationTask"]
    assert (analysis["ErrCode"], analysis["ErrCodeExt"]) == (60000, "SourceFileError")


def test_procedures_of_uploads_pulls_and_edits_ask_for_them(start_server, start_service, receiver,
                                                            mp4):
    example = start_service()
    server = start_server("--external-service", f"*={example.url}", "--allow-address",
                          "127.0.0.0/8")
    client = server.client()
    push_to(client, receiver)
    client.call("CreateProcedureTemplate", Name="looked-at", AiRecognitionTaskSet=[
        {"Definition": 30}, {"Definition": 40}], AiContentReviewTask={"Definition": 10})
    template, = client.call("DescribeProcedureTemplates", Type="Custom")["ProcedureTemplateSet"]
    assert template["AiContentReviewTask"] == {"Definition": 10}
    assert template["AiAnalysisTask"] is template["AiRecognitionTask"] is None
    assert template["AiRecognitionTaskSet"] == [{"Definition": 30}, {"Definition": 40}]
    file = cos.upload(client, mp4, Procedure="looked-at")
    upload = receiver.wait_for_type("NewFileUpload")[0].json()["FileUploadEvent"]
    content, = told(receiver)
    assert content["TaskId"] == upload["ProcedureTaskId"]
    assert content["MediaProcessResultSet"] == []
    assert [one["AsrFullTextTask"]["Input"]["Definition"]
            for one in content["AiRecognitionResultSet"]] == [30, 40]
    client.call("EditMedia", InputType="File", FileInfos=[{"FileId": file}],
                ProcedureName="looked-at")
    edit = receiver.wait_for_type("EditMediaComplete")[0].json()["EditMediaCompleteEvent"]
    client.call("PullUpload", MediaUrl=upload["MediaBasicInfo"]["MediaUrl"], Procedure="looked-at")
    fetched = receiver.wait_for_type("PullComplete")[0].json()["PullCompleteEvent"]
    named = client.call("ProcessMediaByProcedure", FileId=file, ProcedureName="looked-at")
    assert {one["TaskId"] for one in told(receiver, 4)} == {
        upload["ProcedureTaskId"], edit["ProcedureTaskId"], fetched["ProcedureTaskId"],
        named["TaskId"]}
    assert all(set(statuses(one).values()) == {"SUCCESS"} for one in told(receiver, 4))


def test_an_address_is_looked_at_by_the_service_alone(start_server, service, receiver):
    client = start_server(*served_by(service)).client()
    push_to(client, receiver)
    service.behaviours["/review"] = say("finished", output=VERDICT)
    address = "https://origin.invalid/a/clip.mp4"
    task = client.call("ProcessMediaByUrl", AiContentReviewTask={"Definition": 10},
                       InputInfo={"Url": address, "Name": "clip", "Id": "mine"},
                       SessionId="once")["TaskId"]
    content, = told(receiver)
    assert (content["TaskId"], content["FileId"], content["FileName"], content["FileUrl"]) == (
        task, "mine", "clip", address)
    assert statuses(content) == {"Porn": "SUCCESS"}
    question, = questions(service, "/review")
    assert question["file"] == {"id": "mine", "name": "clip", "url": address, "md5": "",
                                "size_bytes": 0, "duration_seconds": 0}
    assert statuses(task_result(client, task)) == {"Porn": "SUCCESS"}
    with pytest.raises(TencentError) as refused:
        client.call("ProcessMediaByUrl", AiContentReviewTask={"Definition": 10},
                    InputInfo={"Url": address}, SessionId="once")
    assert refused.value.code == "InvalidParameterValue.SessionId"


def test_the_command_asks_for_them_and_shows_them(start_server, start_service, mp4):
    server = start_server("--external-service", f"*={start_service('--polls', '1').url}")
    command = Command(HOOKREEL_SERVER=server.url, HOOKREEL_SECRET_ID=server.keys[0],
                      HOOKREEL_SECRET_KEY=server.keys[1])
    file = cos.upload(server.client(), mp4)
    shown = succeed(command("media", "process", file, "--review", "10", "--analyze", "20",
                            "--recognize", "30", "--cover", "0", "--wait"))
    for step in ("CoverBySnapshot 10", "Porn 10", "Tag 20", "AsrFullTextRecognition 30"):
        assert [line for line in shown.splitlines() if step in line and "SUCCESS" in line], shown
    refused = command("media", "process", file, "--analyze", "x")
    assert refused.returncode == 2


def test_the_neutral_event_has_what_they_found(start_server, service, mp4):
    server = start_server("--api-token", OWNER_TOKEN, *served_by(service))
    client, native = server.client(), Native(server)
    service.behaviours |= {"/analyze": say("finished", output=TAGS),
                           "/review": say("failed", message="too dark")}
    file = cos.upload(client, mp4)
    ask(client, file, AiAnalysisTask={"Definition": 20}, AiContentReviewTask={"Definition": 10})
    event = native.wait_until(lambda: next(iter(native.get(
        "events?type=media.processed")["items"]), None), "the event")
    task = native.get(f"events/{event['id']}")["data"]["task"]
    review, analysis = task["steps"]
    assert (review["kind"], review["template_id"], review["status"]) == (
        "content_review", "10", "failed")
    assert (review["error"], review["findings"]) == (
        {"code": "internal", "message": "too dark"}, None)
    assert (analysis["kind"], analysis["status"]) == ("content_analysis", "succeeded")
    assert analysis["findings"][0]["TagTask"]["Output"]["TagSet"] == [
        {"Tag": "lake", "Confidence": 90}]
    assert task["source_url"] is None
