"""Dependencies point down only: includes and CMake targets against tools/includes.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

from .problem import Problem, project_files

TABLE = "tools/includes.toml"
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
FOLDER = re.compile(r"^hookreel_folder\(([^\s)]+)([^)]*)\)", re.MULTILINE)


def check(root: Path) -> Iterator[Problem]:
    table = tomllib.loads((root / TABLE).read_text())
    may_include: dict[str, list[str]] = table["may_include"]
    cmake_depends, cmake_problems = read_cmake(root, may_include)
    yield from cmake_problems
    for path in project_files(root / "src", ".h", ".cc"):
        folder = path.parent.relative_to(root / "src").as_posix()
        name = path.relative_to(root).as_posix()
        if folder not in may_include:
            yield Problem(name, 1, f"src/{folder} is not in {TABLE}: say there what it may include")
            continue
        allowed = {folder, "base", *may_include[folder]}
        if is_test(path):
            allowed |= set(table["tests_may_include"]["folders"])
        built_on = {folder, "base", *cmake_depends.get(folder, may_include)}
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            quote, target = match.groups()
            if path.suffix == ".h":
                for heavy in table["heavy"]["headers"]:
                    if target.startswith(heavy):
                        yield Problem(name, number, f"{target} is heavy: include it in a .cc file")
            if quote == "<":
                continue
            if not (root / "src" / target).is_file():
                yield Problem(name, number, f'"{target}" does not exist in src/; own headers are '
                                            "included by their path from there")
                continue
            other = Path(target).parent.as_posix()
            if not named(other, allowed):
                yield Problem(name, number, f"{folder} may not include {other} ({TABLE}); "
                                            "hand the value in from above, or meet in the store")
            elif other not in built_on and path.name != "main.cc" and not is_test(path):
                yield Problem(name, number, f"{folder} includes {other}, which is missing in its "
                                            "DEPENDS in src/CMakeLists.txt")


def named(folder: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch(folder, pattern) for pattern in patterns)


def is_test(path: Path) -> bool:
    return path.stem.endswith("_test")


def read_cmake(root: Path, may_include: dict[str, list[str]]
               ) -> tuple[dict[str, set[str]], list[Problem]]:
    """What each folder's target is built on, transitively, and the edges that the table forbids."""
    name = "src/CMakeLists.txt"
    text = (root / name).read_text()
    direct: dict[str, list[str]] = {}
    problems = []
    for match in FOLDER.finditer(text):
        folder, arguments = match.groups()
        depends = re.search(r"\bDEPENDS\b(.*?)(?:\bLINK\b|\bTESTS\b|$)", arguments, re.DOTALL)
        direct[folder] = depends.group(1).split() if depends else []
        allowed = may_include.get(folder, [])
        line = text.count("\n", 0, match.start()) + 1
        for other in direct[folder]:
            if not named(other, [*allowed, "base"]):
                message = f"{folder} may not depend on {other} ({TABLE})"
                problems.append(Problem(name, line, message))

    def reach(folder: str, seen: set[str]) -> set[str]:
        for other in direct.get(folder, []):
            if other not in seen:
                seen.add(other)
                reach(other, seen)
        return seen

    return {folder: reach(folder, set()) for folder in direct}, problems
