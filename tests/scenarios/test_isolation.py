"""Endpoints of the native API: their limits, orders, pauses and ends, each at its own cost."""

from __future__ import annotations

import threading
import time

import pytest

from harness.native import OWNER_TOKEN, Native, Refused
from harness.receiver import Receiver, answer, hang, hang_up, unused_port

NEVER = [3600]


@pytest.fixture
def native(start_server) -> Native:
    return Native(start_server("--api-token", OWNER_TOKEN))


@pytest.fixture
def other():
    receiver = Receiver()
    yield receiver
    receiver.close()


def numbers(receiver: Receiver, path: str = "/callback") -> list[int]:
    return [callback.json()["data"]["number"] for callback in receiver.callbacks
            if callback.path == path]


def states(native: Native, endpoint: str) -> list[str]:
    return [delivery["state"] for delivery in native.deliveries(endpoint)]


def schedule(*delays: float, **more) -> dict:
    return {"delays_seconds": list(delays), "timeout_seconds": 3, "jitter_percent": 0, **more}


def test_dead_and_slow_endpoints_delay_nobody_else(native, receiver):
    receiver.behaviours["/slow"] = hang
    native.add_endpoint(receiver.url("/slow"), schedule=schedule(*NEVER))
    native.add_endpoint(f"http://127.0.0.1:{unused_port()}/", schedule=schedule(0, 0, 0, 0))
    native.add_endpoint(receiver.url("/good"))
    native.publish(*range(200))
    receiver.wait_for(200, lambda callback: callback.path == "/good")


def test_a_paused_endpoint_keeps_what_waits(native, receiver):
    endpoint = native.add_endpoint(receiver.url())
    native.post(f"endpoints/{endpoint}/pause")
    native.publish(1, 2, 3)
    native.wait_for_state(endpoint, "waiting", 3)
    native.add_endpoint(receiver.url("/other"))
    native.publish(4)
    receiver.wait_for(1, lambda callback: callback.path == "/other")
    assert numbers(receiver) == []
    native.post(f"endpoints/{endpoint}/resume")
    receiver.wait_for(4, lambda callback: callback.path == "/callback")
    assert sorted(numbers(receiver)) == [1, 2, 3, 4]


def test_an_endpoint_that_says_gone_is_disabled_and_its_operator_told(native, receiver, other):
    native.add_endpoint(other.url(), types=["endpoint.*"])
    receiver.behaviour = answer(410)
    endpoint = native.add_endpoint(receiver.url(), types=["order.*"])
    native.publish(1)
    told = other.wait_for(1)[0].json()
    assert told["type"] == "endpoint.disabled"
    found = native.get(f"endpoints/{endpoint}")
    assert found["state"] == "disabled"
    assert "410" in found["state_reason"]
    native.publish(2)
    native.wait_for_state(endpoint, "dead", 2)
    assert numbers(receiver) == [1]
    receiver.behaviour = answer(200)
    native.post(f"endpoints/{endpoint}/resume")
    told = other.wait_for(2)[1].json()
    assert (told["type"], told["data"]["endpoint"]["id"]) == ("endpoint.enabled", endpoint)
    native.publish(3)
    receiver.wait_for(2)
    assert numbers(receiver) == [1, 3]


def test_an_endpoint_that_fails_for_long_is_disabled(start_server, receiver, other):
    native = Native(start_server("--api-token", OWNER_TOKEN, "--disable-after", "2s"))
    native.add_endpoint(other.url(), types=["endpoint.*"])
    receiver.behaviour = answer(500)
    endpoint = native.add_endpoint(receiver.url(), types=["order.*"],
                                   schedule=schedule(*[0.3] * 50))
    native.publish(1)
    told = other.wait_for(2)
    assert [callback.json()["type"] for callback in told] == ["endpoint.failing",
                                                              "endpoint.disabled"]
    assert told[1].json()["data"]["failing_percent"] == 100
    native.wait_for_state(endpoint, "dead", 1)
    assert native.get(f"endpoints/{endpoint}")["state"] == "disabled"


def test_order_by_key_holds_only_the_same_key(native, receiver):
    receiver.behaviour = answer(500)
    endpoint = native.add_endpoint(receiver.url(), order="key", schedule=schedule(1, 1, 1, 1))
    native.publish(1, 2, 3, key="a")
    receiver.wait_for(1)
    receiver.behaviour = answer(200)
    native.publish(10, key="b")
    receiver.wait_for(5)
    came = numbers(receiver)
    assert [number for number in came if number < 10] == [1, 1, 2, 3]
    assert came.index(10) < 3
    assert native.deliveries(endpoint, state="dead") == []


