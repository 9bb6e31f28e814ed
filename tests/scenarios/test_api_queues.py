"""The native API's own queues: pull, confirm, give back, extend and seek for any consumer name."""

import contextlib
import http.client
import socket
import threading
import time

from harness.api import TOKEN, Api


def numbered(count: int, **more) -> list[dict]:
    return [{"id": f"e{i}", "type": "order.paid", "data": {"n": i}, **more} for i in range(count)]


def ids(pulled: list[dict]) -> list[str]:
    return [one["event"]["id"] for one in pulled]


def test_a_first_pull_makes_the_queue_with_what_was_published_before(api):
    api.publish(numbered(3))
    first = api.pull("ledger", max=2)
    assert ids(first) == ["e0", "e1"]
    assert first[0]["attempt"] == 1
    assert first[0]["event"]["data"] == {"n": 0}
    assert first[0]["event"]["type"] == "order.paid"
    assert api.confirm("ledger", first) == ["confirmed", "confirmed"]
    assert ids(api.pull("ledger")) == ["e2"]
    assert api.publish({"type": "order.paid", "data": 1})[0]["queues"] == ["ledger"]


def test_a_pull_waits_for_a_first_event(api):
    api.good("PUT", "/queues/q")
    pulled: list = []
    waiting = threading.Thread(target=lambda: pulled.extend(api.pull("q", wait_seconds=30)))
    begun = time.monotonic()
    waiting.start()
    time.sleep(0.5)  # So that the pull waits, or the test proves less.
    api.publish({"id": "late", "type": "a", "data": 1})
    waiting.join(60)
    assert ids(pulled) == ["late"]
    assert time.monotonic() - begun < 25
    assert api.pull("q", wait_seconds=0.2) == []


def test_what_a_caller_that_hung_up_waited_for_is_there_for_the_next(api):
    api.good("PUT", "/queues/q")
    with socket.create_connection((api.server.host, api.server.port)) as gone:
        body = b'{"wait_seconds":60,"lease_seconds":3600}'
        gone.sendall(b"POST /api/v1/queues/q/pull HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n"
                     b"Content-Type: application/json\r\nAuthorization: Bearer %s\r\n\r\n%s"
                     % (len(body), TOKEN.encode(), body))
        time.sleep(0.5)
    api.publish({"id": "e", "type": "a", "data": 1})
    pulled = api.pull("q", wait_seconds=30)
    assert ids(pulled) == ["e"]
    assert pulled[0]["attempt"] == 1


def test_a_pull_that_waits_does_not_hold_up_the_end_of_the_server(api):
    api.good("PUT", "/queues/q")

    def pull() -> None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            api.pull("q", wait_seconds=60)

    waiting = threading.Thread(target=pull)
    waiting.start()
    time.sleep(0.5)
    begun = time.monotonic()
    assert api.server.terminate() == 0
    assert time.monotonic() - begun < 45
    waiting.join(60)


def test_each_handle_is_confirmed_or_lost(api):
    api.publish(numbered(4))
    pulled = api.pull("q", lease_seconds=3600)
    handles = [one["handle"] for one in pulled]
    given = api.good("POST", "/queues/q/give-back", {"handles": handles[:1]})
    assert [one["result"] for one in given["results"]] == ["given_back"]
    assert api.confirm("q", pulled) == ["lost", "confirmed", "confirmed", "confirmed"]
    assert api.confirm("q", pulled[1:]) == ["confirmed"] * 3
    again = api.pull("q")
    assert ids(again) == ["e0"]
    assert again[0]["attempt"] == 2
    assert again[0]["handle"] != handles[0]


def test_a_lease_runs_out_unless_it_is_extended(api):
    api.publish(numbered(2))
    kept, left = api.pull("q", lease_seconds=2)
    extended = api.good("POST", "/queues/q/extend",
                        {"handles": [kept["handle"]], "lease_seconds": 600})
    assert extended["results"][0]["result"] == "extended"
    assert ids(api.pull("q", wait_seconds=30)) == [left["event"]["id"]]
    assert api.confirm("q", [left, kept]) == ["lost", "confirmed"]


