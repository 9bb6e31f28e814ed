"""`hookreel endpoint` against a real server: from creation to deletion."""

import json
import re

import pytest

from harness.command import objects, on_terminal, succeed
from harness.receiver import answer, unused_port


def created(command, *arguments) -> dict:
    return json.loads(succeed(command("endpoint", "create", *arguments, "--json")))


def test_an_endpoint_is_created_as_it_is_asked_for(command, api, receiver):
    made = created(
        command, receiver.url(), "--type", "order.*", "--type", "media.uploaded", "--key", "k",
        "--where", "sum=7", "--where", "sum=8", "--dialect", "cloudevents_binary", "--order", "key",
        "--in-flight-max", "3", "--rate", "0.5", "--schedule", "1s,2.5s", "--timeout", "3s",
        "--jitter", "0", "--header", "X-Shop: 7", "--description", "the shop",
        "--guarantee", "at_most_once", "--paused")
    assert made["secret"].startswith("whsec_")
    shown = api.good("GET", f"/endpoints/{made['id']}")
    wanted = {"types": ["order.*", "media.uploaded"], "keys": ["k"], "data": {"sum": [7, 8]},
              "dialect": "cloudevents_binary", "order": "key", "in_flight_max": 3,
              "rate_per_second": 0.5, "headers": {"X-Shop": "7"}, "description": "the shop",
              "guarantee": "at_most_once", "state": "paused", "url": receiver.url()}
    assert {name: shown[name] for name in wanted} == wanted
    assert shown["schedule"]["delays_seconds"] == [1, 2.5]
    assert shown["schedule"]["timeout_seconds"] == 3


def test_the_secret_is_shown_when_it_is_made_and_when_it_is_asked_for(command, receiver):
    shown = succeed(command("endpoint", "create", receiver.url()))
    secret, = re.findall(r"^  (whsec_\S+)$", shown, re.M)
    endpoint = re.search(r"^endpoint +(\S+)$", shown, re.M)[1]
    assert "receivers.md" in shown
    assert secret not in succeed(command("endpoint", "show", endpoint))
    assert secret not in succeed(command("endpoint", "list"))
    assert secret in succeed(command("endpoint", "secret", endpoint))
    rotated = succeed(command("endpoint", "rotate-secret", endpoint, "--keep-old", "1h"))
    another, = re.findall(r"^  (whsec_\S+)$", rotated, re.M)
    live = json.loads(succeed(command("endpoint", "secret", endpoint, "--json")))["secrets"]
    assert [one["secret"] for one in live] == [another, secret]
    gone = json.loads(succeed(command("endpoint", "rotate-secret", endpoint, "--keep-old", "0s",
                                      "--algorithm", "v1a", "--json")))
    assert gone["secret"].startswith("whpk_") and len(gone["secrets"]) == 1


def test_a_given_secret_is_taken(command, receiver):
    secret = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    assert created(command, receiver.url(), "--secret", secret)["secret"] == secret


def test_endpoints_are_listed_and_shown(command, receiver):
    assert "Make one" in succeed(command("endpoint", "list"))
    made = created(command, receiver.url(), "--type", "order.*")
    paused = created(command, receiver.url("/two"), "--paused")
    head, first, second = succeed(command("endpoint", "list")).splitlines()
    assert head.split() == ["ID", "STATE", "URL", "TYPES", "DIALECT", "DESCRIPTION"]
    assert {first.split()[0], second.split()[0]} == {made["id"], paused["id"]}
    found, = objects(succeed(command("endpoint", "list", "--state", "paused", "--json")))
    assert found["id"] == paused["id"]
    shown = succeed(command("endpoint", "show", made["id"]))
    assert re.search(r"^types +order\.\*$", shown, re.M)
    assert re.search(r"^waiting +0$", shown, re.M)
    told = json.loads(succeed(command("endpoint", "show", made["id"], "--json")))
    assert told["url"] == receiver.url() and told["statistics"]["dead"] == 0


def test_an_endpoint_is_changed(command, receiver):
    made = created(command, receiver.url(), "--rate", "5", "--schedule", "1s", "--header", "X-A: 1")
    changed = json.loads(succeed(command(
        "endpoint", "change", made["id"], "--url", receiver.url("/new"), "--description", "moved",
        "--default", "rate_per_second", "--default", "headers", "--json")))
    assert changed["url"] == receiver.url("/new")
    assert (changed["rate_per_second"], changed["headers"]) == (0, {})
    assert changed["description"] == "moved"
    assert changed["schedule"] == made["schedule"]


