"""The whole delivery engine under everything at once: kills, restarts, and receivers that fail at
random. At the end each event was delivered or lies with the dead letters."""

import random
import time

import pytest

from harness.events import wait_until

from .delivery_load import (ANSWER_SECONDS_MAX, Books, Consumer, Crowd, Place, Publisher, Receiver,
                            contradictions, duplicates)

TOKEN = "soak-token-000000000000000000000001"
LIFE_SECONDS = (1.0, 6.0)
RULES = {"steady": "once or more", "flaky": "once or more", "bad": "once or more",
         "dead": "once or more", "ordered": "in order", "ordered-flaky": "in order",
         "once": "at most once"}
BAD_SHARE = {"flaky": 0.2, "bad": 0.6, "dead": 1.0, "ordered-flaky": 0.2, "once": 0.2}

pytestmark = pytest.mark.timeout(7200)


def start(start_server, place):
    server = start_server("--api-token", TOKEN)
    place.address = (server.host, server.port)
    return server


def make_endpoints(place, receiver):
    made = {}
    for name, rule in RULES.items():
        made[name] = place.call("POST", "/endpoints", {
            "url": receiver.url(name), "types": ["soak.*"], "dialect": "standard",
            "order": "key" if rule == "in order" else "none",
            "guarantee": "at_most_once" if rule == "at most once" else "at_least_once",
            "schedule": {"timeout_seconds": ANSWER_SECONDS_MAX,
                         "delays_seconds": [0.2, 0.5, 1, 1, 2, 2, 3, 3, 5, 5]}})["id"]
    place.call("PUT", "/queues/soak", {"types": ["soak.*"]})
    return made


def drained(place):
    told = place.call("GET", "/statistics")
    return not (told["endpoints"]["waiting"] + told["endpoints"]["sending"]
                + told["queues"]["waiting"] + told["queues"]["leased"])


def is_over(place, endpoint):
    """Whether nothing waits for an endpoint that was removed: its letters die as they come due, and
    the statistics are of endpoints that exist."""
    return not any(place.call("GET", f"/deliveries?endpoint={endpoint}&state={state}")["items"]
                   for state in ("waiting", "retrying", "sending"))


def dead_letters(place, endpoint):
    deliveries = place.all(f"/deliveries?endpoint={endpoint}&state=dead&limit=1000")
    return {delivery["event"] for delivery in deliveries}


def test_each_event_is_delivered_or_a_dead_letter(start_server, soak_minutes, dice):
    books, place = Books(), Place(TOKEN)
    receiver = Receiver(books, random.Random(dice.random()))
    receiver.bad_share = dict(BAD_SHARE)
    server = start(start_server, place)
    endpoints = make_endpoints(place, receiver)

    publishers, consumers = Crowd(books), Crowd(books)
    writers = [Publisher(f"p{number}", place, books, random.Random(dice.random()))
               for number in range(3)]
    for writer in writers:
        publishers.add(writer.step)
    for _ in range(2):
        consumers.add(Consumer(place, books, random.Random(dice.random())).step)

    end = time.monotonic() + 60 * soak_minutes
    while time.monotonic() < end:
        time.sleep(dice.uniform(*LIFE_SECONDS))  # The moment of death is the test.
        place.address = None
        begun = time.monotonic()
        if dice.random() < 0.7:
            server.kill()
        else:
            server.stop()
        books.deaths.append((begun, time.monotonic()))
        server = start(start_server, place)
    publishers.stop()
    for writer in writers:
        writer.finish()

    receiver.bad_share = {"dead": 1.0}
    place.call("DELETE", "/endpoints/" + endpoints["dead"])
    wait_until(lambda: drained(place) and is_over(place, endpoints["dead"]), seconds=900)
    consumers.stop()
    dead = {name: dead_letters(place, endpoint) for name, endpoint in endpoints.items()}
    print_books(books, dead)
    assert contradictions(books, dead, RULES) == []
    assert books.published and len(books.deaths) > 1


def print_books(books, dead):
    print(f"published {len(books.published)}, of which {books.asked_again} publishes asked again; "
          f"{len(books.deaths)} ends of the server; confirmed {len(books.confirmed_at)}")
    for name, arrivals in sorted(books.arrivals.items()):
        taken = {arrival.event for arrival in arrivals if arrival.taken}
        print(f"  {name}: {len(arrivals)} attempts, {len(taken)} delivered, "
              f"{len(dead[name])} dead letters, {len(duplicates(arrivals))} duplicates")

