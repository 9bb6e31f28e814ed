"""Videos made with ffmpeg's own sources, and files that only claim to be videos."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any


def ffmpeg(*arguments: str | Path) -> None:
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, arguments)], check=True,
                   timeout=300)


def wmv(path: Path, seconds: float = 3) -> Path:
    """A small clip like the one of the tutorial."""
    ffmpeg("-f", "lavfi", "-i", f"testsrc2=size=320x240:rate=15:duration={seconds}",
           "-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}",
           "-c:v", "wmv2", "-b:v", "300k", "-c:a", "wmav2", "-b:a", "64k", path)
    return path


def mp4(path: Path, seconds: float = 2, size: str = "320x240", audio: bool = True) -> Path:
    sound = ["-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}"] if audio else []
    ffmpeg("-f", "lavfi", "-i", f"testsrc2=size={size}:rate=15:duration={seconds}", *sound,
           "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac",
           "-movflags", "+faststart", path)
    return path


def turned(path: Path, clip: Path) -> Path:
    """The same pictures, to be shown turned by a quarter, as a phone writes them."""
    ffmpeg("-i", clip, "-c", "copy", path)
    content = path.read_bytes()
    at = content.index(b"tkhd") + 44  # The display matrix of the first track, which is the video.
    quarter = bytes.fromhex("00000000" "00010000" "00000000" "ffff0000" "00000000")
    path.write_bytes(content[:at] + quarter + content[at + len(quarter):])
    return path


def oblong(path: Path, aspect: str = "16/11", size: str = "360x288") -> Path:
    """Pixels that are not square, as television writes them."""
    ffmpeg("-f", "lavfi", "-i", f"testsrc2=size={size}:rate=10:duration=1,setsar={aspect}",
           "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", path)
    return path


def stream(path: Path, clip: Path) -> Path:
    """A film as an HLS playlist with its segments of a second beside it."""
    ffmpeg("-i", clip, "-c:v", "libx264", "-preset", "ultrafast", "-force_key_frames",
           "expr:gte(t,n_forced)", "-c:a", "copy", "-f", "hls", "-hls_time", "1",
           "-hls_playlist_type", "vod", "-hls_segment_filename",
           path.parent / f"{path.stem}_%d.ts", path)
    return path


# How a container of each type is filled by default, with codecs that belong into it.
ENCODERS = {
    "mp4": ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"],
    "mov": ["-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-c:a", "pcm_s16le"],
    "3gp": ["-c:v", "mpeg4", "-c:a", "aac"],
    "mkv": ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "flac"],
    "webm": ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"],
    "avi": ["-c:v", "mpeg4", "-c:a", "libmp3lame"],
    "mpg": ["-c:v", "mpeg2video", "-c:a", "mp2"],
    "ts": ["-c:v", "mpeg2video", "-c:a", "mp2"],
    "ogv": ["-c:v", "libtheora", "-c:a", "libvorbis"],
    "wmv": ["-c:v", "wmv2", "-c:a", "wmav2"],
    "flv": ["-c:v", "flv1", "-c:a", "libmp3lame"],
    "mp3": ["-c:a", "libmp3lame"],
    "m4a": ["-c:a", "aac"],
    "ogg": ["-c:a", "libvorbis"],
    "flac": ["-c:a", "flac"],
    "wav": ["-c:a", "pcm_s16le"],
}


def contained(path: Path, seconds: float = 1.2, size: str = "160x120", rate: int = 25) -> Path:
    """Moving pictures with a tone, or the tone alone, as the name's ending says."""
    encode = ENCODERS[path.suffix[1:]]
    pictures = ["-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}:duration={seconds}"]
    ffmpeg(*(pictures if "-c:v" in encode else []), "-f", "lavfi", "-i",
           f"sine=frequency=440:sample_rate=44100:duration={seconds}", *encode, path)
    return path


def mp3(path: Path, seconds: float = 2) -> Path:
    ffmpeg("-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}",
           "-c:a", "libmp3lame", path)
    return path


