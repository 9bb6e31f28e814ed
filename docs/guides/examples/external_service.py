#!/usr/bin/env python3
"""A small external service for `hookreel serve --external-service *=URL`.

    external_service.py [--port PORT] [--secret whsec_...] [--polls N]

It stands for a program of yours that looks at videos: it downloads the file, and whatever has bytes
in it passes, is tagged "video" and says its own name. It shows the contract of
docs/guides/external-services.md: the signature is checked, the same question gets the same answer,
and work that goes on says when to ask again.
"""
import argparse
import base64
import hashlib
import hmac
import json
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

asked = {}  # How often each task was asked about; a real service keeps its jobs in a database.


def is_signed(headers, body, secret):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mine = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(mine, theirs)
               for theirs in headers.get("webhook-signature", "").split())


def is_empty(file):
    with urllib.request.urlopen(file["url"], timeout=20) as video:
        return not video.read(1)


def review(file):
    return {"Suggestion": "block" if is_empty(file) else "pass", "Label": "", "Form": "",
            "SegmentSet": []}


# The three parts of a task answer with a list: one result for each thing that they looked for.

def review_content(file):
    verdict = "block" if is_empty(file) else "pass"
    return [{"Type": "Porn", "PornTask": {"Output": {
        "Confidence": 0, "Suggestion": verdict, "Label": "", "SegmentSet": []}}}]


def analyze_content(file):
    tag = "nothing" if is_empty(file) else "video"
    return [{"Type": "Tag", "TagTask": {"Output": {"TagSet": [{"Tag": tag, "Confidence": 99}]}}}]


def recognize_content(file):
    text = {"StartTimeOffset": 0, "EndTimeOffset": file["duration_seconds"], "Confidence": 90,
            "Text": "" if is_empty(file) else f"These are the words of {file['name']}."}
    return [{"Type": "AsrFullTextRecognition", "AsrFullTextTask": {"Output": {
        "SegmentSet": [text]}}}]


KINDS = {"review_audio_video": review, "review_content": review_content,
         "analyze_content": analyze_content, "recognize_content": recognize_content}


def answer(question, polls):
    if question["kind"] not in KINDS or not question["file"]:
        return {"status": "failed", "error": "InvalidInput", "message": "only files are looked at"}
    count = asked[question["id"]] = asked.get(question["id"], 0) + 1
    if count <= polls:
        return {"status": "processing", "progress": 100 * count // (polls + 1),
                "ask_again_seconds": 1}
    return {"status": "finished", "output": KINDS[question["kind"]](question["file"])}


class Service(BaseHTTPRequestHandler):
    secret, polls = "", 0

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.secret and not is_signed(self.headers, body, self.secret):
            self.send_error(401)
            return
        text = json.dumps(answer(json.loads(body), self.polls)).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=9100)
    parser.add_argument("--secret", default="")
    parser.add_argument("--polls", type=int, default=0, help="say 'processing' so often first")
    options = parser.parse_args()
    Service.secret, Service.polls = options.secret, options.polls
    server = ThreadingHTTPServer(("127.0.0.1", options.port), Service)
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
