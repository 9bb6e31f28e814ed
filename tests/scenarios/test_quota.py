"""What the files of one application may take on the disk, whichever way they come."""

import os

import pytest

from harness import clips, cos
from harness.events import confirm, process, pull_mode, pull_until, task_result, wait_until
from harness.native import OWNER_TOKEN
from harness.origin import Origin
from harness.tencent import TencentError
from harness.tus import Tus

MOST = 700 * 1024  # Two of them are more than the quota of 1 MiB.


@pytest.fixture
def origin():
    site = Origin()
    yield site
    site.close()


def total_or_none(client):
    """How many files there are; None while they are being counted after a start."""
    try:
        return client.call("SearchMedia")["TotalCount"]
    except TencentError:
        return None


@pytest.fixture
def server(start_server):
    server = start_server("--api-token", OWNER_TOKEN, "--application-quota", "1")
    wait_until(lambda: total_or_none(server.client()) is not None, seconds=30)
    return server


def stored_bytes(server):
    """Of all that lies in the library and on its way into it."""
    return sum(path.stat().st_size for folder in ("media", "staging", "pulls")
               for path in (server.data_dir / folder).rglob("*") if path.is_file())


def test_uploads_side_by_side_do_not_overshoot(server, client):
    first, second = cos.apply(client), cos.apply(client)
    first.put(os.urandom(MOST))
    refused = second.send("PUT", body=os.urandom(MOST))
    assert (refused.status, cos.xml_text(refused.body, "Code")) == (400, "EntityTooLarge")
    assert stored_bytes(server) == MOST
    assert Tus(server).create(MOST).status == 503
    assert first.commit()["FileId"]
    second.put(os.urandom(300 * 1024))
    assert second.commit()["FileId"]
    assert client.call("SearchMedia")["TotalCount"] == 2


def test_room_that_was_granted_survives_the_death_of_the_server(start_server, server):
    tus = Tus(server)
    path = tus.begin(MOST)
    server.kill()
    again = start_server("--api-token", OWNER_TOKEN, "--application-quota", "1",
                         data_dir=server.data_dir)
    wait_until(lambda: total_or_none(again.client()) is not None, seconds=30)
    tus = Tus(again)
    assert tus.create(MOST).status == 503
    assert tus.patch(path, 0, os.urandom(MOST)).status == 204
    assert total_or_none(again.client()) == 1
    assert tus.create(MOST).status == 503
    assert tus.create(200 * 1024).status == 201


def test_a_pull_that_does_not_fit_is_told(server, client, origin):
    pull_mode(client)
    origin.files = {"/a.mp4": os.urandom(MOST), "/b.mp4": os.urandom(MOST)}
    for path in ("/a.mp4", "/b.mp4"):
        client.call("PullUpload", MediaUrl=origin.url(path), MediaName=path)
    told = [event["PullCompleteEvent"] for event in pull_until(client, 2)]
    well, failed = sorted(told, key=lambda event: event["ErrCode"])
    assert well["ErrCode"] == 0
    assert failed["ErrCode"] == 40000 and "quota" in failed["Message"]
    assert client.call("SearchMedia")["TotalCount"] == 1
    assert stored_bytes(server) == MOST


def test_an_edit_that_does_not_fit_is_told_and_full_is_full(server, client, clip_folder):
    pull_mode(client)
    film = clips.mp4(clip_folder / "quota.mp4", seconds=2)
    file = cos.upload(client, film)
    confirm(client, pull_until(client, 1))
    filler = cos.apply(client)
    filler.put(os.urandom(1024 * 1024 - film.stat().st_size - 1024))
    client.call("EditMedia", InputType="File", FileInfos=[{"FileId": file}])
    event = pull_until(client, 1)[0]["EditMediaCompleteEvent"]
    assert (event["ErrCode"], event["ErrCodeExt"]) == \
        (40000, "InvalidInput.ResultFileSizeTooLarge")
    filler.put(b"")  # What replaces an object lies beside it for a moment.
    filler.put(os.urandom(1024 * 1024 - film.stat().st_size))
    with pytest.raises(TencentError) as refused:
        cos.apply(client)
    assert refused.value.code == "LimitExceeded"
    client.call("DeleteMedia", FileId=file)
    assert cos.apply(client)


def test_what_is_made_of_a_file_and_does_not_fit_is_told(server, client, clip_folder):
    """Only while it would go over: then the step fails, leaves nothing, and holds no room."""
    pull_mode(client)
    film = clips.mp4(clip_folder / "quota.mp4", seconds=2)
    file = cos.upload(client, film)
    filler = cos.apply(client)
    filler.put(os.urandom(1024 * 1024 - film.stat().st_size - 1024))
    works = {"TranscodeTaskSet": [{"Definition": 10}, {"Definition": 210}],
             "AdaptiveDynamicStreamingTaskSet": [{"Definition": 10}],
             "AnimatedGraphicTaskSet": [
                 {"Definition": 20000, "StartTimeOffset": 0, "EndTimeOffset": 1}]}
    before = stored_bytes(server)
    result = task_result(client, process(client, file, **works))
    steps = [step[f"{step['Type'].removesuffix('s')}Task"]
             for step in result["MediaProcessResultSet"]]
    assert [step["ErrCodeExt"] for step in steps] == ["InvalidInput.ResultFileSizeTooLarge"] * 4
    assert all("quota" in step["Message"] for step in steps)
    assert stored_bytes(server) == before
    info = client.call("DescribeMediaInfos", FileIds=[file])["MediaInfoSet"][0]
    assert [made["Definition"] for made in info["TranscodeInfo"]["TranscodeSet"]] == [0]
    filler.put(b"")
    again = task_result(client, process(client, file, TranscodeTaskSet=[{"Definition": 10}]))
    assert again["MediaProcessResultSet"][0]["TranscodeTask"]["Status"] == "SUCCESS"
    more = cos.apply(client).send("PUT", body=os.urandom(
        1024 * 1024 - stored_bytes(server) + 1))
    assert more.status == 400  # What was made counts at once.
