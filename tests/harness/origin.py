"""A web site that files are pulled from: ranges, redirects, and answers that break off."""

from __future__ import annotations

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Origin:
    """Serves `files` (path to bytes) and `redirects` (path to address) on a port of its own."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.redirects: dict[str, str] = {}
        # Path to byte counts: the next answers end after so many bytes, and the connection dies.
        self.breaks: dict[str, list[int]] = {}
        self.requests: list[tuple[str, str | None]] = []  # Path and Range.
        self.released = threading.Event()  # Answers for `held` paths wait for it.
        self.held: set[str] = set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        origin = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:  # The base class wants this name.
                path = self.path.partition("?")[0]
                origin.requests.append((path, self.headers["Range"]))
                if path in origin.redirects:
                    self.send_response(302)
                    self.send_header("Location", origin.redirects[path])
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                elif path not in origin.files:
                    self.send_error(404)
                else:
                    self.send_file(path, origin.files[path])

            def send_file(self, path: str, whole: bytes) -> None:
                etag = '"' + hashlib.md5(whole).hexdigest() + '"'
                wanted = self.headers["Range"]
                if self.headers["If-Range"] not in (None, etag):
                    wanted = None
                first = 0
                if wanted:
                    begin, _, end = wanted.removeprefix("bytes=").partition("-")
                    first, last = int(begin), int(end or len(whole) - 1)
                    body = whole[first:last + 1]
                    self.send_response(206)
                    self.send_header("Content-Range", f"bytes {first}-{last}/{len(whole)}")
                else:
                    body = whole
                    self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("ETag", etag)
                self.end_headers()
                cut = origin.breaks.get(path)
                if cut:
                    self.wfile.write(body[:cut.pop(0)])
                    self.close_connection = True
                    return
                if path in origin.held:
                    self.wfile.write(body[:len(body) // 2])
                    self.wfile.flush()
                    origin.released.wait(60)
                    body = body[len(body) // 2:]
                try:
                    self.wfile.write(body)
                except OSError:
                    pass  # The server under test was killed.

        return Handler
