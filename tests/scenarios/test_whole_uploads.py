"""Files that come in one request: a PUT, or a form."""

import random
import shutil
import subprocess

import pytest

from harness import cos
from harness.events import file_id, pull, pull_mode, pull_until, wait_until
from harness.native import OWNER_TOKEN
from harness.tencent import TencentError
from harness.tus import Tus
from harness.web import fetch, status_of, talk

CONTENT = random.Random(3).randbytes(2 * cos.MIB + 777)


@pytest.fixture
def server(start_server):
    return start_server("--api-token", OWNER_TOKEN)


def head(server, method, path, *lines):
    return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {server.address}",
                        f"Authorization: Bearer {OWNER_TOKEN}", *lines, "", ""]).encode()


def staged(server):
    return [path for path in (server.data_dir / "staging").rglob("*") if path.is_file()]


def form(*parts, end=b"--XyZ--\r\n"):
    return b"".join(b"--XyZ\r\nContent-Disposition: form-data; " + disposition.encode() +
                    b"\r\n\r\n" + content + b"\r\n" for disposition, content in parts) + end


def post(server, body, content_type="multipart/form-data; boundary=XyZ"):
    return fetch(server.url + "/api/v1/media", "POST",
                 {"Authorization": f"Bearer {OWNER_TOKEN}", "Content-Type": content_type}, body)


def total_or_none(client):
    """How many files there are; None while they are being counted after a start."""
    try:
        return client.call("SearchMedia")["TotalCount"]
    except TencentError:
        return None


