"""How the server connects to receivers: TLS and settings per endpoint, IPv6, an egress proxy."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.certificates import make_certificates, server_context
from harness.native import OWNER_TOKEN, Native, Refused
from harness.proxy import Proxy
from harness.raw_receiver import Peer, RawReceiver
from harness.receiver import unused_port

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
# At once and again, so that a failure shows and a repair too.
SCHEDULE = {"delays_seconds": [1] * 90, "timeout_seconds": 5, "jitter_percent": 0}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory) -> Path:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def receive():
    """Starts receivers that take everything."""
    started: list[RawReceiver] = []

    def start(tls: ssl.SSLContext | None = None, host: str = "127.0.0.1",
              see: Callable[[Peer], None] = lambda peer: None,
              after: bytes = b"\r\nok") -> RawReceiver:
        def behave(peer: Peer) -> None:
            see(peer)
            while peer.ask():
                peer.say(OK, after)
                if b"close" in after:
                    return
        started.append(RawReceiver(behave, tls, host))
        return started[-1]

    yield start
    for receiver in started:
        receiver.close()


@pytest.fixture
def native(start_server, certificates) -> Native:
    return Native(start_server("--api-token", OWNER_TOKEN,
                               "--ca-file", str(certificates / "ca.pem")))


def last_attempt(native: Native, endpoint: str) -> dict:
    return native.wait_until(lambda: native.get(f"attempts?endpoint={endpoint}&limit=1")["items"],
                             "an attempt")[0]


def test_an_endpoint_has_a_client_certificate_of_its_own(native, receive, certificates):
    names: list[str] = []

    def note(peer: Peer) -> None:
        names.append(dict(one[0] for one in peer.connection.getpeercert()["subject"])["commonName"])

    receiver = receive(server_context(certificates, asks_client=True), see=note)
    pem = {name: (certificates / f"{name}.{kind}").read_text()
           for name, kind in (("good", "pem"), ("own", "pem"))}
    key = (certificates / "good.key").read_text()
    known = native.add_endpoint(receiver.url, schedule=SCHEDULE,
                                tls={"certificate": pem["good"], "private_key": key})
    unknown = native.add_endpoint(receiver.url, schedule=SCHEDULE)
    native.publish(1)
    native.wait_for_state(known, "delivered", 1)
    refused = last_attempt(native, unknown)
    assert (refused["error_class"], refused["outcome"]) == ("tls", "retry")
    assert set(names) == {"good"}
    shown = native.get(f"endpoints/{known}")["tls"]
    assert shown["certificate"] == pem["good"] and "private_key" not in shown
    # A change counts from the next attempt on, also for what waits.
    native.call("PATCH", f"endpoints/{unknown}",
                {"tls": {"certificate": pem["good"], "private_key": key}})
    native.wait_for_state(unknown, "delivered", 1)
    with pytest.raises(Refused) as mismatched:
        native.add_endpoint(receiver.url, tls={"certificate": pem["own"], "private_key": key})
    assert mismatched.value.status == 400


def test_an_endpoint_trusts_authorities_of_its_own(native, receive, certificates):
    receiver = receive(server_context(certificates, "own"))
    trusting = native.add_endpoint(receiver.url, schedule=SCHEDULE,
                                   tls={"authorities": (certificates / "own.pem").read_text()})
    other = native.add_endpoint(receiver.url, schedule=SCHEDULE)
    native.publish(1)
    native.wait_for_state(trusting, "delivered", 1)
    assert last_attempt(native, other)["error_class"] == "tls"


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1:DeprecationWarning")
def test_tls_1_2_and_1_3_are_spoken_and_nothing_older(native, receive, certificates):
    versions = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
    spoken: list[str] = []
    endpoints = []
    for version in versions:
        context = server_context(certificates)
        context.minimum_version = context.maximum_version = version
        receiver = receive(context, see=lambda peer: spoken.append(peer.connection.version()))
        endpoints.append(native.add_endpoint(receiver.url, schedule=SCHEDULE))
    old = server_context(certificates)
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    refused = native.add_endpoint(receive(old).url, schedule=SCHEDULE)
    native.publish(1)
    for endpoint in endpoints:
        native.wait_for_state(endpoint, "delivered", 1)
    assert sorted(spoken) == ["TLSv1.2", "TLSv1.3"]
    assert last_attempt(native, refused)["error_class"] == "tls"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_new_connection_resumes_the_session(native, receive, certificates, version):
    resumed: list[bool] = []
    context = server_context(certificates)
    context.minimum_version = context.maximum_version = version
    receiver = receive(context, after=b"Connection: close\r\n\r\nok",
                       see=lambda peer: resumed.append(peer.connection.session_reused))
    endpoint = native.add_endpoint(receiver.url, schedule=SCHEDULE)
    for number in range(3):
        native.publish(number)
        native.wait_for_state(endpoint, "delivered", number + 1)
    assert resumed == [False, True, True]


def test_ipv6_receivers_are_called(start_server, receive):
    try:
        receiver = receive(host="::1")
    except OSError:
        pytest.skip("this machine has no IPv6")
    native = Native(start_server("--api-token", OWNER_TOKEN, "--allow-address", "::1"))
    endpoint = native.add_endpoint(receiver.url)
    native.publish(1)
    native.wait_for_state(endpoint, "delivered", 1)


@pytest.fixture
def proxy():
    proxy = Proxy("us", "secret")
    yield proxy
    proxy.close()


def start_behind(start_server, proxy: Proxy, certificates: Path,
                 login: str = "us:secret") -> Native:
    # What the environment says of proxies leads nowhere, and is not asked.
    nowhere = f"http://127.0.0.1:{unused_port()}"
    return Native(start_server(
        "--api-token", OWNER_TOKEN, "--ca-file", str(certificates / "ca.pem"),
        "--egress-proxy", f"http://{login}@127.0.0.1:{proxy.port}",
        environment={"http_proxy": nowhere, "https_proxy": nowhere, "no_proxy": "127.0.0.1"}))


def test_everything_goes_through_the_egress_proxy(start_server, receive, certificates, proxy):
    native = start_behind(start_server, proxy, certificates)
    plain = receive()
    secure = receive(server_context(certificates))
    endpoints = [native.add_endpoint(receiver.url) for receiver in (plain, secure)]
    native.publish(1)
    for endpoint in endpoints:
        native.wait_for_state(endpoint, "delivered", 1)
    assert sorted(proxy.asked) == [
        f"CONNECT 127.0.0.1:{secure.port} HTTP/1.1".encode(),
        f"POST http://127.0.0.1:{plain.port}/hook HTTP/1.1".encode()]
    with pytest.raises(Refused) as refused:
        native.add_endpoint("http://169.254.169.254/latest/meta-data/")
    assert refused.value.status == 400


def test_a_proxy_that_is_down_is_a_fault_of_ours(start_server, receive, certificates, proxy):
    proxy.close()
    native = start_behind(start_server, proxy, certificates)
    receiver = receive()
    endpoint = native.add_endpoint(receiver.url, schedule={"delays_seconds": []})
    native.publish(1)
    attempt = last_attempt(native, endpoint)
    assert (attempt["error_class"], attempt["outcome"]) == ("proxy", "retry")
    assert native.get(f"endpoints/{endpoint}")["failing_since"] is None
    proxy.open()
    # Its only attempt was not used up.
    native.wait_for_state(endpoint, "delivered", 1)


def test_a_proxy_that_wants_another_login_is_named(start_server, receive, certificates, proxy):
    native = start_behind(start_server, proxy, certificates, "us:wrong")
    endpoints = [native.add_endpoint(receiver.url, schedule=SCHEDULE)
                 for receiver in (receive(), receive(server_context(certificates)))]
    native.publish(1)
    for endpoint in endpoints:
        attempt = last_attempt(native, endpoint)
        assert attempt["error_class"] == "proxy" and "wrong" not in attempt["error"]
        assert "us:" not in attempt["request_head"]
    assert proxy.asked == []
