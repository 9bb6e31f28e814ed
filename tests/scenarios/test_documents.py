"""The documents name commands and flags that the real binary has."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from harness.server import ROOT, binary, clean_environment

COMMAND = re.compile(r"(?:^|[\s`(])hookreel((?: [a-z]+(?:-[a-z]+)*)+)((?: +[^`|#\n]*)?)")
FLAG = re.compile(r"(?<![\w-])(--[a-z][a-z-]*)")


@cache
def help_of(words: tuple[str, ...]) -> str | None:
    """The help of a command, None when there is no such command."""
    ran = subprocess.run([binary(), *words, "--help"], capture_output=True, text=True, timeout=30,
                         env=clean_environment(), check=False)
    return ran.stdout if ran.returncode == 0 else None


def code_of(page: Path) -> list[tuple[int, str]]:
    """The lines of code blocks and the code spans of a page, with their line numbers."""
    found, in_block = [], False
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if line.lstrip().startswith("```"):
            in_block = not in_block
        elif in_block:
            found.append((number, line))
        else:
            found += [(number, span) for span in re.findall(r"`([^`\n]+)`", line)]
    return found


def pages() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard",
                             "*.md"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.splitlines()]


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_and_flags_exist(page):
    for number, code in code_of(page):
        for words, rest in COMMAND.findall(code):
            words = tuple(words.split())
            while words and help_of(words) is None and len(words) > 1:
                words = words[:-1]
            text = help_of(words)
            assert text is not None, f"{page}:{number}: there is no `hookreel {' '.join(words)}`"
            for flag in FLAG.findall(rest):
                assert flag in text, f"{page}:{number}: `hookreel {' '.join(words)}` has no {flag}"


def test_each_command_is_in_the_readme():
    readme = (ROOT / "README.md").read_text()
    overview = help_of(()) or ""
    commands = re.findall(r"^  ([a-z]+) {2,}", overview, re.MULTILINE)
    assert len(commands) >= 7
    for command in commands:
        assert f"| `{command}" in readme, command
