"""Templates of heads and tails through the official Python SDK."""

import pytest

from harness import cos
from harness.events import pull_mode, pull_until
from harness.sdk import connect, refusal, request


@pytest.fixture
def sdk(server):
    return connect(server)


def test_a_template_is_made_changed_used_and_deleted(sdk, client, mp4):
    file, head = (cos.upload(client, mp4) for _ in range(2))
    number = sdk.CreateHeadTailTemplate(request(
        "CreateHeadTailTemplate", Name="intro", HeadCandidateSet=[head],
        TailCandidateSet=[head])).Definition
    sdk.ModifyHeadTailTemplate(request("ModifyHeadTailTemplate", Definition=number, Comment="both",
                                       TailCandidateSet=[], FillType="black"))
    listed = sdk.DescribeHeadTailTemplates(
        request("DescribeHeadTailTemplates", Definitions=[number]))
    one, = listed.HeadTailTemplateSet
    assert (listed.TotalCount, one.Name, one.Comment, one.FillType) == (1, "intro", "both", "black")
    assert (one.HeadCandidateSet, one.TailCandidateSet) == ([head], [])

    pull_mode(client)
    sdk.ProcessMedia(request("ProcessMedia", FileId=file, MediaProcessTask={"TranscodeTaskSet": [
        {"Definition": 10, "HeadTailSet": [{"Definition": number}]}]}))
    event, = pull_until(client, 1)
    result, = event["ProcedureStateChangeEvent"]["MediaProcessResultSet"]
    step = result["TranscodeTask"]
    assert step["Status"] == "SUCCESS", step
    assert step["Input"]["HeadTailSet"] == [{"Definition": number}]
    assert step["Output"]["Duration"] == pytest.approx(4, abs=0.2)

    sdk.DeleteHeadTailTemplate(request("DeleteHeadTailTemplate", Definition=number))
    assert refusal(sdk.ModifyHeadTailTemplate, "ModifyHeadTailTemplate", Definition=number,
                   Name="x") == "ResourceNotFound.TemplateNotExist"
    assert refusal(sdk.CreateHeadTailTemplate, "CreateHeadTailTemplate", Name="x",
                   FillType="blue") == "InvalidParameterValue.Type"


def test_a_transcode_becomes_a_file_of_its_own(sdk, client, mp4):
    file = cos.upload(client, mp4)
    pull_mode(client)
    sdk.ProcessMedia(request("ProcessMedia", FileId=file, OutputAsIndependentMedia="ON",
                             MediaProcessTask={"TranscodeTaskSet": [{"Definition": 1010}]}))
    event, = pull_until(client, 1)
    result, = event["ProcedureStateChangeEvent"]["MediaProcessResultSet"]
    output = result["TranscodeTask"]["Output"]
    infos = sdk.DescribeMediaInfos(request("DescribeMediaInfos", FileIds=[output["FileId"]]))
    assert infos.MediaInfoSet[0].BasicInfo.MediaUrl == output["Url"]
    assert infos.MediaInfoSet[0].BasicInfo.Category == "Audio"
