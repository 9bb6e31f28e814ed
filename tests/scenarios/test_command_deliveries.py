"""`hookreel deliveries` and `hookreel retry` against a real server."""

import json
import re

import pytest

from harness.api import TOKEN
from harness.command import objects, succeed
from harness.receiver import answer
from harness.server import Process


@pytest.fixture
def dead(api, receiver) -> dict:
    """A delivery that was given up, to an endpoint whose receiver works by now."""
    receiver.behaviour = answer(500, b"no \x1b[31mway")
    made = api.endpoint(receiver.url(), schedule={"delays_seconds": []})
    api.publish({"id": "e1", "type": "order.paid", "data": {"sum": 8}})
    found, = api.wait_for("/deliveries", lambda all: all and all[0]["state"] == "dead",
                          endpoint=made["id"])
    receiver.behaviour = answer(200)
    return found


def test_deliveries_are_listed_for_people_and_for_programs(command, api, dead):
    head, line = succeed(command("deliveries")).splitlines()
    assert head.split() == ["ID", "STATE", "TRIES", "TYPE", "TO", "NOTE", "HAPPENED", "EVENT"]
    assert line.split()[:5] == [dead["id"], "dead", "1", "order.paid", dead["endpoint"]]
    assert dead["reason"] in line and line.split()[-1] == "e1"
    assert objects(succeed(command("deliveries", "--json"))) == list(api.items("/deliveries"))


def test_deliveries_are_filtered(command, dead):
    def ids(*filters) -> list[str]:
        return [one["id"] for one in objects(succeed(command("deliveries", "--json", *filters)))]

    mine = [dead["id"]]
    assert ids("--state", "dead", "--type", "order.*", "--event", "e1", "--since", "1h") == mine
    assert ids("--endpoint", dead["endpoint"], "--until", "2999-01-01T00:00:00Z") == mine
    assert ids("--state", "delivered") == ids("--queue", "reel") == ids("--until", "1h") == []
    assert "no such delivery" in succeed(command("deliveries", "--type", "media.*"))


@pytest.mark.parametrize(("arguments", "said"), [
    (["--endpoint", "ep_nope"], "there is no endpoint ep_nope\n  `hookreel endpoint list`"),
    (["--queue", "nope", "--json"], "there is no queue nope"),
    (["--event", "nope", "--state", "dead"], "there is no event nope"),
    (["--endpoint", "ep_nope", "--follow"], "there is no endpoint ep_nope"),
])
def test_an_unknown_name_is_told_from_an_empty_list(command, arguments, said):
    result = command("deliveries", *arguments)
    assert result.returncode == 1 and result.stdout == ""
    assert said in result.stderr


def test_a_replay_to_an_unknown_endpoint_says_where_the_ids_are(command):
    result = command("replay", "ep_nope")
    assert result.returncode == 1 and "`hookreel endpoint list` lists the ids" in result.stderr


def test_a_retry_at_a_paused_endpoint_says_that_it_waits(command, api, dead):
    api.good("POST", f"/endpoints/{dead['endpoint']}/pause")
    api.wait_for("/endpoints", lambda all: all and all[0]["state"] == "paused")
    said = succeed(command("retry", dead["id"]))
    assert "its endpoint is paused" in said
    assert f"hookreel endpoint resume {dead['endpoint']}" in said


def test_the_limit_counts_over_pages(command, api, receiver):
    api.endpoint(receiver.url())
    api.publish([{"type": "order.paid", "data": n} for n in range(1000)])
    api.publish([{"type": "order.paid", "data": n} for n in range(50)])
    assert len(objects(succeed(command("deliveries", "--json", "--limit", "1020")))) == 1020
    assert len(objects(succeed(command("deliveries", "--json")))) == 20


def test_a_delivery_is_shown_with_its_attempts(command, dead):
    shown = succeed(command("deliveries", "show", dead["id"], "--exchange"))
    assert re.search(r"^state +dead$", shown, re.M)
    assert re.search(r"^1 .* dead +500 ", shown, re.M)
    assert "  POST /callback HTTP/1.1" in shown and "  HTTP/1.1 500" in shown
    assert "  no  [31mway" in shown, "the answer of a stranger must not paint the terminal"
    both = json.loads(succeed(command("deliveries", "show", dead["id"], "--json")))
    assert both["delivery"] == dead
    assert [one["status"] for one in both["attempts"]] == [500]


