"""Finds function bodies in C++ by their braces, well enough to count their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Comments, raw strings, strings and characters: what may hold braces that are not scopes.
OPAQUE = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"([^(\s]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'|^[ \t]*#[^\n]*", re.DOTALL | re.MULTILINE)
TYPE_SCOPE = re.compile(
    r"^(?:template\s*<.*>\s*)?(?:typedef\s+)?(?:class|struct|union|enum)\b[^()=]*$", re.DOTALL)
NAMESPACE_SCOPE = re.compile(r'^(?:inline\s+)?namespace\b|^extern\s*$')
LABEL = re.compile(r"^(?:public|private|protected)\s*:\s*")


def long_functions(text: str, lines_max: int) -> Iterator[tuple[int, str, int]]:
    """Yields (first line, name, number of lines) of each function that is longer."""
    for first, name, length in functions(text):
        if length > lines_max:
            yield first, name, length


def functions(text: str) -> Iterator[tuple[int, str, int]]:
    code = OPAQUE.sub(blank, text)
    scopes: list[tuple[str, int, str]] = []  # kind, offset of the statement, its name
    begin = 0  # of the statement that is being read
    for match in re.finditer(r"[{};]", code):
        outside = all(kind in ("namespace", "type") for kind, _, _ in scopes)
        if match.group() == "{":
            statement = LABEL.sub("", code[begin:match.start()].strip())
            start = begin + len(code[begin:]) - len(code[begin:].lstrip())
            scopes.append((kind_of(statement) if outside else "inner", start, name_of(statement)))
        elif match.group() == "}" and scopes:
            kind, start, name = scopes.pop()
            if kind == "function":
                first = code.count("\n", 0, start) + 1
                yield first, name, code.count("\n", 0, match.start()) + 2 - first
        if outside or all(kind in ("namespace", "type") for kind, _, _ in scopes):
            begin = match.end()


def kind_of(statement: str) -> str:
    if NAMESPACE_SCOPE.match(statement):
        return "namespace"
    if TYPE_SCOPE.match(statement):
        return "type"
    return "function" if "(" in statement else "initializer"


def name_of(statement: str) -> str:
    match = re.search(r"([\w:~]+|operator\W+)\s*\(", statement)
    return match.group(1).strip() if match else "?"


def blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group())
