import pytest

from checks import style
from checks.scopes import functions


def messages(project):
    return [str(problem) for problem in style.check(project.root)]


def test_a_clean_project_passes(project):
    assert messages(project) == []


@pytest.mark.parametrize("path, text, message", [
    ("src/base/a.cc", "// " + "x" * 98 + "\n", "src/base/a.cc:1: 101 columns"),
    ("src/base/a.cc", "\n" * 601, "601 lines, at most 600"),
    ("src/base/a.cc", "// TODO later\n", "src/base/a.cc:1: TODO"),
    ("src/base/string_utils.cc", "\n", "'utils' in file name"),
    ("src/base/a.cc", "class QueueManager {\n};\n", "'Manager' in type QueueManager"),
    ("src/base/a.cc", "enum class FileInfo { a };\n", "'Info' in type FileInfo"),
    ("src/base/a.cc", "template <class T>\nusing DataOf = T;\n", "'Data' in type DataOf"),
    ("src/base/a.cc", "void do_send();\n", "do_ says nothing"),
    ("src/base/a.h", "// A.\nint a();\n", "no #pragma once"),
    ("src/base/a.h", "#pragma once\n", "a header opens with"),
    ("docs/a.md", "See /root/file.\n", "a path of one machine"),
    ("src/base/a.cc", "void run() {\n" + "    step();\n" * 69 + "}\n",
     "src/base/a.cc:1: run has 71 lines, at most 70"),
])
def test_what_the_style_refuses_is_found(project, path, text, message):
    project.write(path, text)
    assert len(messages(project)) == 1
    assert message in messages(project)[0]


@pytest.mark.parametrize("path, text", [
    ("src/base/a.cc", "// " + "x" * 97 + "\n"),
    ("src/base/a.cc", "struct Metadata {};\nstruct Information {};\n"),
    ("src/base/a.cc", "void run() {\n" + "    step();\n" * 68 + "}\n"),
    ("src/base/a.cc", "namespace a {\n" + "void f() {\n}\n" * 100 + "}\n"),
    ("docs/a.md", "x" * 300 + "\n"),
])
def test_what_the_style_allows_passes(project, path, text):
    project.write(path, text)
    assert messages(project) == []


def test_functions_are_counted_in_types_and_namespaces_and_not_in_functions():
    text = '''namespace hookreel {
struct Point {
    int x = 0;
    int sum(int y) const {
        auto add = [&](int z) {
            return x + z;
        };
        return add(y);
    }
};
const std::vector<int> primes = {2, 3};
Task<Result<int>> Server::run(
    Request request) {
    if (request.text == "}{") {  // }
        co_return '{';
    }
    co_return R"(})"[0];
}
}  // namespace hookreel
'''
    assert list(functions(text)) == [(4, "sum", 6), (12, "Server::run", 7)]
