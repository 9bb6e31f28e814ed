"""The hand-made signatures of these tests equal those of real SDKs, or they would prove nothing."""

import json
import re
from pathlib import Path
from urllib.parse import parse_qsl, unquote

from harness import cos
from harness.tencent import Request, sign_v1, sign_v3

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "tencent_vod"


def captures(name):
    return [json.loads(line) for line in (FIXTURES / name).read_text().splitlines()]


def test_v3_equals_every_captured_request():
    checked = 0
    for capture in captures("sdk-wire-captures.jsonl"):
        if capture["scheme"] != "v3":
            continue
        headers = capture["headers"]
        request = Request(capture["method"], capture["target"], headers, capture["body"].encode())
        service = headers["authorization"].split("/")[2]
        assert sign_v3(capture["secretId"], capture["secretKey"], request,
                       int(headers["x-tc-timestamp"]), host=capture["signed_host"],
                       service=service) == headers["authorization"]
        checked += 1
    assert checked >= 10


def test_v1_equals_every_captured_request():
    checked = 0
    for capture in captures("sdk-wire-captures.jsonl"):
        if capture["scheme"] == "v3":
            continue
        text = capture["body"] or capture["target"].partition("?")[2]
        parameters = dict(parse_qsl(text, keep_blank_values=True))
        signature = parameters.pop("Signature")
        assert sign_v1(capture["secretKey"], capture["method"], capture["signed_host"],
                       parameters) == signature
        checked += 1
    assert checked >= 4


def test_q_sign_equals_every_captured_request():
    for capture in captures("cos-sdk-captures.jsonl"):
        headers, authorization = capture["headers"], capture["headers"]["authorization"]
        path, _, query = capture["target"].partition("?")
        if path.startswith("/cos/"):
            path = "/" + path.split("/", 3)[3]
        names = re.search("q-header-list=([^&]*)", authorization)[1].split(";")
        assert cos.q_sign(
            capture["secretId"], capture["secretKey"], capture["method"], unquote(path),
            dict(parse_qsl(query, keep_blank_values=True)), {name: headers[name] for name in names},
            re.search("q-key-time=([^&]*)", authorization)[1]) == authorization
