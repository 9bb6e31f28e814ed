"""What the native API says of deliveries and of the endpoints that they go to."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

import pytest

from harness.native import OWNER_TOKEN, Native, Refused
from harness.raw_receiver import Peer, RawReceiver
from harness.receiver import answer, hang, unused_port

NEVER = [3600]


@pytest.fixture
def native(start_server) -> Native:
    return Native(start_server("--api-token", OWNER_TOKEN))


def schedule(*delays: float) -> dict:
    return {"delays_seconds": list(delays), "timeout_seconds": 3, "jitter_percent": 0}


def at(time: str) -> datetime:
    return datetime.fromisoformat(time)


def test_an_at_most_once_send_that_failed_is_a_dead_letter(native, receiver):
    receiver.behaviour = answer(503)
    endpoint = native.add_endpoint(receiver.url(), guarantee="at_most_once",
                                   schedule=schedule(0, 0))
    native.publish(1)
    dead, = native.wait_for_state(endpoint, "dead", 1)
    assert dead["reason"] == "sent at most once: status 503"
    assert (dead["attempts"], dead["next_attempt"]) == (1, None)
    assert native.get(f"dead-letters?endpoint={endpoint}")["items"] == [dead]
    attempt, = native.get(f"deliveries/{dead['id']}/attempts")["items"]
    assert (attempt["outcome"], attempt["error_class"], attempt["status"]) == \
        ("dead", "http_status", 503)
    assert len(receiver.callbacks) == 1
    receiver.behaviour = answer(200)
    native.post(f"deliveries/{dead['id']}/retry")
    native.wait_for_state(endpoint, "delivered", 1)
    assert native.get(f"dead-letters?endpoint={endpoint}")["items"] == []


def test_at_most_once_sends_that_fail_disable_their_endpoint(start_server, receiver):
    native = Native(start_server("--api-token", OWNER_TOKEN, "--disable-after", "2s"))
    receiver.behaviour = answer(500)
    endpoint = native.add_endpoint(receiver.url(), types=["order.*"], guarantee="at_most_once")
    numbers = iter(range(10_000))

    def state_after_one_more() -> bool:
        native.publish(next(numbers))
        return native.get(f"endpoints/{endpoint}")["state"] == "disabled"

    native.wait_until(state_after_one_more, "the endpoint disabled")
    assert native.deliveries(endpoint, state="delivered") == []


def test_an_at_most_once_send_cut_by_a_kill_is_a_dead_letter(start_server, receiver):
    receiver.behaviour = hang
    server = start_server("--api-token", OWNER_TOKEN)
    native = Native(server)
    endpoint = native.add_endpoint(receiver.url(), guarantee="at_most_once")
    native.publish(1)
    receiver.wait_for(1)
    assert native.deliveries(endpoint)[0]["state"] == "sending"
    server.kill()
    native = Native(start_server("--api-token", OWNER_TOKEN))
    dead, = native.deliveries(endpoint)
    assert (dead["state"], dead["reason"]) == \
        ("dead", "sent at most once; the server stopped before its answer came")
    native.add_endpoint(receiver.url("/other"))
    native.publish(2)
    receiver.wait_for(1, lambda callback: callback.path == "/other")
    assert sum(callback.json()["data"]["number"] == 1 for callback in receiver.callbacks) == 1


def test_an_open_breaker_shows_and_says_what_waits_for_it(native):
    endpoint = native.add_endpoint(f"http://127.0.0.1:{unused_port()}/", in_flight_max=4,
                                   schedule=schedule(*[0.01] * 99))
    native.publish(*range(40))
    breaker = native.wait_until(
        lambda: shown if (shown := native.get(f"endpoints/{endpoint}")["breaker"])["state"] ==
        "open" else None, "an open breaker")
    before = datetime.now(timezone.utc)
    assert at(breaker["until"]) <= before + timedelta(seconds=60)
    waiting = native.deliveries(endpoint)
    held = [one for one in waiting if one["held_by"] == "breaker"]
    assert held, waiting
    for one in held:
        assert at(one["next_attempt"]) >= before - timedelta(milliseconds=500)
    listed, = native.get("endpoints")["items"]
    assert listed["breaker"]["state"] in ("open", "half_open")


def test_what_waits_for_a_place_says_so(native, receiver):
    receiver.behaviour = hang
    endpoint = native.add_endpoint(receiver.url(), in_flight_max=1, schedule=schedule(*NEVER))
    native.publish(*range(10))
    receiver.wait_for(1)
    before = datetime.now(timezone.utc) - timedelta(milliseconds=500)
    waiting = native.wait_for_state(endpoint, "waiting", 1)
    assert {one["held_by"] for one in waiting} == {"in_flight"}
    assert all(at(one["next_attempt"]) >= before for one in waiting)
    native.post(f"endpoints/{endpoint}/pause")
    paused = native.deliveries(endpoint, state="waiting")
    assert {(one["held_by"], one["next_attempt"]) for one in paused} == {("paused", None)}


def test_what_waits_behind_its_key_says_so(native, receiver):
    receiver.behaviour = answer(500)
    endpoint = native.add_endpoint(receiver.url(), order="key", schedule=schedule(*NEVER))
    first, second = native.publish(1, 2, key="customer-7")
    native.wait_for_state(endpoint, "retrying", 1)
    behind, = native.deliveries(endpoint, event=second)
    assert (behind["state"], behind["held_by"], behind["next_attempt"]) == ("waiting", "key", None)
    receiver.behaviour = answer(200)
    ahead, = native.deliveries(endpoint, event=first)
    assert ahead["held_by"] is None
    native.post(f"deliveries/{ahead['id']}/retry")
    native.wait_for_state(endpoint, "delivered", 2)
    assert [callback.json()["data"]["number"] for callback in receiver.callbacks] == [1, 1, 2]


def test_the_request_head_is_the_one_that_was_sent(native):
    heads: list[bytes] = []

    def keep(peer: Peer) -> None:
        heads.append(peer.ask())
        peer.say(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")

    receiver = RawReceiver(keep)
    endpoint = native.add_endpoint(receiver.url + "?token=1", headers={"X-Mine": "secret"})
    native.publish(1)
    native.wait_for_state(endpoint, "delivered", 1)
    receiver.close()
    attempt, = native.get(f"attempts?endpoint={endpoint}")["items"]
    sent = heads[0].decode()
    for hidden in (r"(?<=/hook\?)token=1", r"(?<=X-Mine: )secret",
                   r"(?<=webhook-signature: ).*?(?=\r)"):
        sent, count = re.subn(hidden, "***", sent)
        assert count == 1, hidden
    assert attempt["request_head"] == sent + "\r\n"
    assert f"\r\nHost: 127.0.0.1:{receiver.port}\r\n" in sent


def test_nobody_retries_for_an_endpoint_that_was_removed(native, receiver):
    receiver.behaviour = answer(500)
    endpoint = native.add_endpoint(receiver.url(), schedule=schedule())
    native.publish(1)
    dead, = native.wait_for_state(endpoint, "dead", 1)
    native.call("DELETE", f"endpoints/{endpoint}")
    with pytest.raises(Refused) as refused:
        native.post(f"deliveries/{dead['id']}/retry")
    assert refused.value.status == 409
    assert refused.value.problem["detail"] == f"The endpoint {endpoint} was removed."


@pytest.mark.parametrize("path, body, status, field", [
    ("queues/none/confirm", {"handles": ["1"]}, 404, None),
    ("endpoints", {"url": "mailto:a@example.com"}, 400, "url"),
    ("endpoints", {"url": "http://a.example", "headers": {"A": "1", "a": "2"}}, 400, "headers.a"),
])
def test_what_cannot_be_is_refused(native, path, body, status, field):
    with pytest.raises(Refused) as refused:
        native.post(path, body)
    assert refused.value.status == status
    if field:
        assert refused.value.problem["errors"][0]["field"] == field
