"""Certificates for the loopback, good and bad ones, by openssl."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path


def _openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def make_certificates(folder: Path) -> Path:
    """ca.pem, and by it good.pem, expired.pem and other.pem; also own.pem, signed by itself. Each
    with its key, as good.key."""
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    for name in ("ca", "own"):
        _openssl(folder, "req", "-x509", *key, "-keyout", f"{name}.key", "-out", f"{name}.pem",
                 "-subj", f"/CN={name}", "-days", "2", "-addext", "subjectAltName=IP:127.0.0.1")
    for name, days, names in (("good", "2", "IP:127.0.0.1"), ("expired", "-1", "IP:127.0.0.1"),
                              ("other", "2", "DNS:other.example")):
        _openssl(folder, "req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr",
                 "-subj", f"/CN={name}")
        (folder / "names").write_text(f"subjectAltName={names}\n")
        _openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                 "-CAcreateserial", "-days", days, "-extfile", "names", "-out", f"{name}.pem")
    return folder


def server_context(folder: Path, name: str = "good", asks_client: bool = False) -> ssl.SSLContext:
    """Of a receiver with that certificate, which may ask for one of ca.pem from whoever calls."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
    if asks_client:
        made.verify_mode = ssl.CERT_REQUIRED
        made.load_verify_locations(folder / "ca.pem")
    return made
