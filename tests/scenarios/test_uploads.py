"""ApplyUpload, the object endpoint, CommitUpload."""

import base64
import hashlib
import random
import socket

import pytest

from harness import cos
from harness.events import file_id, pull, pull_mode, pull_until, wait_until
from harness.tencent import TencentError
from harness.web import fetch

CONTENT = random.Random(1).randbytes(3 * cos.MIB + 12345)


def media_url(client, file):
    info = client.call("DescribeMediaInfos", FileIds=[file])["MediaInfoSet"][0]
    return info["BasicInfo"]["MediaUrl"]


def stored_bytes(server):
    """Bytes of all files in the data folder that are not the store's own."""
    return sum(path.stat().st_size for path in server.data_dir.rglob("*")
               if path.is_file() and path.suffix not in (".db", ".db-wal", ".db-shm"))


def code(client, action, **parameters):
    with pytest.raises(TencentError) as refused:
        client.call(action, **parameters)
    return refused.value.code


def test_apply_answers_what_uploaders_need(client):
    session = cos.apply(client, "mp4", CoverType="jpg")
    applied = session.applied
    assert applied["StorageBucket"].rsplit("-", 1)[1].isdigit()
    assert applied["MediaStoragePath"].startswith("/")
    assert applied["MediaStoragePath"].endswith(".mp4")
    assert applied["CoverStoragePath"].endswith(".jpg")
    assert set(applied["TempCertificate"]) == {"SecretId", "SecretKey", "Token", "ExpiredTime"}
    assert applied["StorageRegion"] and applied["VodSessionKey"]


def test_one_put_and_a_commit_make_a_file(server, client):
    pull_mode(client)
    session = cos.apply(client, "mp4", MediaName="a name")
    put = session.send("PUT", body=CONTENT)
    assert put.status == 200
    assert put.headers["etag"] == f'"{hashlib.md5(CONTENT).hexdigest()}"'
    assert pull(client) == []
    committed = session.commit()
    assert committed["CoverUrl"] == ""
    assert fetch(committed["MediaUrl"]).body == CONTENT
    event = pull_until(client, 1)[0]
    assert file_id(event) == committed["FileId"]
    assert 17 <= len(committed["FileId"]) <= 20 and committed["FileId"].isdigit()
    assert event["FileUploadEvent"]["MetaData"] is None


def test_parts_are_joined(client):
    session = cos.apply(client)
    done = session.put_in_parts(CONTENT)
    assert done.status == 200
    assert cos.xml_text(done.body, "Key") == session.key
    assert fetch(session.commit()["MediaUrl"]).body == CONTENT


def test_parts_may_come_in_any_order_and_twice(client):
    session = cos.apply(client)
    upload = cos.xml_text(session.send("POST", query={"uploads": ""}).body, "UploadId")
    etags = {}
    for number, content in [(2, b"wrong"), (3, b"three"), (2, b"two-"), (1, b"one-")]:
        answer = session.send("PUT", query={"partNumber": str(number), "uploadId": upload},
                              body=content)
        etags[number] = answer.headers["etag"]
    assert session.complete(upload, sorted(etags.items())).status == 200
    assert fetch(session.commit()["MediaUrl"]).body == b"one-two-three"


def test_uploads_and_parts_can_be_listed_and_ended(client):
    session = cos.apply(client)
    upload = cos.xml_text(session.send("POST", query={"uploads": ""}).body, "UploadId")
    session.send("PUT", query={"partNumber": "7", "uploadId": upload}, body=b"seven")
    listed = session.send("GET", "", query={"uploads": "", "prefix": session.key})
    assert cos.xml_text(listed.body, "UploadId") == upload
    parts = session.send("GET", query={"uploadId": upload})
    assert cos.xml_text(parts.body, "PartNumber") == "7"
    assert cos.xml_text(parts.body, "Size") == "5"
    assert session.send("DELETE", query={"uploadId": upload}).status == 204
    gone = session.send("GET", query={"uploadId": upload})
    assert (gone.status, cos.xml_text(gone.body, "Code")) == (404, "NoSuchUpload")


