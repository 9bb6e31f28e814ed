#!/usr/bin/env python3
"""./dev bench media [--runs N] [--seconds S] [--upload-mb M] [--json]: media work beside ffmpeg.

Each work is asked for over the API and done by the server, in the sandbox, until its event is
pulled. The yardstick is the very command that the server ran, taken from its process and run by
hand with the same niceness, in turn with the server, whose time also has the sandbox, the probe of
the output and the commits in it. Its CPU is that of the server alone, because bubblewrap does not
pass on that of its children. An upload goes over the object endpoint; its yardstick is a copy of
the same file that is synced. The promise: a transcode costs at most 3 % more than its command, a
cover is ready in twice its command's time, an upload runs at the speed of the disk with flat
memory.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
os.environ.setdefault("HOOKREEL_BINARY", str(ROOT / "build/release/hookreel"))
sys.path.insert(0, str(ROOT / "tests"))

from harness import clips, cos  # noqa: E402
from harness.events import confirm, process, pull_until  # noqa: E402
from harness.server import SECRET_ID, SECRET_KEY, Server, binary, clean_environment  # noqa: E402

NICE = 10  # As the server has it.
WORKS = {
    "transcode": {"TranscodeTaskSet": [{"Definition": 30}]},
    "cover": {"CoverBySnapshotTaskSet": [
        {"Definition": 10, "PositionType": "Time", "PositionValue": 3}]},
    "adaptive stream": {"AdaptiveDynamicStreamingTaskSet": [{"Definition": 10}]},
}


def cpu_ms(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def highest_mb(pid):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(text.split("VmHWM:")[1].split()[0]) / 1024


def ffmpeg_of(folder):
    """The arguments of a running ffmpeg that works on a file of the folder."""
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().decode().split("\0")[:-1]
        except OSError:
            continue  # It has just ended.
        if words and pathlib.Path(words[0]).name == "ffmpeg" and str(folder) in " ".join(words):
            return words
    return None


def watch(folder, found, stop):
    while not found and not stop.is_set():
        if words := ffmpeg_of(folder):
            found.append(words)


def ask(server, client, file, work):
    """Seconds from the request to its event, and the CPU milliseconds of the server."""
    cpu, begun = cpu_ms(server.child.pid), time.monotonic()
    process(client, file, **work)
    events = pull_until(client, 1, seconds=600)
    took = time.monotonic() - begun
    cpu = cpu_ms(server.child.pid) - cpu
    confirm(client, events)
    steps = events[0]["ProcedureStateChangeEvent"]["MediaProcessResultSet"]
    for step in steps:
        failed = [one["Message"] for name, one in step.items()
                  if name != "Type" and one and one["Status"] != "SUCCESS"]
        assert not failed, failed
    return took, cpu


def command_of(server, client, file, work):
    """The command that the server runs for a work: a run of it that is not measured."""
    found, stop = [], threading.Event()
    watcher = threading.Thread(target=watch, args=(server.data_dir, found, stop))
    watcher.start()
    ask(server, client, file, work)
    stop.set()
    watcher.join()
    assert found, "ffmpeg ran unseen"
    return found[0]


def by_hand(command):
    with tempfile.TemporaryDirectory() as folder:
        begun = time.monotonic()
        subprocess.run(["nice", "-n", str(NICE), *command], cwd=folder, check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        return time.monotonic() - begun


def measure_work(server, client, file, work, runs):
    command = command_of(server, client, file, work)
    served, bare = [], []
    for _ in range(runs):
        served.append(ask(server, client, file, work))
        bare.append(by_hand(command))
    return {
        "by hand, s": bare,
        "Hookreel, s": [took for took, _ in served],
        "Hookreel / by hand": [took / other for (took, _), other in zip(served, bare)],
        "CPU of the server, ms": [cpu for _, cpu in served],
    }


def copy_synced(source, target):
    begun = time.monotonic()
    with open(source, "rb") as read, open(target, "wb") as written:
        while chunk := read.read(1 << 20):
            written.write(chunk)
        written.flush()
        os.fsync(written.fileno())
    return time.monotonic() - begun


def measure_upload(server, folder, megabytes, runs):
    big = folder / "big.mp4"
    with big.open("wb") as file:
        for _ in range(megabytes):
            file.write(os.urandom(1 << 20))
    environment = clean_environment() | {"HOOKREEL_SECRET_ID": SECRET_ID,
                                         "HOOKREEL_SECRET_KEY": SECRET_KEY}
    ours, copies, before = [], [], highest_mb(server.child.pid)
    for _ in range(runs):
        begun = time.monotonic()
        subprocess.run([binary(), "upload", "--server", server.url, big], env=environment,
                       check=True, stdout=subprocess.DEVNULL)
        ours.append(megabytes / (time.monotonic() - begun))
        copies.append(megabytes / copy_synced(big, server.data_dir / "copy"))
        (server.data_dir / "copy").unlink()
    return {
        "copy and sync, MiB/s": copies,
        "Hookreel, MiB/s": ours,
        "Hookreel / copy": [one / other for one, other in zip(ours, copies)],
        "highest memory, MB more": [highest_mb(server.child.pid) - before],
    }


def measure(given):
    figures = {}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        clip = clips.mp4(folder / "clip.mp4", seconds=given.seconds, size="1280x720")
        server = Server(folder / "data")
        try:
            client = server.client()
            client.call("ModifyEventConfig", Mode="PULL", UploadMediaCompleteEventSwitch="OFF")
            figures["upload"] = measure_upload(server, folder, given.upload_mb, given.runs)
            file = cos.upload(client, clip)
            for what in given.works:
                figures[what] = measure_work(server, client, file, WORKS[what], given.runs)
        finally:
            server.terminate()
    return figures


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--seconds", type=int, default=20, help="length of the clip")
    options.add_argument("--upload-mb", type=int, default=1024)
    options.add_argument("--works", nargs="*", choices=WORKS, default=list(WORKS))
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    setup = (f"{given.seconds} s of 1280x720 at 15 frames a second, H.264 and AAC; "
             f"an upload of {given.upload_mb} MiB; {given.runs} runs in turn")
    rows = {what: {name: {"median": statistics.median(values), "min": min(values),
                          "max": max(values)} for name, values in measured.items()}
            for what, measured in measure(given).items()}
    if given.json:
        print(json.dumps({"setup": setup, "figures": rows}))
        return
    print(f"media: {setup}")
    for what, measured in rows.items():
        print(f"\n{what:<30}{'median':>10}{'min':>10}{'max':>10}")
        for name, row in measured.items():
            print(f"{name:<30}{row['median']:>10.2f}{row['min']:>10.2f}{row['max']:>10.2f}")


if __name__ == "__main__":
    main()
