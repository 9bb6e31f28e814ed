"""Links inside the repository lead somewhere, the documents name commands that exist, and each room
of the house has a page that says why it exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from .problem import Problem, project_files

LINK = re.compile(r"!?\[[^\]\n]*\]\(<?([^)>\s]+)>?(?:\s+\"[^\"]*\")?\)")
REFERENCE = re.compile(r"^\[[^\]]+\]:\s*(\S+)")
HEADING = re.compile(r"^#{1,6}\s+(.*)")
COMMAND = re.compile(r"(?<![\w/])\./dev\s+([a-z]+)")
CODE_SPAN = re.compile(r"`[^`\n]*`")
# Folders beside src/ whose README says what belongs into them.
ROOMS_OUTSIDE = ("bench", "tools", "cmake", "deploy")


def check(root: Path) -> Iterator[Problem]:
    yield from check_pages(root)
    yield from check_rooms(root)


def check_rooms(root: Path) -> Iterator[Problem]:
    for room in rooms(root):
        if not (root / room / "README.md").is_file():
            yield Problem(f"{room}/README.md", 1, "is missing: write why the room exists, what "
                                                  "belongs there and what does not")


def rooms(root: Path) -> list[str]:
    """The folders below src/ that have sources, with those above them, and the rooms outside."""
    found = {name for name in ROOMS_OUTSIDE if (root / name).is_dir()}
    for path in project_files(root, ".cc", ".h", ".json"):
        folder = path.parent.relative_to(root)
        found |= {parent.as_posix() for parent in (folder, *folder.parents)
                  if parent.parts[:1] == ("src",) and len(parent.parts) > 1}
    return sorted(found)


def check_pages(root: Path) -> Iterator[Problem]:
    commands = dev_commands(root)
    for path in project_files(root, ".md"):
        name = path.relative_to(root).as_posix()
        in_code = False
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if line.lstrip().startswith("```"):
                in_code = not in_code
            for match in COMMAND.finditer(line):
                if match.group(1) not in commands:
                    yield Problem(name, number, f"./dev {match.group(1)} does not exist; there "
                                                f"are {', '.join(sorted(commands))}")
            if in_code:
                continue
            plain = CODE_SPAN.sub("", line)
            targets = LINK.findall(plain) + REFERENCE.findall(plain)
            for target in targets:
                if problem := broken(path, root, target):
                    yield Problem(name, number, problem)


def dev_commands(root: Path) -> set[str]:
    return set(re.findall(r"^  \./dev ([a-z]+)", (root / "dev").read_text(), re.MULTILINE))


def broken(page: Path, root: Path, target: str) -> str | None:
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return None
    file, _, anchor = unquote(target).partition("#")
    path = (page.parent / file) if file else page
    if not path.exists():
        return f"the link {target} leads nowhere: {file} does not exist"
    if root.resolve() not in (path.resolve(), *path.resolve().parents):
        return f"the link {target} leads out of the repository"
    if anchor and path.suffix == ".md" and anchor not in anchors(path):
        return f"the link {target} leads nowhere: no heading makes #{anchor}"
    return None


def anchors(page: Path) -> set[str]:
    found = set()
    for line in page.read_text().splitlines():
        if match := HEADING.match(line):
            words = re.sub(r"[^\w\- ]", "", match.group(1).replace("`", "").lower())
            found.add(words.strip().replace(" ", "-"))
    return found
