"""Sums what all test runners reported and ends with one line: N passed, N failed.

A runner that reports nothing, one that failed without saying which test (a build that broke), and a
test program that crashed before its report count as failed.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree


@dataclass
class Sum:
    passed: int = 0
    failed: int = 0

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.passed + other.passed, self.failed + other.failed)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path)
    parser.add_argument("suites", nargs="+")
    parser.add_argument("--filtered", action="store_true",
                        help="a suite may have run nothing, but not all of them")
    arguments = parser.parse_args()
    total = Sum()
    for suite in arguments.suites:
        found = of_suite(arguments.results, suite)
        if (arguments.results / f"{suite}.failed").exists() and found.failed == 0:
            found.failed = 1
        if found == Sum() and not arguments.filtered:
            print(f"    {suite}: ran nothing, which counts as failed")
            found = Sum(failed=1)
        else:
            print(f"    {suite}: {found.passed} passed, {found.failed} failed")
        total += found
    print(f"{total.passed} passed, {total.failed} failed")
    return 0 if total.failed == 0 and total.passed > 0 else 1


def of_suite(results: Path, suite: str) -> Sum:
    if suite == "unit":
        return of_unit_tests(results)
    total = Sum()
    reports = [results / f"{suite}.xml"]
    if suite == "check":
        reports.append(results / "check-tests.xml")
    for report in reports:
        if report.exists():
            total += of_report(report)
    return total


def of_unit_tests(results: Path) -> Sum:
    """ctest knows which programs failed, GoogleTest's own reports which of their tests."""
    overview = results / "unit.ctest"
    if not overview.exists():
        return Sum()
    total = Sum()
    for program in ElementTree.parse(overview).iter("testcase"):
        report = results / "unit" / f"{program.get('name')}_test.xml"
        found = of_report(report) if report.exists() else Sum()
        if program.get("status") != "run" and found.failed == 0:
            found.failed = 1
        total += found
    return total


def of_report(path: Path) -> Sum:
    try:
        cases = list(ElementTree.parse(path).iter("testcase"))
    except ElementTree.ParseError:
        return Sum(failed=1)
    total = Sum()
    for case in cases:
        if case.find("failure") is not None or case.find("error") is not None:
            total.failed += 1
        elif case.get("status") != "notrun" and case.find("skipped") is None:
            total.passed += 1
    return total


if __name__ == "__main__":
    sys.exit(main())
