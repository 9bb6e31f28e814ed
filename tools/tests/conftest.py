"""A small project to break: every check must find what it is there to find."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tools"))

TABLE = """
[may_include]
base = []
model = []
http = []
delivery = ["http", "model"]
media = ["model"]
app = ["*"]
[tests_may_include]
folders = ["http"]
[heavy]
headers = ["sqlite3.h", "boost/beast"]
"""

CMAKE = """
hookreel_folder(base LINK OpenSSL::Crypto)
hookreel_folder(model)
hookreel_folder(http LINK OpenSSL::SSL)
hookreel_folder(delivery DEPENDS http model)
hookreel_folder(media DEPENDS model)
hookreel_folder(app DEPENDS delivery media)
"""


class Project:
    def __init__(self, root: Path):
        self.root = root
        subprocess.run(["git", "init", "-q", str(root)], check=True)
        self.write("tools/includes.toml", TABLE)
        self.write("src/CMakeLists.txt", CMAKE)
        self.write("dev", "  ./dev test   runs the tests\n")
        self.write("src/base/text.h", "// Text.\n#pragma once\n")
        self.write("src/model/event.h", "// Events.\n#pragma once\n")
        self.write("src/http/client.h", "// A client.\n#pragma once\n")
        self.write("src/media/tasks.h", "// Tasks.\n#pragma once\n")
        for room in ("tools", "src/base", "src/model", "src/http", "src/media"):
            self.write(f"{room}/README.md", "Why it exists: to be checked.\n")

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)