def test_at_most_once_is_never_sent_twice(native, receiver):
    receiver.behaviours["/once"] = hang_up
    native.add_endpoint(receiver.url("/once"), guarantee="at_most_once",
                        schedule=schedule(0, 0, 0))
    native.add_endpoint(receiver.url("/after"))
    native.publish(*range(20))
    receiver.wait_for(20, lambda callback: callback.path == "/after")
    receiver.wait_for(20, lambda callback: callback.path == "/once")
    native.publish(99)
    receiver.wait_for(1, lambda callback: callback.path == "/after" and b"99" in callback.body)
    came = numbers(receiver, "/once")
    assert len(came) == len(set(came))


def test_at_most_once_keeps_the_order_of_a_key(native, receiver):
    """The next of a key is sent when the answer to the one before is here, and not earlier."""
    first_asked, first_answers = threading.Event(), threading.Event()

    def wait(handler) -> None:
        first_asked.set()
        first_answers.wait(60)
        answer(200)(handler)

    receiver.behaviour = wait
    endpoint = native.add_endpoint(receiver.url(), order="key", guarantee="at_most_once",
                                   in_flight_max=16, schedule=schedule(timeout_seconds=60))
    native.publish(1, 2, 3, 4, key="a")
    assert first_asked.wait(60)
    native.publish(10, key="b")
    receiver.wait_for(2)
    # Two are under way, and the next of its key is held for its turn.
    native.wait_until(lambda: states(native, endpoint).count("sending") == 3, "three are held")
    assert sorted(numbers(receiver)) == [1, 10]
    first_answers.set()
    receiver.wait_for(5)
    assert [number for number in numbers(receiver) if number < 10] == [1, 2, 3, 4]


def test_what_was_tried_is_not_sent_again_once_that_is_wanted(native, receiver):
    receiver.behaviour = answer(500)
    endpoint = native.add_endpoint(receiver.url(), schedule=schedule(1, 1, 1))
    native.publish(1)
    native.wait_for_state(endpoint, "retrying", 1)
    native.call("PATCH", f"endpoints/{endpoint}", {"guarantee": "at_most_once"})
    dead = native.wait_for_state(endpoint, "dead", 1)
    assert "tried before" in dead[0]["reason"]
    assert len(numbers(receiver)) == dead[0]["attempts"]


def test_a_rate_is_kept(native, receiver):
    native.add_endpoint(receiver.url(), rate_per_second=20)
    native.publish(*range(40))
    came = receiver.wait_for(40)
    assert came[-1].at - came[0].at > 1.8


def test_no_more_than_the_cap_are_in_flight(native, receiver):
    receiver.behaviour = hang
    native.add_endpoint(receiver.url(), in_flight_max=3, schedule=schedule(*NEVER))
    native.add_endpoint(receiver.url("/x"), in_flight_max=1, schedule=schedule(*NEVER))
    native.publish(*range(20))
    receiver.wait_for(4)
    assert len(numbers(receiver)) <= 3
    assert len(numbers(receiver, "/x")) == 1


def test_retry_after_is_followed_up_to_twice_the_step(native, receiver):
    receiver.behaviour = answer(503, headers={"Retry-After": "3600"})
    native.add_endpoint(receiver.url(), schedule=schedule(1, 1, follows_answer=True))
    native.publish(1)
    first, second, third = receiver.wait_for(3)
    assert second.at - first.at > 1.9
    assert third.at - second.at > 1.9


def test_what_is_retried_by_hand_is_sent_at_once(native, receiver):
    receiver.behaviour = answer(500)
    endpoint = native.add_endpoint(receiver.url(), schedule=schedule(*NEVER * 3))
    native.publish(*range(30))
    waiting = native.wait_for_state(endpoint, "retrying", 20)
    before = len(receiver.callbacks)
    begun = time.monotonic()
    native.post(f"deliveries/{waiting[-1]['id']}/retry")
    receiver.wait_for(before + 1)
    assert time.monotonic() - begun < 30
    sent = [callback for callback in receiver.callbacks if waiting[-1]["event"] in
            callback.headers["webhook-id"]]
    assert len(sent) == 2


def test_removal_buries_what_waits(native, receiver):
    receiver.behaviour = hang
    endpoint = native.add_endpoint(receiver.url(), in_flight_max=1, schedule=schedule(*NEVER))
    native.publish(*range(5))
    receiver.wait_for(1)
    native.call("DELETE", f"endpoints/{endpoint}")
    with pytest.raises(Refused) as refused:
        native.get(f"endpoints/{endpoint}")
    assert refused.value.status == 404


def test_cloudevents_come_in_batches(native, receiver):
    endpoint = native.add_endpoint(receiver.url(), dialect="cloudevents_batched")
    native.post(f"endpoints/{endpoint}/pause")
    native.publish(*range(150))
    native.post(f"endpoints/{endpoint}/resume")
    native.wait_until(lambda: sum(len(callback.json()) for callback in receiver.callbacks) >= 150,
                      "150 events")
    sizes = [len(callback.json()) for callback in receiver.callbacks]
    assert max(sizes) <= 100
    assert len(sizes) < 20
