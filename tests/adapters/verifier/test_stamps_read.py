"""What the bundle's verifier reads and says: FORMAT.md's vectors, the signatures, the stamps, its command line."""

import re
import shutil
import subprocess
from collections.abc import Callable

import pytest

from adapters.verifier import verify
from tests.adapters.seal import tsa
from tests.adapters.verifier import forge
from tests.adapters.verifier.forge import Bundle, small
from tests.adapters.verifier.forge_log import NEW
from tests.adapters.verifier.judged import failed, pinned

# Stamps


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, bytes], bytes]:
    """An authority: it stamps bytes (`tsr`), or gives the bare token (`tst`); `pem` is its certificate, `other` another's."""
    assert tsa.OPENSSL, "openssl is wanted to play the authority (Debian: openssl)"
    openssl, folder = tsa.OPENSSL, tmp_path_factory.mktemp("tsa")
    tsa.make(folder, "Horodateur")
    tsa.make(folder / "other", "Autre")
    running = tsa.Authority(folder)

    def stamp(what: str, data: bytes = b"") -> bytes:
        if what in {"pem", "other"}:
            return (folder / {"pem": "ca.pem", "other": "other/ca.pem"}[what]).read_bytes()
        (folder / "data").write_bytes(data)
        digest = "-sha512" if what == "sha512" else "-sha256"
        words = [openssl, "ts", "-query", "-data", "data", digest, "-cert", "-out", "asked"]
        subprocess.run(words, cwd=folder, check=True, capture_output=True)
        (folder / "answer").write_bytes(running.stamp((folder / "asked").read_bytes()))
        if what == "tst":
            words = [openssl, "ts", "-reply", "-in", "answer", "-token_out", "-out", "token"]
            subprocess.run(words, cwd=folder, check=True, capture_output=True)
        return (folder / ("token" if what == "tst" else "answer")).read_bytes()

    return stamp


PEM, STAMP = "data/autorites/01.pem", f"{forge.PREUVES}checkpoint-01.tsr"


def stamped(authority: Callable[[str, bytes], bytes], *, pem: str = "pem") -> Bundle:
    story = forge.small_story()
    story.files[PEM] = authority(pem, b"")
    story.export = {
        "authorities": [{"certificates": PEM, "name": "Horodateur"}, {"certificates": PEM, "name": "Second"}]
    }
    story.close()
    bundle = story.seal()
    bundle.members[STAMP] = authority("tsr", bundle.members[forge.CHECKPOINT])
    bundle.members[forge.TOKEN] = authority("tst", bundle.contained()[forge.MANIFEST])
    return bundle


def test_stamps_are_verified_to_the_certificates_of_the_bundle(authority: Callable[[str, bytes], bytes]) -> None:
    report = verify.verify(stamped(authority).pack(), pinned(NEW))
    assert failed(report) == []
    assert re.fullmatch(
        r"Horodateur : \d\d/\d\d/\d{4} à [\d:]{8} UTC, signature contrôlée, jusqu’aux certificats DU DOSSIER LUI-MÊME ; archive : .*"
        r"LUI-MÊME ; Second : horodatage en attente",
        report.checks[10].detail,
    )


def test_stamps_are_verified_to_roots_from_elsewhere(authority: Callable[[str, bytes], bytes]) -> None:
    archive = stamped(authority).pack()
    report = verify.verify(archive, roots=authority("pem", b""))
    assert failed(report) == []
    assert "jusqu’aux certificats de --ca" in report.checks[10].detail
    assert failed(verify.verify(archive, roots=authority("other", b""))) == ["11-stamps"]


def test_a_stamp_of_another_authority_than_said_is_refused(authority: Callable[[str, bytes], bytes]) -> None:
    assert failed(verify.verify(stamped(authority, pem="other").pack())) == ["11-stamps"]


def test_without_openssl_the_signature_is_said_unverified(authority: Callable[[str, bytes], bytes]) -> None:
    report = verify.verify(stamped(authority).pack(), openssl="")
    assert failed(report) == []
    assert "signature non contrôlée" in report.checks[10].detail


def test_an_openssl_too_old_or_foreign_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    assert verify.find_openssl() == shutil.which("openssl")
    for said in (b"LibreSSL 3.3.6\n", b"OpenSSL 1.0.2k-fips\n", b""):
        monkeypatch.setattr(verify, "called", lambda *_, said=said: (0, said))
        assert verify.find_openssl() == ""
    monkeypatch.setattr(shutil, "which", lambda _: "./openssl")
    assert verify.find_openssl() == ""