def test_a_put_makes_a_file_and_its_event(server, client, wmv):
    pull_mode(client)
    done = fetch(server.url + "/api/v1/media/Ein%20Film.wmv?source_context=c7", "PUT",
                 {"Authorization": f"Bearer {OWNER_TOKEN}"}, wmv.read_bytes())
    assert done.status == 201
    event = pull_until(client, 1)[0]
    assert file_id(event) == done.headers["x-hookreel-file-id"]
    told = event["FileUploadEvent"]
    assert told["MediaBasicInfo"]["Name"] == "Ein Film"
    assert told["MediaBasicInfo"]["SourceInfo"]["SourceContext"] == "c7"
    assert told["MetaData"]["Size"] == wmv.stat().st_size
    assert fetch(told["MediaBasicInfo"]["MediaUrl"]).body == wmv.read_bytes()
    assert pull(client) == []


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not there")
def test_curl_sends_a_form(server, client, wmv):
    pull_mode(client)
    ran = subprocess.run(
        ["curl", "-sS", "-f", "-H", f"Authorization: Bearer {OWNER_TOKEN}", "-F", "title=Aus curl",
         "-F", f"file=@{wmv}", server.url + "/api/v1/media"],
        capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    told = pull_until(client, 1)[0]["FileUploadEvent"]["MediaBasicInfo"]
    assert told["Name"] == "Aus curl"
    assert fetch(told["MediaUrl"]).body == wmv.read_bytes()


def test_a_form_may_come_in_chunks_and_slowly(server):
    body = form(("name=title", b"slow"), ("name=f; filename=a.mp4", CONTENT[:5000]))
    pieces = [b"%x\r\n%s\r\n" % (len(body[at:at + 700]), body[at:at + 700])
              for at in range(0, len(body), 700)]
    answer = talk(server.host, server.port,
                  head(server, "POST", "/api/v1/media", "Transfer-Encoding: chunked",
                       "Content-Type: multipart/form-data; boundary=XyZ", "Connection: close"),
                  *pieces, b"0\r\n\r\n")
    assert status_of(answer) == 201, answer


@pytest.mark.parametrize("path", ["/api/v1/media/a.mp4", "/api/v1/media"])
def test_what_is_cut_off_leaves_nothing(server, client, path):
    pull_mode(client)
    method = "POST" if path.endswith("media") else "PUT"
    body = form(("name=f; filename=a.mp4", CONTENT))
    talk(server.host, server.port,
         head(server, method, path, f"Content-Length: {len(body)}",
              "Content-Type: multipart/form-data; boundary=XyZ"),
         body[:-1_000_000], end_of_writing=True)
    wait_until(lambda: not staged(server), seconds=30)
    assert client.call("SearchMedia")["TotalCount"] == 0
    assert pull(client) == []


@pytest.mark.parametrize("body", [
    b"", b"--", b"--XyZ--", b"--XyZ\r\n\r\n\r\n--XyZ--", b"\r\n" * 40_000,
    form(("name=f; filename=a.mp4", b"x"), end=b""),
    form(("name=f; filename=a.mp4", b"x"), ("name=title", b"late")),
    form(("name=f; filename=a.mp4", b"x"), ("name=g; filename=b.mp4", b"x")),
    form(("name=f; filename=../../../../etc/passwd", b"x")),
    form(("name=f; filename=\"a.mp4", b"x")),
    form(("name=f; filename=a.mp4\0.exe", b"x")),
    form(("filename=a.mp4", b"x")),
    form(*[("name=a", b"x")] * 1000),
    form(("name=title", b"x" * 100_000)),
    b"--XyZ\r\n" + b"X-Long: " + b"x" * 100_000,
    b"--XyZ" + b" " * 100_000,
])
def test_a_hostile_form_is_refused_and_leaves_nothing(server, client, body):
    answer = post(server, body)
    assert answer.status in (400, 413), answer
    assert not staged(server)
    assert client.call("SearchMedia")["TotalCount"] == 0
    assert post(server, form(("name=f; filename=a.mp4", b"x"))).status == 201


def test_a_file_over_the_limit_is_refused_on_every_way(start_server):
    server = start_server("--api-token", OWNER_TOKEN, "--upload-max", "1")
    large = CONTENT[:cos.MIB + 1]
    told = fetch(server.url + "/api/v1/uploads", "OPTIONS").headers["tus-max-size"]
    assert told == str(cos.MIB)
    put = fetch(server.url + "/api/v1/media/a.mp4", "PUT",
                {"Authorization": f"Bearer {OWNER_TOKEN}"}, large)
    assert put.status == 413
    assert post(server, form(("name=f; filename=a.mp4", large))).status == 413
    assert Tus(server).create(len(large)).status == 413
    assert cos.apply(server.client()).send("PUT", body=large).status == 400
    assert not staged(server)
    assert post(server, form(("name=f; filename=a.mp4", large[:-1]))).status == 201


def test_an_application_that_has_used_its_quota_may_delete_files(start_server):
    server = start_server("--api-token", OWNER_TOKEN, "--application-quota", "1")
    client = server.client()
    wait_until(lambda: total_or_none(client) is not None, seconds=30)
    film = form(("name=f; filename=a.mp4", CONTENT[:cos.MIB]))
    first = post(server, film)
    assert first.status == 201
    refused = post(server, film)
    assert refused.status == 503 and refused.headers["retry-after"]
    assert Tus(server).create(1).status == 503
    with pytest.raises(TencentError):
        cos.apply(client)
    client.call("DeleteMedia", FileId=first.headers["x-hookreel-file-id"])
    assert post(server, film).status == 201


def test_names_that_lead_elsewhere_stay_names(server, client):
    for name in ("../../a.mp4", "..%2f..%2fa.mp4", "a%00b.mp4", "%F0%9F%8E%AC.mp4"):
        fetch(server.url + "/api/v1/media/" + name, "PUT",
              {"Authorization": f"Bearer {OWNER_TOKEN}"}, b"x")
    library = [path for path in (server.data_dir / "media").rglob("*") if path.is_file()]
    assert library and all(path.name == "f0.mp4" for path in library)
    assert not [path for path in server.data_dir.parent.rglob("a.mp4")]
