"""The official SDKs, as an application uses them: the Python one here, the Node ones in scripts."""

import json
import subprocess
from pathlib import Path

import pytest
from tencentcloud.common import credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.vod.v20180717 import models, vod_client

FOLDER = Path(__file__).resolve().parents[1] / "clients"


def node(script, *arguments):
    ran = subprocess.run(["node", FOLDER / script, *map(str, arguments)], capture_output=True,
                         text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr + ran.stdout
    return json.loads(ran.stdout.splitlines()[-1])


def connect(server, secret_id=None, secret_key=None, method="POST", sign="TC3-HMAC-SHA256"):
    http = HttpProfile(protocol="http", endpoint=server.address, reqMethod=method)
    return vod_client.VodClient(
        credential.Credential(secret_id or server.keys[0], secret_key or server.keys[1]), "",
        ClientProfile(signMethod=sign, httpProfile=http))


def request(kind, **fields):
    made = getattr(models, f"{kind}Request")()
    made._deserialize(fields)
    return made


def refusal(call, kind, **fields):
    with pytest.raises(TencentCloudSDKException) as refused:
        call(request(kind, **fields))
    assert refused.value.get_request_id()
    return refused.value.get_code()
