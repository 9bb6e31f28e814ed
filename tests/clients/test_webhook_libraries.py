"""The npm packages standardwebhooks, svix and cloudevents, unmodified, as receivers of ours."""

import json
import queue
import subprocess
import threading
from pathlib import Path
from urllib.parse import unquote

import pytest

from harness.api import TOKEN, Api

FOLDER = Path(__file__).resolve().parent
KEY = 'customer 7 "é" 100%'
DATA = {"amount": 12.5, "text": "zwölf\n", "list": [1, {}]}


class Libraries:
    """tests/clients/webhooks.js as a child process."""

    def __init__(self):
        self._child = subprocess.Popen(["node", FOLDER / "webhooks.js"], text=True,
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._lines = queue.Queue()
        threading.Thread(target=self._collect, daemon=True).start()
        self.port = self.next()["port"]

    def _collect(self):
        for line in self._child.stdout:
            self._lines.put(json.loads(line))

    def next(self):
        return self._lines.get(timeout=60)

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def know(self, path, secret):
        self._child.stdin.write(json.dumps({"path": path, "secret": secret}) + "\n")
        self._child.stdin.flush()
        assert self.next() == {"known": path}

    def close(self):
        self._child.stdin.close()
        self._child.wait(30)


@pytest.fixture
def api(start_server):
    return Api(start_server("--api-token", TOKEN))


@pytest.fixture
def libraries():
    libraries = Libraries()
    yield libraries
    libraries.close()


def endpoint(api, libraries, path, **settings):
    made = api.endpoint(libraries.url(path), **settings)
    libraries.know(path, made["secret"])
    return made


def publish(api, count=1):
    events = [{"type": "order.paid", "key": KEY, "data": DATA | {"n": n}} for n in range(count)]
    return [event["id"] for event in api.publish(events)]


def assert_verified(taken):
    """By both libraries, and a changed body by none."""
    assert "error" not in (taken["standardwebhooks"] or {}), taken
    assert "error" not in (taken["svix"] or {}), taken
    assert taken["tampered"] == {"error": "WebhookVerificationError"}


def test_standard_webhooks_are_verified(api, libraries):
    endpoint(api, libraries, "/standard")
    [event_id] = publish(api)
    taken = libraries.next()
    assert_verified(taken)
    assert taken["id"] == event_id
    assert taken["standardwebhooks"] == taken["svix"]
    event = taken["standardwebhooks"]
    assert list(event) == ["type", "timestamp", "id", "key", "data"]
    assert event["type"] == "order.paid"
    assert event["id"] == event_id
    assert event["key"] == KEY
    assert event["data"] == DATA | {"n": 0}


def test_both_secrets_verify_after_a_rotation(api, libraries):
    made = endpoint(api, libraries, "/rotated")
    rotated = api.good("POST", f"/endpoints/{made['id']}/rotate-secret", {})
    assert rotated["secret"] != made["secret"]
    publish(api)
    old = libraries.next()
    assert_verified(old)
    assert len(old["signature"].split(" ")) == 2
    libraries.know("/rotated", rotated["secret"])
    publish(api)
    assert_verified(libraries.next())


def test_an_old_secret_ends_at_once_when_asked(api, libraries):
    made = endpoint(api, libraries, "/ended")
    api.good("POST", f"/endpoints/{made['id']}/rotate-secret", {"keep_old_seconds": 0})
    publish(api)
    taken = libraries.next()
    assert taken["standardwebhooks"] == {"error": "WebhookVerificationError"}
    assert taken["svix"] == {"error": "WebhookVerificationError"}


def check_cloud_event(event, event_id):
    assert event["specversion"] == "1.0"
    assert event["id"] == event_id
    assert event["type"] == "order.paid"
    assert event["source"] == "urn:hookreel:application:1500000001"
    assert event["subject"] == KEY
    assert event["datacontenttype"] == "application/json"
    assert event["data"]["text"] == DATA["text"]


@pytest.mark.parametrize("form", ["structured", "binary"])
def test_cloud_events_are_read(api, libraries, form):
    endpoint(api, libraries, f"/{form}", dialect=f"cloudevents_{form}")
    [event_id] = publish(api)
    taken = libraries.next()
    assert_verified(taken)
    assert taken["id"] == event_id
    event = taken["cloudevents"]
    if form == "binary":  # The package leaves the percent-encoding of fields as it is.
        event["subject"] = unquote(event["subject"])
    check_cloud_event(event, event_id)


def test_batches_of_cloud_events_are_read(api, libraries):
    endpoint(api, libraries, "/batched", dialect="cloudevents_batched")
    ids = publish(api, 120)
    seen = []
    while len(seen) < len(ids):
        taken = libraries.next()
        assert_verified(taken)
        assert taken["id"].startswith("batch_")
        assert 1 <= len(taken["cloudevents"]) <= 50
        for event in taken["cloudevents"]:
            check_cloud_event(event, event["id"])
            seen.append(event["id"])
    assert sorted(seen) == sorted(ids)