def test_a_join_of_missing_wrong_or_unordered_parts_is_refused(client):
    session = cos.apply(client)
    upload = cos.xml_text(session.send("POST", query={"uploads": ""}).body, "UploadId")
    etag = session.send("PUT", query={"partNumber": "1", "uploadId": upload},
                        body=b"one").headers["etag"]
    second = session.send("PUT", query={"partNumber": "2", "uploadId": upload},
                          body=b"two").headers["etag"]
    wrong = '"' + "0" * 32 + '"'
    for listed, expected in [([(1, etag), (3, etag)], "InvalidPart"), ([(1, wrong)], "InvalidPart"),
                             ([(2, second), (1, etag)], "InvalidPartOrder"), ([], "MalformedXML")]:
        answer = session.complete(upload, listed)
        assert (answer.status, cos.xml_text(answer.body, "Code")) == (400, expected)
    assert session.complete(upload, [(1, etag), (2, second)]).status == 200


@pytest.mark.parametrize("body", [
    b"", b"not xml", b"<a>" * 10_000, b"<CompleteMultipartUpload><Part></Part>",
    b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><CompleteMultipartUpload>&b;'
    b"</CompleteMultipartUpload>", b"\xff\xfe", b"<" * 100_000, b"x" * (3 * cos.MIB)],
    ids=["empty", "text", "deep", "cut", "entity", "bytes", "brackets", "big"])
def test_a_join_that_is_not_the_expected_xml_is_refused(client, body):
    session = cos.apply(client)
    upload = cos.xml_text(session.send("POST", query={"uploads": ""}).body, "UploadId")
    answer = session.send("POST", query={"uploadId": upload}, body=body)
    assert 400 <= answer.status < 500
    assert b"root:" not in answer.body


def test_a_wrong_content_md5_is_refused_and_leaves_nothing(server, client):
    session = cos.apply(client)
    wrong = base64.b64encode(hashlib.md5(b"other").digest()).decode()
    answer = session.send("PUT", body=b"content", headers={"content-md5": wrong})
    assert (answer.status, cos.xml_text(answer.body, "Code")) == (400, "InvalidDigest") or \
        (answer.status, cos.xml_text(answer.body, "Code")) == (400, "BadDigest")
    assert code(client, "CommitUpload", VodSessionKey=session.applied["VodSessionKey"]) == \
        "ResourceNotFound"
    right = base64.b64encode(hashlib.md5(b"content").digest()).decode()
    assert session.send("PUT", body=b"content", headers={"content-md5": right}).status == 200


def test_an_upload_that_is_cut_leaves_nothing(server, client):
    session = cos.apply(client)
    request = session.request("PUT")
    head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    with socket.create_connection((server.host, server.port)) as connection:
        connection.sendall((f"PUT {request.target} HTTP/1.1\r\nHost: {server.address}\r\n{head}"
                            f"Content-Length: {len(CONTENT)}\r\n\r\n").encode())
        connection.sendall(CONTENT[:2 * cos.MIB])
    assert session.send("HEAD").status == 404
    assert code(client, "CommitUpload", VodSessionKey=session.applied["VodSessionKey"]) == \
        "ResourceNotFound"
    wait_until(lambda: stored_bytes(server) < cos.MIB, seconds=20)
    session.put(CONTENT)
    assert fetch(session.commit()["MediaUrl"]).body == CONTENT


def test_a_second_put_replaces_the_first(client):
    session = cos.apply(client)
    session.put(b"first and longer")
    session.put(b"second")
    assert session.send("HEAD").headers["content-length"] == "6"
    assert fetch(session.commit()["MediaUrl"]).body == b"second"


def test_a_second_commit_answers_the_same_and_tells_nobody_twice(client):
    pull_mode(client)
    session = cos.apply(client)
    session.put(b"content")
    first = session.commit()
    second = session.commit()
    assert (second["FileId"], second["MediaUrl"]) == (first["FileId"], first["MediaUrl"])
    assert len(pull_until(client, 1)) == 1
    assert pull(client) == []


def test_a_commit_without_an_object_is_not_found(client):
    session = cos.apply(client)
    assert code(client, "CommitUpload", VodSessionKey=session.applied["VodSessionKey"]) == \
        "ResourceNotFound"


