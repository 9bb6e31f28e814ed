"""External services: the guide's example as a program, and answers for a receiver that is one."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from .receiver import Behaviour, answer
from .server import PATIENCE_SECONDS, ROOT, clean_environment

EXAMPLE = ROOT / "docs" / "guides" / "examples" / "external_service.py"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Example:
    """The guide's service, as a program of its own."""

    def __init__(self, *options: str) -> None:
        self.child = subprocess.Popen(
            [sys.executable, str(EXAMPLE), "--port", "0", *options], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, env=clean_environment())
        assert self.child.stdout
        self.url = self.child.stdout.readline().split()[-1]

    def close(self) -> None:
        self.child.kill()
        self.child.wait(PATIENCE_SECONDS)
        assert self.child.stdout
        self.child.stdout.close()


def say(status: str, **members: Any) -> Behaviour:
    """An answer of the contract."""
    return answer(200, json.dumps({"status": status, **members}).encode())