def test_handles_of_another_queue_or_application_are_refused(api):
    api.publish(numbered(1))
    mine = api.pull("mine")
    api.pull("theirs")
    assert api.confirm("theirs", mine) == ["lost"]
    other = api.good("POST", "/applications", {"name": "other"})["id"]
    api.good("PUT", "/queues/mine", query={"application": other})
    told = api.good("POST", "/queues/mine/confirm", {"handles": [mine[0]["handle"]]},
                    query={"application": other})
    assert told["results"][0]["result"] == "lost"
    assert api.confirm("mine", mine) == ["confirmed"]


def test_a_queue_turns_to_a_time(api):
    api.publish(numbered(2, time="2026-01-01T00:00:00Z"))
    api.publish({"id": "late", "type": "a", "data": 1, "time": "2026-06-01T00:00:00Z"})
    api.confirm("q", api.pull("q"))
    assert api.pull("q") == []
    assert api.good("POST", "/queues/q/seek", {"to": "2026-03-01T00:00:00Z"}) == {
        "dropped": 0, "replayed": 1}
    assert api.good("POST", "/queues/q/seek", {"to": "earliest"})["replayed"] == 2
    assert sorted(ids(api.pull("q"))) == ["e0", "e1", "late"]
    assert api.good("POST", "/queues/q/seek", {"to": "latest"})["dropped"] == 3
    assert api.pull("q") == []
    assert api.good("POST", "/queues/q/seek", {"to": "earliest"})["replayed"] == 3
    assert api.good("POST", "/queues/q/seek", {"to": "now"}) == {"dropped": 3, "replayed": 0}
    assert api.call("POST", "/queues/q/seek", {"to": "soon"})["errors"][0]["field"] == "to"


def test_a_queue_takes_what_its_filter_wants_in_the_order_of_its_keys(api):
    api.good("PUT", "/queues/q", {"types": ["order.*"], "data": {"shop.id": [7]}, "order": "key"})
    for event, key, shop in (("a1", "a", 7), ("a2", "a", 7), ("b1", "b", 7), ("c1", "c", 8)):
        api.publish({"id": event, "type": "order.paid", "key": key, "data": {"shop": {"id": shop}}})
    api.publish({"id": "x", "type": "other", "data": {"shop": {"id": 7}}})
    first = api.pull("q")
    assert ids(first) == ["a1", "b1"]
    api.confirm("q", first[:1])
    assert ids(api.pull("q")) == ["a2"]


def test_a_queue_and_its_events_are_there_after_kill_9(api, start_server):
    api.good("PUT", "/queues/q", {"types": ["order.*"]})
    published = api.publish(numbered(50))
    assert all(one["queues"] == ["q"] for one in published)
    held = api.pull("q", max=20, lease_seconds=3600)
    api.confirm("q", held[:10])
    api.server.kill()
    again = Api(start_server("--api-token", TOKEN, data_dir=api.server.data_dir))
    assert sorted(ids(again.pull("q", max=100))) == sorted(f"e{i}" for i in range(10, 50))
    assert again.confirm("q", held[10:]) == ["lost"] * 10
    assert again.publish(numbered(1))[0]["duplicate"] is True


def test_a_queue_is_removed(api):
    api.publish(numbered(2))
    api.pull("q")
    assert api.call("DELETE", "/queues/q").status == 204
    assert api.call("GET", "/queues/q").status == 404
    assert api.publish({"type": "a", "data": 1})[0]["queues"] == []


def test_a_pull_gets_as_many_as_it_asks_for(api):
    for part in range(2):
        api.publish([{"type": "order.paid", "data": part} for _ in range(1000)])
    first = api.pull("many", max=1000)
    assert len(first) == 1000
    rest = api.pull("many", max=1000)
    assert len(rest) == 1000
    assert len({one["event"]["id"] for one in first + rest}) == 2000
    assert api.pull("many", max=1000) == []
