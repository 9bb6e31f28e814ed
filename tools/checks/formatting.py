"""All C++ is as clang-format writes it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .problem import Problem, project_files

WARNING = re.compile(r"^(.+?):(\d+):\d+: error: code should be clang-formatted", re.MULTILINE)


def check(root: Path) -> Iterator[Problem]:
    files = [path.relative_to(root).as_posix() for path in project_files(root, ".h", ".cc")]
    if not files:
        return
    ran = subprocess.run(["clang-format-19", "--dry-run", "-Werror", *files], cwd=root,
                         capture_output=True, text=True, check=False)
    seen = set()
    for path, line in WARNING.findall(ran.stderr):
        if path not in seen:
            seen.add(path)
            yield Problem(path, int(line), "not formatted: run ./dev format")
    if ran.returncode != 0 and not seen:
        yield Problem(".clang-format", 1, f"clang-format-19 failed: {ran.stderr.strip()[:300]}")