@pytest.mark.parametrize("openssl", [None, ""])
@pytest.mark.parametrize("name", [STAMP, forge.TOKEN])
def test_a_stamp_of_other_bytes_is_refused_with_and_without_openssl(
    authority: Callable[[str, bytes], bytes], name: str, openssl: str | None
) -> None:
    bundle = stamped(authority)
    bundle.members[name] = authority("tsr" if name == STAMP else "tst", b"other bytes")
    assert failed(verify.verify(bundle.pack(), openssl=openssl)) == ["11-stamps"]


def test_a_stamp_in_sha512_is_refused(authority: Callable[[str, bytes], bytes]) -> None:
    bundle = stamped(authority)
    bundle.members[STAMP] = authority("sha512", bundle.members[forge.CHECKPOINT])
    bundle.members.pop(forge.TOKEN)
    assert failed(verify.verify(bundle.pack(), openssl="")) == ["11-stamps"]


def test_a_stamp_with_no_authority_or_another_number_is_refused(authority: Callable[[str, bytes], bytes]) -> None:
    bundle = stamped(authority)
    bundle.members.pop(forge.TOKEN)
    bundle.members[STAMP.replace("01", "03")] = bundle.members[STAMP]
    assert failed(verify.verify(bundle.pack())) == ["11-stamps"]
    alone = small()
    alone.members[forge.TOKEN] = authority("tst", alone.contained()[forge.MANIFEST])
    assert failed(verify.verify(alone.pack(), openssl="")) == ["11-stamps"]


def dated(response: bytes, form: bytes, kept: int) -> bytes:
    """The response with another instant, of which the first characters are kept."""
    at = response.index(b"\x18\x0f20") + 2
    return response[:at] + form % response[at : at + kept] + response[at + 15 :]


def test_a_refusal_a_bare_token_and_a_wrapped_one_are_refused(authority: Callable[[str, bytes], bytes]) -> None:
    good = stamped(authority)
    response = good.members[STAMP]
    for bad in (
        bytes.fromhex("30053003020102"),
        response.replace(bytes.fromhex("0609608648016503040201"), bytes.fromhex("0609608648016503040202")),
        dated(response, b"%bz", 14),
        dated(response, b"%b1301000000Z", 4),
        dated(response, b"%b240000Z", 8),
        response + b"\x05\0",
        response.replace(b"\x02\x01\x03\x31", b"\x02\x01\x03\x30", 1),
        response.replace(b"\x02\x01\x01\x06", b"\x02\x01\x02\x06", 1),
        response.replace(b"\x30\x03\x02\x01\x00", b"\x30\x03\x0a\x01\x00", 1),
        response.replace(bytes.fromhex("06092a864886f70d010702"), bytes.fromhex("06092a864886f70d010701"), 1),
        response.replace(bytes.fromhex("060b2a864886f70d0109100104"), bytes.fromhex("060b2a864886f70d0109100105"), 1), b"", b"\x30", b"\x30\x80\0\0", b"\x30\x84\xff\xff\xff\xff", response + b"\0", response[:-1],
        good.members[forge.TOKEN], response.replace(b"\x30\x03\x02\x01\x00", b"\x30\x03\x02\x01\x02", 1), b"\x30\xff" + bytes(200),
    ):  # fmt: skip
        assert bad != response
        good.members[STAMP] = bad
        good.members.pop(forge.TOKEN, None)
        assert failed(verify.verify(good.pack(), openssl="")) == ["11-stamps"]


@pytest.mark.parametrize(
    "data",
    [
        b"\x30", b"\x1f\x00", b"\x3f\x01\x00", b"\x30\x80", b"\x30\x80\0\0", b"\x30\x01", b"\x30\x81\x05hello", b"\x30\x82\x00\x81" + bytes(129),
        b"\x30\x82\x01", b"\x30\xff" + bytes(300), b"\x31\x00", b"",
    ],
)  # fmt: skip
def test_der_is_read_strictly(data: bytes) -> None:
    assert verify.der(b"\x30\x81\x80" + bytes(128), "30", "here") == [bytes(128)]
    with pytest.raises(verify.Defect, match=r"^here : "):
        verify.der(data, "30", "here")


def test_a_token_with_something_after_it_is_refused(authority: Callable[[str, bytes], bytes]) -> None:
    bundle = stamped(authority)
    bundle.members[forge.TOKEN] += b"\x05\0"
    assert failed(verify.verify(bundle.pack(), openssl="")) == ["11-stamps"]


def test_every_flip_of_what_a_stamp_signs_is_refused_by_openssl(authority: Callable[[str, bytes], bytes]) -> None:
    bundle = stamped(authority)
    bundle.members.pop(forge.TOKEN)
    response = bundle.members[STAMP]
    at = response.index(bytes.fromhex("0b2a864886f70d0109100104")) + 12
    for offset in range(at, at + 60, 9):
        bundle.members[STAMP] = response[:offset] + bytes([response[offset] ^ 1]) + response[offset + 1 :]
        assert failed(verify.verify(bundle.pack())) == ["11-stamps"]
