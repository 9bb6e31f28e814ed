"""Endpoints of the native API: from creation to recovery."""

import time

import jsonschema

from harness.api import TOKEN, Api
from harness.receiver import answer, unused_port


def path(endpoint: dict, verb: str = "") -> str:
    return f"/endpoints/{endpoint['id']}{verb}"


def publish(api: Api, *ids: str, type: str = "order.paid") -> None:
    api.publish([{"id": one, "type": type, "data": {"id": one}} for one in ids])


def test_an_endpoint_is_created_as_it_is_asked_for(api, receiver):
    wanted = {"types": ["order.*"], "dialect": "cloudevents_binary", "order": "key",
              "in_flight_max": 3, "rate_per_second": 50, "description": "the shop",
              "guarantee": "at_least_once", "headers": {"X-Shop": "7"}, "keys": ["k"],
              "data": {"sum": [7, 8]},
              "schedule": {"delays_seconds": [1, 2.5], "timeout_seconds": 3, "jitter_percent": 0}}
    made = api.endpoint(receiver.url(), **wanted)
    assert made["state"] == "enabled"
    assert made["secret"].startswith("whsec_")
    shown = api.good("GET", path(made))
    assert "secret" not in shown
    for name, value in wanted.items():
        if name != "schedule":
            assert shown[name] == value
    assert shown["schedule"]["delays_seconds"] == [1, 2.5]
    api.publish({"id": "e", "type": "order.paid", "key": "k", "data": {"sum": 8}})
    callback, = receiver.wait_for(1)
    assert callback.headers["x-shop"] == "7"
    assert callback.headers["ce-type"] == "order.paid"
    assert [one["id"] for one in api.items("/endpoints")] == [made["id"]]


def test_a_url_that_can_never_be_sent_to_is_refused_with_the_setting_to_change(api):
    for host in ("10.0.0.1", "169.254.169.254", "[::ffff:192.168.0.1]", "[fd00::1]", "0x7f.1",
                 "2130706433", "0300.0250.0.1"):
        refused = api.call("POST", "/endpoints", {"url": f"http://{host}/h"})
        if refused.status == 201:
            # A form that only a resolver understands is refused when it is sent to.
            assert "." in host or host.isdigit()
            continue
        assert refused["errors"][0]["field"] == "url"
    refused = api.call("POST", "/endpoints", {"url": "http://10.0.0.1/h"})
    assert "--allow-address 10.0.0.1" in refused["detail"]


def test_a_changed_url_helps_what_waits(api, receiver):
    made = api.endpoint(f"http://127.0.0.1:{unused_port()}/",
                        schedule={"delays_seconds": [0.2] * 99})
    publish(api, "e1")
    api.wait_for("/attempts", lambda found: len(found) >= 2, endpoint=made["id"])
    api.good("PATCH", path(made), {"url": receiver.url("/new")})
    callback, = receiver.wait_for(1)
    assert callback.path == "/new"
    assert callback.headers["webhook-id"] == "e1"
    done = api.wait_for("/deliveries", lambda found: found and found[0]["state"] == "delivered",
                        endpoint=made["id"])
    log = list(api.items(f"/deliveries/{done[0]['id']}/attempts"))
    assert log[0]["outcome"] == "delivered" and log[0]["status"] == 200
    assert log[-1]["error_class"] == "connect"


def test_a_paused_endpoint_keeps_what_comes_until_it_is_resumed(api, receiver):
    made = api.endpoint(receiver.url())
    paused = api.good("POST", path(made, "/pause"), {"reason": "maintenance"})
    assert (paused["state"], paused["state_reason"]) == ("paused", "maintenance")
    publish(api, "e1")
    time.sleep(0.5)  # In which it would have been sent.
    assert receiver.callbacks == []
    assert api.good("GET", path(made, "/statistics"))["waiting"] == 1
    api.good("POST", path(made, "/resume"))
    receiver.wait_for(1)


def test_a_test_goes_to_that_endpoint_alone(api, receiver):
    made = api.endpoint(receiver.url("/one"), types=["order.*"])
    api.endpoint(receiver.url("/two"))
    sent = api.good("POST", path(made, "/test"), {"type": "media.uploaded"})
    callback, = receiver.wait_for(1)
    assert callback.path == "/one"
    assert callback.json()["type"] == "media.uploaded"
    assert callback.json()["id"] == sent["event"]
    assert api.good("GET", f"/deliveries/{sent['delivery']}")["endpoint"] == made["id"]
    api.good("POST", path(made, "/test"))
    told = receiver.wait_for(2)[1].json()
    assert (told["type"], told["key"]) == ("endpoint.test", made["id"])
    jsonschema.validate(told, api.good("GET", "/event-types/endpoint.test")["schema"])


