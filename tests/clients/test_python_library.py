"""Files of the library through the official Python SDK: change, search, delete, expire."""

import base64
from datetime import datetime, timedelta, timezone

from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.vod.v20180717 import models

from harness import cos
from harness.events import confirm, pull_mode, pull_until, wait_until
from harness.sdk import connect, refusal, request
from harness.web import fetch

SUBTITLE = b"WEBVTT\n\n00:00.000 --> 00:01.000\nhello\n"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg==")


def event_of(raw):
    """An event in the SDK's own type."""
    event = models.EventContent()
    event._deserialize({name: value for name, value in raw.items() if value is not None})
    return event


def deletions(client, count=1):
    return [event_of(raw).FileDeleteEvent for raw in pull_until(client, count)]


def listen(client):
    pull_mode(client)
    client.call("ModifyEventConfig", DeleteMediaCompleteEventSwitch="ON",
                UploadMediaCompleteEventSwitch="OFF")


def info(sdk, file):
    return sdk.DescribeMediaInfos(request("DescribeMediaInfos", FileIds=[file])).MediaInfoSet[0]


def test_a_file_is_deleted_with_its_bytes_and_told(server, client):
    sdk = connect(server)
    listen(client)
    file = cos.upload(client, b"content", "mp4")
    url = info(sdk, file).BasicInfo.MediaUrl
    assert fetch(url).status == 200
    sdk.DeleteMedia(request("DeleteMedia", FileId=file))
    told = deletions(client)[0]
    assert told.FileIdSet == [file]
    assert told.FileDeleteResultInfo[0].FileId == file
    assert told.FileDeleteResultInfo[0].DeleteParts == []
    wait_until(lambda: fetch(url).status == 404)
    gone = sdk.DescribeMediaInfos(request("DescribeMediaInfos", FileIds=[file]))
    assert gone.NotExistFileIdSet == [file]
    assert refusal(sdk.DeleteMedia, "DeleteMedia", FileId=file) == "ResourceNotFound"


def test_parts_of_a_file_are_deleted(server, client, mp4):
    sdk = connect(server)
    file = cos.upload(client, mp4)
    client.call("ModifyEventConfig", Mode="PULL", DeleteMediaCompleteEventSwitch="ON")
    sdk.ProcessMedia(request("ProcessMedia", FileId=file, MediaProcessTask={
        "TranscodeTaskSet": [{"Definition": 10}]}))
    confirm(client, pull_until(client, 1))
    made = info(sdk, file).TranscodeInfo.TranscodeSet
    assert [item.Definition for item in made] == [0, 10]
    sdk.DeleteMedia(request("DeleteMedia", FileId=file, DeleteParts=[
        {"Type": "TranscodeFiles", "Definition": 10}]))
    parts = deletions(client)[0].FileDeleteResultInfo[0].DeleteParts
    assert [(part.Type, part.Definition) for part in parts] == [("TranscodeFiles", 10)]
    assert fetch(made[1].Url).status == 404
    assert fetch(made[0].Url).body == mp4.read_bytes()
    sdk.DeleteMedia(request("DeleteMedia", FileId=file,
                            DeleteParts=[{"Type": "OriginalFiles", "Definition": 0}]))
    assert fetch(made[0].Url).status == 404
    assert info(sdk, file).BasicInfo.MediaUrl == ""
    assert refusal(sdk.DeleteMedia, "DeleteMedia", FileId=file,
                   DeleteParts=[{"Type": "Nonsense", "Definition": 0}]) == "InvalidParameterValue"


