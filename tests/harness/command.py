"""Commands of the real binary that end by themselves, and what they print."""

from __future__ import annotations

import json
import subprocess

from .server import binary, clean_environment


class Command:
    """Runs commands with these variables; of the test's own environment only what is not ours."""

    def __init__(self, **variables: str):
        self.variables = variables

    def __call__(self, *arguments: object, environment: dict[str, str] | None = None,
                 text: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [binary(), *map(str, arguments)], capture_output=True, text=True, timeout=60,
            input=text or "",
            env=clean_environment() | self.variables | (environment or {}))


def succeed(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def objects(text: str) -> list[dict]:
    """One JSON object a line."""
    return [json.loads(line) for line in text.splitlines()]
