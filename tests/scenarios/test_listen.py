"""`hookreel listen`: every dialect that the server sends is told, verified, and sent on."""

import base64
import hashlib
import hmac
import json
import subprocess
import time

import pytest

from harness.receiver import Receiver, answer, hang_up, never_end, unused_port
from harness.server import Process, binary, clean_environment
from harness.web import fetch

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
STRANGER = "whsec_" + base64.b64encode(b"s" * 32).decode()
DIALECTS = ["standard", "cloudevents_structured", "cloudevents_binary", "cloudevents_batched"]


class Listener:
    """`hookreel listen` on any port."""

    def __init__(self, *arguments, port=0, environment=None):
        self.process = Process(["listen", "--port", port, *arguments], environment)
        self.url = self.wait_for(r"(?:Waiting for callbacks at|listening on) (http://\S+)").group(1)

    def wait_for(self, pattern):
        return self.process.wait_for_line(pattern, 60)

    def line(self, number):
        """The callback of that number, as --json tells it."""
        return json.loads(self.wait_for(rf'^{{"number":{number},.*').group(0))


@pytest.fixture
def listen():
    started = []

    def start(*arguments, **options):
        started.append(Listener(*arguments, **options))
        return started[-1]

    yield start
    for listener in started:
        assert listener.process.terminate() == 0


@pytest.fixture
def target():
    receiver = Receiver()
    yield receiver
    receiver.close()


def signed(body, secret=SECRET, at=None, message_id="e1"):
    """The fields of a request of Standard Webhooks."""
    timestamp = str(int(time.time() if at is None else at))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    code = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, "sha256")
    return {"webhook-id": message_id, "webhook-timestamp": timestamp,
            "webhook-signature": "v1," + base64.b64encode(code).decode()}


def publish(api, **more):
    return api.publish([{"type": "order.paid", "key": "customer 7", "data": {"n": 1}} | more])[0]


def refused(*arguments):
    result = subprocess.run([binary(), "listen", *arguments], capture_output=True, text=True,
                            timeout=60, env=clean_environment(), check=False)
    assert result.returncode == 2, result.stderr
    return result.stderr


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_of_the_server_is_told_and_verified(api, listen, dialect):
    listener = listen("--secret", SECRET)
    api.endpoint(listener.url, dialect=dialect, secrets=[{"secret": SECRET}])
    event = publish(api)
    listener.wait_for(rf"callback 1  {dialect}  signature good \(v1\)")
    listener.wait_for(rf'^order.paid  {event["id"]}  "customer 7"')


@pytest.mark.parametrize("dialect", DIALECTS)
def test_programs_get_one_line_for_each(api, listen, dialect):
    listener = listen("--secret", SECRET, "--json")
    api.endpoint(listener.url, dialect=dialect, secrets=[{"secret": SECRET}])
    event = publish(api)
    line = listener.line(1)
    assert (line["method"], line["target"], line["dialect"]) == ("POST", "/callback", dialect)
    assert line["signature"] == "good"
    assert line["events"] == [{"type": "order.paid", "id": event["id"], "about": "customer 7"}]
    assert line["headers"]["webhook-signature"].startswith("v1,")
    assert line["event"]


