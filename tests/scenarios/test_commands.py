"""The client commands against a real server: what they print, for people and for programs, and what
they say when something is wrong."""

import json
import re
import signal

import pytest

from harness.command import Command, succeed
from harness.server import Process
from harness.web import fetch


@pytest.fixture
def command(server) -> Command:
    """Runs a command as the default application of the server."""
    return Command(HOOKREEL_SERVER=server.url, HOOKREEL_SECRET_ID=server.keys[0],
                   HOOKREEL_SECRET_KEY=server.keys[1])


@pytest.fixture
def listener():
    """`hookreel listen` on any port."""
    started = []

    def start(*arguments):
        process = Process(["listen", "--port", "0", *arguments])
        started.append(process)
        match = process.wait_for_line(r"Waiting for callbacks at (http://\S+)", 60)
        return process, match.group(1)

    yield start
    for process in started:
        if process.child.poll() is None:
            process.kill()


def test_an_upload_is_told_to_the_listener(command, listener, wmv):
    process, url = listener("--sign-key", "abc123")
    shown = succeed(command("config", "event", "--mode", "PUSH", "--url", url, "--upload", "ON",
                            "--sign-key", "abc123"))
    assert re.search(r"^mode +PUSH$", shown, re.M) and url in shown
    uploaded = json.loads(succeed(command("upload", wmv, "--name", "my clip", "--json")))
    process.wait_for_line(rf'NewFileUpload  {uploaded["FileId"]} "my clip"', 30)
    assert "signature good" in process.output
    assert fetch(uploaded["MediaUrl"]).body == wmv.read_bytes()
    process.child.send_signal(signal.SIGINT)
    assert process.wait(10) == 0


def test_a_wrong_sign_key_is_seen(command, listener, wmv):
    process, url = listener("--sign-key", "another")
    succeed(command("config", "event", "--mode", "PUSH", "--url", url, "--upload", "ON",
                    "--sign-key", "abc123"))
    succeed(command("upload", wmv))
    process.wait_for_line("signature wrong", 30)


def test_events_are_pulled_and_confirmed(command, wmv):
    succeed(command("config", "event", "--mode", "PULL", "--upload", "ON"))
    assert "No event is waiting." in succeed(command("pull"))
    uploaded = json.loads(succeed(command("upload", wmv, "--json")))
    lines = succeed(command("pull", "--confirm")).splitlines()
    assert lines[0].split() == ["HANDLE", "EVENT", "FILE"]
    assert uploaded["FileId"] in lines[1] and "NewFileUpload" in lines[1]
    assert lines[2] == "1 confirmed"
    assert succeed(command("pull", "--json")) == ""


def test_a_file_is_processed_to_its_end(command, wmv):
    uploaded = json.loads(succeed(command("upload", wmv, "--json")))
    shown = succeed(command("process", uploaded["FileId"], "--transcode", 10, "--cover", 1,
                            "--wait"))
    assert re.search(r"Transcode 10 +SUCCESS", shown)
    assert re.search(r"CoverBySnapshot 10 +SUCCESS", shown)
    task = json.loads(succeed(command("process", uploaded["FileId"], "--transcode", 10, "--wait",
                                      "--json")))
    assert task["Status"] == "FINISH"


@pytest.mark.parametrize(("arguments", "said"), [
    (["pull", "--server", "http://127.0.0.1:1"], "Is `hookreel serve` running at 127.0.0.1:1?"),
    (["pull", "--server", "nowhere"], "takes an address such as"),
    (["pull", "--secret-id", "unknown"], "is not the server"),
    (["pull", "--secret-id", "", "--secret-key", ""], "HOOKREEL_SECRET_ID"),
    (["upload", "/nonexistent.mp4"], "No such file"),
    (["process", "1", "--transcode", "10"], "InvalidParameterValue.FileId"),
])
def test_errors_say_what_to_do(command, arguments, said):
    result = command(*arguments)
    assert result.returncode == 1
    assert said in result.stderr and result.stdout == ""


def test_a_file_that_is_no_video_is_refused_with_advice(command, tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("hello")
    result = command("upload", text)
    assert result.returncode == 1 and "--type" in result.stderr


@pytest.mark.parametrize("arguments", [
    [], ["nonsense"], ["pull", "--nonsense"], ["config", "event", "--mode", "BOTH"],
    ["listen", "--status", "7"], ["upload"], ["process", "1"],
])
def test_a_senseless_command_line_is_refused(command, arguments):
    assert command(*arguments).returncode == 2


def test_a_port_in_use_is_named(command, server):
    result = command("listen", "--port", server.port)
    assert result.returncode == 1 and "--port" in result.stderr
