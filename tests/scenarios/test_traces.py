"""Distributed traces: taken from callers, kept with events, passed on, and shown to a collector."""

from __future__ import annotations

import re

import pytest

from harness import cos
from harness.collector import Collector
from harness.events import push_to
from harness.metrics import Metrics
from harness.native import OWNER_TOKEN, Native
from harness.receiver import answer, hang

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = "00f067aa0ba902b7"
PARENT = f"00-{TRACE}-{CALLER}-01"
FORM = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
SOON = {"delays_seconds": [0.1, 0.1], "jitter_percent": 0}


@pytest.fixture
def collector():
    collector = Collector()
    yield collector
    collector.close()


def publish(native: Native, **headers: str) -> str:
    native.headers |= headers
    return native.publish(1)[0]


def carried(callback) -> tuple[str, ...]:
    match = FORM.fullmatch(callback.headers["traceparent"])
    assert match, callback.headers
    return match.groups()


def test_the_callers_trace_goes_on_in_each_attempt(start_server, receiver):
    native = Native(start_server("--api-token", OWNER_TOKEN))
    receiver.behaviour = answer(500)
    native.add_endpoint(receiver.url(), schedule=SOON)
    publish(native, traceparent=PARENT, tracestate="vendor=a,other=b")
    attempts = receiver.wait_for(3)
    ids = [carried(attempt) for attempt in attempts]
    assert {(trace, flags) for trace, _, flags in ids} == {(TRACE, "01")}
    assert len({span for _, span, _ in ids} | {CALLER}) == 4
    assert {attempt.headers["tracestate"] for attempt in attempts} == {"vendor=a,other=b"}


def test_each_cloud_event_of_a_batch_carries_its_own_trace(start_server, receiver):
    native = Native(start_server("--api-token", OWNER_TOKEN))
    endpoint = native.add_endpoint(receiver.url(), dialect="cloudevents_batched")
    native.post(f"endpoints/{endpoint}/pause")
    other = PARENT.replace(TRACE, TRACE[::-1])
    publish(native, traceparent=PARENT, tracestate="vendor=a")
    del native.headers["tracestate"]
    publish(native, traceparent=other)
    del native.headers["traceparent"]
    native.publish(3)
    native.post(f"endpoints/{endpoint}/resume")
    batch, = receiver.wait_for(1)
    assert carried(batch)[0] == TRACE
    traces = [(event.get("traceparent"), event.get("tracestate")) for event in batch.json()]
    assert traces == [(PARENT, "vendor=a"), (other, None), (None, None)]


def test_the_trace_of_an_event_survives_a_kill(start_server, receiver):
    server = start_server("--api-token", OWNER_TOKEN)
    native = Native(server)
    endpoint = native.add_endpoint(receiver.url())
    native.post(f"endpoints/{endpoint}/pause")
    publish(native, traceparent=PARENT)
    server.kill()
    native = Native(start_server("--api-token", OWNER_TOKEN))
    native.post(f"endpoints/{endpoint}/resume")
    callback, = receiver.wait_for(1)
    assert carried(callback)[0] == TRACE


@pytest.mark.parametrize("headers", [
    {}, {"traceparent": "00-" + "0" * 32 + "-" + CALLER + "-01"},
    {"traceparent": PARENT.upper()}, {"traceparent": PARENT + "-x"}, {"tracestate": "a=1"}],
    ids=["none", "zeros", "upper case", "too long", "no parent"])
def test_what_is_no_trace_is_ignored(start_server, receiver, headers):
    native = Native(start_server("--api-token", OWNER_TOKEN))
    native.add_endpoint(receiver.url())
    publish(native, **headers)
    callback, = receiver.wait_for(1)
    assert "traceparent" not in callback.headers and "tracestate" not in callback.headers


def test_an_upload_goes_on_in_its_callback(server, client, receiver):
    push_to(client, receiver)
    session = cos.apply(client)
    session.put(b"no video, but a file")
    key = {"VodSessionKey": session.applied["VodSessionKey"]}
    client.unwrap(client.send(client.v3("CommitUpload", key, headers={"traceparent": PARENT})))
    callback, = receiver.wait_for_type("NewFileUpload")
    assert carried(callback)[0] == TRACE
    cos.upload(client, b"another one")
    second = receiver.wait_for_type("NewFileUpload", 2)[1]
    assert "traceparent" not in second.headers


