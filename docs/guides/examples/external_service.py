#!/usr/bin/env python3
"""A small external service for `hookreel serve --external-service review_audio_video=URL`.

    external_service.py [--port PORT] [--secret whsec_...] [--polls N]

It stands for a program of yours that looks at a video: it downloads the file and says "pass" when
there are bytes in it. It shows the contract of docs/guides/external-services.md: the signature is
checked, the same question gets the same answer, and work that goes on says when to ask again.
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


def review(question):
    with urllib.request.urlopen(question["file"]["url"], timeout=20) as video:
        is_empty = not video.read(1)
    return {"Suggestion": "block" if is_empty else "pass", "Label": "", "Form": "",
            "SegmentSet": []}


def answer(question, polls):
    if question["kind"] != "review_audio_video" or not question["file"]:
        return {"status": "failed", "error": "InvalidInput", "message": "only files are reviewed"}
    count = asked[question["id"]] = asked.get(question["id"], 0) + 1
    if count <= polls:
        return {"status": "processing", "progress": 100 * count // (polls + 1),
                "ask_again_seconds": 1}
    return {"status": "finished", "output": review(question)}


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
