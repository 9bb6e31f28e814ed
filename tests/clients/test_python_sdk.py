"""The official Python SDK, unmodified, against the real server."""

import warnings

import pytest
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.vod.v20180717 import models

from harness import cos
from harness.sdk import connect, refusal, request
from harness.web import fetch


def pull_and_confirm(sdk, count):
    """As an application does: an empty queue is asked again, each batch is confirmed at once."""
    events = []
    for _ in range(60):
        if len(events) >= count:
            break
        try:
            batch = sdk.PullEvents(request("PullEvents")).EventSet
        except TencentCloudSDKException as error:
            assert error.get_code() == "ResourceNotFound"
            continue
        handles = [event.EventHandle for event in batch]
        sdk.ConfirmEvents(request("ConfirmEvents", EventHandles=handles))
        events += batch
    return events


def upload(sdk, client, video):
    applied = sdk.ApplyUpload(request("ApplyUpload", MediaType="wmv", MediaName="python"))
    session = cos.Session(client, {
        "StorageBucket": applied.StorageBucket, "MediaStoragePath": applied.MediaStoragePath,
        "TempCertificate": vars_of(applied.TempCertificate)})
    session.put_file(video)
    return sdk.CommitUpload(request("CommitUpload", VodSessionKey=applied.VodSessionKey))


def vars_of(certificate):
    return {name: getattr(certificate, name) for name in ("SecretId", "SecretKey", "Token")}


def process(sdk, file):
    return sdk.ProcessMedia(request(
        "ProcessMedia", FileId=file, MediaProcessTask={
            "TranscodeTaskSet": [{"Definition": 10}],
            "CoverBySnapshotTaskSet": [
                {"Definition": 10, "PositionType": "Time", "PositionValue": 1}]})).TaskId


def test_the_tutorial_by_normal_callback(server, client, receiver, wmv):
    sdk = connect(server)
    sdk.ModifyEventConfig(request("ModifyEventConfig", Mode="PUSH", NotificationUrl=receiver.url(),
                                  UploadMediaCompleteEventSwitch="ON"))
    committed = upload(sdk, client, wmv)
    assert fetch(committed.MediaUrl).body == wmv.read_bytes()
    receiver.wait_for_type("NewFileUpload")
    task = process(sdk, committed.FileId)
    # What a receiver does with a body: into the SDK's own type, nothing may be unknown to it.
    event = models.EventContent()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        event._deserialize(receiver.wait_for_type("ProcedureStateChanged")[0].json())
    assert event.ProcedureStateChangeEvent.TaskId == task
    steps = event.ProcedureStateChangeEvent.MediaProcessResultSet
    assert {step.Type for step in steps} == {"Transcode", "CoverBySnapshot"}
    detail = sdk.DescribeTaskDetail(request("DescribeTaskDetail", TaskId=task))
    assert (detail.Status, detail.TaskType) == ("FINISH", "Procedure")
    info = sdk.DescribeMediaInfos(request("DescribeMediaInfos", FileIds=[committed.FileId]))
    transcoded = info.MediaInfoSet[0].TranscodeInfo.TranscodeSet
    assert 10 in [item.Definition for item in transcoded]


def test_the_tutorial_by_reliable_callback(server, client, wmv):
    sdk = connect(server)
    sdk.ModifyEventConfig(request("ModifyEventConfig", Mode="PULL",
                                  UploadMediaCompleteEventSwitch="ON"))
    task = process(sdk, upload(sdk, client, wmv).FileId)
    events = pull_and_confirm(sdk, 2)
    assert [event.EventType for event in events] == ["NewFileUpload", "ProcedureStateChanged"]
    assert events[1].ProcedureStateChangeEvent.TaskId == task
    assert refusal(sdk.PullEvents, "PullEvents") == "ResourceNotFound"


@pytest.mark.parametrize("method, sign", [
    ("POST", "TC3-HMAC-SHA256"), ("GET", "TC3-HMAC-SHA256"), ("POST", "HmacSHA256"),
    ("GET", "HmacSHA256"), ("POST", "HmacSHA1"), ("GET", "HmacSHA1")])
def test_every_way_of_signing_is_taken(server, method, sign):
    sdk = connect(server, method=method, sign=sign)
    sdk.ModifyEventConfig(request("ModifyEventConfig", Mode="PULL"))
    assert sdk.DescribeEventConfig(request("DescribeEventConfig")).Mode == "PULL"
    found = sdk.DescribeTranscodeTemplates(
        request("DescribeTranscodeTemplates", Definitions=[10, 20]))
    assert found.TotalCount == 2
    assert connect(server).DescribeSubAppIds(request("DescribeSubAppIds")).TotalCount == 1


def test_errors_are_the_sdk_s_own_exceptions_with_the_code(server):
    sdk = connect(server)
    thief = connect(server, secret_key="wrong")
    stranger = connect(server, "AKIDnobody", "wrong")
    assert refusal(thief.PullEvents, "PullEvents") == "AuthFailure.SignatureFailure"
    assert refusal(stranger.PullEvents, "PullEvents") == "AuthFailure.SecretIdNotFound"
    assert refusal(sdk.ConfirmEvents, "ConfirmEvents", EventHandles=["1"]) == \
        "InvalidParameterValue"
    assert refusal(sdk.ConfirmEvents, "ConfirmEvents") == "MissingParameter"
    assert refusal(sdk.CommitUpload, "CommitUpload", VodSessionKey="x") == \
        "InvalidParameterValue.VodSessionKey"
    # An action of the real service that is not here yet.
    assert refusal(sdk.DescribeStorageDetails, "DescribeStorageDetails") in (
        "InvalidAction", "UnsupportedOperation", "ActionOffline")
