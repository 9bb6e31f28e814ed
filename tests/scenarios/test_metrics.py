"""The figures under /metrics: their form, that they are right, and the dashboard of them."""

from __future__ import annotations

import json
import re

import pytest

from harness.metrics import Metrics
from harness.native import OWNER_TOKEN, Native
from harness.receiver import answer, hang
from harness.server import ROOT

DASHBOARD = ROOT / "deploy" / "grafana" / "hookreel.json"
# What a name may be in an expression besides a metric.
FUNCTIONS = {"sum", "rate", "increase", "histogram_quantile", "by", "le", "max", "min", "avg",
             "clamp_min", "time", "vector", "or", "and", "on", "topk", "count", "group_left"}


@pytest.fixture
def server(start_server):
    return start_server("--api-token", OWNER_TOKEN)


def wait_for(server, native, name, count, **labels):
    return native.wait_until(
        lambda: now if (now := Metrics(server)).value(name, **labels) == count else None,
        f"{name}{labels} at {count}")


def test_attempts_and_queues_are_counted(server, receiver):
    native = Native(server)
    receiver.behaviours["/bad"] = answer(500)
    schedule = {"delays_seconds": [3600], "jitter_percent": 0}
    native.add_endpoint(receiver.url("/good"))
    native.add_endpoint(receiver.url("/bad"), dialect="cloudevents_binary", schedule=schedule)
    native.add_endpoint(receiver.url("/bad"), dialect="cloudevents_structured",
                        schedule={"delays_seconds": []})
    native.call("PUT", "queues/q", {})
    native.publish(*range(5))
    attempts = "hookreel_delivery_attempts_total"
    wait_for(server, native, attempts, 5, dialect="standard", outcome="delivered")
    wait_for(server, native, attempts, 5, dialect="cloudevents_binary", outcome="retry")
    wait_for(server, native, attempts, 5, dialect="cloudevents_structured", outcome="dead")
    wait_for(server, native, "hookreel_queue_dead_letters", 5, kind="endpoint")
    entries = "hookreel_queue_entries"
    wait_for(server, native, entries, 5, kind="endpoint", state="waiting")
    now = wait_for(server, native, entries, 5, kind="queue", state="waiting")
    assert now.value("hookreel_delivery_failures_total", cause="http_status") == 10
    assert now.value("hookreel_delivery_attempt_duration_seconds_count") == 15
    assert now.value("hookreel_delivery_first_attempt_delay_seconds_count") == 15
    assert now.value("hookreel_queue_oldest_age_seconds", kind="queue") > 0
    assert now.value("hookreel_queue_oldest_age_seconds", kind="reel") == 0
    assert now.value("hookreel_store_commit_duration_seconds_count") > 0
    assert now.value("hookreel_store_sync_duration_seconds_count") > 0
    assert now.value("process_resident_memory_bytes") > 1_000_000


def test_what_is_under_way_and_held_back_shows(server, receiver):
    native = Native(server)
    receiver.behaviour = hang
    endpoint = native.add_endpoint(receiver.url(), in_flight_max=3)
    native.publish(*range(9))
    wait_for(server, native, "hookreel_delivery_in_flight", 3)
    native.post(f"endpoints/{endpoint}/pause")
    wait_for(server, native, "hookreel_delivery_endpoints", 1, state="paused")


def test_the_number_of_series_does_not_grow_with_endpoints_and_queues(server, receiver):
    native = Native(server)
    before = len(Metrics(server).text.splitlines())
    for number in range(20):
        native.add_endpoint(receiver.url(f"/{number}"))
        native.call("PUT", f"queues/q{number}", {})
    native.publish(1)
    receiver.wait_for(20)
    assert len(Metrics(server).text.splitlines()) == before


def expressions(board) -> list[str]:
    return [target["expr"] for panel in board["panels"] for target in panel.get("targets", [])]