def test_what_is_known_of_a_file_is_changed(server, client):
    sdk = connect(server)
    file = cos.upload(client, b"content", "mp4", MediaName="before")
    changed = sdk.ModifyMediaInfo(request(
        "ModifyMediaInfo", FileId=file, Name="after 视频", Description="a film", ClassId=3,
        ExpireTime="2030-01-02T03:04:05Z", CoverData=base64.b64encode(PNG).decode(),
        AddTags=["a", "b"], AddKeyFrameDescs=[{"TimeOffset": 2.5, "Content": "goal"}],
        AddSubtitles=[{"Name": "English", "Language": "en", "Format": "vtt",
                       "Content": base64.b64encode(SUBTITLE).decode()}]))
    assert fetch(changed.CoverUrl).body == PNG
    assert fetch(changed.CoverUrl).headers["content-type"] == "image/png"
    subtitle = changed.AddedSubtitleSet[0]
    assert fetch(subtitle.Url).headers["content-type"].startswith("text/vtt")
    assert fetch(subtitle.Url).body == SUBTITLE
    known = info(sdk, file)
    basic = known.BasicInfo
    assert (basic.Name, basic.Description, basic.ClassId) == ("after 视频", "a film", 3)
    assert (basic.ExpireTime, basic.TagSet) == ("2030-01-02T03:04:05Z", ["a", "b"])
    assert basic.CoverUrl == changed.CoverUrl
    assert known.KeyFrameDescInfo.KeyFrameDescSet[0].Content == "goal"
    assert known.SubtitleInfo.SubtitleSet[0].Id == subtitle.Id
    sdk.ModifyMediaInfo(request("ModifyMediaInfo", FileId=file, ClearTags=1, ClearKeyFrameDescs=1,
                                DeleteSubtitleIds=[subtitle.Id]))
    known = info(sdk, file)
    assert known.BasicInfo.TagSet == []
    assert known.KeyFrameDescInfo is None and known.SubtitleInfo is None
    assert refusal(sdk.ModifyMediaInfo, "ModifyMediaInfo", FileId="1", Name="x") == \
        "ResourceNotFound.FileNotExist"
    assert refusal(sdk.ModifyMediaInfo, "ModifyMediaInfo", FileId=file, CoverData="AAAA") == \
        "InvalidParameterValue.ImageDecodeError"


def test_files_are_searched(start_server):
    server = start_server()
    client, sdk = server.client(), connect(server)
    red = cos.upload(client, b"1", "mp4", MediaName="The red door", ClassId=5)
    blue = cos.upload(client, b"2", "mp3", MediaName="a blue door")
    sdk.ModifyMediaInfo(request("ModifyMediaInfo", FileId=red, AddTags=["house"]))

    def found(**fields):
        answer = sdk.SearchMedia(request("SearchMedia", **fields))
        assert answer.TotalCount == len(answer.MediaInfoSet)
        return [item.FileId for item in answer.MediaInfoSet]

    def check():
        assert set(found(Names=["door"])) == {red, blue}
        assert found(Names=["RED"]) == [red]
        assert found(NamePrefixes=["a b"]) == [blue]
        assert found(Tags=["house"]) == [red]
        assert found(ClassIds=[5]) == [red]
        assert found(Categories=["Audio"]) == [blue]
        assert found(FileIds=[blue]) == [blue]
        assert found(Names=["green"]) == []
        assert found(SourceTypes=["Record"]) == []

    check()
    page = sdk.SearchMedia(request("SearchMedia", Offset=1, Limit=1, Sort={
        "Field": "CreateTime", "Order": "Asc"}, Filters=["basicInfo"]))
    assert (page.TotalCount, page.MediaInfoSet[0].FileId) == (2, blue)
    assert page.MediaInfoSet[0].MetaData is None
    assert refusal(sdk.SearchMedia, "SearchMedia", Offset=5000) == "InvalidParameterValue.Offset"
    sdk.DeleteMedia(request("DeleteMedia", FileId=red))
    assert found() == [blue]
    server.stop()
    server = start_server()
    sdk = connect(server)

    def finds_again():
        try:
            return found(Names=["door"]) == [blue]
        except TencentCloudSDKException as error:  # The files are still being counted.
            assert error.get_code() == "InternalError"
            return False

    wait_until(finds_again)


def test_a_file_expires_with_its_event(server, client):
    listen(client)
    soon = datetime.now(timezone.utc) + timedelta(seconds=4)
    file = cos.upload(client, b"content", "mp4",
                      ExpireTime=soon.strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert deletions(client)[0].FileIdSet == [file]
    assert datetime.now(timezone.utc) >= soon.replace(microsecond=0)
