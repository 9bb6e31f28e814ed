"""HLS playlists that are uploaded with their segments."""

import pytest

from harness import clips, cos
from harness.events import confirm, file_id, process, pull_mode, pull_until, wait_until
from harness.tencent import TencentError
from harness.web import fetch


@pytest.fixture
def pieces(tmp_path):
    """What is uploaded, by name; the playlist is index.m3u8."""
    film = clips.mp4(tmp_path / "film.mp4", seconds=3)
    folder = tmp_path / "stream"
    folder.mkdir()
    clips.stream(folder / "index.m3u8", film)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def begin(client, playlist):
    session = cos.apply(client, "m3u8", MediaName="a stream")
    session.put(playlist)
    return session


def put_piece(session, name, content):
    return session.send("PUT", f"{session.key.rsplit('/', 1)[0]}/{name}", body=content)


def refusal(session):
    with pytest.raises(TencentError) as refused:
        session.commit()
    return refused.value


def files_in(server, folder):
    return [path for path in (server.data_dir / folder).rglob("*") if path.is_file()]


def test_a_stream_becomes_a_film(server, client, pieces):
    pull_mode(client)
    playlist = pieces.pop("index.m3u8")
    named = client.call("ParseStreamingManifest", MediaManifestContent=playlist.decode(),
                        ManifestType="m3u8")["MediaSegmentSet"]
    assert named == list(pieces) and len(named) > 1
    session = begin(client, playlist)
    for name in named:
        assert put_piece(session, name, pieces[name]).status == 200
    committed = session.commit()
    assert committed["MediaUrl"].endswith("/f0.ts")
    assert fetch(committed["MediaUrl"]).body == b"".join(pieces.values())
    assert clips.play(committed["MediaUrl"]) == ""
    event, = pull_until(client, 1)
    confirm(client, [event])
    assert file_id(event) == committed["FileId"]
    assert abs(event["FileUploadEvent"]["MetaData"]["Duration"] - 3) < 0.2
    info = client.call("DescribeMediaInfos", FileIds=[committed["FileId"]])["MediaInfoSet"][0]
    assert (info["BasicInfo"]["Type"], info["BasicInfo"]["Name"]) == ("ts", "a stream")
    assert info["MetaData"]["Width"] == 320
    assert not files_in(server, "staging")

    process(client, committed["FileId"], TranscodeTaskSet=[{"Definition": 10}])
    step, = pull_until(client, 1)[0]["ProcedureStateChangeEvent"]["MediaProcessResultSet"]
    assert step["TranscodeTask"]["Status"] == "SUCCESS"
    assert abs(step["TranscodeTask"]["Output"]["Duration"] - 3) < 0.2
    client.call("DeleteMedia", FileId=committed["FileId"])
    wait_until(lambda: not files_in(server, "media"))


def test_a_segment_that_is_missing_is_named_and_may_still_come(client, pieces):
    session = begin(client, pieces.pop("index.m3u8"))
    *sent, last = pieces
    for name in sent:
        put_piece(session, name, pieces[name])
    refused = refusal(session)
    assert refused.code == "ResourceNotFound" and last in str(refused)
    put_piece(session, last, pieces[last])
    assert fetch(session.commit()["MediaUrl"]).body == b"".join(pieces.values())


def test_a_playlist_opens_nothing_but_what_was_uploaded_with_it(server, client, pieces):
    other = cos.upload(client, pieces["index_0.ts"], "ts")
    info = client.call("DescribeMediaInfos", FileIds=[other])["MediaInfoSet"][0]
    url = info["BasicInfo"]["MediaUrl"]
    for address in (url, "file:///etc/passwd", f"{server.data_dir}/hookreel.db",
                    "../" + url.split("/media/")[1]):
        session = begin(client, f"#EXTM3U\n#EXTINF:1,\n{address}\n#EXT-X-ENDLIST\n".encode())
        assert refusal(session).code == "ResourceNotFound"


def test_objects_beside_a_playlist_have_plain_names(client):
    session = begin(client, b"#EXTM3U\n")
    for name in ("../a.ts", "a/../../b.ts", "a//b.ts", "a\\b.ts"):
        answer = put_piece(session, name, b"bytes")
        assert (answer.status, cos.xml_text(answer.body, "Code")) == (403, "AccessDenied")
