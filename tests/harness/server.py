"""The real binary as a child process on a port of its own, with all that it printed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
from datetime import datetime
from pathlib import Path

from .tencent import Client

ROOT = Path(__file__).resolve().parents[2]
SECRET_ID = "AKIDscenario0000000001"
SECRET_KEY = "scenarioKey0000000000000000000001"
LISTENING = re.compile(r"listening on (https?)://([0-9.]+|\[[0-9a-f:]+\]):(\d+)")
SANITIZER = re.compile(r"ERROR: \w+Sanitizer|WARNING: ThreadSanitizer|runtime error:")
# A busy machine and sanitizers, which look for leaks after the server's last word, take their time.
PATIENCE_SECONDS = 90


def binary() -> Path:
    """The program under test: HOOKREEL_BINARY, or the one with sanitizers."""
    path = Path(os.environ.get("HOOKREEL_BINARY", ROOT / "build" / "asan" / "hookreel"))
    assert path.is_file(), f"{path} is missing: ./dev build asan, or ./dev test"
    return path


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("HOOKREEL_")}


def processes(program: str, mention: Path) -> dict[int, str]:
    """The running processes of a program (a pattern of its name) whose arguments mention a path."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue  # It has just ended.
        if re.fullmatch(program, Path(words[0]).name) and str(mention) in " ".join(words):
            found[int(folder.name)] = " ".join(words)
    return found


class Process:
    """A command of hookreel that runs on; its output is collected as it comes."""

    def __init__(self, arguments: list[str], environment: dict[str, str] | None = None,
                 directory: Path | None = None, wrapper: list[str] | None = None):
        self.arguments = [*(wrapper or []), str(binary()), *map(str, arguments)]
        self._lines: list[str] = []
        self._changed = threading.Condition()
        self._ended = False
        self.child = subprocess.Popen(
            self.arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", cwd=directory,
            env=clean_environment() | (environment or {}))
        self._reader = threading.Thread(target=self._collect, daemon=True)
        self._reader.start()

    def _collect(self) -> None:
        assert self.child.stdout
        for line in self.child.stdout:
            with self._changed:
                self._lines.append(line)
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    @property
    def output(self) -> str:
        with self._changed:
            return "".join(self._lines)

    def wait_for_line(self, pattern: str | re.Pattern[str], seconds: float) -> re.Match[str]:
        """The first line that matches. Fails when the process ends or the time is over before."""
        deadline = time.monotonic() + seconds
        looked_at = 0
        with self._changed:
            while True:
                for line in self._lines[looked_at:]:
                    if match := re.search(pattern, line):
                        return match
                looked_at = len(self._lines)
                left = deadline - time.monotonic()
                assert not self._ended and left > 0, (
                    f"{'it ended' if self._ended else f'{seconds} s went by'} without a line "
                    f"like {pattern!r}:\n" + "".join(self._lines))
                self._changed.wait(left)

    def wait(self, seconds: float) -> int:
        code = self.child.wait(seconds)
        self._reader.join(10)
        return code

    def terminate(self) -> int:
        """SIGTERM, and its exit code. Fails when it does not end, or a sanitizer complained."""
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
        try:
            code = self.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"SIGTERM did not end it:\n{self.output}") from None
        self.assert_no_sanitizer_report()
        return code

    def kill(self) -> None:
        """SIGKILL: no last word, as when the machine dies."""
        self.child.kill()
        self.wait(30)

    def assert_no_sanitizer_report(self) -> None:
        found = SANITIZER.search(self.output)
        assert not found, f"{found.group()}\n{self.output}"


class SmallDisk:
    """A disk of so many MiB that a server has its data folder on, in a mount namespace of its own;
    from outside it is seen through the server's process."""

    def __init__(self, folder: Path, mebibytes: int):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        mount = f"mount -t tmpfs -o size={mebibytes}m tmpfs '{folder}' && exec \"$@\""
        self.wrapper = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh"]

    @staticmethod
    def is_possible() -> bool:
        return subprocess.run(["unshare", "--user", "--map-root-user", "--mount", "true"],
                              capture_output=True).returncode == 0

    def seen_by(self, server: Process) -> Path:
        return Path(f"/proc/{server.child.pid}/root{self.folder}")

    def fill(self, server: Process, left_bytes: int) -> Path:
        """Writes until so much is left; whoever removes the returned file makes room again."""
        path = self.seen_by(server) / "filler"
        free = os.statvfs(path.parent)
        with path.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, free.f_bavail * free.f_frsize - left_bytes)
        return path


class Server(Process):
    """`hookreel serve`, ready for requests."""

    def __init__(self, data_dir: Path, *more: str, listen: str = "127.0.0.1:0",
                 keys: tuple[str, str] | None = (SECRET_ID, SECRET_KEY),
                 environment: dict[str, str] | None = None, directory: Path | None = None,
                 disk: SmallDisk | None = None):
        self.data_dir = data_dir
        arguments = ["serve", "--data-dir", str(data_dir), "--listen", listen,
                     "--allow-address", "127.0.0.0/8"]
        if keys:
            arguments += ["--secret-id", keys[0], "--secret-key", keys[1]]
        super().__init__([*arguments, *more], environment, directory,
                         disk.wrapper if disk else None)
        self.keys = keys
        try:
            match = self.wait_for_line(LISTENING, PATIENCE_SECONDS)
        except AssertionError:
            self.child.kill()
            raise
        self.scheme, self.host, port = match.groups()
        self.port = int(port)

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.address}"

    def client(self) -> Client:
        assert self.keys
        return Client(self.host, self.port, *self.keys)

    def stopping_seconds(self) -> float:
        """From the signal to its last word, by its own log."""
        at = [datetime.fromisoformat(re.search(rf"^(\S+Z) info {word}\b", self.output, re.M)[1])
              for word in ("stopping", "stopped")]
        return (at[1] - at[0]).total_seconds()

    def resident_bytes(self) -> int:
        status = Path(f"/proc/{self.child.pid}/status").read_text()
        match = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert match
        return int(match.group(1)) * 1024

    def stop(self) -> None:
        code = self.terminate()
        assert code == 0, f"exit code {code} after SIGTERM:\n{self.output}"
