"""What a request must be, and the error code of each thing that can be wrong with it."""

import json
import time

import pytest

from harness.tencent import Request, TencentError

OK = "DescribeEventConfig"
V3 = "application/json"


def code(client, request):
    answer = client.send(request)
    assert answer.status == 200
    assert answer.headers["content-type"] == V3
    response = answer.json()["Response"]
    assert isinstance(response["RequestId"], str) and len(response["RequestId"]) == 36
    if "Error" in response:
        assert set(response) == {"Error", "RequestId"}
        assert response["Error"]["Message"]
    return answer.code


def without(request, header):
    del request.headers[header]
    return request


@pytest.mark.parametrize("make", [
    lambda c: c.v3(OK), lambda c: c.v3_get(OK), lambda c: c.v1(OK),
    lambda c: c.v1(OK, method="GET"), lambda c: c.v1(OK, signature_method="HmacSHA1"),
    lambda c: c.v1(OK, signature_method=None),
    lambda c: c.v3(OK, content_type="application/json; charset=utf-8"),
    lambda c: c.v3(OK, service="127"),
    lambda c: c.v3(OK, headers={"X-TC-Region": "ap-guangzhou", "X-TC-Language": "zh-CN",
                                "X-TC-Unheard-Of": "1"}),
    lambda c: c.v3(OK, signed=("content-type", "host", "x-tc-action"))],
    ids=["v3", "v3 GET", "v1", "v1 GET", "v1 sha1", "v1 default", "charset", "other service",
         "more headers", "more signed headers"])
def test_every_way_of_signing_is_taken(client, make):
    assert code(client, make(client)) is None


@pytest.mark.parametrize("make, expected", [
    (lambda c: without(c.v3(OK), "X-TC-Action"), "MissingParameter"),
    (lambda c: c.v3("MakeCoffee"), "InvalidAction"),
    (lambda c: c.v3(OK, version="2017-03-12"), "NoSuchVersion"),
    (lambda c: without(c.v3(OK), "Authorization"), "AuthFailure.InvalidAuthorization"),
    (lambda c: with_authorization(c.v3(OK), "SKIP"), "AuthFailure.InvalidAuthorization"),
    (lambda c: with_authorization(c.v3(OK), "Bearer abc"), "AuthFailure.InvalidAuthorization"),
    (lambda c: with_authorization(c.v3(OK), "TC3-HMAC-SHA256 Credential=x"),
     "AuthFailure.InvalidAuthorization"),
    (lambda c: c.v3(OK, signed=("host",)), "AuthFailure.InvalidAuthorization"),
    (lambda c: c.v3(OK, timestamp=int(time.time()) - 400), "AuthFailure.SignatureExpire"),
    (lambda c: c.v3(OK, timestamp=int(time.time()) + 400), "AuthFailure.SignatureExpire"),
    (lambda c: c.v1(OK, timestamp=int(time.time()) - 400), "AuthFailure.SignatureExpire"),
    (lambda c: c.with_keys("AKIDnobody", c.secret_key).v3(OK), "AuthFailure.SecretIdNotFound"),
    (lambda c: c.with_keys("AKIDnobody", c.secret_key).v1(OK), "AuthFailure.SecretIdNotFound"),
    (lambda c: c.with_keys(c.secret_id, "wrong").v3(OK), "AuthFailure.SignatureFailure"),
    (lambda c: c.with_keys(c.secret_id, "wrong").v3_get(OK), "AuthFailure.SignatureFailure"),
    (lambda c: c.with_keys(c.secret_id, "wrong").v1(OK), "AuthFailure.SignatureFailure"),
    (lambda c: with_body(c.v3(OK), b'{"Mode":"PULL"}'), "AuthFailure.SignatureFailure")],
    ids=lambda value: value if isinstance(value, str) else "")
def test_a_request_that_is_not_right_gets_its_code(client, make, expected):
    assert code(client, make(client)) == expected


def with_authorization(request, value):
    request.headers["Authorization"] = value
    return request


def with_body(request, body):
    request.body = body
    return request


