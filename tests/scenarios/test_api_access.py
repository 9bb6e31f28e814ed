"""Who may call the native API, what hostile callers get, and that its document is true."""

import json
from concurrent.futures import ThreadPoolExecutor

import jsonschema
from openapi_spec_validator import OpenAPIV31SpecValidator

from harness.api import TOKEN, Api
from harness.web import status_of, talk


def test_without_a_token_the_server_says_how_to_set_one(server):
    refused = Api(server, token=None).call("GET", "/endpoints")
    assert refused.status == 401
    assert "--api-token" in refused["detail"] and "HOOKREEL_API_TOKEN" in refused["detail"]
    assert refused.headers["www-authenticate"].startswith("Bearer")


def test_the_token_comes_from_the_environment(start_server):
    server = start_server(environment={"HOOKREEL_API_TOKEN": "from-the-environment"})
    assert Api(server, "from-the-environment").call("GET", "/endpoints").status == 200
    assert Api(server, "other").call("GET", "/endpoints").status == 401
    assert "from-the-environment" not in server.output


def test_a_token_may_do_what_its_scopes_say(api, start_server):
    made = api.good("POST", "/tokens", {"name": "ci", "scopes": ["events:publish"]})
    ci = api.with_token(made["token"])
    assert ci.call("POST", "/events", {"type": "a", "data": 1}).status == 202
    for method, path in (("GET", "/events"), ("GET", "/endpoints"), ("POST", "/queues/q/pull"),
                         ("GET", "/tokens"), ("GET", "/audit-log"), ("GET", "/statistics")):
        refused = ci.call(method, path)
        assert refused.status == 403, path
        assert "scope" in refused["detail"]
    assert made["token"] not in json.dumps(api.good("GET", "/tokens"))
    api.server.kill()
    database = (api.server.data_dir / "hookreel.db").read_bytes()
    log = api.server.data_dir / "hookreel.db-wal"
    kept = database + (log.read_bytes() if log.exists() else b"")
    assert made["id"].encode() in kept
    assert made["token"].encode() not in kept
    again = Api(start_server("--api-token", TOKEN, data_dir=api.server.data_dir))
    assert again.with_token(made["token"]).publish({"type": "a", "data": 1})
    assert again.call("DELETE", f"/tokens/{made['id']}").status == 204
    assert again.with_token(made["token"]).call("GET", "/events").status == 401


def test_a_reader_sees_nothing_that_lets_into_a_receiver(api, receiver):
    endpoint = api.endpoint(receiver.url("/hook?key=in-the-query"),
                            headers={"Authorization": "Bearer in-a-header"})
    api.publish({"id": "e", "type": "a", "data": 1})
    callback, = receiver.wait_for(1)
    assert callback.path == "/hook?key=in-the-query"
    assert callback.headers["authorization"] == "Bearer in-a-header"
    api.wait_for("/attempts", lambda attempts: len(attempts) == 1)
    reads = ["endpoints:read", "events:read", "queues:read", "deliveries:read"]
    reader = api.with_token(api.good("POST", "/tokens", {"name": "r", "scopes": reads})["token"])
    one = f"/endpoints/{endpoint['id']}"
    paths = ["/endpoints", one, f"{one}/statistics", "/attempts", "/deliveries", "/events",
             "/statistics"]
    told = {path: json.dumps(reader.good("GET", path)) for path in paths}
    for path, text in told.items():
        assert "in-the-query" not in text and "in-a-header" not in text, path
        assert endpoint["secret"] not in text, path
    seen = reader.good("GET", one)
    assert seen["headers"] == {"Authorization": "***"}
    assert seen["url"] == receiver.url("/hook?***")
    assert reader.call("GET", f"{one}/secret").status == 403
    whole = api.good("GET", one)
    assert whole["headers"] == {"Authorization": "Bearer in-a-header"}
    assert whole["url"] == receiver.url("/hook?key=in-the-query")


def test_a_token_of_one_application_sees_nothing_of_another(api, receiver):
    endpoint = api.endpoint(receiver.url())
    api.publish({"id": "e", "type": "a", "data": 1})
    other = api.good("POST", "/applications", {"name": "other"})["id"]
    made = api.good("POST", "/tokens", {"name": "t", "scopes": ["admin"], "application": other})
    bound = api.with_token(made["token"])
    assert list(bound.items("/endpoints")) == []
    assert list(bound.items("/events")) == []
    assert list(bound.items("/deliveries")) == []
    assert bound.call("GET", f"/endpoints/{endpoint['id']}").status == 404
    assert bound.call("DELETE", f"/endpoints/{endpoint['id']}").status == 404
    assert bound.call("GET", "/endpoints", query={"application": 1500000001}).status == 403
    assert bound.publish({"id": "e", "type": "a", "data": 1})[0]["duplicate"] is False
    assert [one["id"] for one in bound.items("/applications")] == [other]


