"""The process itself: settings, keys, health, ports, stopping."""

import ssl
import subprocess
import threading
import urllib.error
import urllib.request

import pytest

from harness import cos
from harness.events import process, push_to, wait_until
from harness.receiver import hang
from harness.server import Process, Server, binary, clean_environment, processes
from harness.tencent import Client, TencentError
from harness.web import fetch

STOP_SECONDS_MAX = 10


def run(*arguments, environment=None, seconds=30):
    return subprocess.run([binary(), *arguments], capture_output=True, text=True, timeout=seconds,
                          env=clean_environment() | (environment or {}), check=False)


def test_health_and_metrics_are_there(server):
    assert fetch(server.url + "/healthz").status == 200
    assert fetch(server.url + "/readyz").status == 200
    metrics = fetch(server.url + "/metrics")
    assert metrics.status == 200
    assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert fetch(server.url + "/nowhere").status == 404


def test_sigterm_stops_in_the_middle_of_everything(start_server, receiver, long_mp4):
    """A pull that waits, an upload that is half there, a transcode, a receiver that hangs."""
    server = start_server()
    client = server.client()
    receiver.behaviour = hang
    push_to(client, receiver)
    task = process(client, cos.upload(client, long_mp4), TranscodeTaskSet=[{"Definition": 20}])
    receiver.wait_for(1)
    wait_until(lambda: client.call("DescribeTaskDetail", TaskId=task)["Status"] != "WAITING")
    session = cos.apply(client)
    half = session.request("PUT")
    half.headers["Content-Length"] = str(cos.MIB)

    def give_up(request):
        with pytest.raises(Exception):  # noqa: B017 - however the connection ends
            client.unwrap(client.send(request, timeout=20))

    threads = [threading.Thread(target=give_up, args=(request,))
               for request in (client.v3("PullEvents"), half)]
    for thread in threads:
        thread.start()
    server.stop()
    assert server.stopping_seconds() < STOP_SECONDS_MAX
    for thread in threads:
        thread.join()
    assert processes(".*", server.data_dir) == {}


def test_sigterm_at_once_stops_too(start_server):
    server = start_server()
    server.stop()
    assert server.stopping_seconds() < STOP_SECONDS_MAX


def test_a_second_server_on_the_same_port_says_why_it_cannot(server, tmp_path):
    second = run("serve", "--data-dir", str(tmp_path / "other"), "--listen", server.address)
    assert second.returncode not in (0, -6, -11)
    said = second.stdout + second.stderr
    assert server.address in said and "in use" in said
    assert fetch(server.url + "/healthz").status == 200


def test_a_second_server_on_the_same_data_says_why_it_cannot(server):
    second = run("serve", "--data-dir", str(server.data_dir), "--listen", "127.0.0.1:0")
    assert second.returncode not in (0, -6, -11)
    assert str(server.data_dir) in second.stdout + second.stderr


def test_flag_beats_environment_beats_file_beats_default(start_server, tmp_path):
    file = tmp_path / "hookreel.toml"
    file.write_text(f'data_dir = "{tmp_path}/from-file"\nsecret_id = "AKIDfile"\n'
                    'secret_key = "file"\n')
    environment = {"HOOKREEL_DATA_DIR": str(tmp_path / "from-environment"),
                   "HOOKREEL_SECRET_ID": "AKIDenvironment", "HOOKREEL_SECRET_KEY": "environment"}

    def serve(*arguments, variables):
        process = Process(["serve", "--listen", "127.0.0.1:0", *arguments], variables, tmp_path)
        match = process.wait_for_line(r"listening on http://127\.0\.0\.1:(\d+)", 60)
        return process, int(match.group(1))

    for arguments, variables, folder, keys in [
            (["--config", str(file), "--data-dir", str(tmp_path / "from-flag"), "--secret-id",
              "AKIDflag", "--secret-key", "flag"], environment, "from-flag", ("AKIDflag", "flag")),
            (["--config", str(file)], environment, "from-environment",
             ("AKIDenvironment", "environment")),
            (["--config", str(file)], {}, "from-file", ("AKIDfile", "file"))]:
        process, port = serve(*arguments, variables=variables)
        try:
            Client("127.0.0.1", port, *keys).call("DescribeEventConfig")
            assert (tmp_path / folder).is_dir()
        finally:
            assert process.terminate() == 0
    process, _ = serve(variables={})
    assert process.terminate() == 0
    assert (tmp_path / "data").is_dir()