def test_a_public_key_verifies_ed25519(api, listen):
    private_key = "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="  # RFC 8032, 7.1, test 1.
    listener = listen("--secret", "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
    api.endpoint(listener.url, secrets=[{"algorithm": "v1a", "secret": private_key}])
    publish(api)
    listener.wait_for(r"signature good \(v1a\)")


def test_both_secrets_of_a_rotation_are_taken(listen):
    listener = listen("--secret", STRANGER, "--secret", SECRET)
    for secret, number in [(STRANGER, 1), (SECRET, 2)]:
        fetch(listener.url, "POST", signed(b"{}", secret), b"{}")
        listener.wait_for(rf"callback {number}  .*  signature good \(v1 by secret {number} of 2\)")


def test_what_is_not_genuine_is_told_with_its_reason(listen):
    listener = listen("--json", environment={"HOOKREEL_WEBHOOK_SECRET": SECRET})
    old, new = time.time() - 3600, time.time() + 3600
    requests = [
        (signed(b"{}", STRANGER), "wrong"), (signed(b"[]"), "wrong"),
        (signed(b"{}", at=old), "too_old"), (signed(b"{}", at=new), "too_new"),
        ({"webhook-id": "e1"}, "missing"), ({}, "missing"),
        (signed(b"{}") | {"webhook-timestamp": "now"}, "malformed"),
        (signed(b"{}") | {"webhook-signature": "v1a,AAAA"}, "unsupported"),
    ]
    for number, (headers, word) in enumerate(requests, 1):
        assert fetch(listener.url, "POST", headers, b"{}").status == 200
        line = listener.line(number)
        assert (line["signature"], bool(line["signature_detail"])) == (word, True)
    assert SECRET not in listener.process.output


def test_without_a_key_it_says_what_was_not_checked(listen):
    listener = listen()
    fetch(listener.url, "POST", signed(b"{}"), b"{}")
    listener.wait_for("signature not checked: no --secret was given")
    fetch(listener.url, "POST", {}, b'{"EventType":"NewFileUpload"}')
    listener.wait_for("signature not checked: no --sign-key was given")


def test_the_handshake_is_answered(api, listen):
    listener = listen()
    made = api.endpoint(listener.url, dialect="cloudevents_structured", origin="hooks.example.com",
                        rate_per_second=5)
    listener.wait_for("hooks.example.com asked whether it may call, and may")
    assert made["origin"] == "hooks.example.com"


def test_an_unsound_cloud_event_is_named(listen):
    listener = listen()
    fetch(listener.url, "POST", {"content-type": "application/cloudevents+json"}, b'{"id":"1"}')
    listener.wait_for("not a CloudEvent: specversion is not 1.0")


def test_a_secret_or_target_that_is_none_is_refused_without_being_told():
    said = refused("--secret", "whsk_abcdef")
    assert "whpk_" in said and "abcdef" not in said
    assert "http" in refused("--forward-to", "nowhere")
    assert "--status" in refused("--forward-to", "http://127.0.0.1:1/", "--status", "500")


def test_requests_are_sent_on_as_they_came(listen, target):
    target.behaviour = answer(202, b"taken", {"X-Answer": "1"})
    listener = listen("--forward-to", target.url("/hook?x=1"), "--secret", SECRET)
    body = b'{"type":"order.paid",  "n":\xff}'
    sent = signed(body) | {"X-Own": "1", "User-Agent": "Sender/1", "Connection": "X-Hop",
                           "X-Hop": "1"}
    answered = fetch(listener.url, "POST", sent, body)
    assert (answered.status, answered.body) == (202, b"taken")
    assert answered.headers["x-answer"] == "1"
    [taken] = target.wait_for(1)
    assert (taken.method, taken.path, taken.body) == ("POST", "/hook?x=1", body)
    assert taken.headers["webhook-signature"] == sent["webhook-signature"]
    assert taken.headers["x-own"] == "1" and taken.headers["user-agent"] == "Sender/1"
    assert "x-hop" not in taken.headers and "via" in taken.headers
    listener.wait_for("signature good")
    listener.wait_for(r"callback 1 → http://127.0.0.1:\d+/hook\?x=1: 202 in")


def test_the_answer_of_the_target_decides_at_the_server(api, listen, target):
    target.behaviour = answer(500)
    listener = listen("--forward-to", target.url(), "--json")
    api.endpoint(listener.url, schedule={"delays_seconds": []})
    publish(api)
    assert listener.line(1)["forwarded"]["status"] == 500
    api.wait_for("/deliveries", lambda dead: len(dead) == 1, state="dead")


def test_the_handshake_is_the_targets_when_it_is_sent_on(listen, target):
    target.options = answer(200, b"", {"WebHook-Allowed-Origin": "*"})
    listener = listen("--forward-to", target.url())
    asked = fetch(listener.url, "OPTIONS", {"WebHook-Request-Origin": "a.example"})
    assert asked.headers["webhook-allowed-origin"] == "*"
    assert target.wait_for(1)[0].headers["webhook-request-origin"] == "a.example"


@pytest.mark.parametrize(("behaviour", "said"), [(hang_up, "reset"), (never_end, "4 MiB")])
def test_a_target_that_misbehaves_is_answered_with_502(listen, target, behaviour, said):
    target.behaviour = behaviour
    listener = listen("--forward-to", target.url())
    assert fetch(listener.url, "POST", {}, b"{}").status == 502
    listener.wait_for(rf"callback 1 → \S+: .*{said}.*; answered 502")


def test_a_target_that_is_down_is_answered_with_502(listen):
    port = unused_port()
    listener = listen("--forward-to", f"http://127.0.0.1:{port}/", "--json")
    answered = fetch(listener.url, "POST", {}, b"{}")
    assert answered.status == 502 and f"127.0.0.1:{port}".encode() in answered.body
    assert listener.line(1)["forwarded"]["error"].startswith("connect")


def test_a_target_that_leads_back_ends(listen):
    port = unused_port()
    circle = listen("--forward-to", f"http://127.0.0.1:{port}/", port=port)
    assert fetch(circle.url, "POST", {}, b"{}").status == 508


def test_the_hash_of_a_large_body_arrives(listen, target):
    listener = listen("--forward-to", target.url(), "--json")
    body = bytes(range(256)) * 4096 * 20
    assert fetch(listener.url, "POST", {}, body).status == 200
    [taken] = target.wait_for(1)
    assert hashlib.sha256(taken.body).digest() == hashlib.sha256(body).digest()