def test_people_log_in_with_roles(api):
    accounts = {}
    for name, role in (("ann", "owner"), ("ed", "editor"), ("vic", "viewer")):
        accounts[name] = api.good("POST", "/accounts", {
            "name": name, "password": f"password of {name}", "role": role})
    nobody = api.with_token(None)
    assert nobody.call("POST", "/sessions", {"name": "vic", "password": "x"}).status == 401
    sessions = {name: nobody.good("POST", "/sessions", {
        "name": name, "password": f"password of {name}"}) for name in accounts}
    vic, ed, ann = (api.with_token(sessions[name]["token"]) for name in ("vic", "ed", "ann"))
    assert vic.call("GET", "/endpoints").status == 200
    assert vic.call("PUT", "/queues/q").status == 403
    assert ed.call("PUT", "/queues/q").status == 201
    assert ed.call("GET", "/accounts").status == 403
    assert ann.call("GET", "/accounts").status == 200
    assert [one["id"] for one in vic.items("/sessions")] == [sessions["vic"]["id"]]
    assert len(list(ann.items("/sessions"))) == 3

    assert vic.call("DELETE", f"/sessions/{sessions['ed']['id']}").status == 404
    assert vic.call("DELETE", "/sessions/current").status == 204
    assert vic.call("GET", "/endpoints").status == 401
    api.good("PATCH", f"/accounts/{accounts['ed']['id']}", {"role": "viewer"})
    assert ed.call("GET", "/endpoints").status == 401
    log = list(api.items("/audit-log", target=accounts["ed"]["id"]))
    assert [(entry["action"], entry["detail"]) for entry in log] == [
        ("account.changed", "role: viewer"), ("account.created", "ed")]
    log = list(api.items("/audit-log", action="queue.created"))
    assert log[0]["actor"] == accounts["ed"]["id"]


def test_guessing_passwords_is_slowed_down_and_does_not_stall_the_server(api):
    api.good("POST", "/accounts", {"name": "bob", "password": "correct horse"})
    nobody = api.with_token(None)

    def guess(_: int) -> int:
        return nobody.call("POST", "/sessions", {"name": "bob", "password": "guess"}).status

    with ThreadPoolExecutor(16) as callers:
        guesses = callers.map(guess, range(40))
        assert api.call("GET", "/endpoints").status == 200
        statuses = list(guesses)
    assert set(statuses) <= {401, 429}
    assert statuses.count(401) <= 12


def test_each_change_is_in_the_audit_log(api, receiver):
    made = api.endpoint(receiver.url())
    api.good("PATCH", f"/endpoints/{made['id']}", {"description": "x"})
    api.good("POST", f"/endpoints/{made['id']}/rotate-secret")
    api.call("DELETE", f"/endpoints/{made['id']}")
    log = list(api.items("/audit-log", target=made["id"], limit=1))
    assert {one["action"] for one in log} == {
        "endpoint.deleted", "endpoint.secret_rotated", "endpoint.changed", "endpoint.created"}
    assert all(one["actor"] == "owner" and one["peer"] == "127.0.0.1" for one in log)
    assert made["secret"] not in json.dumps(log)


def test_tokens_and_logins_are_in_the_audit_log_by_their_ids(api):
    token = api.good("POST", "/tokens", {"name": "ci", "scopes": ["events:read"]})
    account = api.good("POST", "/accounts", {"name": "Bob", "password": "correct horse"})
    session = api.with_token(None).good("POST", "/sessions",
                                        {"name": "bob", "password": "correct horse"})
    api.with_token(session["token"]).call("DELETE", "/sessions/current")
    made, = api.items("/audit-log", target=token["id"])
    assert (made["action"], made["actor"], made["detail"]) == ("token.created", "owner", "ci")
    ended, begun = api.items("/audit-log", target=session["id"])
    assert (begun["action"], ended["action"]) == ("session.created", "session.deleted")
    assert {begun["actor"], ended["actor"]} == {account["id"]}
    assert (begun["detail"], begun["peer"]) == ("bob", "127.0.0.1")


def test_paths_methods_and_bodies_that_are_wrong_get_problems(api):
    assert api.call("GET", "/nothing").status == 404
    refused = api.call("POST", "/statistics")
    assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    answer = api.call("OPTIONS", "/endpoints")
    assert answer.status == 204 and "access-control-allow-origin" not in answer.headers
    head = api.call("HEAD", "/endpoints")
    assert head.status == 200 and head.body is None
    for raw in (b"", b"{", b"\xff\xfe", b"[" * 5000, b'{"a":1}x', b"nul"):
        assert api.call("POST", "/events", raw=raw).status == 400, raw[:20]
    wrong = {"Content-Type": "text/xml"}
    assert api.call("POST", "/events", raw=b"{}", headers=wrong).status == 415
    assert api.call("GET", "/endpoints", query={"limit": "1001"})["errors"][0]["limit"] == 1000
    assert api.call("GET", "/endpoints", query={"cursor": "zzz"})["errors"][0]["field"] == "cursor"


def test_a_body_that_is_announced_too_large_is_refused_before_it_comes(api):
    head = (f"POST /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
            "Content-Type: application/json\r\nContent-Length: 999999999\r\n\r\n").encode()
    received = talk(api.server.host, api.server.port, head)
    assert status_of(received) == 413
    assert b'"limit":67108864' in received


def test_the_document_is_valid_and_shows_each_event_as_a_webhook(api):
    document = api.definition.document
    OpenAPIV31SpecValidator(document).validate()
    known = {one["type"]: one for one in api.items("/event-types")}
    assert set(document["webhooks"]) == set(known)
    for name, event_type in known.items():
        jsonschema.Draft202012Validator.check_schema(event_type["schema"])
        jsonschema.validate(event_type["example"], event_type["schema"])
        assert event_type["example"]["type"] == name
        assert api.good("GET", f"/event-types/{name}") == event_type
    assert api.with_token(None).call("GET", "/openapi.json").status == 200


def test_every_operation_of_the_document_is_answered_and_asks_for_a_token(api):
    nobody = api.with_token(None)
    public = {"getDefinition", "logIn"}
    for path, item in api.definition.document["paths"].items():
        for method, operation in item.items():
            if method == "parameters" or operation["operationId"] in public:
                continue
            filled = path.replace("{id}", "x").replace("{name}", "x").replace("{type}", "x")
            filled = filled.removeprefix("/api/v1")
            assert api.call(method.upper(), filled).status not in (401, 405, 500), path
            assert nobody.call(method.upper(), filled).status == 401, path
