"""`hookreel doctor`: what it finds on this machine, and what it says when something is wrong."""

import json
import subprocess

import pytest

from harness.receiver import Receiver, unused_port
from harness.server import binary, clean_environment

# Nobody listens there, so that no test asks the name servers of the machine.
SILENT = ("--name-server", f"127.0.0.1:{unused_port()}")


@pytest.fixture
def doctor(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)

    def look(*arguments, data_dir=folder, reserve_mib=1, listen="127.0.0.1:0"):
        result = subprocess.run(
            [binary(), "doctor", "--data-dir", data_dir, "--disk-reserve", str(reserve_mib),
             "--listen", listen, *SILENT, *map(str, arguments)],
            capture_output=True, text=True, timeout=120, env=clean_environment(), check=False)
        assert result.stderr == ""
        return result

    return look


def findings(result):
    told = json.loads(result.stdout)
    assert told["ok"] == (result.returncode == 0)
    assert all(one["advice"] for one in told["findings"] if one["outcome"] != "ok")
    found = {}
    for one in told["findings"]:
        found.setdefault(one["subject"], one)
    return found


def test_a_machine_that_is_well_passes_and_nothing_is_left_behind(doctor, tmp_path):
    result = doctor("--json")
    found = findings(result)
    assert result.returncode == 0, result.stdout
    for subject in ("settings", "data folder", "rights", "sync", "free space", "ffmpeg", "ffprobe",
                    "encoders", "filters", "decoders"):
        assert found[subject]["outcome"] in ("ok", "warning"), found[subject]
    assert {"sandbox", "clock", "look-up"} <= found.keys()
    assert list((tmp_path / "data").iterdir()) == []


def test_people_get_a_table_with_what_to_do(doctor):
    result = doctor("--url", f"http://127.0.0.1:{unused_port()}/")
    assert result.returncode == 1
    lines = result.stdout.splitlines()
    row = next(n for n, line in enumerate(lines) if line.startswith("address rules"))
    assert lines[row].split()[2] == "failed" and "127.0.0.1" in lines[row]
    assert lines[row + 1].strip().startswith("→") and "--allow-address" in lines[row + 1]


def test_a_receiver_is_followed_to_its_connection(doctor):
    receiver = Receiver()
    arguments = ["--allow-address", "127.0.0.0/8", "--json", "--url"]
    found = findings(doctor(*arguments, receiver.url()))
    assert found["connection"]["outcome"] == "ok"
    assert found["TLS"]["outcome"] == "warning"
    tls = findings(doctor(*arguments, receiver.url().replace("http:", "https:")))
    assert tls["TLS"]["outcome"] == "failed"
    assert receiver.callbacks == []  # No request is sent.
    receiver.close()
    refused = findings(doctor(*arguments, f"http://127.0.0.1:{unused_port()}/"))
    assert refused["connection"]["outcome"] == "failed"


def test_a_name_that_nobody_knows_is_told(doctor):
    found = findings(doctor("--url", "https://hook.test/", "--json"))
    assert found["look-up"]["outcome"] == "failed"


def test_a_running_server_is_asked(doctor, server):
    found = findings(doctor("--server", server.url, "--json"))
    assert found["server"]["outcome"] == "ok" and "ready" in found["server"]["found"]
    assert found["clock of the server"]["outcome"] == "ok"
    gone = doctor("--server", f"http://127.0.0.1:{unused_port()}", "--json")
    assert findings(gone)["server"]["outcome"] == "failed" and gone.returncode == 1


def test_a_folder_that_is_open_to_others_is_warned_of(doctor, tmp_path):
    (tmp_path / "data").chmod(0o755)
    (tmp_path / "data" / "open").mkdir(mode=0o755)
    result = doctor("--json")
    assert findings(result)["rights"]["outcome"] == "warning" and result.returncode == 0


def test_a_data_folder_that_is_a_file_fails(doctor, tmp_path):
    (tmp_path / "file").write_text("x")
    found = findings(doctor("--json", data_dir=tmp_path / "file"))
    assert found["data folder"]["outcome"] == "failed"


def test_a_data_folder_that_cannot_be_made_fails(doctor):
    result = doctor("--json", data_dir="/proc/hookreel")
    assert findings(result)["data folder"]["outcome"] == "failed" and result.returncode == 1


def test_an_address_that_is_none_of_this_machine_fails(doctor):
    result = doctor("--json", listen="999.1.1.1:5")
    found = findings(result)["listening"]
    assert found["outcome"] == "failed" and result.returncode == 1
    assert "999.1.1.1" in found["found"] and "--listen" in found["advice"]


def test_a_port_in_use_fails_unless_a_server_runs_there(doctor, server, receiver):
    other = receiver.url().split("/")[2]
    found = findings(doctor("--json", listen=other))["listening"]
    assert found["outcome"] == "failed" and f"{other} is in use" in found["found"]
    found = findings(doctor("--json", listen=server.address))["listening"]
    assert found["outcome"] == "ok" and "a server runs" in found["found"]


def test_too_little_space_fails(doctor):
    result = doctor("--json", reserve_mib=1 << 30)
    assert findings(result)["free space"]["outcome"] == "failed" and result.returncode == 1


@pytest.mark.parametrize("as_json", [[], ["--json"]])
def test_a_mistake_in_the_settings_is_named(doctor, tmp_path, as_json):
    (tmp_path / "hookreel.toml").write_text("# x\nlissen = 'a'\n")
    result = doctor("--config", tmp_path / "hookreel.toml", *as_json)
    assert result.returncode == 1
    assert "hookreel.toml:2: " in result.stdout


def test_a_certificate_that_is_none_fails(doctor, tmp_path):
    broken = tmp_path / "own.pem"
    broken.write_text("no certificate")
    found = findings(doctor("--tls-certificate", broken, "--tls-private-key", broken, "--json"))
    assert found["own certificate"]["outcome"] == "failed"
    assert str(broken) in found["own certificate"]["found"]


def test_links_that_nobody_can_open_are_warned_of(doctor):
    found = findings(doctor("--json", listen="0.0.0.0:0"))
    assert found["links"]["outcome"] == "warning" and "--public-url" in found["links"]["advice"]
    assert "links" not in findings(doctor("--json"))
