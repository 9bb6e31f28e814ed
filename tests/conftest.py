"""Fixtures of the black-box suites. Every server that a test starts must end cleanly after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness import clips
from harness.api import TOKEN, Api
from harness.command import Command
from harness.external import Example
from harness.receiver import Receiver
from harness.server import Server
from harness.tencent import Client


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts `hookreel serve` on the test's data folder; at the end each is stopped and must exit 0
    without a word from a sanitizer."""
    started: list[Server] = []

    def start(*arguments: str, data_dir: Path | None = None, **options) -> Server:
        server = Server(data_dir or tmp_path / "data", *arguments, **options)
        started.append(server)
        return server

    yield start
    problems = []
    for server in started:
        if server.child.poll() is None:
            try:
                server.stop()
            except AssertionError as problem:
                problems.append(problem)
        else:
            server.assert_no_sanitizer_report()
    if problems:
        raise problems[0]


@pytest.fixture
def server(start_server: Callable[..., Server]) -> Server:
    return start_server()


@pytest.fixture
def client(server: Server) -> Client:
    return server.client()


@pytest.fixture
def start_service() -> Iterator[Callable[..., Example]]:
    """Starts the guide's external service, with its options."""
    started: list[Example] = []

    def start(*options: str) -> Example:
        started.append(Example(*options))
        return started[-1]

    yield start
    for service in started:
        service.close()


@pytest.fixture
def api(start_server: Callable[..., Server]) -> Api:
    """The native API of a server, called by its owner."""
    return Api(start_server("--api-token", TOKEN))


@pytest.fixture
def command(api: Api) -> Command:
    """The program, as the owner of `api`'s server runs it."""
    return Command(HOOKREEL_SERVER=api.server.url, HOOKREEL_API_TOKEN=TOKEN)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture(scope="session")
def clip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips")


@pytest.fixture(scope="session")
def wmv(clip_folder: Path) -> Path:
    """320x240, 15 frames a second, 3 s, with sound."""
    return clips.wmv(clip_folder / "tutorial.wmv")


@pytest.fixture(scope="session")
def mp4(clip_folder: Path) -> Path:
    """320x240, 15 frames a second, 2 s, with sound."""
    return clips.mp4(clip_folder / "clip.mp4")


@pytest.fixture(scope="session")
def long_mp4(clip_folder: Path) -> Path:
    """640x360, 30 s: some seconds of work for a transcode."""
    return clips.mp4(clip_folder / "long.mp4", seconds=30, size="640x360")


@pytest.fixture
def dark(tmp_path: Path) -> Path:
    """Three seconds of black, ten pictures a second."""
    path = tmp_path / "dark.mp4"
    clips.ffmpeg("-f", "lavfi", "-i", "color=black:s=320x240:r=10:d=3", "-c:v", "libx264",
                 "-pix_fmt", "yuv420p", path)
    return path
