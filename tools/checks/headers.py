"""Each header compiles alone, so that nobody depends on the order of includes.

A header whose text and includes did not change since it last passed is not compiled again. What
most headers include is compiled once, and stands before those that include it anyway: as every
header is checked, that hides nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

from .problem import Problem, project_files

# The first of these that a header includes, at any depth, is taken from its compiled form.
SHARED = ("store/store.h", "base/async.h", "base/json.h")
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
        files = closure(root, header)
        stamp = passed / fingerprint(root, files, compiler)
        stamps.add(stamp)
        if not stamp.exists():
            pending.append((header, first_shared(root, files), stamp))
    for old in set(passed.iterdir()) - stamps:
        old.unlink()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        wanted = [name for name in SHARED if any(name == shared for _, shared, _ in pending)]
        compiled = dict(pool.map(lambda name: precompile(root, compiler, name, folder), wanted))
        yield from chain.from_iterable(
            pool.map(lambda item: compile_alone(root, [*compiler, *compiled.get(item[1], [])],
                                                item[0], item[2]), pending))


def compiler_and_flags(root: Path) -> list[str]:
    """The compiler, language and definitions of the build; without its precompiled header."""
    first = json.loads((root / COMMANDS).read_text())[0]
    words = shlex.split(first["command"])
    start = next(i for i, word in enumerate(words) if "clang++" in word or "g++" in word)
    flags = [word for word in words[start + 1:] if re.match(r"-(std=|D|W(?!invalid-pch))", word)]
    return [words[start], *flags, '-DHOOKREEL_FIXTURES="."', "-Wno-pragma-once-outside-header",
            "-fsyntax-only", "-Isrc", "-xc++"]


def closure(root: Path, header: Path) -> list[Path]:
    """The header and what it includes of the project, at any depth; in an order that stays."""
    waiting, seen = [header], {header: None}
    while waiting:
        for name in OWN_INCLUDE.findall(waiting.pop().read_text()):
            other = root / "src" / name
            if other.is_file() and other not in seen:
                seen[other] = None
                waiting.append(other)
    return list(seen)


def fingerprint(root: Path, files: list[Path], compiler: list[str]) -> str:
    digest = hashlib.sha256(repr(compiler).encode())
    for path in files:
        text = path.read_text()
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + text.encode())
    return digest.hexdigest()


def first_shared(root: Path, files: list[Path]) -> str:
    """Empty when the header includes none of them, or is it."""
    included = set(files[1:])
    return next((name for name in SHARED if root / "src" / name in included), "")


def precompile(root: Path, compiler: list[str], name: str, folder: str) -> tuple[str, list[str]]:
    """The flags that put the compiled header first; none if it has errors: they show up alone."""
    source = Path(folder) / name.replace("/", "_")
    source.write_text(f'#include "{name}"\n')
    path = f"{source}.pch"
    flags = [word for word in compiler if word not in ("-fsyntax-only", "-xc++")]
    ran = subprocess.run([*flags, "-xc++-header", str(source), "-o", path], cwd=root,
                         capture_output=True, check=False)
    return name, ["-include-pch", path] if ran.returncode == 0 else []


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
