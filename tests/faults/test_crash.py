"""The server is killed at random moments under load: what was acknowledged is never lost."""

import os
import random
import signal
import time

import pytest

from harness import cos
from harness.events import make_event, pull_mode, push_to, task_result, wait_until
from harness.server import processes
from harness.web import fetch

from .load import (Books, Load, contradictions, process_up_to, pull_once, subject,
                   upload_once)

LIFE_SECONDS = (0.1, 2.5)

pytestmark = pytest.mark.timeout(3600)


def workers_of(server):
    """The ffmpeg and ffprobe processes on a server's files, which must not outlive it."""
    return processes("ff(mpeg|probe)", server.data_dir)


def end_orphaned_sandboxes(server):
    """When bubblewrap 0.8 is killed while it sets up a sandbox, its first child waits for ever for
    a word of its parent. It has started nothing and will not."""
    for process in processes("bwrap", server.data_dir):
        os.kill(process, signal.SIGKILL)


def test_no_acknowledged_event_and_no_confirm_is_lost(start_server, mp4, rounds, dice):
    server = start_server()
    client = server.client()
    pull_mode(client)
    books = Books()
    clip = cos.upload(client, mp4)
    books.files[clip] = mp4.read_bytes()

    for number in range(rounds):
        def own_dice():
            return random.Random(dice.random())
        client = server.client()
        load = Load(books, [
            *[lambda d=own_dice(): upload_once(client, books, d) for _ in range(3)],
            *[lambda share=dice.uniform(0.5, 1): pull_once(client, books, share) or True
              for _ in range(2)],
            lambda: process_up_to(2 * number + 2, client, books, clip)])
        time.sleep(dice.uniform(*LIFE_SECONDS))  # The moment of death is the test.
        server.kill()
        load.join()
        wait_until(lambda: not workers_of(server), seconds=30, but=lambda: workers_of(server))
        end_orphaned_sandboxes(server)
        server = start_server()
        print(f"round {number + 1}: {len(books.files)} files, {len(books.tasks)} tasks, "
              f"{len(books.deliveries)} events heard of, {len(books.confirmed_at)} confirmed")

    finish(server.client(), books)
    assert contradictions(books) == []
    assert len(books.files) > rounds and len(books.confirmed_at) > rounds


def finish(client, books):
    """Settles what was open, hears of everything that is left, and looks at the files."""
    for session, content in books.open_uploads:
        session.client = client
        books.files[session.commit()["FileId"]] = content
    for task in books.tasks:
        task_result(client, task, seconds=300)
    while pull_once(client, books, confirm_share=1):
        pass
    assert client.call("DescribeEventsState")["CountOfEventsToPull"] == 0
    files = list(books.files)
    for begin in range(0, len(files), 20):
        infos = client.call("DescribeMediaInfos", FileIds=files[begin:begin + 20])
        assert infos["NotExistFileIdSet"] == []
        for info in infos["MediaInfoSet"]:
            assert fetch(info["BasicInfo"]["MediaUrl"]).body == books.files[info["FileId"]]


def test_every_acknowledged_event_is_called_back(start_server, receiver, rounds, dice):
    server = start_server()
    push_to(server.client(), receiver)
    books = Books()
    for _ in range(max(1, rounds // 3)):
        client = server.client()
        load = Load(books, [
            lambda d=random.Random(dice.random()): upload_once(client, books, d)
            for _ in range(4)])
        time.sleep(dice.uniform(*LIFE_SECONDS))
        server.kill()
        load.join()
        end_orphaned_sandboxes(server)
        server = start_server()
    client = server.client()
    for session, content in books.open_uploads:
        session.client = client
        books.files[session.commit()["FileId"]] = content
    books.files[make_event(client)] = b""

    def missing():
        return set(books.files) - {subject(callback.json()) for callback in receiver.callbacks}
    wait_until(lambda: not missing(), seconds=60)
    contents = {}
    for callback in receiver.callbacks:
        assert contents.setdefault(subject(callback.json()), callback.body) == callback.body
    assert books.surprises == []
    assert len(books.files) > rounds


def test_kills_right_after_a_start_do_no_harm(start_server):
    """Recovery is interrupted again and again, and is still complete."""
    server = start_server()
    client = server.client()
    pull_mode(client)
    files = {make_event(client) for _ in range(20)}
    server.kill()
    for _ in range(5):
        start_server().kill()
    client = start_server().client()
    books = Books()
    while pull_once(client, books, confirm_share=1):
        pass
    assert set(books.deliveries) == files
