"""The tutorial that `hookreel demo` shows, as a user without a terminal sees it."""

import re
import signal

from harness.server import Process

SECONDS_MAX = 240


def demo(tmp_path, *arguments):
    return Process(["demo", *map(str, arguments)], {"TMPDIR": str(tmp_path)})


def test_the_tutorial_does_what_it_says(tmp_path):
    process = demo(tmp_path, "--fast")
    assert process.wait(SECONDS_MAX) == 0, process.output
    process.assert_no_sanitizer_report()
    said = process.output
    for fact in (r"Callback  NewFileUpload", r"Callback  ProcedureStateChanged",
                 r"Transcode 10 +SUCCESS", r"CoverBySnapshot 10 +SUCCESS",
                 r"h264 320x180, aac, 8\.\d s", r"Pulling  2 events", r"2 confirmed",
                 r"ResourceNotFound after 5\.\d s", r"secret id +AKID", r"hookreel pull --confirm"):
        assert re.search(fact, said), f"{fact}\n{said}"
    assert "✘" not in said
    assert list(tmp_path.iterdir()) == []


def test_the_users_own_file_is_shown(tmp_path, mp4):
    process = demo(tmp_path, mp4, "--fast")
    assert process.wait(SECONDS_MAX) == 0, process.output
    assert 'NewFileUpload' in process.output and '"clip"' in process.output


def test_a_step_that_does_not_hold_ends_it_with_an_error(tmp_path):
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"not a video" * 1000)
    folder = tmp_path / "temporary"
    folder.mkdir()
    process = demo(folder, broken, "--fast")
    assert process.wait(SECONDS_MAX) == 1
    assert "✘" in process.output and "The demo ends here" in process.output
    assert "Stopping the server" in process.output


def test_an_interruption_stops_the_server_too(tmp_path):
    process = demo(tmp_path)
    process.wait_for_line("Part 1", 60)
    process.child.send_signal(signal.SIGINT)
    assert process.wait(30) == 130, process.output
    assert "✔ Stopping the server" in process.output
    assert list(tmp_path.iterdir()) == []
