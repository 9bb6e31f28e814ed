import json

import pytest

from checks import formatting, headers


@pytest.fixture
def built(project):
    project.write(headers.COMMANDS, json.dumps(
        [{"command": "ccache clang++-19 -DX=1 -std=c++23 -Xclang -include-pch -c a.cc"}]))
    return project


def test_a_header_that_compiles_alone_passes_and_is_not_compiled_again(built):
    built.write("src/base/a.h", "#pragma once\n#include <string>\nstd::string a();\n")
    assert list(headers.check(built.root, jobs=2)) == []
    built.write(headers.COMMANDS, json.dumps([{"command": "no-such-clang++ -DX=1 -std=c++23"}]))
    with pytest.raises(FileNotFoundError):
        list(headers.check(built.root, jobs=2))  # Another compiler: everything again.


def test_a_header_that_needs_another_before_it_is_found_with_its_line(built):
    built.write("src/base/a.h", "#pragma once\n\nstd::string a();\n")
    problems = [str(problem) for problem in headers.check(built.root, jobs=2)]
    assert len(problems) == 1
    assert problems[0].startswith("src/base/a.h:3: does not compile alone: ")


def test_a_change_of_an_included_header_compiles_the_includer_again(built):
    built.write("src/base/a.h", '#pragma once\n#include "base/b.h"\nB a();\n')
    built.write("src/base/b.h", "#pragma once\nstruct B {};\n")
    assert list(headers.check(built.root, jobs=2)) == []
    built.write("src/base/b.h", "#pragma once\nstruct C {};\n")
    assert [problem.path for problem in headers.check(built.root, jobs=2)] == ["src/base/a.h"]


def test_what_clang_format_would_change_is_found_once_per_file(project):
    project.write(".clang-format", "BasedOnStyle: Google\n")
    project.write("src/base/good.cc", "int a;\n")
    assert list(formatting.check(project.root)) == []
    project.write("src/base/bad.cc", "int   a;\nint   b;\n")
    assert [str(problem) for problem in formatting.check(project.root)] == [
        "src/base/bad.cc:1: not formatted: run ./dev format"]