def test_an_endpoint_is_paused_resumed_and_deleted(command, api, receiver):
    made = created(command, receiver.url())
    assert "paused" in succeed(command("endpoint", "pause", made["id"], "--reason", "a move"))
    assert re.search(r"^because +a move$", succeed(command("endpoint", "show", made["id"])), re.M)
    assert "enabled" in succeed(command("endpoint", "resume", made["id"]))
    assert "dead letters" in succeed(command("endpoint", "delete", made["id"], "--yes"))
    assert list(api.items("/endpoints")) == []
    again = command("endpoint", "delete", made["id"])
    assert again.returncode == 1 and "`hookreel endpoint list`" in again.stderr


def test_an_endpoint_is_deleted_after_a_yes(command, api, receiver):
    made = created(command, receiver.url(), "--paused")
    api.publish([{"type": "order.paid", "data": n} for n in range(2)])
    asked = on_terminal(command, "n", "endpoint", "delete", made["id"])
    assert asked.returncode == 1 and asked.stdout == ""
    assert receiver.url() in asked.stderr and "2 events" in asked.stderr
    assert "cannot be retried" in asked.stderr and "nothing was deleted" in asked.stderr
    nobody = command("endpoint", "delete", made["id"])
    assert nobody.returncode == 2 and "--yes" in nobody.stderr
    assert made["id"] in succeed(command("endpoint", "list"))
    assert on_terminal(command, "y", "endpoint", "delete", made["id"]).returncode == 0
    assert list(api.items("/endpoints")) == []


def test_a_test_of_a_paused_endpoint_says_to_resume_it(command, receiver):
    made = created(command, receiver.url(), "--paused")
    refused = command("endpoint", "test", made["id"], "--wait")
    assert refused.returncode == 1 and refused.stdout == ""
    assert f"hookreel endpoint resume {made['id']}" in refused.stderr


def test_a_schedule_is_shown_as_people_say_it(command, receiver):
    made = created(command, receiver.url(), "--schedule", "5s,90m,1d", "--jitter", "10",
                   "--timeout", "20s", "--connect-timeout", "2.5s", "--success", "any_2xx")
    shown = succeed(command("endpoint", "show", made["id"]))
    assert re.search(r"^schedule +5 s, 90 min, 1 d \(4 attempts\), ±10 %$", shown, re.M)
    assert re.search(r"^time limits +connect 2\.5 s, answer 20 s$", shown, re.M)
    assert re.search(r"^success +any 2xx", shown, re.M)
    assert "{" not in shown


def test_a_test_tells_whether_the_receiver_takes_it(command, receiver):
    made = created(command, receiver.url(), "--type", "order.*")
    shown = succeed(command("endpoint", "test", made["id"], "--type", "order.paid",
                            "--data", '{"sum":7}', "--wait"))
    assert re.search(r"^1 .* delivered +200", shown, re.M)
    callback, = receiver.wait_for(1)
    assert callback.json()["type"] == "order.paid" and callback.json()["data"] == {"sum": 7}
    receiver.behaviour = answer(503)
    refused = command("endpoint", "test", made["id"], "--wait")
    assert refused.returncode == 1
    assert re.search(r"^1 .* retry +503", refused.stdout, re.M)
    sent = json.loads(succeed(command("endpoint", "test", made["id"], "--type", "media.uploaded",
                                      "--json")))
    assert sent["event"] and sent["delivery"]


def test_a_test_of_an_endpoint_without_a_receiver_fails(command):
    made = created(command, f"http://127.0.0.1:{unused_port()}/")
    refused = command("endpoint", "test", made["id"], "--wait", "--json")
    assert refused.returncode == 1
    assert json.loads(refused.stdout)["state"] == "retrying"


@pytest.mark.parametrize(("arguments", "said"), [
    (["create", "http://10.0.0.1/h"], "--allow-address 10.0.0.1"),
    (["create", "nonsense"], "invalid-request: url"),
    (["create", "http://127.0.0.1:1/", "--type", "A!"], "types[0]"),
    (["create", "http://127.0.0.1:1/", "--dialect", "morse"], "dialect"),
    (["show", "nobody"], "`hookreel endpoint list` lists the ids"),
])
def test_refusals_name_what_is_wrong(command, arguments, said):
    result = command("endpoint", *arguments)
    assert result.returncode == 1
    assert said in result.stderr and result.stdout == ""


@pytest.mark.parametrize("arguments", [
    [], ["create"], ["change", "e1"], ["create", "http://127.0.0.1:1/", "--schedule", "soon"],
    ["create", "http://127.0.0.1:1/", "--where", "sum"], ["list", "--state", "gone"],
    ["test", "e1", "--data", "[1]"], ["change", "e1", "--default", "url"],
    ["rotate-secret", "e1", "--keep-old", "7"],
])
def test_a_senseless_command_line_is_refused(command, arguments):
    result = command("endpoint", *arguments)
    assert result.returncode == 2 and result.stderr
