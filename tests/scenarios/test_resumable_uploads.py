"""Uploads that go on where they broke off, with the words of tus 1.0.0."""

import base64
import hashlib
import random

import pytest

from harness import cos
from harness.events import file_id, pull, pull_mode, pull_until, wait_until
from harness.native import OWNER_TOKEN, Native
from harness.tus import BODY_TYPE, Tus, metadata
from harness.web import fetch

CONTENT = random.Random(2).randbytes(3 * cos.MIB + 12345)
TOKEN = ("--api-token", OWNER_TOKEN)


@pytest.fixture
def server(start_server):
    return start_server(*TOKEN)


@pytest.fixture
def tus(server):
    return Tus(server)


def media_info(client, file):
    return client.call("DescribeMediaInfos", FileIds=[file])["MediaInfoSet"][0]


def content(client, file):
    return fetch(media_info(client, file)["BasicInfo"]["MediaUrl"]).body


def resident_kib(server):
    for line in open(f"/proc/{server.child.pid}/status"):
        if line.startswith("VmHWM"):
            return int(line.split()[1])
    raise AssertionError("no VmHWM")


def test_the_last_byte_makes_the_file_and_its_event(client, tus, wmv):
    pull_mode(client)
    film = wmv.read_bytes()
    path = tus.begin(len(film), filename="Ein Film.wmv", source_context="camera 7", class_id="0")
    half = len(film) // 2
    assert tus.patch(path, 0, film[:half]).status == 204
    assert tus.offset(path) == half
    assert pull(client) == []
    last = tus.patch(path, half, film[half:])
    assert last.status == 204
    file = last.headers["x-hookreel-file-id"]
    event = pull_until(client, 1)[0]
    assert file_id(event) == file
    told = event["FileUploadEvent"]
    assert told["MediaBasicInfo"]["Name"] == "Ein Film"
    assert told["MediaBasicInfo"]["Type"] == "wmv"
    assert told["MetaData"]["Size"] == len(film)
    assert content(client, file) == film
    assert pull(client) == []
    assert tus.send("GET", path).headers["x-hookreel-file-id"] == file


def test_a_request_may_bring_a_checksum_and_the_creation_bytes(client, tus):
    digest = base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()
    made = tus.send("POST", "/api/v1/uploads", CONTENT, Upload_Length=str(len(CONTENT)),
                    Upload_Metadata=metadata(filename="film.mp4"), Content_Type=BODY_TYPE,
                    Upload_Checksum=f"sha256 {digest}")
    assert made.status == 201
    assert content(client, made.headers["x-hookreel-file-id"]) == CONTENT
    path = tus.begin(len(CONTENT))
    refused = tus.patch(path, 0, CONTENT, Upload_Checksum="sha1 " + base64.b64encode(
        hashlib.sha1(b"another").digest()).decode())
    assert refused.status == 460
    assert tus.offset(path) == 0


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_what_was_acknowledged_is_there_after_a_restart(start_server, end):
    server = start_server(*TOKEN)
    client = server.client()
    pull_mode(client)
    tus = Tus(server)
    path = tus.begin(len(CONTENT))
    assert tus.patch(path, 0, CONTENT[:1_000_003]).status == 204
    # And one request that is cut in the middle.
    connection = tus.open_patch(path, 1_000_003, len(CONTENT) - 1_000_003)
    connection.sendall(CONTENT[1_000_003:2_000_000])
    getattr(server, end)()
    connection.close()

    server = start_server(*TOKEN)
    tus, client = Tus(server), server.client()
    offset = tus.offset(path)
    assert offset >= 1_000_003
    assert pull(client) == []
    done = tus.patch(path, offset, CONTENT[offset:])
    assert done.status == 204
    file = done.headers["x-hookreel-file-id"]
    assert content(client, file) == CONTENT
    event = pull_until(client, 1)[0]
    assert file_id(event) == file
    assert pull(client) == []


