"""The reliable callback: pull, confirm, and what comes again."""

import threading
import time

import pytest

from harness import cos
from harness.events import (LEASE_SECONDS, PULL_BATCH_MAX, PULL_HOLD_SECONDS, body, confirm,
                            file_id, make_event, process, pull, pull_mode, pull_until, push_to)
from harness.tencent import TencentError


def refusal(client, action, **parameters):
    with pytest.raises(TencentError) as refused:
        client.call(action, **parameters)
    return refused.value.code


def test_the_tutorial_by_reliable_callback(client, wmv):
    pull_mode(client)
    file = cos.upload(client, wmv, MediaName="tutorial clip")
    task = process(client, file)
    uploaded, changed = pull_until(client, 2)
    assert (uploaded["EventType"], changed["EventType"]) == (
        "NewFileUpload", "ProcedureStateChanged")
    assert uploaded["FileUploadEvent"]["FileId"] == file
    assert uploaded["ProcedureStateChangeEvent"] is None
    assert changed["ProcedureStateChangeEvent"]["TaskId"] == task
    assert changed["FileUploadEvent"] is None
    assert uploaded["EventHandle"] != changed["EventHandle"]
    confirm(client, [uploaded, changed])

    begun = time.monotonic()
    assert refusal(client, "PullEvents") == "ResourceNotFound"
    assert PULL_HOLD_SECONDS - 0.5 <= time.monotonic() - begun < PULL_HOLD_SECONDS + 5


def test_what_is_not_confirmed_comes_again_with_a_new_handle(client):
    pull_mode(client)
    file = make_event(client)
    begun = time.monotonic()
    first = pull_until(client, 1)[0]
    again = pull_until(client, 1)[0]
    assert time.monotonic() - begun >= LEASE_SECONDS - 1
    assert file_id(again) == file
    assert body(again) == body(first)
    assert again["EventHandle"] != first["EventHandle"]

    assert refusal(client, "ConfirmEvents",
                   EventHandles=[first["EventHandle"]]) == "InvalidParameterValue"
    confirm(client, [again])
    assert pull(client) == []


def test_a_confirm_after_the_lease_is_refused_and_the_event_comes_again(client):
    pull_mode(client)
    file = make_event(client)
    late = pull_until(client, 1)[0]
    time.sleep(LEASE_SECONDS + 1)  # The one thing that only time can do.
    assert refusal(client, "ConfirmEvents",
                   EventHandles=[late["EventHandle"]]) == "InvalidParameterValue"
    assert file_id(pull_until(client, 1)[0]) == file


def test_a_second_confirm_within_the_lease_does_no_harm(client):
    pull_mode(client)
    make_event(client)
    events = pull_until(client, 1)
    confirm(client, events)
    confirm(client, events)
    assert pull(client) == []


def test_one_bad_handle_confirms_none(client):
    pull_mode(client)
    file = make_event(client)
    event = pull_until(client, 1)[0]
    for bad in ("1234567890123456789", "nonsense", ""):
        assert refusal(client, "ConfirmEvents",
                       EventHandles=[event["EventHandle"], bad]) == "InvalidParameterValue"
    assert file_id(pull_until(client, 1)[0]) == file


@pytest.mark.parametrize("handles, code", [
    ([], "InvalidParameterValue"),
    ([str(10**18 + number) for number in range(PULL_BATCH_MAX + 1)], "InvalidParameterValue"),
    ([12345], "InvalidParameter"), ("12345", "InvalidParameter"), (None, "MissingParameter")])
def test_handles_that_are_no_list_of_1_to_16_texts_are_refused(client, handles, code):
    parameters = {} if handles is None else {"EventHandles": handles}
    assert refusal(client, "ConfirmEvents", **parameters) == code


def test_at_most_16_events_come_at_once_oldest_first(client):
    pull_mode(client)
    files = [make_event(client) for _ in range(PULL_BATCH_MAX + 2)]
    assert client.call("DescribeEventsState")["CountOfEventsToPull"] == len(files)
    first = pull(client)
    assert [file_id(event) for event in first] == files[:PULL_BATCH_MAX]
    assert client.call("DescribeEventsState")["CountOfEventsToPull"] == 2
    rest = pull(client)
    assert [file_id(event) for event in rest] == files[PULL_BATCH_MAX:]
    confirm(client, first)
    confirm(client, rest)
    assert client.call("DescribeEventsState")["CountOfEventsToPull"] == 0


def test_an_event_wakes_a_waiting_pull(client):
    pull_mode(client)
    for _ in range(5):  # On a busy machine an upload may take longer than the hold.
        pulled = []
        waiting = threading.Thread(target=lambda: pulled.extend(pull(client)))
        waiting.start()
        file = make_event(client)
        waiting.join()
        if pulled:
            break
        confirm(client, pull_until(client, 1))
    assert [file_id(event) for event in pulled] == [file]


def test_many_who_wait_share_the_events(client):
    pull_mode(client)
    pulled = []
    waiting = [threading.Thread(target=lambda: pulled.append(pull(client))) for _ in range(4)]
    for thread in waiting:
        thread.start()
    files = {make_event(client) for _ in range(3)}
    for thread in waiting:
        thread.join(PULL_HOLD_SECONDS * 3)
    events = [event for batch in pulled for event in batch]
    assert sorted(map(file_id, events)) == sorted(set(map(file_id, events)))
    assert {file_id(event) for event in events + (pull(client) if len(events) < 3 else [])} == files


def test_what_waits_stays_pullable_after_a_switch_to_push(client, receiver):
    pull_mode(client)
    waiting = make_event(client)
    push_to(client, receiver)
    pushed = make_event(client)
    assert receiver.wait_for(1)[0].json()["FileUploadEvent"]["FileId"] == pushed
    events = pull(client)
    assert [file_id(event) for event in events] == [waiting]
    confirm(client, events)
    pull_mode(client)
    again = make_event(client)
    assert [file_id(event) for event in pull_until(client, 1)] == [again]
    assert len(receiver.callbacks) == 1


def test_a_pull_that_was_given_up_takes_no_event_with_it(server, client):
    """A caller that hangs up while it waits must not lease what comes later."""
    pull_mode(client)
    with pytest.raises(TimeoutError):
        client.send(client.v3("PullEvents"), timeout=1)
    file = make_event(client)
    assert [file_id(event) for event in pull(client)] == [file]
