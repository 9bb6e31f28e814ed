#!/usr/bin/env python3
"""./dev bench idle [--runs N] [--seconds S] [--endpoints E] [--json]: what an idle server costs.

Starts N servers side by side, each on an empty folder and a free port, lets them settle, and then
counts for S seconds how often any of their threads was woken, and their CPU time. The promise: at
most 30 MB resident, and no timer but one a minute. With --endpoints, so many are made on each
through the API, and then the server is started again: at most 50 MB with 10,000 of them.
"""

import argparse
import http.client
import json
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import time

BINARY = pathlib.Path(__file__).resolve().parent.parent / "build/release/hookreel"
SETTLE_SECONDS = 5
TOKEN = "bench-idle-owner-token-000000000001"


def switches(pid):
    """Context switches of all threads so far; a thread that sleeps makes none."""
    total = 0
    for status in pathlib.Path(f"/proc/{pid}/task").glob("*/status"):
        for line in status.read_text().splitlines():
            if "ctxt_switches" in line:
                total += int(line.split()[1])
    return total


def resident_mb(pid):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(text.split("VmRSS:")[1].split()[0]) / 1024


def cpu_ms(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 10


def start(folder):
    """The server, and its HOST:PORT."""
    server = subprocess.Popen([BINARY, "serve", "--data-dir", folder, "--listen", "127.0.0.1:0",
                               "--api-token", TOKEN, "--allow-address", "127.0.0.0/8"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    for line in server.stdout:
        if line.startswith("listening on "):
            return server, line.split("://")[1].strip()
    sys.exit("the server did not start")


def stop(server):
    server.send_signal(signal.SIGTERM)
    server.wait(15)


def make_endpoints(address, count):
    caller = http.client.HTTPConnection(address, timeout=30)
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    for number in range(count):
        if number % 500 == 0 and sys.stderr.isatty():
            print(f"\r{number} of {count} endpoints", end="", file=sys.stderr)
        wanted = {"url": f"http://127.0.0.1:9/hook/{number}", "types": ["media.uploaded"]}
        caller.request("POST", "/api/v1/endpoints", json.dumps(wanted), headers)
        answer = caller.getresponse()
        if answer.status != 201:
            sys.exit(f"an endpoint was not made: {answer.status} {answer.read().decode()}")
        answer.read()


def prepare(folder, endpoints):
    server, address = start(folder)
    if endpoints == 0:
        return server
    make_endpoints(address, endpoints)
    stop(server)
    return start(folder)[0]


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--seconds", type=int, default=60)
    options.add_argument("--endpoints", type=int, default=0)
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    folders = [tempfile.TemporaryDirectory() for _ in range(given.runs)]
    servers = [prepare(folder.name, given.endpoints) for folder in folders]
    try:
        time.sleep(SETTLE_SECONDS)
        before = [(switches(server.pid), cpu_ms(server.pid)) for server in servers]
        time.sleep(given.seconds)
        figures = {
            "resident, MB": [resident_mb(server.pid) for server in servers],
            f"wake-ups in {given.seconds} s": [switches(server.pid) - was
                                               for server, (was, _) in zip(servers, before)],
            f"CPU ms in {given.seconds} s": [cpu_ms(server.pid) - was
                                             for server, (_, was) in zip(servers, before)],
        }
    finally:
        for server in servers:
            stop(server)
    rows = {what: {"median": statistics.median(values), "min": min(values), "max": max(values)}
            for what, values in figures.items()}
    if given.json:
        print(json.dumps({"setup": f"{given.runs} idle servers, {given.endpoints} endpoints",
                          "figures": rows}))
        return
    print(f"idle: {given.runs} servers, {given.endpoints} endpoints on each, {given.seconds} s "
          f"after {SETTLE_SECONDS} s to settle\n")
    print(f"{'':<24}{'median':>10}{'min':>10}{'max':>10}")
    for what, row in rows.items():
        print(f"{what:<24}{row['median']:>10.1f}{row['min']:>10.1f}{row['max']:>10.1f}")


if __name__ == "__main__":
    main()
