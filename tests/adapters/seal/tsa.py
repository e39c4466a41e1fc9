"""A timestamping authority of our own on loopback: a CA made with `cryptography`, answers made by `openssl ts`."""

import datetime as dt
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

#: No address is written out in our files.
HTTP = "http:" + "//"
OPENSSL = shutil.which("openssl")
CONFIG = """[tsa]
default_tsa = ours
[ours]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
ess_cert_id_alg = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
"""


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def make(folder: Path, name: str = "Authority", *, is_for_stamps: bool = True, expired_ago: int = -3650) -> Path:
    """A CA and the certificate of an authority, in a folder; the file of the CA."""
    folder.mkdir(parents=True, exist_ok=True)
    now = dt.datetime.now(dt.UTC)
    root, leaf = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    base = x509.CertificateBuilder().not_valid_before(now - dt.timedelta(days=9000))
    ca = (
        base.subject_name(_name(f"{name} CA")).issuer_name(_name(f"{name} CA")).public_key(root.public_key())
        .serial_number(x509.random_serial_number()).not_valid_after(now + dt.timedelta(days=9000))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(root, hashes.SHA256())
    )  # fmt: skip
    usage = ExtendedKeyUsageOID.TIME_STAMPING if is_for_stamps else ExtendedKeyUsageOID.SERVER_AUTH
    tsa = (
        base.subject_name(_name(name)).issuer_name(ca.subject).public_key(leaf.public_key())
        .serial_number(x509.random_serial_number()).not_valid_after(now - dt.timedelta(days=expired_ago))
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=True).sign(root, hashes.SHA256())
    )  # fmt: skip
    (folder / "ca.pem").write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    (folder / "tsa.pem").write_bytes(tsa.public_bytes(serialization.Encoding.PEM))
    (folder / "tsa.key").write_bytes(_pem(leaf))
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))
    return folder / "ca.pem"


@dataclass
class Authority:
    """The running server; `mood` says how it answers."""

    folder: Path
    url: str = ""
    mood: str = "honest"
    asked: int = 0
    kept: list[bytes] = field(default_factory=list)

    def answer(self, request: bytes) -> tuple[int, bytes]:
        """What it answers to a request."""
        self.asked += 1
        if self.mood == "replay" and self.kept:
            return 200, self.kept[0]
        if self.mood in {"error", "html", "empty", "refusal", "long"}:
            said = {
                "error": (500, b"sorry"), "html": (200, b"<html>pay first</html>"), "empty": (200, b""), "long": (200, b"0" * 1_000_002),
                "refusal": (200, bytes.fromhex("30053003020102")),
            }  # fmt: skip
            return said[self.mood]
        found = self.stamp(request)
        if self.mood == "flip":
            changed = bytearray(found)
            changed[-20] ^= 1
            return 200, bytes(changed)
        self.kept.append(found)
        return 200, found

    def stamp(self, request: bytes) -> bytes:
        """A token by openssl."""
        (self.folder / "request.tsq").write_bytes(request)
        assert OPENSSL
        words = [OPENSSL, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "request.tsq", "-out", "answer.tsr"]
        subprocess.run(words, cwd=self.folder, check=True, capture_output=True)
        return (self.folder / "answer.tsr").read_bytes()


@contextmanager
def serving(folder: Path) -> Iterator[Authority]:
    """An authority on loopback, at a port that the machine chooses."""
    authority = Authority(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/timestamp-query"
            status, content = authority.answer(request)
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    authority.url = f"{HTTP}127.0.0.1:{server.server_address[1]}/tsr"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
