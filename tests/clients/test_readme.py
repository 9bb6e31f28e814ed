"""The snippets of the README, run as they stand there; only the address is another one."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from harness.events import make_event, pull, pull_mode
from harness.server import ROOT

ADDRESS = "127.0.0.1:8080"


@pytest.fixture
def run_snippet(server, tmp_path, wmv):
    """Runs the README's only code block of a language in a folder with a demo.wmv."""
    (tmp_path / "demo.wmv").write_bytes(wmv.read_bytes())

    def run(language, *command):
        blocks = re.findall(rf"^```{language}\n(.*?)^```", (ROOT / "README.md").read_text(),
                            re.MULTILINE | re.DOTALL)
        assert len(blocks) == 1 and blocks[0].count(ADDRESS) == 1
        environment = {"HOOKREEL_SECRET_ID": server.keys[0], "HOOKREEL_SECRET_KEY": server.keys[1],
                       "NODE_PATH": str(Path(__file__).parent / "node_modules")}
        ran = subprocess.run([*command, blocks[0].replace(ADDRESS, server.address)], cwd=tmp_path,
                             env=os.environ | environment, capture_output=True, text=True,
                             timeout=60, check=False)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    return run


def test_the_python_snippet_pulls_and_confirms(client, run_snippet):
    pull_mode(client)
    make_event(client)
    assert re.fullmatch(r"\d+ NewFileUpload\n", run_snippet("python", sys.executable, "-c"))
    assert pull(client) == []


def test_the_node_snippet_uploads(client, run_snippet):
    file, url = run_snippet("js", "node", "-e").split()
    info = client.call("DescribeMediaInfos", FileIds=[file])["MediaInfoSet"][0]
    assert info["BasicInfo"]["Name"] == "My first video"
    assert info["BasicInfo"]["MediaUrl"] == url
