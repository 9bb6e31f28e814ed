"""Key pairs with rights: made by `hookreel key`, looked up by each signed request."""

import json
import re

import pytest

from harness import cos
from harness.api import TOKEN, Api
from harness.command import Command, objects, succeed
from harness.events import pull_mode, pull_until, wait_until
from harness.tencent import Client, TencentError

FIRST = 1500000001


def made(command: Command, *arguments: object) -> dict:
    return json.loads(succeed(command("key", "create", *arguments, "--json")))


def signing(api: Api, key: dict) -> Client:
    return api.server.client().with_keys(key["id"], key["secret"])


def code(client: Client, action: str, **parameters) -> str:
    try:
        client.call(action, **parameters)
    except TencentError as refused:
        return refused.code
    return "none"


def test_a_pair_does_what_its_rights_say_and_no_more(api, command):
    reader = signing(api, made(command, "reader", "--right", "read"))
    assert code(reader, "SearchMedia") == "none"
    assert code(reader, "ApplyUpload", MediaType="mp4") == "UnauthorizedOperation"
    assert code(reader, "PullEvents") == "UnauthorizedOperation"
    for request in (reader.v1("DescribeTasks"), reader.v3_get("DescribeTasks")):
        reader.unwrap(reader.send(request))
    everything = signing(api, made(command, "admin", "--right", "all"))
    assert code(everything, "ModifyEventConfig", Mode="PULL") == "none"
    assert code(everything, "CreateSubAppId", Name="more") == "none"


def test_a_pair_of_one_application_uploads_and_pulls_there_alone(api, command):
    shop = api.good("POST", "/applications", {"name": "shop"})["id"]
    account = api.server.client()
    account.call("ModifyEventConfig", SubAppId=shop, Mode="PULL",
                 UploadMediaCompleteEventSwitch="ON")
    pull_mode(account)
    bound = signing(api, made(command, "shop", "--right", "upload", "--right", "events",
                              "--application", shop))
    file = cos.upload(bound, b"not really a video")
    assert pull_until(bound, 1)[0]["FileUploadEvent"]["FileId"] == file
    assert code(bound, "ApplyUpload", MediaType="mp4", SubAppId=FIRST) == "UnauthorizedOperation"
    assert code(bound, "ApplyUpload", MediaType="mp4", SubAppId=7) == "UnauthorizedOperation"
    assert account.call("SearchMedia")["TotalCount"] == 0
    assert account.call("SearchMedia", SubAppId=shop)["TotalCount"] == 1
    assert code(account, "PullEvents") == "ResourceNotFound"


def test_temporary_keys_write_what_they_were_given_for(api, command):
    shop = api.good("POST", "/applications", {"name": "shop"})["id"]
    bound = signing(api, made(command, "shop", "--right", "upload", "--application", shop))
    own, foreign = cos.apply(bound), cos.apply(api.server.client())
    assert str(shop) in own.applied["StorageBucket"]
    own.put(b"mine")
    assert own.send("PUT", foreign.key, body=b"theirs").status == 403
    # The session of another application cannot be committed either.
    with pytest.raises(TencentError) as refused:
        bound.call("CommitUpload", VodSessionKey=foreign.applied["VodSessionKey"])
    assert refused.value.code == "InvalidParameterValue.VodSessionKey"
    assert own.commit()["FileId"]


def test_disabled_and_removed_pairs_are_refused_at_once_and_after_a_restart(
        start_server, api, command):
    keys = [made(command, f"worker {number}", "--right", "read") for number in range(3)]
    stays, pauses, goes = (signing(api, key) for key in keys)
    for client in (stays, pauses, goes):
        assert code(client, "SearchMedia") == "none"
    assert succeed(command("key", "disable", keys[1]["id"])) == f"{keys[1]['id']}  disabled\n"
    assert code(pauses, "SearchMedia") == "AuthFailure.SecretIdNotFound"
    assert "removed" in succeed(command("key", "remove", keys[2]["id"]))
    assert code(goes, "SearchMedia") == "AuthFailure.SecretIdNotFound"

    api.server.kill()
    again = start_server("--api-token", TOKEN, data_dir=api.server.data_dir)
    stays, pauses, goes = (Client(again.host, again.port, key["id"], key["secret"])
                           for key in keys)
    # The library cannot be searched while its files are counted.
    wait_until(lambda: code(stays, "SearchMedia") == "none")
    assert [code(client, "SearchMedia") for client in (pauses, goes)] == \
        2 * ["AuthFailure.SecretIdNotFound"]
    command.variables["HOOKREEL_SERVER"] = again.url
    succeed(command("key", "enable", keys[1]["id"]))
    assert code(pauses, "SearchMedia") == "none"


def test_the_secret_is_shown_once_and_to_nobody_else(api, command):
    shown = succeed(command("key", "create", "shop", "--right", "events", "--right", "read"))
    secret, = re.findall(r"^  HOOKREEL_SECRET_KEY=(\w+)$", shown, re.M)
    key, = re.findall(r"^  HOOKREEL_SECRET_ID=(AKID\w+)$", shown, re.M)
    assert "all applications, with these rights: read, events" in shown
    environment = {"HOOKREEL_SECRET_ID": key, "HOOKREEL_SECRET_KEY": secret}
    succeed(command("config", "event", environment=environment))
    listed = succeed(command("key", "list"))
    assert re.search(rf"{key}  active +all +read, events +shop", listed)
    one, = objects(succeed(command("key", "list", "--json")))
    assert one["id"] == key and one["rights"] == ["read", "events"]
    succeed(command("key", "disable", key))
    audit = json.dumps(list(api.items("/audit-log", target=key)))
    assert "key.created" in audit and "key.changed" in audit
    for text in (listed, json.dumps(one), audit, api.server.output):
        assert secret not in text
    assert f"{FIRST}" not in listed  # The application's own pair is not one of these.


def test_what_makes_no_sense_is_told(command):
    assert command("key", "create", "shop").returncode == 2
    assert command("key", "create", "shop", "--right", "fly").returncode == 2
    unknown = command("key", "create", "shop", "--right", "read", "--application", 7)
    assert unknown.returncode == 1 and "application does not exist" in unknown.stderr
    gone = command("key", "remove", "AKIDnone")
    assert gone.returncode == 1 and "hookreel key list" in gone.stderr
    assert "hookreel key create" in succeed(command("key", "list"))