def test_a_rotated_secret_signs_beside_the_old_one(api, receiver):
    made = api.endpoint(receiver.url())
    publish(api, "e1")
    receiver.wait_for(1)
    rotated = api.good("POST", path(made, "/rotate-secret"), {"keep_old_seconds": 3600})
    assert rotated["secret"] != made["secret"]
    assert [one["secret"] for one in rotated["secrets"]] == [rotated["secret"], made["secret"]]
    publish(api, "e2")
    signatures = receiver.wait_for(2)[1].headers["webhook-signature"].split()
    assert len(signatures) == 2
    assert api.good("GET", path(made, "/secret"))["secrets"] == rotated["secrets"]


def test_a_retry_by_hand_sends_at_once(api, receiver):
    receiver.behaviour = answer(500)
    made = api.endpoint(receiver.url(), schedule={"delays_seconds": [3600]})
    publish(api, "e1")
    waiting, = api.wait_for("/deliveries", lambda found: found, state="retrying",
                            endpoint=made["id"])
    assert waiting["attempts"] == 1
    receiver.behaviour = answer(200)
    api.good("POST", f"/deliveries/{waiting['id']}/retry")
    receiver.wait_for(2)
    api.wait_for("/deliveries", lambda found: found, state="delivered", endpoint=made["id"])
    # And once more, though it was delivered.
    api.good("POST", f"/deliveries/{waiting['id']}/retry")
    receiver.wait_for(3)


def test_attempts_are_counted_on_after_a_retry_and_their_delays_begin_anew(api, receiver):
    receiver.behaviour = answer(500)
    made = api.endpoint(receiver.url(), schedule={"delays_seconds": [0.1], "jitter_percent": 0})
    publish(api, "e1")

    def dead_after(count: int) -> dict:
        dead, = api.wait_for("/deliveries", lambda found: [
            one for one in found if one["attempts"] == count], state="dead", endpoint=made["id"])
        return dead

    first = dead_after(2)
    retried = api.good("POST", f"/deliveries/{first['id']}/retry")
    assert retried["attempts"] >= 2 and retried["state"] != "waiting"
    # It has both of its attempts again, and the log tells them from the first two.
    dead_after(4)
    receiver.behaviour = answer(200)
    assert api.good("POST", path(made, "/replay"))["replayed"] == 1
    done, = api.wait_for("/deliveries", lambda found: found, state="delivered",
                         endpoint=made["id"])
    assert done["attempts"] == 5
    attempts = list(api.items(f"/deliveries/{first['id']}/attempts"))
    assert [one["number"] for one in attempts] == [5, 4, 3, 2, 1]
    assert [one["outcome"] for one in attempts] == ["delivered", "dead", "retry", "dead", "retry"]


def test_dead_letters_are_seen_and_replayed(api, receiver):
    receiver.behaviour = answer(500)
    made = api.endpoint(receiver.url(), schedule={"delays_seconds": []})
    publish(api, "e1", "e2")
    dead = api.wait_for("/dead-letters", lambda found: len(found) == 2, endpoint=made["id"])
    assert all("500" in one["reason"] for one in dead)
    receiver.behaviour = answer(200)
    assert api.good("POST", path(made, "/replay"))["replayed"] == 2
    api.wait_for("/deliveries", lambda found: len(found) == 2, state="delivered",
                 endpoint=made["id"])
    assert list(api.items("/dead-letters")) == []


def test_an_endpoint_recovers_what_it_never_got(api, receiver):
    publish(api, "before")
    made = api.endpoint(receiver.url(), types=["order.*"])
    publish(api, "after")
    publish(api, "other", type="other")
    receiver.wait_for(1)
    told = api.good("POST", path(made, "/recover"), {"since": "2020-01-01T00:00:00Z"})
    assert told == {"replayed": 1, "next_cursor": None}
    assert {one.headers["webhook-id"] for one in receiver.wait_for(2)} == {"before", "after"}
    api.wait_for("/deliveries", lambda found: len(found) == 2, state="delivered",
                 endpoint=made["id"])
    assert api.good("POST", path(made, "/replay"), {"state": "delivered"})["replayed"] == 2
    receiver.wait_for(4)


