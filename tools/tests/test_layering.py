from conftest import CMAKE, TABLE
from checks import layering


def messages(project):
    return [str(problem) for problem in layering.check(project.root)]


def test_what_the_table_allows_passes(project):
    project.write("src/delivery/sender.cc", '#include "http/client.h"\n#include "base/text.h"\n')
    assert messages(project) == []


def test_an_include_that_points_up_or_across_is_found_with_its_line(project):
    project.write("src/delivery/sender.cc", '#include <vector>\n#include "media/tasks.h"\n')
    assert messages(project) == [
        "src/delivery/sender.cc:2: delivery may not include media (tools/includes.toml); hand the "
        "value in from above, or meet in the store"]


def test_base_includes_nothing_of_ours(project):
    project.write("src/base/text.cc", '#include "model/event.h"\n')
    assert "src/base/text.cc:1: base may not include model" in messages(project)[0]


def test_app_may_include_everything(project):
    project.write("src/app/wiring.cc", '#include "media/tasks.h"\n#include "http/client.h"\n')
    assert messages(project) == []


def test_a_folder_without_a_row_is_found(project):
    project.write("src/other/thing.h", "// Thing.\n#pragma once\n")
    assert messages(project) == [
        "src/other/thing.h:1: src/other is not in tools/includes.toml: say there what it may "
        "include"]


def test_an_allowed_include_without_its_cmake_dependency_is_found(project):
    project.write("src/CMakeLists.txt", "hookreel_folder(delivery DEPENDS model)\n")
    project.write("src/delivery/sender.cc", '#include "http/client.h"\n')
    assert "missing in its DEPENDS" in messages(project)[0]


def test_a_cmake_dependency_that_the_table_forbids_is_found(project):
    project.write("src/CMakeLists.txt",
                  "hookreel_folder(model)\nhookreel_folder(media DEPENDS http)\n")
    assert messages(project) == [
        "src/CMakeLists.txt:2: media may not depend on http (tools/includes.toml)"]


def test_a_heavy_header_is_found_in_a_header_and_not_in_a_source(project):
    project.write("src/http/server.cc", "#include <boost/beast/http.hpp>\n")
    assert messages(project) == []
    project.write("src/http/server.h", "// A server.\n#pragma once\n#include <boost/beast.hpp>\n")
    assert messages(project) == [
        "src/http/server.h:3: boost/beast.hpp is heavy: include it in a .cc file"]


def test_tests_may_use_fakes_that_sources_may_not(project):
    project.write("src/media/tasks_test.cc", '#include "http/client.h"\n')
    assert messages(project) == []
    project.write("src/media/tasks.cc", '#include "http/client.h"\n')
    assert len(messages(project)) == 1


def test_an_include_that_is_no_path_from_src_is_found(project):
    project.write("src/http/server.cc", '#include "client.h"\n')
    assert "does not exist in src/" in messages(project)[0]


def test_a_pattern_names_all_shelves_of_a_room(project):
    rows = '"media/files" = []\napi = ["media/*"]\n[tests_may_include]'
    project.write("tools/includes.toml", TABLE.replace("[tests_may_include]", rows))
    cmake = "hookreel_folder(media/files)\nhookreel_folder(api DEPENDS media/files)\n"
    project.write("src/CMakeLists.txt", CMAKE + cmake)
    project.write("src/media/files/library.h", "// Library.\n#pragma once\n")
    project.write("src/api/playback.h",
                  '// Playback.\n#pragma once\n#include "media/files/library.h"\n')
    assert messages(project) == []
    project.write("src/media/files/library.cc", '#include "api/playback.h"\n')
    assert len(messages(project)) == 1
