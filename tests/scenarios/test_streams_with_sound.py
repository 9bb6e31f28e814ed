"""Streams whose sound is a stream of its own, HLS and DASH, uploaded and pulled: each becomes one
film."""

import pytest

from harness import clips, cos
from harness.events import (confirm, process, pull_mode, pull_until, task_result,
                            wait_until)
from harness.origin import Origin
from harness.tencent import TencentError
from harness.web import fetch

SECONDS = 5.2
MPD = ["-f", "dash", "-seg_duration", "2"]
# How ffmpeg is told to write the pieces, the manifest, and the type of the film.
FORMS = {
    "timeline": (MPD, "a.mpd", "mp4"),
    "numbers": ([*MPD, "-use_timeline", "0"], "a.mpd", "mp4"),
    "list": ([*MPD, "-use_template", "0"], "a.mpd", "mp4"),
    "ranges": ([*MPD, "-single_file", "1"], "a.mpd", "mp4"),
    "webm": (["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus",
              *MPD, "-dash_segment_type", "webm"], "a.mpd", "webm"),
    "ts": (["-f", "hls", "-hls_time", "2", "-hls_playlist_type", "vod", "-master_pl_name",
            "a.m3u8", "-var_stream_map", "v:0,agroup:s a:0,agroup:s,default:yes",
            "-hls_segment_filename", "s_%v_%d.ts"], "a.m3u8", "ts"),
    "fmp4": (["-f", "hls", "-hls_time", "2", "-hls_playlist_type", "vod", "-master_pl_name",
              "a.m3u8", "-hls_segment_type", "fmp4", "-hls_flags", "single_file",
              "-var_stream_map", "v:0,agroup:s a:0,agroup:s,default:yes",
              "-hls_segment_filename", "s_%v.m4s"], "a.m3u8", "mp4"),
}


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """With a key frame each second."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    clips.ffmpeg("-f", "lavfi", "-i", f"testsrc2=size=320x240:rate=25:duration={SECONDS}",
                 "-f", "lavfi", "-i", f"sine=frequency=440:duration={SECONDS}", "-c:v", "libx264",
                 "-preset", "ultrafast", "-g", "25", "-pix_fmt", "yuv420p", "-c:a", "aac", path)
    return path


def stream_of(film, folder, form):
    """The files of a stream by their names; the first is the manifest."""
    arguments, manifest, _ = FORMS[form]
    copies = [] if "-c:v" in arguments else ["-c", "copy"]
    into = folder / ("a.mpd" if manifest.endswith("mpd") else "i_%v.m3u8")
    folder.mkdir()
    # The muxers write some files into the working folder.
    clips.ffmpeg("-i", film, "-map", "0:v", "-map", "0:a", *copies,
                 *[folder / one if one.startswith("s_") else one for one in arguments], into)
    names = sorted((path.name for path in folder.iterdir()), key=lambda name: name != manifest)
    return {name: (folder / name).read_bytes() for name in names}


def check_film(url, seconds=SECONDS):
    """Picture and sound, each once, whole and in step."""
    body = fetch(url).body
    found = clips.probe_address(url)
    kinds = [stream["codec_type"] for stream in found["streams"]]
    assert sorted(kinds) == ["audio", "video"]
    assert abs(float(found["format"]["duration"]) - seconds) < 0.15
    starts = [float(stream["start_time"]) for stream in found["streams"]]
    assert abs(starts[0] - starts[1]) < 0.05
    assert clips.play(url) == ""
    return body


def listed(client, manifest, content, files):
    """What the upload SDKs find: each file that a manifest leads to."""
    found = client.call("ParseStreamingManifest", MediaManifestContent=content.decode(),
                        ManifestType=manifest.rsplit(".", 1)[1])["MediaSegmentSet"]
    for name in list(found):
        if name.endswith(".m3u8"):
            found += [one for one in listed(client, name, files[name], files) if one not in found]
    return found


def upload(client, files, **parameters):
    """As the upload SDKs do it."""
    (manifest, content), *_ = files.items()
    session = cos.apply(client, manifest.rsplit(".", 1)[1], **parameters)
    session.put(content)
    for name in listed(client, manifest, content, files):
        session.put(files[name], f"{session.key.rsplit('/', 1)[0]}/{name}")
    return session


def files_in(server, folder):
    return [path for path in (server.data_dir / folder).rglob("*") if path.is_file()]


@pytest.mark.parametrize("form", FORMS)
def test_an_upload_becomes_a_film(server, client, film, tmp_path, form):
    pull_mode(client)
    committed = upload(client, stream_of(film, tmp_path / "s", form), MediaName="film").commit()
    assert committed["MediaUrl"].endswith(f"/f0.{FORMS[form][2]}")
    body = check_film(committed["MediaUrl"])
    if form != "webm":  # Not a packet is lost, and none was encoded anew.
        for kind in "va":
            assert clips.packet_bytes(body, kind) >= clips.packet_bytes(film.read_bytes(), kind)
    event, = pull_until(client, 1)
    confirm(client, [event])
    metadata = event["FileUploadEvent"]["MetaData"]
    assert metadata["Width"] == 320 and len(metadata["AudioStreamSet"]) == 1
    assert not files_in(server, "staging") and len(files_in(server, "media")) == 1


@pytest.fixture
def origin():
    site = Origin()
    yield site
    site.close()


@pytest.mark.parametrize("form", ["numbers", "ranges", "ts", "fmp4"])
def test_a_pull_becomes_a_film(server, client, film, tmp_path, origin, form):
    pull_mode(client)
    files = stream_of(film, tmp_path / "s", form)
    manifest = next(iter(files))
    origin.files = {f"/s/{name}": content for name, content in files.items()}
    origin.redirects = {f"/{manifest}": f"/s/{manifest}"}
    client.call("PullUpload", MediaUrl=origin.url(f"/{manifest}"))
    event = pull_until(client, 1)[0]["PullCompleteEvent"]
    assert (event["ErrCode"], event["Message"]) == (0, "SUCCESS")
    assert event["MediaBasicInfo"]["Type"] == FORMS[form][2]
    check_film(event["FileUrl"])
    assert not files_in(server, "pulls") and len(files_in(server, "media")) == 1


@pytest.mark.parametrize("definition", [10, 20])
def test_a_stream_of_our_own_comes_back(client, film, tmp_path, definition):
    """What ProcessMedia makes is taken, by upload and by the best of its pictures."""
    file = cos.upload(client, film)
    task = task_result(client, process(client, file, AdaptiveDynamicStreamingTaskSet=[
        {"Definition": definition}]), seconds=240)
    step, = task["MediaProcessResultSet"]
    output = step["AdaptiveDynamicStreamingTask"]["Output"]
    folder, manifest = output["Url"].rsplit("/", 1)
    content = fetch(output["Url"]).body
    files = {manifest: content}

    class Served(dict):
        def __missing__(self, name):
            return fetch(f"{folder}/{name}").body

    committed = upload(client, Served(files)).commit()
    body = check_film(committed["MediaUrl"])
    video = next(one for one in clips.probe(body)["streams"] if one["codec_type"] == "video")
    best = max(one["Height"] for one in output["SubStreamSet"] if one["Type"] == "video")
    assert video["height"] == best


def refused_upload(client, manifest, content, files=()):
    session = cos.apply(client, manifest)
    session.put(content)
    for name, piece in dict(files).items():
        session.put(piece, f"{session.key.rsplit('/', 1)[0]}/{name}")
    with pytest.raises(TencentError) as refused:
        session.commit()
    return refused.value


PICTURE = ("<AdaptationSet contentType='video'>{}<Representation><BaseURL>{}</BaseURL>"
           "</Representation></AdaptationSet>")


@pytest.mark.parametrize("content, reason", [
    ("<MPD type='dynamic'><Period/></MPD>", "live"),
    ("<MPD><Period/><Period/></MPD>", "several periods"),
    ("<MPD><Period>" + PICTURE.format("<ContentProtection/>", "a.mp4") + "</Period></MPD>",
     "encrypted"),
    ("<!DOCTYPE m [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]><MPD>&b;</MPD>",
     "document type"),
    ("<a>" * 100_000, "too deep"),
    ("<MPD " + "a='1' " * 100_000 + "/>", "too many attributes"),
    ("<MPD mediaPresentationDuration='P9000D'><Period><SegmentTemplate duration='1' media='"
     + "a" * 1000 + "$Number$'/>" + PICTURE.format("", "") + "</Period></MPD>", "too many files"),
    ("no manifest", "EXTM3U"),
    ("", "the manifest is empty"),
], ids=lambda value: value if len(value) < 30 else "")
def test_what_makes_no_film_is_refused_with_the_reason(client, content, reason):
    refused = refused_upload(client, "mpd", content.encode())
    assert refused.code == "ResourceNotFound" and reason in str(refused)


def test_a_description_opens_nothing_but_what_was_uploaded_with_it(server, client, mp4):
    other = cos.upload(client, mp4)
    info = client.call("DescribeMediaInfos", FileIds=[other])["MediaInfoSet"][0]
    url = info["BasicInfo"]["MediaUrl"]
    for address in (url, "file:///etc/passwd", f"{server.data_dir}/hookreel.db",
                    "../" + url.split("/media/")[1]):
        content = f"<MPD><Period>{PICTURE.format('', address)}</Period></MPD>"
        told = str(refused_upload(client, "mpd", content.encode()))
        assert f"the manifest names {address}, which was not uploaded; upload it" in told


def test_a_picture_and_a_sound_that_are_none_are_told(server, client):
    both = PICTURE.format("", "a.mp4") + PICTURE.format("", "b.mp4").replace("video", "audio")
    content = f"<MPD><Period>{both}</Period></MPD>".encode()
    pieces = {"a.mp4": b"no picture" * 1000,
              "b.mp4": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"}
    refused = refused_upload(client, "mpd", content, pieces)
    assert refused.code == "ResourceNotFound" and "malformed" in str(refused)
    assert len(files_in(server, "staging")) == 3 and not files_in(server, "media")


def test_a_pull_of_a_stream_is_told_why_it_failed(client, origin):
    pull_mode(client)
    locked = PICTURE.format("<ContentProtection/>", "a.mp4")
    private = PICTURE.format("", "http://10.0.0.1/a.mp4")
    cases = {"/locked.mpd": (f"<MPD><Period>{locked}</Period></MPD>", "encrypted"),
             "/live.mpd": ("<MPD type='dynamic'><Period/></MPD>", "live"),
             "/missing.mpd": (f"<MPD><Period>{PICTURE.format('', 'x.mp4')}</Period></MPD>", "404"),
             "/private.mpd": (f"<MPD><Period>{private}</Period></MPD>", "download failed")}
    origin.files = {path: content.encode() for path, (content, _) in cases.items()}
    tasks = {client.call("PullUpload", MediaUrl=origin.url(path))["TaskId"]: path
             for path in cases}
    for event in pull_until(client, len(cases)):
        told = event["PullCompleteEvent"]
        assert told["ErrCode"] != 0 and cases[tasks[told["TaskId"]]][1] in told["Message"]


def test_a_pull_of_a_stream_goes_on_after_a_crash(start_server, film, tmp_path, origin):
    """What of it is whole and on disk is not fetched again."""
    server = start_server()
    client = server.client()
    pull_mode(client)
    files = stream_of(film, tmp_path / "s", "numbers")
    origin.files = {f"/{name}": content for name, content in files.items()}
    origin.held.add("/chunk-stream0-00002.m4s")
    client.call("PullUpload", MediaUrl=origin.url("/a.mpd"))
    asked = "/chunk-stream0-00002.m4s"
    wait_until(lambda: asked in [path for path, _ in origin.requests])
    server.kill()
    origin.held.clear()
    origin.requests.clear()
    client = start_server().client()
    event = pull_until(client, 1, seconds=120)[0]["PullCompleteEvent"]
    assert event["Message"] == "SUCCESS"
    check_film(event["FileUrl"])
    assert not any("stream1" in path for path, _ in origin.requests)