@pytest.mark.parametrize("arguments, named", [
    (["--listen", "nowhere"], "listen"), (["--listen", "127.0.0.1:99999"], "listen"),
    (["--allow-address", "everything"], "allow-address"), (["--no-such-flag"], "no-such-flag"),
    (["--config", "/nonexistent.toml"], "/nonexistent.toml"),
    (["--data-dir", "/proc/nothing"], "/proc/nothing"), (["--secret-id", "AKIDalone"], "secret")])
def test_settings_that_are_not_right_are_named(tmp_path, arguments, named):
    refused = run("serve", *arguments, environment={
        "HOOKREEL_DATA_DIR": str(tmp_path), "HOOKREEL_LISTEN": "127.0.0.1:0"})
    assert refused.returncode not in (0, -6, -11)
    assert named in refused.stdout + refused.stderr


def test_an_unknown_key_of_the_file_is_named(tmp_path):
    file = tmp_path / "hookreel.toml"
    file.write_text("datadir = '/tmp'\n")
    refused = run("serve", "--config", str(file))
    assert refused.returncode not in (0, -6, -11)
    assert "datadir" in refused.stdout + refused.stderr


def test_keys_are_made_once_kept_and_shown_once(start_server):
    first = start_server(keys=None)
    secret_id = first.wait_for_line(r"\b(AKID\w+)", 10).group(1)
    line = next(line for line in first.output.splitlines() if secret_id in line)
    shown = first.output
    secret_key = next(word for word in (line + "\n" + shown).replace("=", " ").split()
                      if len(word) >= 30 and word.isalnum() and word != secret_id)
    Client(first.host, first.port, secret_id, secret_key).call("DescribeEventConfig")
    first.stop()
    second = start_server(keys=None)
    Client(second.host, second.port, secret_id, secret_key).call("DescribeEventConfig")
    assert secret_key not in second.output


def test_given_keys_replace_the_kept_ones_and_are_not_printed(start_server):
    first = start_server()
    first.stop()
    second = start_server(keys=("AKIDother", "otherSecretKey000000000000"))
    second.client().call("DescribeEventConfig")
    with pytest.raises(TencentError) as refused:
        first_keys = Client(second.host, second.port, *first.keys)
        first_keys.call("DescribeEventConfig")
    assert refused.value.code == "AuthFailure.SecretIdNotFound"
    assert second.keys[1] not in second.output


def test_secrets_are_never_in_the_output(server, client):
    session = cos.apply(client)
    session.put(b"content")
    session.commit()
    with pytest.raises(TencentError):
        client.with_keys(client.secret_id, "wrongSecretKey").call("PullEvents")
    server.stop()
    for secret in (client.secret_key, *session.secret, session.applied["TempCertificate"]["Token"],
                   session.applied["VodSessionKey"], "wrongSecretKey"):
        assert secret not in server.output


def test_tls_with_certificate_files(start_server, tmp_path):
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", certificate,
                    "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    server: Server = start_server("--tls-certificate", str(certificate),
                                  "--tls-private-key", str(key))
    assert server.scheme == "https"
    context = ssl.create_default_context(cafile=str(certificate))
    with urllib.request.urlopen(server.url + "/healthz", context=context, timeout=30) as answer:
        assert answer.status == 200
    with pytest.raises(urllib.error.HTTPError) as plain:
        urllib.request.urlopen(server.url.replace("https:", "http:") + "/healthz", timeout=30)
    assert plain.value.code == 400
    assert "https" in plain.value.read().decode()
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(OSError):
        urllib.request.urlopen(server.url + "/healthz", context=context, timeout=30)


def test_the_version_is_told():
    told = run("version")
    assert told.returncode == 0
    assert told.stdout.startswith("hookreel ")


def test_each_command_has_help_with_an_example():
    overview = run("--help")
    assert overview.returncode == 0
    for command in ("serve", "demo", "listen", "upload", "pull", "config", "version"):
        assert command in overview.stdout
        helped = run(command, "--help")
        assert helped.returncode == 0
        assert f"hookreel {command}" in helped.stdout, command


def test_an_unknown_command_says_what_there_is():
    refused = run("serv")
    assert refused.returncode not in (0, -6, -11)
    assert "serv" in refused.stdout + refused.stderr
