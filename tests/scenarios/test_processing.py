"""What ProcessMedia makes besides transcodes and covers, looked at with ffprobe."""

import hashlib

from harness import clips, cos
from harness.events import process, task_result
from harness.web import fetch


def results_of(client, file, **works):
    """Each step's result by its type, and what DescribeMediaInfos then says of the file."""
    task = task_result(client, process(client, file, **works))
    results = {}
    for result in task["MediaProcessResultSet"]:
        step = next(value for name, value in result.items() if name != "Type" and value)
        results.setdefault(result["Type"], []).append(step)
    return results, client.call("DescribeMediaInfos", FileIds=[file])["MediaInfoSet"][0]


def without_nulls(value):
    return {name: member for name, member in value.items() if member is not None}


def animated_webp(content):
    """Width, height and frames, by the chunks of the file: Debian's ffprobe reads no such WebP."""
    assert content[:4] == b"RIFF" and content[8:16] == b"WEBPVP8X"
    assert int.from_bytes(content[4:8], "little") + 8 == len(content)
    frames, at = 0, 12
    while at < len(content):
        frames += content[at:at + 4] == b"ANMF"
        size = int.from_bytes(content[at + 4:at + 8], "little")
        at += 8 + size + size % 2
    width, height = (int.from_bytes(content[at:at + 3], "little") + 1 for at in (24, 27))
    return width, height, frames


def test_sprites_and_animations_are_what_they_say(client, tmp_path):
    clip = clips.mp4(tmp_path / "a.mp4", seconds=21)
    file = cos.upload(client, clip)
    results, media = results_of(
        client, file, ImageSpriteTaskSet=[{"Definition": 10}], AnimatedGraphicTaskSet=[
            {"Definition": 20000, "StartTimeOffset": 1, "EndTimeOffset": 3},
            {"Definition": 20001, "StartTimeOffset": 18, "EndTimeOffset": 0}])

    sprite = results["ImageSprites"][0]["Output"]
    assert (sprite["TotalCount"], sprite["Width"], sprite["Height"]) == (3, 142, 80)
    assert [without_nulls(one) for one in media["ImageSpriteInfo"]["ImageSpriteSet"]] == [
        without_nulls(sprite)]
    sheet = clips.probe(fetch(sprite["ImageUrlSet"][0]).body)["streams"][0]
    assert (sheet["codec_name"], sheet["width"], sheet["height"]) == ("mjpeg", 1420, 800)
    vtt = fetch(sprite["WebVttUrl"]).body.decode()
    assert vtt.startswith("WEBVTT\n") and vtt.count(" --> ") == 3
    assert "00:00:20.000 --> 00:00:21.0" in vtt
    assert sprite["ImageUrlSet"][0].rsplit("/", 1)[1] + "#xywh=284,0,142,80\n" in vtt

    gif, webp = (one["Output"] for one in results["AnimatedGraphics"])
    assert len(media["AnimatedGraphicsInfo"]["AnimatedGraphicsSet"]) == 2
    for made, kind in (gif, "gif"), (webp, "webp"):
        content = fetch(made["Url"]).body
        assert made["Container"] == kind
        assert made["Size"] == len(content)
        assert made["Md5"] == hashlib.md5(content).hexdigest()
    width, height, frames = animated_webp(fetch(webp["Url"]).body)
    assert (width, height) == (webp["Width"], webp["Height"])
    assert frames >= 2
    moving_file = tmp_path / "moving.gif"
    moving_file.write_bytes(fetch(gif["Url"]).body)
    moving = clips.probe(moving_file)
    assert moving["streams"][0]["codec_name"] == "gif"
    assert (moving["streams"][0]["width"], moving["streams"][0]["height"]) == (
        gif["Width"], gif["Height"])
    assert float(moving["format"]["duration"]) == gif["EndTimeOffset"] - gif["StartTimeOffset"]


