"""Each header compiles alone, so that nobody depends on the order of includes.

A header whose text and includes did not change since it last passed is not compiled again.
"""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .problem import Problem, project_files

COMMANDS = "build/asan/compile_commands.json"
OWN_INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
DIAGNOSTIC = re.compile(r"^(\S+?):(\d+):\d+: (?:fatal )?error: (.*)$", re.MULTILINE)


def check(root: Path, jobs: int) -> Iterator[Problem]:
    passed = root / "build" / "headers"
    passed.mkdir(parents=True, exist_ok=True)
    compiler = compiler_and_flags(root)
    pending = []
    stamps = set()
    for header in project_files(root / "src", ".h"):
        stamp = passed / fingerprint(root, header, compiler)
        stamps.add(stamp)
        if not stamp.exists():
            pending.append((header, stamp))
    for old in set(passed.iterdir()) - stamps:
        old.unlink()
    with ThreadPoolExecutor(jobs) as pool:
        for problems in pool.map(lambda item: compile_alone(root, compiler, *item), pending):
            yield from problems


def compiler_and_flags(root: Path) -> list[str]:
    """The compiler, language and definitions of the build; without its precompiled header."""
    first = json.loads((root / COMMANDS).read_text())[0]
    words = shlex.split(first["command"])
    start = next(i for i, word in enumerate(words) if "clang++" in word or "g++" in word)
    flags = [word for word in words[start + 1:] if re.match(r"-(std=|D|W(?!invalid-pch))", word)]
    return [words[start], *flags, '-DHOOKREEL_FIXTURES="."', "-Wno-pragma-once-outside-header",
            "-fsyntax-only", "-Isrc", "-xc++"]


def fingerprint(root: Path, header: Path, compiler: list[str]) -> str:
    digest = hashlib.sha256(repr(compiler).encode())
    waiting, seen = [header], {header}
    while waiting:
        path = waiting.pop()
        text = path.read_text()
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + text.encode())
        for name in OWN_INCLUDE.findall(text):
            other = root / "src" / name
            if other.is_file() and other not in seen:
                seen.add(other)
                waiting.append(other)
    return digest.hexdigest()


def compile_alone(root: Path, compiler: list[str], header: Path, stamp: Path) -> list[Problem]:
    name = header.relative_to(root).as_posix()
    ran = subprocess.run([*compiler, name], cwd=root, capture_output=True, text=True, check=False)
    if ran.returncode == 0:
        stamp.touch()
        return []
    match = DIAGNOSTIC.search(ran.stderr)
    if not match:
        return [Problem(name, 1, f"does not compile: {ran.stderr.strip()[:300]}")]
    where = "" if match.group(1) == name else f" (in {match.group(1)}:{match.group(2)})"
    line = int(match.group(2)) if not where else 1
    return [Problem(name, line, f"does not compile alone: {match.group(3)}{where}; include what "
                                "it uses")]
