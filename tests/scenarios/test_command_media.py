"""`hookreel media` against a real server: files listed, shown, processed, edited, deleted."""

import json
import os
import pty
import re
import subprocess

import pytest

from harness import clips
from harness.command import Command, objects, on_terminal, succeed
from harness.server import binary, clean_environment
from harness.web import fetch


@pytest.fixture
def command(server) -> Command:
    return Command(HOOKREEL_SERVER=server.url, HOOKREEL_SECRET_ID=server.keys[0],
                   HOOKREEL_SECRET_KEY=server.keys[1])


def uploaded(command, file, *more) -> str:
    return json.loads(succeed(command("upload", file, "--json", *more)))["FileId"]


def test_files_are_listed_newest_first_and_by_what_is_asked_for(command, mp4, wmv):
    assert "Put one in" in succeed(command("media", "list"))
    first = uploaded(command, wmv, "--name", "Holiday at sea")
    second = uploaded(command, mp4, "--name", "Board meeting")
    head, *rows = succeed(command("media", "list")).splitlines()
    assert head.split() == ["FILE", "CREATED", "TYPE", "PICTURE", "LENGTH", "SIZE", "NAME"]
    assert {row.split()[0] for row in rows} == {first, second}
    assert re.search(rf"^{first} .* wmv +320x240 +3\.\d s .*KiB +Holiday at sea$", "\n".join(rows),
                     re.M)

    def found(*arguments):
        return [media["FileId"] for media in objects(succeed(
            command("media", "list", "--json", *arguments)))]

    assert found("--name", "holiday") == [first]
    assert found("--prefix", "Board") == [second]
    assert found("--type", "wmv") == [first]
    assert set(found("--category", "video", "--since", "1h")) == {first, second}
    assert found("--until", "1h") == found("--category", "Audio") == found("--tag", "x") == []
    assert len(found("--limit", "1")) == 1


def test_a_file_is_shown_with_everything_that_was_made_of_it(command, mp4):
    file = uploaded(command, mp4, "--name", "Board meeting")
    done = succeed(command("media", "process", file, "--transcode", 10, "--cover", 1, "--wait"))
    assert re.search(r"^Transcode 10 +SUCCESS$", done, re.M)
    shown = succeed(command("media", "show", file))
    assert re.search(r"^name +Board meeting$", shown, re.M)
    assert re.search(r"^streams +h264 320x240 15 fps \d+ kbps; aac 44.1 kHz \d+ kbps$", shown, re.M)
    assert re.search(r"^cover +http\S+\.jpg$", shown, re.M)
    original, transcode = re.findall(r"^  (original|Transcode 10) .*\n    (http\S+)$", shown, re.M)
    assert fetch(original[1]).body == mp4.read_bytes()
    assert transcode[0] == "Transcode 10" and fetch(transcode[1]).status == 200
    media = json.loads(succeed(command("media", "show", file, "--json")))
    assert media["FileId"] == file and len(media["TranscodeInfo"]["TranscodeSet"]) == 2


def test_files_are_cut_and_joined(command, tmp_path):
    file = uploaded(command, clips.numbered(tmp_path / "numbered.mp4"))
    shown = succeed(command("media", "edit", f"{file}@0.6-1.4", f"{file}@1.6-", "--name", "best of",
                            "--wait"))
    made = re.search(r"^  file id +(\d+)  mp4  160x120  1\.2 s .*\n    (http\S+)$", shown, re.M)
    assert made, shown
    assert len(clips.shades(fetch(made[2]).body)) == 30
    assert "best of" in succeed(command("media", "show", made[1]))
    task = json.loads(succeed(command("media", "edit", file, "--type", "hls", "--priority", "-5",
                                      "--wait", "--json")))
    assert (task["ErrCode"], task["Output"]["FileType"]) == (0, "hls")
    asked = json.loads(succeed(command("media", "edit", file, "--json")))
    assert "EditMedia" in asked["TaskId"]


def test_an_edit_that_fails_says_why(command, mp4):
    file = uploaded(command, mp4)
    result = command("media", "edit", f"{file}@50-60", "--wait")
    assert result.returncode == 1
    assert "InvalidInput.InvalidTimeOffset" in result.stdout


def test_files_are_deleted_after_a_yes(command, mp4):
    first, second = uploaded(command, mp4, "--name", "draft"), uploaded(command, mp4)
    asked = on_terminal(command, "n", "media", "delete", first)
    assert asked.returncode == 1 and asked.stdout == ""
    assert "draft" in asked.stderr and "Delete this file" in asked.stderr
    assert "nothing was deleted" in asked.stderr
    gone = on_terminal(command, "YES", "media", "delete", first, second)
    assert gone.returncode == 0 and "these 2 files" in gone.stderr
    assert gone.stdout.splitlines() == [f"deleted  {first}", f"deleted  {second}"]
    assert succeed(command("media", "list", "--json")) == ""


def test_nothing_is_deleted_when_nobody_can_be_asked(command, mp4):
    file = uploaded(command, mp4)
    refused = command("media", "delete", file)
    assert refused.returncode == 2 and "--yes" in refused.stderr
    assert file in succeed(command("media", "list"))
    told = command("media", "delete", "1", file, "--yes", "--json")
    assert told.returncode == 1 and objects(told.stdout) == [{"FileId": file}]
    assert "cannot delete 1: ResourceNotFound" in told.stderr


def test_what_is_missing_is_named_before_anything_is_deleted(command, mp4):
    file = uploaded(command, mp4)
    refused = on_terminal(command, "y", "media", "delete", file, "1")
    assert refused.returncode == 1 and "there is no file 1" in refused.stderr
    assert file in succeed(command("media", "list"))


@pytest.mark.parametrize(("arguments", "said"), [
    (["show", "1"], "there is no file 1"),
    (["process", "1", "--transcode", "10"], "InvalidParameterValue.FileId"),
    (["edit", "1"], "`hookreel media list` lists the ids"),
])
def test_refusals_say_what_to_do(command, arguments, said):
    result = command("media", *arguments)
    assert result.returncode == 1
    assert said in result.stderr and result.stdout.strip() == ""


@pytest.mark.parametrize("arguments", [
    [], ["show"], ["list", "--since", "soon"], ["list", "--category", "Smell"],
    ["list", "--limit", "0"], ["edit"], ["edit", "7@5"], ["edit", "7", "--type", "avi"],
    ["edit", "7", "--priority", "11"], ["process", "7"], ["delete", "--yes"],
])
def test_a_senseless_command_line_is_refused(command, arguments):
    result = command("media", *arguments)
    assert result.returncode == 2 and result.stderr


def test_a_terminal_sees_a_bar_that_moves(command, mp4):
    """What a terminal gets, also at once when nothing is left to do."""
    file = uploaded(command, mp4)
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [binary(), "media", "process", file, "--transcode", "10", "--wait"], stdin=theirs,
        stdout=theirs, env=clean_environment() | command.variables | {"TERM": "xterm"})
    os.close(theirs)
    seen = b""
    try:
        while piece := os.read(ours, 4096):
            seen += piece
    except OSError:  # The other end is closed.
        pass
    assert child.wait(60) == 0
    os.close(ours)
    assert b"Processing" in seen and b"\r" in seen and b"%" in seen
    assert "✔ Processing" in re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", seen.decode())