def test_a_replay_brings_only_what_the_endpoint_wants(api, receiver):
    for key in ("a", "b"):
        for kind in ("order.paid", "order.sent", "user.left"):
            api.publish([{"id": f"{kind[-4:]}-{key}", "type": kind, "key": key, "data": 1}])
    made = api.endpoint(receiver.url(), types=["order.*"], keys=["a"])

    def replayed(**narrower) -> int:
        told = api.good("POST", path(made, "/replay"), {"state": "missing", **narrower})
        return told["replayed"]

    assert replayed(keys=["b"]) == 0
    assert replayed(types=["user.left"]) == 0
    assert replayed(keys=["b", "a"], types=["order.sent", "user.*"]) == 1
    assert replayed(types=["*"], keys=[]) == 1
    came = {one.headers["webhook-id"] for one in receiver.wait_for(2)}
    assert came == {"sent-a", "paid-a"}


def test_nothing_is_replayed_to_a_disabled_endpoint(api, receiver):
    receiver.behaviour = answer(410)
    made = api.endpoint(receiver.url())
    publish(api, "e1")
    api.wait_for("/endpoints", lambda all: all[0]["state"] == "disabled")
    for action in ("/replay", "/recover"):
        refused = api.call("POST", path(made, action), {"since": "2020-01-01T00:00:00Z"})
        assert refused.status == 409 and "resume" in refused["detail"]


def test_a_cursor_of_another_replay_is_refused(api, receiver):
    for part in range(11):
        api.publish([{"type": "order.sent", "data": part} for _ in range(1000)])
    one, other = (api.endpoint(receiver.url(), state="paused") for _ in range(2))
    wanted = {"state": "missing"}
    cursor = api.good("POST", path(one, "/replay"), wanted)["next_cursor"]
    for endpoint, body in ((other, wanted), (one, {"state": "all"})):
        refused = api.call("POST", path(endpoint, "/replay"), body, query={"cursor": cursor})
        assert refused.status == 400 and refused["errors"][0]["field"] == "cursor"
    rest = api.good("POST", path(one, "/replay"), wanted, query={"cursor": cursor})
    assert rest == {"replayed": 1000, "next_cursor": None}


def test_made_up_data_of_the_servers_own_types_needs_an_admin(api, receiver):
    made = api.endpoint(receiver.url(), types=["media.*"])
    token = {"name": "narrow", "scopes": ["endpoints:write"]}
    narrow = api.with_token(api.good("POST", "/tokens", token)["token"])
    forged = {"type": "media.processed", "data": {"fake": True}}
    assert narrow.call("POST", path(made, "/test"), forged).status == 403
    narrow.good("POST", path(made, "/test"), {"type": "media.processed"})
    api.good("POST", path(made, "/test"), forged)
    receiver.wait_for(2)


def test_a_removed_endpoint_leaves_dead_letters(api):
    made = api.endpoint(f"http://127.0.0.1:{unused_port()}/")
    publish(api, "e1")
    api.wait_for("/attempts", lambda found: found, endpoint=made["id"])
    assert api.call("DELETE", path(made)).status == 204
    api.wait_for("/dead-letters", lambda found: found, endpoint=made["id"])
    assert api.call("GET", path(made)).status == 404
    publish(api, "e2")
    assert list(api.items("/deliveries", event="e2")) == []


def test_endpoints_are_there_after_a_restart(api, receiver, start_server):
    made = api.endpoint(receiver.url(), types=["order.*"])
    api.server.kill()
    again = Api(start_server("--api-token", TOKEN, data_dir=api.server.data_dir))
    assert again.good("GET", path(made))["types"] == ["order.*"]
    publish(again, "e1")
    receiver.wait_for(1)


def test_the_sample_of_a_type_goes_to_whoever_wants_it(api, receiver):
    made = api.endpoint(receiver.url(), types=["media.*"])
    known = [one["type"] for one in api.items("/event-types")]
    assert "media.uploaded" in known
    told = api.good("POST", "/event-types/media.uploaded/trigger")
    assert made["id"] in told["events"][0]["queues"]
    callback, = receiver.wait_for(1)
    assert callback.json()["type"] == "media.uploaded"
    statistics = api.good("GET", "/statistics")
    assert statistics["endpoints"]["count"] == 1