def test_a_collector_sees_request_commit_and_attempts(start_server, receiver, collector):
    native = Native(start_server("--api-token", OWNER_TOKEN, "--otlp-endpoint",
                                 collector.endpoint, "--otlp-header", "X-Key: k"))
    receiver.behaviour = answer(503)
    endpoint = native.add_endpoint(receiver.url("/hook?token=1"), schedule=SOON)
    event = publish(native, traceparent=PARENT, tracestate="vendor=a")
    spans = collector.wait_for_spans(lambda span: span.trace == TRACE, count=5)
    assert collector.callbacks[0].headers["x-key"] == "k"

    request, = (span for span in spans if span.kind == "server")
    assert (request.parent, request.name) == (CALLER, "POST /api/v1/events")
    assert request.attributes.items() >= {
        "http.request.method": "POST", "http.route": "/api/v1/events", "url.scheme": "http",
        "url.path": "/api/v1/events", "client.address": "127.0.0.1",
        "http.response.status_code": "202"}.items()

    commit, = (span for span in spans if span.kind == "producer")
    assert (commit.parent, commit.name) == (request.id, "publish")
    assert commit.attributes.items() >= {
        "messaging.system": "hookreel", "messaging.operation.type": "send",
        "messaging.batch.message_count": "1"}.items()

    attempts = sorted((span for span in spans if span.kind == "client"),
                      key=lambda span: span.begin)
    sent = [carried(callback)[1] for callback in receiver.wait_for(3)]
    assert [span.id for span in attempts] == sent
    assert {span.parent for span in attempts} == {commit.id}
    assert {span.state for span in spans} == {"vendor=a"}
    for number, span in enumerate(attempts):
        assert span.failed and span.name == "POST"
        assert span.attributes.items() >= {
            "http.request.method": "POST", "http.response.status_code": "503",
            "error.type": "503", "url.full": receiver.url("/hook"),
            "server.address": "127.0.0.1", "server.port": str(receiver.port),
            "messaging.message.id": event, "messaging.destination.name": endpoint}.items()
        resent = span.attributes.get("http.request.resend_count")
        assert resent == (str(number) if number else None)


def test_a_trace_begins_where_the_caller_has_none(start_server, receiver, collector):
    native = Native(start_server("--api-token", OWNER_TOKEN, "--otlp-endpoint",
                                 collector.endpoint))
    native.add_endpoint(receiver.url())
    native.publish(1)
    callback, = receiver.wait_for(1)
    trace, span, flags = carried(callback)
    assert flags == "01"
    found = collector.wait_for_spans(lambda one: one.trace == trace, count=3)
    assert [one.kind for one in found if one.parent is None] == ["server"]
    assert span in {one.id for one in found if one.kind == "client"}


def test_what_the_caller_does_not_sample_is_passed_on_but_not_shown(
        start_server, receiver, collector):
    server = start_server("--api-token", OWNER_TOKEN, "--otlp-endpoint", collector.endpoint)
    native = Native(server)
    native.add_endpoint(receiver.url())
    publish(native, traceparent=PARENT[:-1] + "0")
    callback, = receiver.wait_for(1)
    assert carried(callback)[::2] == (TRACE, "00")
    server.stop()  # Which sends all that waits.
    assert [span for span in collector.spans if span.trace == TRACE] == []
    assert collector.spans  # Of the other requests.


def test_a_collector_that_hangs_costs_nobody_anything(start_server, receiver, collector):
    collector.behaviour = hang
    server = start_server("--api-token", OWNER_TOKEN, "--otlp-endpoint", collector.endpoint)
    native = Native(server)
    native.add_endpoint(receiver.url())
    collector.wait_for(1)
    for begin in range(0, 3000, 500):
        native.publish(*range(begin, begin + 500))
    receiver.wait_for(3000)
    server.stop()
    assert server.stopping_seconds() < 10


def test_what_a_collector_refuses_is_dropped_and_counted(start_server, collector):
    collector.behaviour = answer(400)
    server = start_server("--api-token", OWNER_TOKEN, "--otlp-endpoint", collector.endpoint)
    native = Native(server)
    native.get("endpoints")
    native.wait_until(
        lambda: Metrics(server).value("hookreel_otlp_spans_total", outcome="dropped") > 0,
        "a dropped span")
    assert "the collector does not take our spans" in server.output
