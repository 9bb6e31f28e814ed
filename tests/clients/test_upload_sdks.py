"""The server-side upload SDKs of the platform, as docs/guides/vod.md says to use them."""

from qcloud_cos import CosConfig, CosS3Client
from qcloud_vod.model import VodUploadRequest
from qcloud_vod.vod_upload_client import VodUploadClient

from harness import clips
from harness.events import file_id, pull_mode, pull_until
from harness.sdk import connect, node
from harness.web import fetch


class Uploader(VodUploadClient):
    """vod-python-sdk with the two addresses that it has no setting for."""

    def __init__(self, server):
        super().__init__(*server.keys)
        self.address = server.address
        self.api = connect(server)

    def apply_upload(self, api_client, request):
        return super().apply_upload(self.api, request)

    def commit_upload(self, api_client, request):
        return super().commit_upload(self.api, request)

    def parse_Streaming_manifest(self, api_client, request):
        return super().parse_Streaming_manifest(self.api, request)

    def upload_cos(self, cos_client, local_path, bucket, cos_path, max_thread, progress_callback):
        keys = cos_client.get_conf()
        config = CosConfig(Region=keys._region, SecretId=keys._secret_id, Token=keys._token,
                           SecretKey=keys._secret_key, Scheme="http", SignHost=False,
                           Domain=f"{self.address}/cos/{bucket}")
        super().upload_cos(CosS3Client(config), local_path, bucket, cos_path, max_thread,
                           progress_callback)


def test_vod_python_sdk_uploads_a_film_with_its_cover(server, client, wmv, tmp_path):
    pull_mode(client)
    cover = tmp_path / "cover.png"
    cover.write_bytes(b"GIF89a, a picture")
    request = VodUploadRequest()
    request.MediaFilePath = str(wmv)
    request.CoverFilePath = str(cover)
    request.SubAppId = 1500000001
    done = Uploader(server).upload("ap-guangzhou", request)
    assert fetch(done.MediaUrl).body == wmv.read_bytes()
    assert fetch(done.CoverUrl).body == b"GIF89a, a picture"
    assert file_id(pull_until(client, 1)[0]) == done.FileId


def test_vod_python_sdk_uploads_in_parts(server, tmp_path):
    film = tmp_path / "film.mp4"
    film.write_bytes(bytes(range(256)) * 12_000)
    request = VodUploadRequest()
    request.MediaFilePath = str(film)
    done = Uploader(server).upload("ap-guangzhou", request)
    assert fetch(done.MediaUrl).body == film.read_bytes()


def streamed(tmp_path):
    """A playlist of variants with its segments in a folder, and what its film is."""
    film = clips.mp4(tmp_path / "film.mp4", seconds=3)
    (tmp_path / "high").mkdir()
    clips.stream(tmp_path / "high" / "list.m3u8", film)
    master = tmp_path / "master.m3u8"
    master.write_text("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=900000\nhigh/list.m3u8\n")
    pieces = sorted((tmp_path / "high").glob("*.ts"))
    assert len(pieces) > 1
    return master, b"".join(piece.read_bytes() for piece in pieces)


def test_vod_python_sdk_uploads_a_stream_with_its_segments(server, client, tmp_path):
    pull_mode(client)
    master, whole = streamed(tmp_path)
    request = VodUploadRequest()
    request.MediaFilePath = str(master)
    done = Uploader(server).upload("ap-guangzhou", request)
    assert fetch(done.MediaUrl).body == whole
    assert file_id(pull_until(client, 1)[0]) == done.FileId


def test_vod_node_sdk_uploads_a_stream_with_its_segments(server, client, tmp_path):
    master, whole = streamed(tmp_path)
    cover = tmp_path / "cover.png"
    cover.write_bytes(b"GIF89a, a picture")
    done = node("upload_sdk.js", server.address, *server.keys, master, cover)
    assert fetch(done["MediaUrl"]).body == whole


def described(tmp_path):
    """A DASH description with its picture and its sound in folders beside it."""
    film = clips.mp4(tmp_path / "film.mp4", seconds=3)
    folder = tmp_path / "dash"
    for name in ("0", "1"):
        (folder / name).mkdir(parents=True)
    clips.ffmpeg("-i", film, "-c", "copy", "-f", "dash", "-seg_duration", "1",
                 "-init_seg_name", "$RepresentationID$/init.mp4", "-media_seg_name",
                 "$RepresentationID$/$Number$.m4s", folder / "film.mpd")
    return folder / "film.mpd", film


def check_described(url, film):
    found = clips.probe_address(url)["streams"]
    assert sorted(stream["codec_type"] for stream in found) == ["audio", "video"]
    body = fetch(url).body
    for kind in "va":
        assert clips.packet_bytes(body, kind) >= clips.packet_bytes(film.read_bytes(), kind)


def test_vod_python_sdk_uploads_a_description_with_its_pieces(server, tmp_path):
    manifest, film = described(tmp_path)
    request = VodUploadRequest()
    request.MediaFilePath = str(manifest)
    check_described(Uploader(server).upload("ap-guangzhou", request).MediaUrl, film)


def test_vod_node_sdk_uploads_a_description_with_its_pieces(server, tmp_path):
    manifest, film = described(tmp_path)
    cover = tmp_path / "cover.png"
    cover.write_bytes(b"GIF89a, a picture")
    done = node("upload_sdk.js", server.address, *server.keys, manifest, cover)
    check_described(done["MediaUrl"], film)


def test_vod_node_sdk_uploads_a_film_with_its_cover(server, client, wmv, tmp_path):
    pull_mode(client)
    cover = tmp_path / "cover.png"
    cover.write_bytes(b"GIF89a, a picture")
    done = node("upload_sdk.js", server.address, *server.keys, wmv, cover)
    assert fetch(done["MediaUrl"]).body == wmv.read_bytes()
    assert fetch(done["CoverUrl"]).body == b"GIF89a, a picture"
    assert file_id(pull_until(client, 1)[0]) == done["FileId"]
