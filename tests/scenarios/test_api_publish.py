"""Publishing custom events: idempotent by id, all or nothing, and what a wrong one is told."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.api import Api


def refused(api: Api, body, status: int = 400) -> list[dict]:
    answer = api.call("POST", "/events", body)
    assert answer.status == status, answer.body
    assert answer.headers["content-type"] == "application/problem+json"
    return answer["errors"]


def test_an_event_reaches_who_wants_it_and_the_answer_names_them(api, receiver):
    endpoint = api.endpoint(receiver.url(), types=["order.*"])
    api.endpoint(receiver.url("/other"), types=["other"])
    api.good("PUT", "/queues/q")
    published = api.publish({"id": "o-1", "type": "order.paid", "key": "k", "data": {"sum": 7},
                             "time": "2026-03-01T10:00:00Z"})
    assert published == [{"id": "o-1", "duplicate": False, "queues": [endpoint["id"], "q"]}]
    callback, = receiver.wait_for(1)
    assert callback.body == (b'{"type":"order.paid","timestamp":"2026-03-01T10:00:00.000Z",'
                             b'"id":"o-1","key":"k","data":{"sum": 7}}')
    assert callback.headers["webhook-id"] == "o-1"
    assert callback.path == "/callback"
    assert api.good("GET", "/events/o-1")["data"] == {"sum": 7}


def test_types_of_the_server_are_not_for_everybody(api):
    token = api.good("POST", "/tokens", {"name": "p", "scopes": ["events:publish"]})["token"]
    own = {"type": "mine", "data": 1}
    errors = refused(api.with_token(token), [own, {"type": "media.uploaded", "data": {}}], 403)
    assert errors[0]["field"] == "[1].type"
    assert "scope admin" in errors[0]["detail"]
    assert list(api.items("/events")) == []


def test_an_id_is_stored_once_also_by_many_at_a_time(api):
    api.good("PUT", "/queues/q")
    with ThreadPoolExecutor(8) as callers:
        told = list(callers.map(
            lambda _: api.publish({"id": "same", "type": "a", "data": 1})[0], range(16)))
    assert [one["duplicate"] for one in told].count(False) == 1
    assert api.good("GET", "/queues/q")["waiting"] == 1
    twice = api.publish([{"id": "x", "type": "a", "data": 1}, {"id": "x", "type": "a", "data": 2}])
    assert [one["duplicate"] for one in twice] == [False, True]


def test_a_thousand_at_a_time_and_no_more(api):
    api.good("PUT", "/queues/q")
    events = [{"type": "a", "data": i} for i in range(1000)]
    assert len(api.publish(events)) == 1000
    assert api.good("GET", "/queues/q")["waiting"] == 1000
    errors = refused(api, [*events, events[0]])
    assert errors[0]["limit"] == 1000
    assert api.good("GET", "/queues/q")["waiting"] == 1000


@pytest.mark.parametrize("event, field", [
    ({"data": 1}, "[1].type"),
    ({"type": "a"}, "[1].data"),
    ({"type": "Not A Type", "data": 1}, "[1].type"),
    ({"type": "a.*", "data": 1}, "[1].type"),
    ({"type": "media.invented", "data": 1}, "[1].type"),
    ({"type": "stream.started", "data": 1}, "[1].type"),
    ({"type": "a", "data": 1, "id": "bad id"}, "[1].id"),
    ({"type": "a", "data": 1, "id": "x" * 129}, "[1].id"),
    ({"type": "a", "data": 1, "id": ""}, "[1].id"),
    ({"type": "a", "data": 1, "key": "k" * 257}, "[1].key"),
    ({"type": "a", "data": 1, "key": 7}, "[1].key"),
    ({"type": "a", "data": 1, "time": "yesterday"}, "[1].time"),
    ({"type": "a", "data": 1, "colour": "red"}, "[1].colour"),
    (7, "[1]"),
])
def test_one_wrong_event_refuses_all_and_says_which_field(api, event, field):
    api.good("PUT", "/queues/q")
    errors = refused(api, [{"type": "a", "data": 1}, event])
    assert errors[0]["field"] == field
    assert api.good("GET", "/queues/q")["waiting"] == 0
    assert list(api.items("/events")) == []


def test_what_is_too_large_is_told_the_limit(api):
    api.good("PUT", "/queues/q")
    errors = refused(api, [{"type": "a", "data": 1}, {"type": "a", "data": "x" * 262144}], 413)
    assert errors == [{"field": "[1].data", "limit": 262144,
                       "detail": "has 262146 bytes; at most 262144 are taken"}]
    assert api.publish({"type": "a", "data": "x" * 262142})
    assert api.good("GET", "/queues/q")["waiting"] == 1


def test_who_comes_too_fast_is_told_when_to_come_again(api):
    token = api.good("POST", "/tokens", {
        "name": "slow", "scopes": ["events:publish"], "requests_per_second": 1})["token"]
    slow = api.with_token(token)
    answers = [slow.call("POST", "/events", {"type": "a", "data": 1}) for _ in range(6)]
    assert answers[0].status == 202
    assert answers[0].headers["ratelimit-limit"] == "1"
    assert answers[-1].status == 429
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_data_is_passed_on_as_it_was_written(api):
    data = '{"b": 12345678901234567890123, "a": 1.10, "é":"\\u00e9"}'
    answer = api.call("POST", "/events", raw=('{"id":"e","type":"a","data":' + data + "}").encode())
    assert answer.status == 202
    pulled, = api.pull("q")
    assert pulled["event"]["data"] == json.loads(data)
    assert pulled["event"]["data"]["b"] == 12345678901234567890123


def test_events_are_found_by_type_key_and_time(api):
    for i in range(6):
        api.publish({"id": f"e{i}", "type": "a.even" if i % 2 == 0 else "a.odd", "key": f"k{i % 3}",
                     "data": i, "time": f"2026-01-0{i + 1}T00:00:00Z"})
    assert [one["id"] for one in api.items("/events", limit=2)] == [f"e{i}" for i in range(6)]
    assert [one["id"] for one in api.items("/events", type="a.odd")] == ["e1", "e3", "e5"]
    assert [one["id"] for one in api.items("/events", key="k0")] == ["e0", "e3"]
    span = {"since": "2026-01-02T00:00:00Z", "until": "2026-01-04T00:00:00Z"}
    assert [one["id"] for one in api.items("/events", **span)] == ["e1", "e2"]


def test_a_batch_for_too_many_recipients_says_how_many_fit(api, receiver):
    for _ in range(150):
        api.endpoint(receiver.url(), types=["fan.out"], state="paused")
    batch = [{"type": "fan.out", "data": 1} for _ in range(1000)]
    problem = refused(api, batch, 413)[0]
    assert problem["limit"] == 100_000 and "about 666 events" in problem["detail"]
    assert list(api.items("/events")) == []
    assert len(api.publish(batch[:666])) == 666
