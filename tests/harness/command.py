"""Commands of the real binary that end by themselves, and what they print."""

from __future__ import annotations

import json
import os
import pty
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


def on_terminal(command: Command, typed: str,
                *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a command whose input is a terminal at which somebody types a line."""
    ours, theirs = pty.openpty()
    try:
        os.write(ours, typed.encode() + b"\n")
        return subprocess.run([binary(), *arguments], stdin=theirs, capture_output=True, text=True,
                              timeout=60, env=clean_environment() | command.variables)
    finally:
        os.close(ours)
        os.close(theirs)


def succeed(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def objects(text: str) -> list[dict]:
    """One JSON object a line."""
    return [json.loads(line) for line in text.splitlines()]