def test_a_cover_can_be_uploaded_too(client):
    session = cos.apply(client, CoverType="png")
    session.put(b"content")
    session.put(b"GIF89a, a picture", session.applied["CoverStoragePath"].lstrip("/"))
    assert fetch(session.commit()["CoverUrl"]).body == b"GIF89a, a picture"


def test_a_cover_that_is_no_picture_is_none(server, client):
    session = cos.apply(client, CoverType="png")
    session.put(b"content")
    session.put(b"<html>", session.applied["CoverStoragePath"].lstrip("/"))
    assert session.commit()["CoverUrl"] == ""
    assert stored_bytes(server) == len(b"content")


def refused(answer, *codes):
    assert answer.status in (400, 403, 404), answer
    if answer.body:
        assert cos.xml_text(answer.body, "Code") in codes, answer.body


def test_only_the_session_s_own_keys_open_its_objects(client):
    session, other = cos.apply(client), cos.apply(client)
    refused(session.send("PUT", body=b"x", secret=(session.secret[0], "wrong")),
            "SignatureDoesNotMatch")
    refused(session.send("PUT", body=b"x", secret=(client.secret_id, client.secret_key)),
            "InvalidAccessKeyId", "AccessDenied")
    refused(session.send("PUT", body=b"x", secret=("AKIDnobody", "x")), "InvalidAccessKeyId")
    refused(session.send("PUT", body=b"x", token="wrong"), "InvalidAccessKeyId", "AccessDenied",
            "InvalidToken")
    refused(session.send("PUT", body=b"x", age_seconds=3600), "RequestTimeTooSkewed",
            "AccessDenied", "ExpiredToken")
    refused(session.send("PUT", other.key, body=b"x"), "AccessDenied")
    refused(session.send("PUT", "a/key/of/my/own.mp4", body=b"x"), "AccessDenied")
    unsigned = session.request("PUT", body=b"x")
    del unsigned.headers["Authorization"]
    refused(client.send(unsigned), "AccessDenied")
    assert session.send("HEAD").status == 404
    assert other.send("HEAD").status == 404


@pytest.mark.parametrize("target", [
    "/cos/", "/cos/x", "/cos/../etc/passwd", "/cos/b/../../etc/passwd", "/cos/b/%2e%2e/%2e%2e/x",
    "/cos/b/%00", "/cos/b/%zz", "/cos/b/a?partNumber=0&uploadId=x",
    "/cos/b/a?partNumber=10001&uploadId=x", "/cos/b/a?uploadId="])
def test_odd_targets_are_refused(server, client, target):
    for method in ("GET", "PUT", "POST", "DELETE", "HEAD"):
        body = b"x" if method in ("PUT", "POST") else None
        answer = fetch(server.url + target, method, body=body)
        assert 400 <= answer.status < 500, (method, answer)


def test_names_and_types_are_kept(client):
    session = cos.apply(client, "MP4", MediaName="Ein Film: „schön“ 🎬", ClassId=0,
                        ExpireTime="2030-01-02T03:04:05Z")
    session.put(b"content")
    file = session.commit()["FileId"]
    info = client.call("DescribeMediaInfos", FileIds=[file, "1" * 19])
    assert info["NotExistFileIdSet"] == ["1" * 19]
    basic = info["MediaInfoSet"][0]["BasicInfo"]
    assert basic["Name"] == "Ein Film: „schön“ 🎬"
    assert basic["ExpireTime"] == "2030-01-02T03:04:05Z"


def test_large_uploads_take_flat_memory(server, client, tmp_path):
    """A sparse file of 600 MiB: what is written is as much as if it were full."""
    path = tmp_path / "large.mp4"
    with path.open("wb") as file:
        file.truncate(600 * cos.MIB)
    session = cos.apply(client)
    session.put(b"warm up")
    before = server.resident_bytes()
    session.put_file(path)
    assert server.resident_bytes() - before < 100 * cos.MIB
    assert session.send("HEAD").headers["content-length"] == str(600 * cos.MIB)