def test_a_retry_sends_it_now(command, api, dead, receiver):
    before = len(receiver.callbacks)
    assert dead["id"] in succeed(command("retry", dead["id"]))
    receiver.wait_for(before + 1)
    api.wait_for("/deliveries", lambda all: all[0]["state"] == "delivered")
    again, = objects(succeed(command("retry", dead["id"], "--json")))
    assert again["id"] == dead["id"]


def test_one_wrong_id_does_not_keep_the_others(command, dead, receiver):
    before = len(receiver.callbacks)
    result = command("retry", "999999-1", dead["id"])
    assert result.returncode == 1
    assert "cannot retry 999999-1: not-found" in result.stderr
    assert dead["id"] in result.stdout
    receiver.wait_for(before + 1)


def test_changes_are_followed(command, api, dead):
    follower = Process(["deliveries", "--follow", "--json"], command.variables)
    try:
        follower.wait_for_line(rf'"id":"{dead["id"]}".*"state":"dead"', 30)
        api.good("POST", f"/deliveries/{dead['id']}/retry")
        follower.wait_for_line(rf'"id":"{dead["id"]}".*"state":"delivered"', 30)
        api.publish({"id": "e2", "type": "order.paid", "data": 1})
        follower.wait_for_line(r'"event":"e2".*"state":"delivered"', 30)
    finally:
        follower.kill()


def test_a_follower_waits_for_a_server_that_is_restarted(command, api, dead, start_server):
    follower = Process(["deliveries", "--follow"], command.variables)
    try:
        follower.wait_for_line(rf'{dead["id"]}  dead', 30)
        address = api.server.address
        api.server.stop()
        follower.wait_for_line("Waiting for the server", 30)
        start_server("--api-token", TOKEN, listen=address)
        follower.wait_for_line("The server answers again", 30)
        api.publish({"id": "e2", "type": "order.paid", "data": 1})
        follower.wait_for_line("delivered  1  order.paid .* e2$", 30)
    finally:
        follower.kill()


def test_a_token_may_do_what_its_scopes_say(command, api, dead):
    def token(*scopes: str) -> dict[str, str]:
        made = api.good("POST", "/tokens", {"name": "narrow", "scopes": scopes})
        return {"HOOKREEL_API_TOKEN": made["token"]}

    reader = token("deliveries:read")
    assert dead["id"] in succeed(command("deliveries", environment=reader))
    refused = command("retry", dead["id"], environment=reader)
    assert refused.returncode == 1
    assert "forbidden" in refused.stderr and "Take a token with this scope" in refused.stderr
    publisher = token("events:publish")
    succeed(command("trigger", "order.sent", "--data", "{}", environment=publisher))
    assert command("trigger", "media.uploaded", environment=publisher).returncode == 1
    succeed(command("retry", dead["id"], environment=token("deliveries:write")))


@pytest.mark.parametrize(("arguments", "said"), [
    (["deliveries", "--server", "http://127.0.0.1:1"], "Is `hookreel serve` running"),
    (["deliveries", "--api-token", "wrong"], "does not know this token"),
    (["deliveries", "--api-token", ""], "HOOKREEL_API_TOKEN"),
    (["deliveries", "--endpoint", "no such"], "invalid-request: endpoint"),
    (["deliveries", "--since", "1h", "--until", "2h"], "invalid-request:"),
    (["deliveries", "show", "999999-1"], "`hookreel deliveries` lists the ids"),
    (["retry", "nonsense"], "not-found"),
    (["deliveries", "--api-token", "wrong", "show", "5-12"], "does not know this token"),
    (["deliveries", "show", "5-12", "--api-token", "wrong"], "does not know this token"),
])
def test_errors_say_what_to_do(command, arguments, said):
    result = command(*arguments)
    assert result.returncode == 1
    assert said in result.stderr and result.stdout == ""


@pytest.mark.parametrize("arguments", [
    ["deliveries", "--since", "yesterday"], ["deliveries", "--state", "gone"], ["retry"],
    ["deliveries", "show"], ["deliveries", "--limit", "0"],
    ["deliveries", "--queue", "reel", "--endpoint", "e1"],
    ["deliveries", "--state", "dead", "show", "5-12"], ["deliveries", "show", "5-12", "--nonsense"],
])
def test_a_senseless_command_line_is_refused(command, arguments):
    result = command(*arguments)
    assert result.returncode == 2 and result.stderr