def test_checks_come_in_order_action_version_form_clock_key_signature_parameters(client):
    """Each request has all the later faults too."""
    stranger = client.with_keys("AKIDnobody", "wrong")
    thief = client.with_keys(client.secret_id, "wrong")
    old = int(time.time()) - 400
    bad = {"Mode": 1}
    assert code(client, stranger.v3("MakeCoffee", bad, version="1", timestamp=old)) == \
        "InvalidAction"
    assert code(client, with_authorization(stranger.v3(OK, bad, version="1"), "x")) == \
        "NoSuchVersion"
    assert code(client, with_authorization(stranger.v3(OK, bad, timestamp=old), "x")) == \
        "AuthFailure.InvalidAuthorization"
    assert code(client, stranger.v3(OK, bad, timestamp=old)) == "AuthFailure.SignatureExpire"
    assert code(client, stranger.v3(OK, bad)) == "AuthFailure.SecretIdNotFound"
    assert code(client, thief.v3("ModifyEventConfig", bad)) == "AuthFailure.SignatureFailure"
    assert code(client, client.v3("ModifyEventConfig", bad)) == "InvalidParameter"


@pytest.mark.parametrize("action, parameters, expected", [
    ("ModifyEventConfig", {"Mode": "SHOUT"}, "InvalidParameter"),
    ("ModifyEventConfig", {"Mode": 1}, "InvalidParameter"),
    ("ModifyEventConfig", {"UploadMediaCompleteEventSwitch": "MAYBE"}, "InvalidParameter"),
    ("ModifyEventConfig", {"NotificationUrl": "ftp://example.com/"}, "InvalidParameter"),
    ("ModifyEventConfig", {"NotificationUrl": "no address"}, "InvalidParameter"),
    ("ApplyUpload", {}, "MissingParameter"),
    ("ApplyUpload", {"MediaType": "exe"}, "InvalidParameterValue.MediaType"),
    ("ApplyUpload", {"MediaType": "mp4", "CoverType": "exe"}, "InvalidParameterValue.CoverType"),
    ("ApplyUpload", {"MediaType": "mp4", "SubAppId": 99},
     "InvalidParameterValue.SubAppId"),
    ("ApplyUpload", {"MediaType": "mp4", "SubAppId": "1"}, "InvalidParameter"),
    ("CommitUpload", {}, "MissingParameter"),
    ("CommitUpload", {"VodSessionKey": "unknown"}, "InvalidParameterValue.VodSessionKey"),
    ("ProcessMedia", {"FileId": "1", "MediaProcessTask": {"TranscodeTaskSet": [
        {"Definition": 10}]}}, "InvalidParameterValue.FileId"),
    ("ProcessMedia", {"FileId": 1}, "InvalidParameter"),
    ("ProcessMedia", {"MediaProcessTask": {"TranscodeTaskSet": [{"Definition": "10"}]}},
     "InvalidParameter"),
    ("ProcessMedia", {"MediaProcessTask": {"TranscodeTaskSet": [{}]}}, "MissingParameter"),
    ("ProcessMedia", {"MediaProcessTask": {"TranscodeTaskSet": {}}}, "InvalidParameter"),
    ("DescribeMediaInfos", {"FileIds": []}, "InvalidParameterValue.FileIdsEmpty"),
    ("DescribeMediaInfos", {"FileIds": [str(n) for n in range(21)]},
     "InvalidParameterValue.FileIdsOverLimit"),
    ("DescribeTaskDetail", {}, "MissingParameter"),
    ("DescribeTranscodeTemplates", {"Limit": 101}, "InvalidParameterValue.Limit"),
    ("DescribeTranscodeTemplates", {"Limit": -1}, "InvalidParameter"),
    ("DescribeTranscodeTemplates", {"Limit": 1.5}, "InvalidParameter"),
], ids=lambda value: value if isinstance(value, str) else json.dumps(value)[:40])
def test_parameters_that_are_not_right_get_their_code(client, action, parameters, expected):
    with pytest.raises(TencentError) as refused:
        client.call(action, **parameters)
    assert refused.value.code == expected


def test_unknown_parameters_are_ignored(client):
    client.call(OK, AddedNextWeek=True)


def test_an_unknown_task_is_not_found(client):
    with pytest.raises(TencentError) as refused:
        client.call("DescribeTaskDetail", TaskId="1-Procedure-" + "0" * 32 + "t0")
    assert refused.value.code in ("ResourceNotFound", "InvalidParameterValue.TaskId")


