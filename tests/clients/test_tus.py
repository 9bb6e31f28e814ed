"""tus-js-client, unmodified, against /api/v1/uploads."""

import pytest

from harness.events import file_id, pull_mode, pull_until
from harness.native import OWNER_TOKEN
from harness.sdk import node
from harness.web import fetch


@pytest.mark.parametrize(("chunk", "stop_after"), [("", ""), (20_000, ""), (20_000, 40_000)])
def test_tus_js_client_uploads_a_film(start_server, wmv, chunk, stop_after):
    server = start_server("--api-token", OWNER_TOKEN)
    client = server.client()
    pull_mode(client)
    done = node("tus_upload.js", server.url, OWNER_TOKEN, wmv, chunk, stop_after)
    event = pull_until(client, 1)[0]
    assert file_id(event) == done["fileId"]
    told = event["FileUploadEvent"]["MediaBasicInfo"]
    assert told["Name"] == "Mit tus – ein Film"
    assert fetch(told["MediaUrl"]).body == wmv.read_bytes()