def test_a_kill_in_the_middle_costs_one_stretch_at_most(start_server):
    server = start_server(*TOKEN)
    tus = Tus(server)
    stretch = 32 * cos.MIB
    block = CONTENT[:cos.MIB]
    path = tus.begin(40 * cos.MIB)
    connection = tus.open_patch(path, 0, 40 * cos.MIB)
    for _ in range(36):
        connection.sendall(block)
    wait_until(lambda: tus.offset(path) >= stretch, seconds=60)
    server.kill()
    connection.close()
    tus = Tus(start_server(*TOKEN))
    offset = tus.offset(path)
    assert offset % cos.MIB == 0 and offset >= stretch
    for at in range(offset, 40 * cos.MIB, 4 * cos.MIB):
        last = tus.patch(path, at, block * 4)
        assert last.status == 204
    assert last.headers["x-hookreel-file-id"]


def test_a_connection_that_breaks_keeps_what_came(client, tus):
    path = tus.begin(len(CONTENT))
    connection = tus.open_patch(path, 0, len(CONTENT))
    connection.sendall(CONTENT[:1_234_567])
    connection.close()
    wait_until(lambda: tus.offset(path) == 1_234_567, seconds=30)
    done = tus.patch(path, 1_234_567, CONTENT[1_234_567:])
    assert content(client, done.headers["x-hookreel-file-id"]) == CONTENT


def test_one_request_writes_at_a_time(server, tus):
    path = tus.begin(len(CONTENT))
    connection = tus.open_patch(path, 0, len(CONTENT))
    connection.sendall(CONTENT[:cos.MIB])
    staging = server.data_dir / "staging"
    wait_until(lambda: any(file.stat().st_size for file in staging.glob("*/*")), seconds=30)
    assert tus.patch(path, 0, CONTENT).status == 423
    assert tus.send("DELETE", path).status == 423
    connection.close()
    wait_until(lambda: tus.offset(path) == cos.MIB, seconds=30)
    assert tus.patch(path, cos.MIB, CONTENT[cos.MIB:]).status == 204


def test_a_dropped_upload_leaves_nothing(server, client, tus):
    path = tus.begin(len(CONTENT))
    assert tus.patch(path, 0, CONTENT[:-1]).status == 204
    assert tus.send("DELETE", path).status == 204
    assert tus.send("HEAD", path).status == 404
    assert tus.patch(path, len(CONTENT) - 1, CONTENT[-1:]).status == 404
    assert not [path for path in (server.data_dir / "staging").rglob("*") if path.is_file()]
    assert client.call("SearchMedia")["TotalCount"] == 0


def test_an_unfinished_upload_is_in_no_library(client, tus):
    path = tus.begin(len(CONTENT))
    assert tus.patch(path, 0, CONTENT[:-1]).status == 204
    assert client.call("SearchMedia")["TotalCount"] == 0


def test_memory_does_not_grow_with_the_file(tus, server):
    block = CONTENT[:cos.MIB] * 8
    path = tus.begin(len(block) * 25)
    tus.patch(path, 0, block)
    before = resident_kib(server)
    connection = tus.open_patch(path, len(block), len(block) * 24)
    for _ in range(24):
        connection.sendall(block)
    assert connection.recv(4096).startswith(b"HTTP/1.1 204")
    connection.close()
    assert resident_kib(server) - before < 64 * 1024


def test_a_token_of_another_application_does_not_see_it(server, tus):
    native = Native(server)
    other = native.post("applications", {"name": "other"})["id"]
    token = native.post("tokens", {"name": "t", "scopes": ["media:write"],
                                   "application": other})["token"]
    stranger = Tus(server, token)
    path = tus.begin(10)
    assert stranger.send("HEAD", path).status == 404
    assert stranger.patch(path, 0, b"x").status == 404
    own = stranger.begin(10)
    assert stranger.patch(own, 0, b"0123456789").status == 204
    named = tus.send("POST", f"/api/v1/uploads?application={other}", Upload_Length="1",
                     Upload_Metadata=metadata(filename="a.mp4")).headers["location"]
    assert tus.patch(named, 0, b"x").status == 204


