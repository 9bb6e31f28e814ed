"""Callbacks carry Sign and T when a key is set."""

import hashlib
import time

import pytest

from harness.events import make_event, pull_mode, pull_until, push_to
from harness.receiver import answer, hang_up
from harness.tencent import TencentError

KEY = "abcDEF0123456789abcDEF0123456789"


def check_signature(event, key=KEY):
    assert event["Sign"] == hashlib.md5(f"{key}{event['T']}".encode()).hexdigest()
    assert isinstance(event["T"], int)


def test_sign_and_t_are_in_the_body_and_fresh_in_every_attempt(client, receiver):
    receiver.behaviour = hang_up
    push_to(client, receiver, SignKey=KEY)
    before = int(time.time())
    make_event(client)
    first, second = [callback.json() for callback in receiver.wait_for(2)[:2]]
    receiver.behaviour = answer(200)
    for event in (first, second):
        check_signature(event)
        assert before + 600 <= event["T"] <= time.time() + 600
    assert second["T"] > first["T"]
    assert first["FileUploadEvent"] == second["FileUploadEvent"]


def test_an_empty_key_takes_the_signature_away(client, receiver):
    push_to(client, receiver, SignKey=KEY)
    make_event(client)
    check_signature(receiver.wait_for(1)[0].json())
    client.call("ModifyEventConfig", SignKey="")
    make_event(client)
    assert set(receiver.wait_for(2)[1].json()) == {"EventType", "FileUploadEvent"}


def test_pulled_events_are_not_signed(client):
    pull_mode(client)
    client.call("ModifyEventConfig", SignKey=KEY)
    make_event(client)
    event = pull_until(client, 1)[0]
    assert "Sign" not in event and "T" not in event


@pytest.mark.parametrize("key", ["x" * 33, "with blank", "dash-", "ключ"])
def test_keys_that_are_not_up_to_32_letters_and_digits_are_refused(client, key):
    with pytest.raises(TencentError) as refused:
        client.call("ModifyEventConfig", SignKey=key)
    assert refused.value.code == "InvalidParameter"


def test_the_key_is_never_shown(server, client, receiver):
    push_to(client, receiver, SignKey=KEY)
    assert "SignKey" not in client.call("DescribeEventConfig")
    make_event(client)
    receiver.wait_for(1)
    server.stop()
    assert KEY not in server.output
