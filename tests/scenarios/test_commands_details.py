"""What a reviewer of the commands stumbled over: each small thing that they say and do."""

import json
import re

import pytest

from harness.command import Command
from harness.events import make_event, pull_mode, wait_until
from harness.server import Process, Server
from harness.web import fetch


run = Command()


def account(server):
    return {"HOOKREEL_SERVER": server.url, "HOOKREEL_SECRET_ID": server.keys[0],
            "HOOKREEL_SECRET_KEY": server.keys[1]}


def test_a_follower_waits_for_a_server_that_is_restarted(start_server):
    first = start_server()
    pull_mode(first.client())
    follower = Process(["pull", "--confirm", "--follow"], account(first))
    make_event(first.client())
    follower.wait_for_line("1 confirmed", 60)
    address = first.address
    first.stop()
    follower.wait_for_line(r"Waiting for the server", 60)
    second: Server = start_server(listen=address)
    follower.wait_for_line(r"The server answers again", 60)
    confirmed = follower.output.count("1 confirmed")
    make_event(second.client())
    wait_until(lambda: follower.output.count("1 confirmed") > confirmed)
    follower.child.terminate()
    follower.wait(30)


def test_a_follower_that_never_reached_a_server_fails(start_server):
    refused = run("pull", "--follow", "--server", "http://127.0.0.1:1")
    assert refused.returncode == 1 and "Is `hookreel serve` running" in refused.stderr


def test_a_mistake_in_the_configuration_file_is_named_with_file_and_line(tmp_path):
    file = tmp_path / "hookreel.toml"
    for text, line in [("# x\nlissen = 'a'\n", 2), ("listen = \n", 1), ("\n\njobs = 'many'\n", 3)]:
        file.write_text(text)
        refused = run("serve", "--config", file)
        assert refused.returncode == 1
        assert f"{file}:{line}: " in refused.stderr


def test_a_setting_given_twice_is_named():
    refused = run("serve", "--listen", "127.0.0.1:1", "--listen", "127.0.0.1:2")
    assert refused.returncode == 1
    assert "--listen is given 2 times, but takes one HOST:PORT" in refused.stderr


def test_the_version_is_a_flag_too():
    shown = run("version").stdout
    assert run("--version").stdout == shown
    assert f'hookreel {json.loads(run("version", "--json").stdout)["version"]}\n' == shown


def test_help_lists_all_templates():
    helped = run("process", "--help").stdout
    for template in ("10 MP4-LD-FLU", "280 HLS-4K", "580 MP4-H.265-4K", "1020 MP3-320",
                     "10049 FLV-FHD", "100840 MP4-TopSpeed-1080P"):
        assert template in helped


def subcommands(*command):
    """All commands at and below this one, by what `--help` lists."""
    helped = run(*command, "--help").stdout
    yield command, helped
    listed = re.search(r"^Subcommands:\n((?:  .*\n)+)", helped, re.M)
    for name in re.findall(r"^  (\S+)", listed[1] if listed else "", re.M):
        yield from subcommands(*command, name)


def test_each_command_has_examples_of_itself():
    found = dict(subcommands())
    assert len(found) > 20, found.keys()
    for command, helped in found.items():
        if command:
            name = " ".join(("hookreel", *command))
            assert re.search(rf"^Examples:\n(  .*\n)*? .*{name}\b", helped, re.M), helped


def test_each_command_that_shows_something_has_it_for_programs():
    without = [("serve",), ("demo",), ("completion",), ("man",)]  # The last two print for programs.
    for command, helped in subcommands():
        if "\nSubcommands:" not in helped and command not in without:
            assert "--json" in helped, command


def test_steps_are_told_also_without_a_terminal(server, wmv):
    uploaded = run("upload", wmv, "--name", "Board meeting", environment=account(server)).stdout
    assert "Uploading Board meeting" in uploaded
    file_id = re.search(r"file id +(\d+)", uploaded)[1]
    shown = run("process", file_id, "--transcode", 10, "--wait", environment=account(server)).stdout
    assert re.search(r"^Transcode 10 +SUCCESS$", shown, re.M), shown


def test_numbers_are_printed_as_people_write_them(server, wmv):
    listener = Process(["listen", "--port", "0"])
    url = listener.wait_for_line(r"Waiting for callbacks at (http://\S+)", 60).group(1)
    environment = account(server)
    run("config", "event", "--mode", "PUSH", "--url", url, "--upload", "ON",
        environment=environment)
    run("upload", wmv, environment=environment)
    listener.wait_for_line(r'"Duration": \d+\.\d+', 60)
    listener.kill()
    assert not re.search(r"\dE\d", listener.output)


def test_a_body_that_is_no_utf8_is_named(server):
    listener = Process(["listen", "--port", "0"])
    url = listener.wait_for_line(r"Waiting for callbacks at (http://\S+)", 60).group(1)
    assert fetch(url, method="POST", body=b'{"a":"\xff"}').status == 200
    listener.wait_for_line("not an event: not UTF-8", 60)
    listener.kill()


@pytest.mark.parametrize("arguments", [["/nonexistent.mp4"], []])
def test_a_demo_that_cannot_begin_leaves_nothing_behind(tmp_path, arguments):
    environment = {"TMPDIR": str(tmp_path), "PATH": "/nonexistent"}
    assert run("demo", "--fast", *arguments, environment=environment).returncode != 0
    assert list(tmp_path.iterdir()) == []


def test_a_callback_address_that_is_never_called_is_warned_of(start_server):
    server = start_server()
    refused = "http://10.1.2.3/callback"
    shown = run("config", "event", "--url", refused, environment=account(server))
    assert shown.returncode == 0
    assert "warning: the address rules refuse 10.1.2.3" in shown.stderr
    server.wait_for_line("warning callbacks cannot be sent .*10.1.2.3", 60)
    fine = run("config", "event", "--url", "http://127.0.0.1:9000/", environment=account(server))
    assert fine.stderr == ""


def test_a_folder_is_no_file_of_settings(tmp_path):
    refused = run("serve", "--config", tmp_path)
    assert refused.returncode == 1
    assert f"--config: cannot read {tmp_path}; it takes a file" in refused.stderr


def test_an_empty_queue_says_why_nothing_can_come(server, client):
    client.call("ModifyEventConfig", Mode="PUSH", NotificationUrl="")
    nothing = run("pull", environment=account(server))
    assert nothing.returncode == 0
    assert "the mode is PUSH: hookreel config event --mode PULL --upload ON" in nothing.stdout
    pull_mode(client)
    assert "PUSH" not in run("pull", environment=account(server)).stdout