@pytest.mark.parametrize("make", [
    lambda c, p: c.v3_get("ModifyEventConfig", p), lambda c, p: c.v1("ModifyEventConfig", p),
    lambda c, p: c.v1("ModifyEventConfig", p, method="GET")], ids=["v3 GET", "v1", "v1 GET"])
def test_flat_forms_carry_the_same_parameters(client, make):
    url = "http://127.0.0.1:1/a%20b+c*~?d=1&e==%26"
    assert code(client, make(client, {"Mode": "PULL", "NotificationUrl": url})) is None
    config = client.call(OK)
    assert (config["Mode"], config["NotificationUrl"]) == ("PULL", url)


def test_flat_forms_read_numbers_and_lists_by_their_type(client):
    for request in (
            client.v3_get("DescribeTranscodeTemplates", {"Definitions": [10, 20], "Limit": 5}),
            client.v1("DescribeTranscodeTemplates", {"Definitions": [10, 20], "Limit": 5})):
        response = client.unwrap(client.send(request))
        assert response["TotalCount"] == 2
        assert [row["Definition"] for row in response["TranscodeTemplateSet"]] == ["10", "20"]
    wrong = client.v1("DescribeTranscodeTemplates", {"Limit": "five"})
    assert code(client, wrong) == "InvalidParameter"


def test_a_key_of_the_signature_is_signed_too(client):
    """A v1 parameter that is changed on the way is found."""
    request = client.v1("ModifyEventConfig", {"Mode": "PUSH"})
    assert code(client, with_body(request, request.body.replace(b"PUSH", b"PULL"))) == \
        "AuthFailure.SignatureFailure"


def test_what_is_no_json_object_is_refused_and_the_server_serves_on(client):
    for body in (b"not json", b"[]", b'"text"', b"null", b"{", b'{"Mode":"PULL"',
                 b'{"Mode":"PULL"} and more', b'{"Mode":"\xff\xfe"}', b'{"Mode":"\xc3"}',
                 b"\xef\xbb\xbf\x00", b'{"Mode":"PULL","Mode":"PUSH"}' * 2,
                 b"[" * 10_000 + b"]" * 10_000,
                 b'{"MediaProcessTask":' + b'{"a":' * 10_000 + b"1" + b"}" * 10_001):
        refused = code(client, client.v3("ModifyEventConfig", body))
        assert refused and refused.startswith("InvalidParameter"), (body[:40], refused)
    assert client.call(OK)["Mode"] == "PUSH"


@pytest.mark.parametrize("content_type", [
    "text/plain", "application/xml", "", "multipart/form-data"])
def test_another_content_type_makes_no_json_of_a_body(client, content_type):
    refused = code(client, client.v3(OK, b"Mode=PULL", content_type=content_type))
    assert refused == "InvalidParameter"


def test_an_empty_body_says_nothing(client):
    assert code(client, client.v3(OK, b"")) is None
    assert code(client, client.v3("ApplyUpload", b"")) == "MissingParameter"


def test_bodies_over_their_limit_are_refused(client):
    big = json.dumps({"ExtInfo": "x" * (10 * 1024 * 1024)}).encode()
    assert code(client, client.v3("PullEvents", big)) == "RequestSizeLimitExceeded"
    small = json.dumps({"ExtInfo": "x" * (9 * 1024 * 1024)}).encode()
    assert code(client, client.v3(OK, small)) is None
    assert code(client, client.v1(OK, {"ExtInfo": "x" * (1024 * 1024)})) == \
        "RequestSizeLimitExceeded"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(client, method):
    answer = client.send(Request(method, "/"))
    assert answer.status in (200, 400, 404, 405, 501)
    assert answer.status != 200 or answer.code


def test_a_strict_server_refuses_what_the_interface_does_not_have(start_server):
    client = start_server("--vod-strict", "yes").client()
    assert code(client, client.v3(OK, {"MadeUp": 1})) == "UnknownParameter"
    assert code(client, client.v3(OK)) is None


def test_a_server_with_the_rates_of_the_platform_keeps_to_them(start_server):
    client = start_server("--vod-rates", "yes").client()
    codes = (code(client, client.v3("DescribeEventsState")) for _ in range(500))  # 20 a second.
    assert next(codes) is None
    assert "RequestLimitExceeded" in codes


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_the_pages_for_probes_are_only_read(client, path):
    answer = client.send(Request("POST", path, {}, b"{}"))
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")
