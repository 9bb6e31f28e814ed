"""Receivers that are down, slow, lie or never end cost their own slots only."""

import pytest

from harness.events import make_event, push_to, wait_until
from harness.receiver import (answer, break_off, drip, hang, hang_up, never_end, stall,
                              talk_nonsense, unused_port)
from harness.web import fetch

SENDS = 3


def attempts(server, outcome: str) -> float:
    """How many sends came to that, from the metrics."""
    text = fetch(server.url + "/metrics").body.decode()
    return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines()
               if not line.startswith("#") and f'outcome="{outcome}"' in line)


def dead_letters(server) -> float:
    return attempts(server, "dead")


@pytest.mark.parametrize("behaviour, pauses", [
    (hang, [6, 8]), (drip, [6, 8]), (hang_up, [1, 3]), (talk_nonsense, [1, 3])],
    ids=lambda value: getattr(value, "__name__", None))
def test_what_gets_no_answer_is_sent_three_times_and_then_given_up(
        server, client, receiver, behaviour, pauses):
    receiver.behaviour = behaviour
    push_to(client, receiver)
    file = make_event(client)
    sends = receiver.wait_for(SENDS, seconds=90)
    wait_until(lambda: dead_letters(server) == 1, seconds=60)
    assert len(receiver.callbacks) == SENDS
    assert {send.json()["FileUploadEvent"]["FileId"] for send in sends} == {file}
    for pause, earlier, later in zip(pauses, sends, sends[1:]):
        assert later.at - earlier.at >= pause * 0.9

    receiver.behaviour = answer(200)
    later = make_event(client)
    assert receiver.wait_for(SENDS + 1)[-1].json()["FileUploadEvent"]["FileId"] == later


def test_what_nobody_listens_for_is_given_up(server, client):
    client.call("ModifyEventConfig", Mode="PUSH", UploadMediaCompleteEventSwitch="ON",
                NotificationUrl=f"http://127.0.0.1:{unused_port()}/")
    make_event(client)
    wait_until(lambda: dead_letters(server) == 1, seconds=60)


@pytest.mark.parametrize("behaviour", [break_off, stall])
def test_the_body_of_an_answer_need_not_come(server, client, receiver, behaviour):
    receiver.behaviour = behaviour
    push_to(client, receiver)
    make_event(client)
    receiver.wait_for(1)
    wait_until(lambda: attempts(server, "delivered") == 1, seconds=30)
    assert attempts(server, "retry") == dead_letters(server) == 0
    server.stop()
    assert len(receiver.callbacks) == 1


@pytest.mark.parametrize("status", [200, 204, 301, 404, 500, 503])
def test_any_answer_counts_as_taken(server, client, receiver, status):
    receiver.behaviour = answer(status, b"" if status == 204 else b"whatever",
                                {"Location": receiver.url("/elsewhere")})
    push_to(client, receiver)
    first = make_event(client)
    receiver.wait_for(1)
    second = make_event(client)
    got = receiver.wait_for(2)
    assert [send.json()["FileUploadEvent"]["FileId"] for send in got] == [first, second]
    assert {send.path for send in receiver.callbacks} == {"/callback"}
    server.stop()
    assert len(receiver.callbacks) == 2


def test_an_answer_that_never_ends_holds_up_nothing_else(server, client, receiver):
    receiver.behaviour = never_end
    push_to(client, receiver)
    make_event(client)
    receiver.wait_for(1)
    receiver.behaviour = answer(200)
    later = make_event(client)
    receiver.wait_for(1, lambda got: got.json()["FileUploadEvent"]["FileId"] == later, seconds=4)
    assert server.resident_bytes() < 1 << 30


def test_events_do_not_wait_for_one_that_hangs(client, receiver):
    receiver.behaviour = hang
    push_to(client, receiver)
    hanging = make_event(client)
    receiver.wait_for(1)
    receiver.behaviour = answer(200)
    others = {make_event(client) for _ in range(5)}
    got = receiver.wait_for(6, seconds=4)
    assert {send.json()["FileUploadEvent"]["FileId"] for send in got} == others | {hanging}


def test_what_waits_goes_to_the_address_of_the_day(client, receiver):
    """The body is fixed when the event is stored; where it goes is looked up at each attempt."""
    client.call("ModifyEventConfig", Mode="PUSH", UploadMediaCompleteEventSwitch="ON",
                NotificationUrl=f"http://127.0.0.1:{unused_port()}/")
    file = make_event(client)
    push_to(client, receiver, "/corrected")
    assert receiver.wait_for(1)[0].json()["FileUploadEvent"]["FileId"] == file


def test_addresses_that_are_not_allowed_are_never_called(start_server):
    """127.0.0.0/8 is opened for the tests; the rest of the private world stays closed."""
    server = start_server()
    client = server.client()
    for url in ("http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://[::1]:80/"):
        client.call("ModifyEventConfig", Mode="PUSH", UploadMediaCompleteEventSwitch="ON",
                    NotificationUrl=url)
        given_up = dead_letters(server)
        make_event(client)
        wait_until(lambda: dead_letters(server) == given_up + 1, seconds=30)
