"""The countable part of the house style: lengths, refused words, open ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from .problem import Problem, project_files
from .scopes import long_functions

LINE_COLUMNS_MAX = 100
FILE_LINES_MAX = 600
FUNCTION_LINES_MAX = 70
REFUSED_WORDS = {"manager", "helper", "helpers", "util", "utils", "utility", "common", "processor",
                 "data", "info", "misc"}
TYPE = re.compile(r"^\s*(?:template\s*<[^;{]*>\s*)?"
                  r"(?:class|struct|enum(?:\s+class)?|union|using)\s+([A-Z]\w*)")
OPEN_END = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
ACTION = re.compile(r"\bdo_\w+\s*\(")
NAMED_PATH = re.compile(r"(?<![\w./])(?:/work/|/home/\w|/root/)")


def check(root: Path) -> Iterator[Problem]:
    for path in project_files(root, ".h", ".cc", ".py", ".js", ".ts", ".sh", ".md"):
        name = path.relative_to(root).as_posix()
        lines = path.read_text().splitlines()
        yield from check_lines(name, lines)
        if path.suffix == ".md":
            continue
        yield from check_words(name, path.stem.split("_"), 1, "file name")
        if len(lines) > FILE_LINES_MAX:
            yield Problem(name, len(lines), f"{len(lines)} lines, at most {FILE_LINES_MAX}: "
                                            "divide the file by subject")
        if path.suffix in (".h", ".cc"):
            yield from check_cpp(name, path.read_text())


def check_lines(name: str, lines: list[str]) -> Iterator[Problem]:
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_COLUMNS_MAX and not name.endswith(".md"):
            yield Problem(name, number, f"{len(line)} columns, at most {LINE_COLUMNS_MAX}")
        if name.startswith("tools/"):
            continue
        if match := OPEN_END.search(line):
            yield Problem(name, number, f"{match.group()}: finish it, or open an issue and say why")
        if NAMED_PATH.search(line):
            yield Problem(name, number, "a path of one machine: make it relative or a setting")


def check_cpp(name: str, text: str) -> Iterator[Problem]:
    for number, line in enumerate(text.splitlines(), 1):
        if match := TYPE.match(line):
            words = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*", match.group(1))
            yield from check_words(name, words, number, f"type {match.group(1)}")
        if ACTION.search(line):
            yield Problem(name, number, "do_ says nothing: name the effect")
    if name.endswith(".h") and "#pragma once" not in text:
        yield Problem(name, 1, "no #pragma once")
    if name.endswith(".h") and not text.startswith("//"):
        yield Problem(name, 1, "a header opens with what it is, its model, threads and durability")
    for line, function, length in long_functions(text, FUNCTION_LINES_MAX):
        yield Problem(name, line, f"{function} has {length} lines, at most {FUNCTION_LINES_MAX}: "
                                  "give a step a name and move it out")


def check_words(name: str, words: list[str], line: int, where: str) -> Iterator[Problem]:
    for word in words:
        if word.lower() in REFUSED_WORDS:
            yield Problem(name, line, f"'{word}' in {where} says nothing: name what it is")