def test_each_wrong_work_fails_alone(client, tmp_path, mp4):
    file = cos.upload(client, mp4)
    results, media = results_of(
        client, file,
        ImageSpriteTaskSet=[{"Definition": 11}, {"Definition": 10}],
        AnimatedGraphicTaskSet=[
            {"Definition": 20000, "StartTimeOffset": 1, "EndTimeOffset": 99},
            {"Definition": 20009, "StartTimeOffset": 0, "EndTimeOffset": 1}])
    assert [one["ErrCodeExt"] for one in results["ImageSprites"]] == [
        "InvalidInput.DefinitionNotExist", ""]
    assert [one["ErrCodeExt"] for one in results["AnimatedGraphics"]] == [
        "InvalidInput.InvalidTimeOffset", "InvalidInput.DefinitionNotExist"]
    assert media["AnimatedGraphicsInfo"] is None

    sound = cos.upload(client, clips.mp3(tmp_path / "a.mp3"))
    results, _ = results_of(client, sound, ImageSpriteTaskSet=[{"Definition": 10}])
    assert results["ImageSprites"][0]["ErrCodeExt"] == "SourceFileError.NoVideoMedia"


def test_steps_of_one_template_do_not_take_each_others_place(client, tmp_path):
    file = cos.upload(client, clips.mp4(tmp_path / "a.mp4", seconds=4))
    works = {
        "TranscodeTaskSet": [
            {"Definition": 10, "StartTimeOffset": 0, "EndTimeOffset": 1},
            {"Definition": 10, "StartTimeOffset": 1, "EndTimeOffset": 3}],
        "CoverBySnapshotTaskSet": [
            {"Definition": 10, "PositionType": "Time", "PositionValue": at} for at in (0, 3)],
        "SnapshotByTimeOffsetTaskSet": [
            {"Definition": 10, "ExtTimeOffsetSet": ["0s", "2s"]},
            {"Definition": 10, "ExtTimeOffsetSet": ["3s"]}]}
    results, media = results_of(client, file, **works)

    videos = [one["Output"] for one in results["Transcode"]]
    assert [round(one["Duration"]) for one in videos] == [1, 2]
    for made in videos:
        content = fetch(made["Url"]).body
        assert made["Size"] == len(content)
        assert made["Md5"] == hashlib.md5(content).hexdigest()
    listed = [one["Url"] for one in media["TranscodeInfo"]["TranscodeSet"]]
    assert {one["Url"] for one in videos} <= set(listed) and len(listed) == 3

    covers = [one["Output"]["CoverUrl"] for one in results["CoverBySnapshot"]]
    snapshots = [picture["Url"] for one in results["SnapshotByTimeOffset"]
                 for picture in one["Output"]["PicInfoSet"]]
    for urls in covers, snapshots:
        assert len({fetch(url).body for url in urls}) == len(urls)
    assert len(media["SnapshotByTimeOffsetInfo"]["SnapshotByTimeOffsetSet"]) == 2

    # The next task with the template replaces what this one made.
    again, media = results_of(client, file, **works)
    assert [one["Output"]["Url"] for one in again["Transcode"]] == [one["Url"] for one in videos]
    assert [one["Url"] for one in media["TranscodeInfo"]["TranscodeSet"]] == listed


def test_a_task_takes_the_place_of_all_that_its_template_made_before(client, mp4):
    file = cos.upload(client, mp4)
    cuts = [{"Definition": 10}, {"Definition": 10, "StartTimeOffset": 1}]
    times = [{"Definition": 10, "ExtTimeOffsetSet": ["0s", "1s"]}]
    first, _ = results_of(client, file, TranscodeTaskSet=[*cuts, {"Definition": 1010}],
                          SnapshotByTimeOffsetTaskSet=times)
    whole, part, sound = (step["Output"]["Url"] for step in first["Transcode"])
    assert fetch(part).status == 200
    times[0]["ExtTimeOffsetSet"].pop()
    _, info = results_of(client, file, TranscodeTaskSet=cuts[:1],
                         SnapshotByTimeOffsetTaskSet=times)
    made = {made["Url"] for made in info["TranscodeInfo"]["TranscodeSet"]}
    assert {whole, sound} < made and part not in made
    sets = info["SnapshotByTimeOffsetInfo"]["SnapshotByTimeOffsetSet"]
    assert [len(pictures["PicInfoSet"]) for pictures in sets] == [1]
    gone = first["SnapshotByTimeOffset"][0]["Output"]["PicInfoSet"][1]["Url"]
    assert [fetch(url).status for url in (whole, sound, part, gone)] == [200, 200, 404, 404]
