import pytest

from checks import documents


def messages(project):
    return [str(problem) for problem in documents.check(project.root)]


def test_links_that_lead_somewhere_pass(project):
    project.write("docs/b.md", "# The second page\n")
    project.write("docs/a.md", "# A\n[b](b.md#the-second-page) [a](#a) [web](https://example.com)\n"
                               "`[not](a-link.md)`\n```\n[not](a-link.md)\n```\n"
                               "Run `./dev test`.\n")
    assert messages(project) == []


@pytest.mark.parametrize("text, message", [
    ("[b](b.md)", "docs/a.md:1: the link b.md leads nowhere: b.md does not exist"),
    ("![picture](flow.svg)", "flow.svg does not exist"),
    ("[x]: b.md", "b.md does not exist"),
    ("[a](#nowhere)", "no heading makes #nowhere"),
    ("[out](../../..)", "leads out of the repository"),
    ("Run `./dev tset`.", "docs/a.md:1: ./dev tset does not exist; there are test"),
    ("```\n./dev fly\n```", "docs/a.md:2: ./dev fly does not exist"),
])
def test_what_leads_nowhere_is_found(project, text, message):
    project.write("docs/a.md", text + "\n")
    assert len(messages(project)) == 1
    assert message in messages(project)[0]


@pytest.mark.parametrize("file, room", [
    ("src/media/crew/rota.h", "src/media/crew"),
    ("src/live/streams.cc", "src/live"),
    ("src/live/schema/stream.json", "src/live/schema"),
    ("src/player/page/frame/frame.h", "src/player/page/frame"),
    ("src/player/page/frame/frame.h", "src/player/page"),
    ("bench/push.cc", "bench"),
    ("cmake/folder.cmake", "cmake"),
    ("deploy/grafana/hookreel.json", "deploy"),
])
def test_a_room_without_a_page_is_found(project, file, room):
    project.write(file, "x")
    missing = f"{room}/README.md:1: is missing: write why the room exists"
    assert any(message.startswith(missing) for message in messages(project))
    project.write(f"{room}/README.md", "Why it exists: to be checked.\n")
    assert not any(message.startswith(missing) for message in messages(project))


def test_folders_of_tests_and_folders_without_sources_need_no_page(project):
    project.write("tests/fuzz/parser.cc", "x")
    project.write("src/notes/todo.txt", "x")
    assert messages(project) == []
