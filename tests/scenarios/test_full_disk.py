"""Disks that fill up while work runs: nothing is told that is not so, and all is done when there is
room."""

import os
import signal

import pytest

from harness import clips, cos
from harness.events import confirm, process, pull, pull_mode, pull_until, wait_until
from harness.server import SmallDisk, processes

# Less than any server needs to go on, and enough for the store to say so.
LEFT_BYTES = 512 * 1024
STEPS = {
    "transcode": {"TranscodeTaskSet": [{"Definition": 10}]},
    "HLS": {"TranscodeTaskSet": [{"Definition": 210}]},
    "cover": {"CoverBySnapshotTaskSet": [
        {"Definition": 10, "PositionType": "Time", "PositionValue": 5.5}]},
    "snapshot": {"SnapshotByTimeOffsetTaskSet": [{"Definition": 10, "ExtTimeOffsetSet": ["5.5s"]}]},
    "sample": {"SampleSnapshotTaskSet": [{"Definition": 10}]},
    "sprite": {"ImageSpriteTaskSet": [{"Definition": 10}]},
    "animation": {"AnimatedGraphicTaskSet": [
        {"Definition": 20000, "StartTimeOffset": 1, "EndTimeOffset": 5}]},
    "adaptive HLS": {"AdaptiveDynamicStreamingTaskSet": [{"Definition": 10}]},
    "adaptive DASH": {"AdaptiveDynamicStreamingTaskSet": [{"Definition": 20}]},
}


def edit(client, file, container):
    return client.call("EditMedia", InputType="File", FileInfos=[{"FileId": file}],
                       OutputConfig={"Type": container})["TaskId"]


def compose(client, file):
    items = [{"Type": "Video", "VideoItem": {"SourceMedia": file}}]
    return client.call("ComposeMedia", Tracks=[{"Type": "Video", "TrackItems": items}],
                       Output={"FileName": "x", "Container": "mp4"})["TaskId"]


KINDS = {name: lambda client, file, works=works: process(client, file, **works)
         for name, works in STEPS.items()}
KINDS |= {
    "edit": lambda client, file: edit(client, file, "mp4"),
    "edit to HLS": lambda client, file: edit(client, file, "hls"),
    "composition": compose,
}


@pytest.fixture(scope="session")
def film(clip_folder):
    """6 s with a single key frame at the beginning: every picture of it costs its time."""
    path = clip_folder / "film.mp4"
    clips.ffmpeg("-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25:duration=6", "-f", "lavfi",
                 "-i", "sine=frequency=440:duration=6", "-c:v", "libx264", "-preset", "ultrafast",
                 "-g", "9999", "-keyint_min", "9999", "-c:a", "aac", path)
    return path


def outcome(event):
    """Of a step, or of an edit."""
    if event["EventType"] != "ProcedureStateChanged":
        return event[f"{event['EventType']}Event"]
    result, = event["ProcedureStateChangeEvent"]["MediaProcessResultSet"]
    return next(value for name, value in result.items() if name != "Type" and value)


@pytest.mark.skipif(not SmallDisk.is_possible(), reason="mount namespaces are not allowed here")
@pytest.mark.parametrize("kind", KINDS)
def test_work_that_fills_the_disk_is_done_when_there_is_room(start_server, tmp_path, film, mp4,
                                                             kind):
    disk = SmallDisk(tmp_path / "data", 128)
    server = start_server("--disk-reserve", "0", disk=disk)
    client = server.client()
    # DASH has pictures up to those of 4K, which take their time.
    file = cos.upload(client, mp4 if kind == "adaptive DASH" else film)
    pull_mode(client)
    library = disk.seen_by(server) / "media"
    before = sorted(path for path in library.rglob("*") if path.is_file())

    task = KINDS[kind](client, file)
    ffmpeg = next(iter(wait_until(lambda: processes("ffmpeg", server.data_dir), every=0.005)))
    os.kill(ffmpeg, signal.SIGSTOP)
    filler = disk.fill(server, LEFT_BYTES)
    os.kill(ffmpeg, signal.SIGCONT)
    server.wait_for_line("is left to the next worker", 240)
    assert sorted(path for path in library.rglob("*") if path.is_file()) == before
    assert pull(client) == []
    filler.unlink()

    event, = pull_until(client, 1, seconds=240)
    assert task in str(event)
    done = outcome(event)
    assert (done["ErrCode"], done["Message"]) == (0, "SUCCESS")
    confirm(client, [event])
    assert pull(client) == []
