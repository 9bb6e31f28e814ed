"""Runs the checks of the house and prints each problem as file:line and what to do."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

from checks import documents, formatting, headers, layering, style
from checks.problem import Problem


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--junit", type=Path, help="write the outcome there as JUnit XML")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    arguments = parser.parse_args()
    root = arguments.root
    checks = {
        "layering": lambda: layering.check(root),
        "style": lambda: style.check(root),
        "documents": lambda: documents.check(root),
        "formatting": lambda: formatting.check(root),
        "headers": lambda: headers.check(root, arguments.jobs),
    }
    found: dict[str, list[Problem]] = {}
    for name, run in checks.items():
        begun = time.monotonic()
        found[name] = sorted(run())
        outcome = f"{len(found[name])} problems" if found[name] else "ok"
        print(f"    {name:<11} {outcome} ({time.monotonic() - begun:.1f} s)", flush=True)
        for problem in found[name]:
            print(f"{problem}")
    if arguments.junit:
        write_junit(arguments.junit, found)
    return 1 if any(found.values()) else 0


def write_junit(path: Path, found: dict[str, list[Problem]]) -> None:
    suite = ElementTree.Element("testsuite", name="check")
    for name, problems in found.items():
        case = ElementTree.SubElement(suite, "testcase", classname="check", name=name)
        if problems:
            failure = ElementTree.SubElement(case, "failure", message=f"{len(problems)} problems")
            failure.text = "\n".join(map(str, problems))
    path.parent.mkdir(parents=True, exist_ok=True)
    ElementTree.ElementTree(suite).write(path)


if __name__ == "__main__":
    sys.exit(main())
