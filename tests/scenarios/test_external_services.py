"""Work that external services do: asked for by action, done by a program of ours, told by event."""

import subprocess
import sys

import pytest
from tencentcloud.vod.v20180717 import models

from harness import cos
from harness.events import push_to
from harness.sdk import connect, refusal, request
from harness.server import ROOT, PATIENCE_SECONDS, clean_environment

EXAMPLE = ROOT / "docs" / "guides" / "examples" / "external_service.py"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Example:
    """The guide's service, as a program of its own."""

    def __init__(self, *options):
        self.child = subprocess.Popen(
            [sys.executable, str(EXAMPLE), "--port", "0", *options], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, env=clean_environment())
        self.url = self.child.stdout.readline().split()[-1]

    def close(self):
        self.child.kill()
        self.child.wait(PATIENCE_SECONDS)
        self.child.stdout.close()


@pytest.fixture
def start_service():
    started = []

    def start(*options):
        started.append(Example(*options))
        return started[-1]

    yield start
    for service in started:
        service.close()


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
