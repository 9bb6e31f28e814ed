"""`hookreel listen` takes what the npm packages standardwebhooks and svix sign, and Node."""

import json
import subprocess
from pathlib import Path

import pytest

from harness.server import Process
from harness.web import fetch

FOLDER = Path(__file__).resolve().parent
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = '{"type":"order.paid","data":"zwölf"}'


@pytest.fixture
def senders():
    output = subprocess.run(["node", FOLDER / "signer.js", SECRET, BODY], check=True, text=True,
                            capture_output=True, timeout=60).stdout
    return json.loads(output)


@pytest.mark.parametrize("sender", ["standardwebhooks", "svix", "node"])
def test_foreign_signatures_are_verified(senders, sender):
    listener = Process(["listen", "--port", "0", "--json", "--secret", SECRET,
                        "--secret", senders["public_key"]])
    url = listener.wait_for_line(r"listening on (http://\S+)", 60).group(1)
    fetch(url, "POST", senders[sender], BODY.encode())
    fetch(url, "POST", senders[sender], BODY.encode() + b" ")
    good = json.loads(listener.wait_for_line(r'^{"number":1,.*', 60).group(0))
    bad = json.loads(listener.wait_for_line(r'^{"number":2,.*', 60).group(0))
    assert (good["signature"], bad["signature"]) == ("good", "wrong")
    assert listener.terminate() == 0
