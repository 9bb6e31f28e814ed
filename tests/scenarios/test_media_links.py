"""Media for links only: serve --media-key."""

import hashlib
import http.client
import time
from urllib.parse import urlsplit

import pytest

from harness import cos
from harness.events import process, pull_mode, pull_until, task_result
from harness.web import fetch

KEY = "24FEQmTzro4V5u3D5epW"


@pytest.fixture
def server(start_server):
    return start_server("--media-key", KEY)


def signed(address, ends_in, key=KEY, rlimit="", us="word", exper=""):
    address = address.split("?")[0]
    folder = urlsplit(address).path.rsplit("/", 1)[0] + "/"
    t = f"{int(time.time()) + ends_in:x}"
    sign = hashlib.md5(f"{key}{folder}{t}{exper}{rlimit}{us}".encode()).hexdigest()
    query = [f"t={t}"] + [f"exper={exper}"] * bool(exper) + [f"rlimit={rlimit}"] * bool(rlimit)
    return f"{address}?{'&'.join([*query, f'us={us}', f'sign={sign}'])}"


def status_from(source, url):
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30,
                                            source_address=(source, 0))
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        return connection.getresponse().status
    finally:
        connection.close()


def test_what_the_server_tells_are_links(client, wmv):
    pull_mode(client)
    file = cos.upload(client, wmv)
    told = pull_until(client, 1)[0]["FileUploadEvent"]["MediaBasicInfo"]["MediaUrl"]
    asked = client.call("DescribeMediaInfos", FileIds=[file])["MediaInfoSet"][0]
    for url in (told, asked["BasicInfo"]["MediaUrl"]):
        assert fetch(url).body == wmv.read_bytes()
        assert fetch(url, headers={"Range": "bytes=0-9"}).status == 206
        assert fetch(url.split("?")[0]).status == 403
        assert fetch(url.replace("sign=", "sign=0")).status == 403
        assert fetch(url.replace("t=", "t=7", 1)).status == 403


def test_links_of_others_with_the_key_work_until_they_end(client, wmv):
    pull_mode(client)
    cos.upload(client, wmv)
    url = pull_until(client, 1)[0]["FileUploadEvent"]["MediaBasicInfo"]["MediaUrl"]
    good = fetch(signed(url, 3600))
    assert good.body == wmv.read_bytes()
    assert good.headers["cache-control"].startswith("private, max-age=")
    assert fetch(signed(url, -200)).status == 200  # Within the 300 s by which clocks may differ.
    assert fetch(signed(url, -400)).status == 403
    assert fetch(signed(url, 3600, key="another1")).status == 403
    assert fetch(signed(url, 3600, exper="30")).status == 403
    assert fetch(signed(url, 3600, rlimit="10")).status == 403


def test_a_link_may_be_for_some_addresses(client, wmv):
    pull_mode(client)
    cos.upload(client, wmv)
    url = pull_until(client, 1)[0]["FileUploadEvent"]["MediaBasicInfo"]["MediaUrl"]
    two = signed(url, 3600, rlimit="2")
    statuses = [status_from(f"127.0.0.{n}", two) for n in (1, 2, 1, 3, 2)]
    assert statuses == [200, 200, 200, 403, 200]


def test_a_playlist_plays_with_one_link(client, mp4):
    pull_mode(client)
    file = cos.upload(client, mp4)
    pull_until(client, 1)
    client.call("EditMedia", InputType="File", FileInfos=[{"FileId": file}],
                OutputConfig={"Type": "hls"})
    event = pull_until(client, 1)[0]["EditMediaCompleteEvent"]
    url = event["Output"]["FileUrl"]
    lines = fetch(url).body.decode().splitlines()
    segments = [line for line in lines if line and not line.startswith("#")]
    assert segments
    for segment in segments:
        assert fetch(url.split("?")[0].rsplit("/", 1)[0] + "/" + segment).status == 200
        assert fetch(url.split("?")[0].rsplit("/", 1)[0] + "/" +
                     segment.split("?")[0]).status == 403


def test_pictures_of_a_sprite_are_links(client, wmv):
    pull_mode(client)
    file = cos.upload(client, wmv)
    task_result(client, process(client, file, ImageSpriteTaskSet=[{"Definition": 10}]))
    media = client.call("DescribeMediaInfos", FileIds=[file])["MediaInfoSet"][0]
    url = media["ImageSpriteInfo"]["ImageSpriteSet"][0]["WebVttUrl"]
    names = [line for line in fetch(url).body.decode().splitlines() if "#xywh=" in line]
    assert names
    picture = fetch(url.split("?")[0].rsplit("/", 1)[0] + "/" + names[0].split("#")[0])
    assert picture.status == 200 and picture.headers["content-type"] == "image/jpeg"


@pytest.mark.parametrize("key", ["short", "with-a-dash", "longer0than0twenty0000"])
def test_a_key_that_signs_nothing_ends_the_start(start_server, key):
    with pytest.raises(AssertionError) as refused:
        start_server("--media-key", key)
    assert "takes 8 to 20 letters and digits" in str(refused.value)
