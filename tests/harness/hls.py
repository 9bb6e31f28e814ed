"""An HLS stream as a player reads it: playlists, pieces, and their key."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from urllib.parse import urljoin

from .tencent import Answer
from .web import fetch


@dataclass
class SubStream:
    """A playlist of pieces at an address, with the addresses that it names."""
    url: str
    text: str
    pieces: list[str] = field(default_factory=list)
    key: str | None = None

    def files(self) -> list[str]:
        return [self.url, *self.pieces]


def given(url: str) -> Answer:
    answer = fetch(url)
    assert answer.status == 200, (answer.status, url)
    return answer


def named(url: str, text: str) -> list[str]:
    return [urljoin(url, line) for line in text.splitlines() if line and not line.startswith("#")]


def playlist(url: str) -> SubStream:
    text = given(url).body.decode()
    keys = re.findall(r'^#EXT-X-KEY:METHOD=AES-128,URI="([^"]+)"$', text, re.M)
    assert len(keys) == text.count("#EXT-X-KEY") <= 1, text
    return SubStream(url, text, named(url, text), urljoin(url, keys[0]) if keys else None)


def read(url: str) -> list[SubStream]:
    """The sub-streams of a master playlist: the pictures in their order, then the sound."""
    text = given(url).body.decode()
    sounds = [urljoin(url, name) for name in re.findall(r'URI="([^"]+)"', text)]
    return [playlist(one) for one in [*named(url, text), *sounds]]


def decrypted(content: bytes, key: bytes, place: int) -> bytes:
    """A piece as RFC 8216 has players decrypt it; `place` is its media sequence number."""
    ran = subprocess.run(["openssl", "enc", "-d", "-aes-128-cbc", "-K", key.hex(), "-iv",
                          f"{place:032x}"], input=content, capture_output=True, check=True,
                         timeout=60)
    return ran.stdout


def is_transport_stream(content: bytes) -> bool:
    """Whether each packet begins with the byte that packets of MPEG-TS begin with."""
    return len(content) % 188 == 0 and set(content[::188]) == {0x47}
