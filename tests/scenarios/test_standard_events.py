"""Standard Webhooks: real work as neutral events, held to the schemas that the server serves."""

import base64
import hashlib
import hmac
import time

import jsonschema
import pytest

from harness import cos
from harness.events import process, push_to
from harness.api import TOKEN, Api
from harness.receiver import answer
from harness.web import fetch


@pytest.fixture
def server(start_server):
    return start_server("--api-token", TOKEN)


@pytest.fixture
def api(server):
    return Api(server)


def of_type(event_type):
    return lambda callback: callback.json()["type"] == event_type


def check_schema(api, event):
    known = api.good("GET", f"/event-types/{event['type']}")
    schema = known["schema"]
    jsonschema.Draft202012Validator.check_schema(schema)
    # The schema is either that of the data or that of the whole body.
    told = event if "data" in schema["properties"] else event["data"]
    jsonschema.validate(told, schema, format_checker=jsonschema.FormatChecker())


def check_signature(secret, callback):
    headers = callback.headers
    assert abs(time.time() - int(headers["webhook-timestamp"])) < 60
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + callback.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_an_upload_and_a_task_are_told_in_neutral_words(api, client, receiver, wmv):
    made = api.endpoint(receiver.url(), types=["media.*"])
    file = cos.upload(client, wmv, MediaName="clip")
    [uploaded] = receiver.wait_for(1, of_type("media.uploaded"))
    task = process(client, file)
    [processed] = receiver.wait_for(1, of_type("media.processed"))

    for callback in (uploaded, processed):
        event = callback.json()
        assert list(event) == ["type", "timestamp", "id", "key", "data"]
        assert event["key"] == file
        assert callback.headers["webhook-id"] == event["id"]
        assert callback.headers["content-type"] == "application/json"
        assert callback.headers["user-agent"].startswith("Hookreel")
        check_signature(made["secret"], callback)
        check_schema(api, event)
        assert fetch(f"{api.server.url}/api/v1/events/{event['id']}", "GET",
                     {"Authorization": f"Bearer {TOKEN}"}).body == callback.body

    asset = uploaded.json()["data"]["asset"]
    assert asset["size_bytes"] == wmv.stat().st_size
    assert fetch(asset["url"]).body == wmv.read_bytes()
    assert (asset["media"]["width"], asset["media"]["height"]) == (320, 240)
    told = processed.json()["data"]
    assert told["task"]["id"] == task
    assert [step["kind"] for step in told["task"]["steps"]] == ["transcode", "cover"]
    assert {step["status"] for step in told["task"]["steps"]} == {"succeeded"}
    rendition = told["task"]["steps"][0]["rendition"]
    assert len(fetch(rendition["url"]).body) == rendition["size_bytes"]
    assert told["asset"]["renditions"] == [rendition]


def test_a_standard_endpoint_stands_beside_the_callback_of_tencent(api, client, receiver):
    push_to(client, receiver, "/tencent")
    api.endpoint(receiver.url("/standard"))
    file = cos.upload(client, b"not a video", "mp4")
    callbacks = {callback.path: callback.json() for callback in receiver.wait_for(2)}
    assert callbacks["/tencent"]["FileUploadEvent"]["FileId"] == file
    assert callbacks["/standard"]["data"]["asset"]["id"] == file
    assert callbacks["/standard"]["data"]["asset"]["media"] is None


def test_every_example_fits_its_schema(api):
    types = api.good("GET", "/event-types")["items"]
    assert {"media.uploaded", "media.processed", "endpoint.failing", "endpoint.disabled",
            "endpoint.enabled"} <= {known["type"] for known in types}
    for known in types:
        check_schema(api, api.good("GET", f"/event-types/{known['type']}")["example"])


def test_id_and_body_stay_and_the_signature_is_new_at_each_attempt(api, receiver):
    receiver.behaviour = answer(500)
    made = api.endpoint(receiver.url(), schedule={"delays_seconds": [1.1, 60]})
    [published] = api.publish({"type": "order.paid", "data": {"n": 1}})
    first, second = receiver.wait_for(2)[:2]
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == published["id"]
    assert first.body == second.body
    assert first.headers["webhook-timestamp"] < second.headers["webhook-timestamp"]
    for callback in (first, second):
        check_signature(made["secret"], callback)


ORIGIN = "hooks.example.com"


def allow(origin, rate="*"):
    return answer(200, b"", {"Allow": "OPTIONS, POST", "WebHook-Allowed-Origin": origin,
                             "WebHook-Allowed-Rate": rate})


def test_a_receiver_is_asked_before_it_is_called(api, receiver):
    receiver.options = allow(ORIGIN, "120")
    made = api.endpoint(receiver.url(), origin=ORIGIN, dialect="cloudevents_binary")
    assert made["origin"] == ORIGIN
    assert made["rate_per_second"] == 2
    [asked] = receiver.wait_for(1)
    assert asked.method == "OPTIONS"
    assert asked.headers["webhook-request-origin"] == ORIGIN
    api.publish({"type": "order.paid", "data": {}})
    [called] = receiver.wait_for(1, lambda callback: callback.method == "POST")
    assert called.headers["webhook-request-origin"] == ORIGIN


@pytest.mark.parametrize("behaviour", [answer(200), answer(405), allow("other.example.com"),
                                       allow("*", "none")])
def test_a_receiver_that_does_not_allow_it_is_not_called(api, receiver, behaviour):
    receiver.options = behaviour
    problem = api.call("POST", "/endpoints", {"url": receiver.url(), "origin": ORIGIN})
    assert problem.status == 400
    assert problem["errors"][0]["field"] == "origin"
    assert api.good("GET", "/endpoints")["items"] == []
    wrong = {"url": receiver.url(), "origin": "no name"}
    assert api.call("POST", "/endpoints", wrong).status == 400


def test_a_receiver_is_asked_again_when_the_url_or_the_rate_changes(api, receiver):
    receiver.options = allow("*")
    made = api.endpoint(receiver.url(), origin=ORIGIN)
    path = f"/endpoints/{made['id']}"
    api.good("PATCH", path, {"description": "new"})
    assert len(receiver.callbacks) == 1
    receiver.options = answer(405)
    assert api.call("PATCH", path, {"url": receiver.url("/other")}).status == 400
    assert api.good("GET", path)["url"] == receiver.url()
    receiver.options = allow(ORIGIN, "60")
    changed = api.good("PATCH", path, {"url": receiver.url("/other"), "rate_per_second": 50})
    assert (changed["url"], changed["rate_per_second"]) == (receiver.url("/other"), 1)
    receiver.options = answer(405)
    assert api.good("PATCH", path, {"origin": None})["origin"] is None