@pytest.mark.parametrize("headers", [
    {"Upload_Length": "x"}, {"Upload_Length": "-1"}, {"Upload_Length": "99999999999999999999999"},
    {"Upload_Metadata": "filename"}, {"Upload_Metadata": "filename =="},
    {"Upload_Metadata": "a " * 3000}, {"Upload_Metadata": "\xff\xfe"},
    {"Tus_Resumable": "9"}, {"Upload_Checksum": "md5 AAAA"},
])
def test_what_no_client_sends_is_refused(tus, headers):
    good = {"Upload_Length": "10", "Upload_Metadata": metadata(filename="a.mp4")}
    answer = tus.send("POST", "/api/v1/uploads", **good | headers)
    assert answer.status in (400, 412, 413), answer
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["tus-resumable"] == "1.0.0"


def begin_part(tus, length):
    made = tus.send("POST", "/api/v1/uploads", Upload_Length=str(length), Upload_Concat="partial")
    assert made.status == 201, made
    return made.headers["location"]


def put_together(tus, *parts):
    return tus.send("POST", "/api/v1/uploads", Upload_Concat="final;" + " ".join(parts),
                    Upload_Metadata=metadata(filename="film.mp4"))


def test_what_is_offered_is_told(server):
    told = fetch(server.url + "/api/v1/uploads", "OPTIONS", {})
    assert {"creation-defer-length", "concatenation"} < set(
        told.headers["tus-extension"].split(","))


def test_a_length_may_be_told_after_a_restart(start_server):
    server = start_server(*TOKEN)
    made = Tus(server).send("POST", "/api/v1/uploads", Upload_Defer_Length="1",
                            Upload_Metadata=metadata(filename="film.mp4"))
    assert (made.status, made.headers["upload-defer-length"]) == (201, "1")
    path = made.headers["location"]
    assert Tus(server).patch(path, 0, CONTENT[:1_000_000]).status == 204
    server.kill()

    server = start_server(*TOKEN)
    tus, client = Tus(server), server.client()
    told = tus.send("HEAD", path)
    assert (told.headers["upload-offset"], told.headers["upload-defer-length"]) == ("1000000", "1")
    assert "upload-length" not in told.headers
    done = tus.patch(path, 1_000_000, CONTENT[1_000_000:], Upload_Length=str(len(CONTENT)))
    assert done.status == 204
    assert content(client, done.headers["x-hookreel-file-id"]) == CONTENT


def test_parts_that_come_side_by_side_are_put_together(start_server):
    server = start_server(*TOKEN)
    tus, client = Tus(server), server.client()
    pull_mode(client)
    third = len(CONTENT) // 3
    pieces = [CONTENT[:third], CONTENT[third:2 * third], CONTENT[2 * third:]]
    parts = [begin_part(tus, len(piece)) for piece in pieces]
    connections = [tus.open_patch(path, 0, len(piece)) for path, piece in zip(parts, pieces)]
    for connection, piece in zip(connections, pieces):
        connection.sendall(piece[:third // 2])
    assert put_together(tus, *parts).status == 409
    for connection, piece in zip(connections, pieces):
        connection.sendall(piece[third // 2:])
        assert connection.recv(4096).startswith(b"HTTP/1.1 204")
        connection.close()
    assert pull(client) == []
    server.kill()

    server = start_server(*TOKEN)
    tus, client = Tus(server), server.client()
    made = put_together(tus, *parts)
    assert made.status == 201
    file = made.headers["x-hookreel-file-id"]
    assert content(client, file) == CONTENT
    event, = pull_until(client, 1)
    assert file_id(event) == file
    assert pull(client) == []
    told = tus.send("HEAD", made.headers["location"])
    assert told.headers["upload-concat"] == "final;" + " ".join(parts)
    assert told.headers["upload-length"] == str(len(CONTENT))
    assert {tus.send("HEAD", path).status for path in parts} == {404}
    assert put_together(tus, *parts).status == 404
    assert not [path for path in (server.data_dir / "staging").rglob("*") if path.is_file()]


def test_a_part_of_another_application_is_not_there(server, tus):
    native = Native(server)
    other = native.post("applications", {"name": "other"})["id"]
    token = native.post("tokens", {"name": "t", "scopes": ["media:write"],
                                   "application": other})["token"]
    path = begin_part(tus, 1)
    assert tus.patch(path, 0, b"x").status == 204
    assert put_together(Tus(server, token), path).status == 404
    assert put_together(tus, path).status == 201