def truncated(path: Path, whole: Path) -> Path:
    """The first half of a file whose head promises all of it."""
    content = whole.read_bytes()
    path.write_bytes(content[:len(content) // 2])
    return path


def png_named(path: Path) -> Path:
    picture = path.with_suffix(".png")
    ffmpeg("-f", "lavfi", "-i", "testsrc2=size=64x64:duration=0.04", "-frames:v", "1", picture)
    return picture.rename(path)


def playlist_named(path: Path, target: str) -> Path:
    """An HLS playlist that asks whoever opens it to fetch `target`."""
    path.write_text(f"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\n{target}\n#EXT-X-ENDLIST\n")
    return path


def concat_named(path: Path, target: str) -> Path:
    """A script of ffmpeg's concat reader, which opens any file that it names."""
    path.write_text(f"ffconcat version 1.0\nfile '{target}'\n")
    return path


def probe(content: bytes | Path) -> dict[str, Any]:
    """What ffprobe says of a file; raises when it is no media."""
    source = str(content) if isinstance(content, Path) else "pipe:0"
    ran = subprocess.run(
        ["ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_streams", source],
        input=None if isinstance(content, Path) else content, capture_output=True, check=True,
        timeout=60)
    return json.loads(ran.stdout)


def packet_bytes(content: bytes, kind: str) -> int:
    """What all packets of the first stream of a kind take: "v" or "a"."""
    ran = subprocess.run(["ffprobe", "-v", "error", "-of", "csv=p=0", "-select_streams",
                          f"{kind}:0", "-show_entries", "packet=size", "pipe:0"], input=content,
                         capture_output=True, check=True, timeout=60)
    return sum(int(line.strip(",")) for line in ran.stdout.decode().split())


def probe_address(url: str) -> dict[str, Any]:
    """What ffprobe says of a playlist, an MPD or a file at an address, with its programs."""
    ran = subprocess.run(["ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_streams",
                          "-show_programs", url], capture_output=True, check=True, timeout=120)
    return json.loads(ran.stdout)


def play(url: str) -> str:
    """Plays every stream at an address to its end; returns what ffmpeg complains of."""
    ran = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", url, "-map", "0", "-f", "null",
                          "-"], capture_output=True, check=True, timeout=300)
    return ran.stderr.decode()


def numbered(path: Path, frames: int = 50, rate: int = 25, size: str = "160x120",
             audio: bool = True) -> Path:
    """A clip whose frame n has the shade 20 + 4 n, for cuts that are held to the frame."""
    sound = ["-f", "lavfi", "-i", "sine=frequency=440:duration=20", "-c:a", "aac",
             "-shortest"] if audio else []
    ffmpeg("-f", "lavfi", "-i", f"color=black:s={size}:r={rate},format=gray,geq=lum='20+4*N',"
           f"trim=end_frame={frames}", *sound, "-c:v", "libx264", "-preset", "ultrafast",
           "-g", "12", "-pix_fmt", "yuv420p", "-movflags", "+faststart", path)
    return path


def shades(content: bytes) -> list[int]:
    """The shade of the middle of each frame."""
    ran = subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-i", "pipe:0", "-map", "0:v:0", "-vf",
         "format=gray,crop=2:2:iw/2:ih/2", "-f", "rawvideo", "-fps_mode", "passthrough", "pipe:1"],
        input=content, capture_output=True, check=True, timeout=60)
    return list(ran.stdout[::4])


def checkered(path: Path, seconds: float = 3, size: str = "320x240", rate: int = 10) -> Path:
    """Squares of 4 pixels, white and black, with a tone: whatever blurs them is seen."""
    ffmpeg("-f", "lavfi", "-i", f"color=black:s={size}:r={rate}:d={seconds},format=gray,"
           "geq=lum='235*mod(floor(X/4)+floor(Y/4),2)'",
           "-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}", "-c:v", "libx264",
           "-preset", "ultrafast", "-crf", "12", "-pix_fmt", "yuv420p", "-c:a", "aac",
           "-movflags", "+faststart", path)
    return path


class Frame:
    """One picture, as the luminance of its pixels."""

    def __init__(self, pixels: bytes, width: int):
        self.pixels = pixels
        self.width = width

    def region(self, x: int, y: int, width: int, height: int) -> list[int]:
        return [self.pixels[row * self.width + column] for row in range(y, y + height)
                for column in range(x, x + width)]

    def contrast(self, x: int, y: int, width: int, height: int) -> int:
        region = self.region(x, y, width, height)
        return max(region) - min(region)


def frames(content: bytes) -> list[Frame]:
    """All pictures of a video, or the one of a picture."""
    stream = next(one for one in probe(content)["streams"] if one["codec_type"] == "video")
    width, height = stream["width"], stream["height"]
    ran = subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-i", "pipe:0", "-map", "0:v:0", "-pix_fmt", "gray",
         "-f", "rawvideo", "-fps_mode", "passthrough", "pipe:1"],
        input=content, capture_output=True, check=True, timeout=60)
    size = width * height
    return [Frame(ran.stdout[at:at + size], width) for at in range(0, len(ran.stdout), size)]


def last_frame(url: str) -> Frame:
    """The last picture of a video at an address, of the largest stream there is."""
    ran = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", url, "-pix_fmt", "gray", "-f",
                          "image2pipe", "-c:v", "png", "pipe:1"], capture_output=True, check=True,
                         timeout=120)
    return frames(ran.stdout[ran.stdout.rindex(b"\x89PNG"):])[0]