def metric_names(expression: str) -> set[str]:
    bare = re.sub(r"\{[^}]*\}|\[[^]]*\]|\"[^\"]*\"", "", expression)
    bare = re.sub(r"\b(by|on|group_left)\s*\([^)]*\)", "", bare)
    return set(re.findall(r"[A-Za-z_:][A-Za-z0-9_:]*", bare)) - FUNCTIONS


def selectors(expression: str) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Each metric with what is asked of its labels: name, operator, value."""
    return [(name, re.findall(r'(\w+)(=~|!~|!=|=)"([^"]*)"', asked))
            for name, asked in re.findall(r"([A-Za-z_:][A-Za-z0-9_:]*)\{([^}]*)\}", expression)]


def grouping(expression: str) -> set[str]:
    return {label.strip() for labels in re.findall(r"\bby\s*\(([^)]*)\)", expression)
            for label in labels.split(",")}


# What Prometheus adds to each series by itself.
ADDED = {"instance", "job"}


def assert_said(served: Metrics, expression: str) -> None:
    """Each metric is there, with series that the selector takes and that have the labels."""
    names = metric_names(expression)
    asked = selectors(expression)
    assert names and {name for name, _ in asked} == names, expression
    for name, matchers in asked:
        said = [sample.labels for sample in served.samples(name)]
        assert said, f"{expression}: no {name}"
        for label, operator, value in matchers:
            if label in ADDED:
                continue
            # Each word of a choice is one that the label has somewhere.
            words = value.split("|") if operator.endswith("~") else [value]
            known = {labels.get(label) for labels in said}
            assert set(words) <= known, f"{expression}: {label} is one of {known}"
        labels = grouping(expression) - ADDED
        assert all(labels <= one.keys() for one in said), f"{expression}: {said[0]}"


def test_the_dashboard_shows_what_the_server_says(start_server):
    board = json.loads(DASHBOARD.read_text())
    # Traces are on, so that their figures are there too; nobody listens on that port.
    served = Metrics(start_server("--otlp-endpoint", "http://127.0.0.1:9"))
    asked = expressions(board)
    assert len(asked) >= 15
    for expression in asked:
        assert_said(served, expression)
    for panel in board["panels"]:
        for target in panel.get("targets", []):
            shown = set(re.findall(r"\{\{(\w+)\}\}", target.get("legendFormat", "")))
            assert shown <= grouping(target["expr"]), f"{panel['title']}: {shown}"
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            name, label = re.fullmatch(r"label_values\((\w+), (\w+)\)",
                                       variable["query"]["query"]).groups()
            assert served.samples(name) and label in ADDED


def test_a_dashboard_that_asks_for_what_is_not_there_is_caught(start_server):
    served = Metrics(start_server())
    good = 'sum by (state) (hookreel_delivery_endpoints{state=~"paused|disabled"})'
    assert_said(served, good)
    for wrong in (good.replace("endpoints", "receivers"), good.replace("paused", "asleep"),
                  good.replace("by (state)", "by (status)"), good.replace("state=", "status=")):
        with pytest.raises(AssertionError):
            assert_said(served, wrong)


def test_the_dashboard_loads_without_edits():
    board = json.loads(DASHBOARD.read_text())
    variables = {one["name"]: one for one in board["templating"]["list"]}
    assert variables["datasource"]["type"] == "datasource"
    assert variables["datasource"]["query"] == "prometheus"
    assert board["id"] is None and board["uid"] and board["title"]
    assert "__inputs" not in board
    ids, places = set(), set()
    for panel in board["panels"]:
        ids.add(panel["id"])
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                 for y in range(place["y"], place["y"] + place["h"])}
        assert not cells & places, panel["title"]
        places |= cells
        if panel["type"] == "row":
            continue
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        assert [target["refId"] for target in panel["targets"]] == \
            [chr(ord("A") + number) for number in range(len(panel["targets"]))]
    assert len(ids) == len(board["panels"])
