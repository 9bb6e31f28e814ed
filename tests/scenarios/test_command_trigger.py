"""`hookreel trigger` and `hookreel replay` against a real server."""

import json
import re

import pytest

from harness.command import objects, succeed
from harness.receiver import answer


def types_of(receiver) -> list[str]:
    return [callback.json()["type"] for callback in receiver.callbacks]


def test_the_sample_of_every_type_can_be_triggered(command, api, receiver):
    known = objects(succeed(command("trigger", "--list", "--json")))
    assert known == list(api.items("/event-types"))
    shown = succeed(command("trigger", "--list"))
    assert re.search(r"^media\.uploaded  ", shown, re.M)
    made = api.endpoint(receiver.url())
    for type in known:
        published = json.loads(succeed(command("trigger", type["type"], "--json")))
        assert published["events"][0]["queues"] == [made["id"]]
    callbacks = receiver.wait_for(len(known))
    assert {callback.json()["type"] for callback in callbacks} == {one["type"] for one in known}


def test_the_sample_is_sent_as_a_vod_callback_too(command, api, receiver):
    client = api.server.client()
    client.call("ModifyEventConfig", Mode="PUSH", NotificationUrl=receiver.url("/vod"),
                UploadMediaCompleteEventSwitch="ON")
    succeed(command("trigger", "media.uploaded"))
    callback, = receiver.wait_for_type("NewFileUpload")
    assert callback.path == "/vod"


def test_fields_of_the_sample_are_overwritten(command, api, receiver):
    api.endpoint(receiver.url())
    sample = api.good("GET", "/event-types/media.uploaded")["example"]
    name = next(iter(sample["data"]))
    shown = json.loads(succeed(command("trigger", "media.uploaded", "--dry-run", "--json")))
    assert shown["data"] == sample["data"] and receiver.callbacks == []
    told = succeed(command("trigger", "media.uploaded", "--key", "k",
                           "--data", json.dumps({name: "mine", "more": {"a": 7}})))
    assert re.search(r"^event  \S+$", told, re.M)
    callback, = receiver.wait_for(1)
    assert callback.json()["data"] == sample["data"] | {name: "mine", "more": {"a": 7}}
    assert callback.json()["key"] == "k"


def test_types_of_ones_own_are_published_with_their_data(command, api, receiver):
    assert "nobody" in succeed(command("trigger", "order.paid", "--data", "[7]"))
    api.endpoint(receiver.url())
    succeed(command("trigger", "order.paid", "--key", "k", "--data", '{"sum":7}'))
    callback, = receiver.wait_for(1)
    assert callback.json()["type"] == "order.paid" and callback.json()["data"] == {"sum": 7}


@pytest.mark.parametrize(("arguments", "code", "said"), [
    (["order.paid"], 1, "`hookreel trigger --list` lists the types"),
    (["media.uploded", "--data", "{}"], 1, "is unknown"),
    (["NewFileUpload"], 1, "type"),
    (["media.uploaded", "--data", "{"], 2, "--data is no JSON"),
    ([], 2, "name a type"),
    (["--list", "--dry-run"], 2, "excludes"),
])
def test_what_cannot_be_triggered_is_named(command, arguments, code, said):
    result = command("trigger", *arguments)
    assert result.returncode == code
    assert said in result.stderr and result.stdout == ""


def test_dead_letters_are_replayed(command, api, receiver):
    receiver.behaviour = answer(500)
    made = api.endpoint(receiver.url(), schedule={"delays_seconds": []}, types=["order.*"])
    api.publish([{"id": f"e{n}", "type": "order.paid", "data": n} for n in range(3)])
    api.wait_for("/deliveries", lambda all: [one["state"] for one in all] == ["dead"] * 3,
                 endpoint=made["id"])
    receiver.behaviour = answer(200)
    assert "0 events" in succeed(command("replay", made["id"], "--state", "delivered"))
    assert "0 events" in succeed(command("replay", made["id"], "--until", "1h"))
    assert "3 events" in succeed(command("replay", made["id"], "--since", "1h"))
    api.wait_for("/deliveries", lambda all: [one["state"] for one in all] == ["delivered"] * 3,
                 endpoint=made["id"])


def test_what_was_missed_is_recovered(command, api, receiver):
    api.publish([{"id": "e1", "type": "order.paid", "data": 1},
                 {"id": "e2", "type": "order.sent", "data": 2}])
    made = api.endpoint(receiver.url(), types=["order.paid"])
    done = json.loads(succeed(command("replay", made["id"], "--recover", "--since", "1h",
                                      "--json")))
    assert done == {"replayed": 1, "next_cursor": None}
    receiver.wait_for(1)
    assert types_of(receiver) == ["order.paid"]


def test_a_replay_goes_on_until_all_have_entered(command, api, receiver):
    for part in range(11):
        api.publish([{"type": "order.sent", "data": part} for _ in range(1000)])
    made = api.endpoint(receiver.url(), types=["order.*"], state="paused")
    assert "11000 events" in succeed(command("replay", made["id"], "--state", "missing",
                                             "--type", "order.sent"))


@pytest.mark.parametrize(("arguments", "code", "said"), [
    (["nobody"], 1, "not-found"),
    (["e1", "--recover"], 2, "--since"),
    (["e1", "--recover", "--since", "1h", "--state", "dead"], 2, "excludes"),
    (["e1", "--since", "yesterday"], 2, "is no time"),
    ([], 2, "ENDPOINT"),
])
def test_what_cannot_be_replayed_is_named(command, arguments, code, said):
    result = command("replay", *arguments)
    assert result.returncode == code
    assert said in result.stderr and result.stdout == ""
