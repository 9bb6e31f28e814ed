"""Tencent's command line, unmodified, against the real server."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness import cos
from harness.events import make_event


@pytest.fixture
def tccli(server, tmp_path):
    def run(action, *arguments):
        command = [Path(sys.executable).parent / "tccli", "vod", action,
                   "--endpoint", server.url, "--region", "ap-guangzhou",
                   "--secretId", server.keys[0], "--secretKey", server.keys[1], *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False,
                              env=os.environ | {"HOME": str(tmp_path)})

    def answer(action, *arguments):
        ran = run(action, *arguments)
        assert ran.returncode == 0, ran.stderr + ran.stdout
        return json.loads(ran.stdout)

    answer.run = run
    return answer


def test_settings_pull_and_confirm(tccli, client):
    tccli("ModifyEventConfig", "--Mode", "PULL", "--UploadMediaCompleteEventSwitch", "ON")
    assert tccli("DescribeEventConfig")["Mode"] == "PULL"
    file = make_event(client)
    event = tccli("PullEvents")["EventSet"][0]
    assert event["FileUploadEvent"]["FileId"] == file
    tccli("ConfirmEvents", "--EventHandles", json.dumps([event["EventHandle"]]))
    assert tccli("DescribeEventsState")["CountOfEventsToPull"] == 0


def test_work_is_asked_for_and_described(tccli, client, wmv):
    file = cos.upload(client, wmv)
    task = tccli("ProcessMedia", "--FileId", file, "--MediaProcessTask", json.dumps(
        {"TranscodeTaskSet": [{"Definition": 10}]}))["TaskId"]
    assert tccli("DescribeTaskDetail", "--TaskId", task)["TaskType"] == "Procedure"
    assert tccli("DescribeMediaInfos", "--FileIds", json.dumps([file]))["MediaInfoSet"]


def test_an_error_is_told_with_its_code(tccli):
    refused = tccli.run("ConfirmEvents", "--EventHandles", '["1"]')
    assert refused.returncode != 0
    assert "InvalidParameterValue" in refused.stderr + refused.stdout
