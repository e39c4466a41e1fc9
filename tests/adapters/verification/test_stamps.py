"""Check 11: stamps of the checkpoint and of the container, by an authority of our own, and what is no stamp of theirs."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, decode_timestamp_response

from adapters.verification.bundle import BundleVerification, verify_bundle
from adapters.verification.stamps import granted
from domain.errors import EvidenceBroken
from tests.adapters.seal import tsa
from tests.adapters.verification.stories import LOG_KEY, Dossier, detail, failing, sealed
from tests.adapters.verifier.forge import CHECKPOINT, MANIFEST, TOKEN, Bundle

Verify = Callable[..., BundleVerification]
FIRST, SECOND = "data/preuves/checkpoint-01.tsr", "data/preuves/checkpoint-02.tsr"
NAMED = [{"certificates": f"data/certificats/tsa-{n:02d}.pem", "name": f"Autorité {n}"} for n in (1, 2)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two authorities that share nothing."""
    folder = tmp_path_factory.mktemp("authorities")
    for name in ("1", "2"):
        tsa.make(folder / name, name)
    return folder


def stamped(folder: Path, name: str, message: bytes, digest: HashAlgorithm = HashAlgorithm.SHA256) -> bytes:
    """What an authority answers."""
    request = TimestampRequestBuilder().data(message).hash_algorithm(digest).build()
    return tsa.Authority(folder / name).stamp(request.as_bytes())


@pytest.fixture
def waiting(story: Dossier, folder: Path) -> Bundle:
    """A bundle that names two authorities, of which none answered."""
    for each, name in zip(NAMED, "12", strict=True):
        story.files[each["certificates"]] = (folder / name / "ca.pem").read_bytes() + (
            folder / name / "tsa.pem"
        ).read_bytes()
    story.export = {"authorities": NAMED}
    return sealed(story)


@pytest.fixture
def good(waiting: Bundle, folder: Path) -> Bundle:
    """The same with the stamps of both, and the container stamped by the second."""
    for path, name in ((FIRST, "1"), (SECOND, "2")):
        waiting.members[path] = stamped(folder, name, waiting.members[CHECKPOINT])
    manifest = waiting.contained()[MANIFEST]
    waiting.members[TOKEN] = decode_timestamp_response(stamped(folder, "2", manifest)).time_stamp_token()
    return waiting


def test_stamps_that_wait_are_said_to_wait(waiting: Bundle, verify: Verify) -> None:
    found = verify(waiting)
    assert found.verdict == "conform"
    assert detail(found, "11-stamps") == "Autorité 1: stamp pending; Autorité 2: stamp pending"


def test_without_an_authority_it_is_said_that_nothing_is_stamped(bundle: Bundle, verify: Verify) -> None:
    assert detail(verify(bundle), "11-stamps").startswith("no timestamp")


def test_stamps_that_hold_say_when(good: Bundle, verify: Verify) -> None:
    found = verify(good)
    assert found.verdict == "conform", found
    told = detail(found, "11-stamps")
    assert told.count("stamped at 20") == 3
    assert "the certificates are those of the file itself" in told


def test_stamps_lead_to_the_roots_that_are_given(good: Bundle, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "dossier.zip").write_bytes(good.pack())
    roots = [x509.load_pem_x509_certificate((folder / name / "ca.pem").read_bytes()) for name in "12"]
    found = verify_bundle(tmp_path / "dossier.zip", [LOG_KEY], roots=roots)
    assert found.verdict == "conform"
    assert "of the file itself" not in detail(found, "11-stamps")
    assert failing(verify_bundle(tmp_path / "dossier.zip", [LOG_KEY], roots=roots[:1])) == ["11-stamps"]


def test_a_root_that_is_given_wants_a_stamp(waiting: Bundle, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "dossier.zip").write_bytes(waiting.pack())
    root = x509.load_pem_x509_certificate((folder / "1" / "ca.pem").read_bytes())
    assert failing(verify_bundle(tmp_path / "dossier.zip", [LOG_KEY], roots=[root])) == ["11-stamps"]


def changed(name: str, at: int) -> Callable[[Bundle, Path], None]:
    """A byte of a stamp is another."""

    def apply(bundle: Bundle, _: Path) -> None:
        raw = bytearray(bundle.members[name])
        raw[at] ^= 1
        bundle.members[name] = bytes(raw)

    return apply


def put(name: str, make: Callable[[Bundle, Path], bytes]) -> Callable[[Bundle, Path], None]:
    return lambda bundle, folder: bundle.members.update({name: make(bundle, folder)})


@pytest.mark.parametrize(
    "change",
    [
        changed(FIRST, 6),
        changed(FIRST, -20),
        changed(FIRST, 120),
        put(FIRST, lambda bundle, _: bundle.members[SECOND]),
        put(FIRST, lambda bundle, _: bundle.members[FIRST][:-1]),
        put(FIRST, lambda bundle, _: bundle.members[FIRST] + b"\0"),
        put(FIRST, lambda bundle, _: bundle.members[TOKEN]),
        put(FIRST, lambda bundle, folder: stamped(folder, "1", bundle.members[CHECKPOINT] + b"\n")),
        put(FIRST, lambda bundle, folder: stamped(folder, "1", bundle.members[CHECKPOINT], HashAlgorithm.SHA512)),
        put(FIRST, lambda *_: bytes.fromhex("30053003020102")),
        put(FIRST, lambda *_: b""),
        put("data/preuves/checkpoint-03.tsr", lambda bundle, _: bundle.members[FIRST]),
    ],
)
def test_what_is_no_stamp_of_the_checkpoint_is_broken(
    good: Bundle, verify: Verify, folder: Path, change: Callable[[Bundle, Path], None]
) -> None:
    change(good, folder)
    del good.members[TOKEN]  # it is over the other stamps too, and would break with them
    assert failing(verify(good)) == ["11-stamps"]


@pytest.mark.parametrize(
    "change",
    [
        changed(TOKEN, -20),
        changed(TOKEN, 0),
        put(TOKEN, lambda bundle, _: bundle.members[TOKEN] + b"\0"),
        put(TOKEN, lambda bundle, _: bundle.members[TOKEN][:-1]),
        put(TOKEN, lambda *_: b""),
        put(TOKEN, lambda bundle, _: decode_timestamp_response(bundle.members[FIRST]).time_stamp_token()),
        put(TOKEN, lambda bundle, _: bundle.members[SECOND]),
        put(SECOND, lambda bundle, folder: stamped(folder, "2", bundle.members[CHECKPOINT])),
    ],
)
def test_what_is_no_stamp_of_the_container_is_broken(
    good: Bundle, verify: Verify, folder: Path, change: Callable[[Bundle, Path], None]
) -> None:
    change(good, folder)
    assert failing(verify(good)) == ["11-stamps"]


@pytest.mark.parametrize("path", ["data/certificats/none.pem", "../tsa.pem", "mimetype", "data/noms.json"])
def test_certificates_that_are_not_there_are_broken(story: Dossier, verify: Verify, folder: Path, path: str) -> None:
    story.export = {"authorities": [{"certificates": path, "name": "Autorité"}]}
    bundle = sealed(story)
    bundle.members[FIRST] = stamped(folder, "1", bundle.members[CHECKPOINT])
    assert failing(verify(bundle)) == ["11-stamps"]


@pytest.mark.parametrize("named", [[{"name": "x"}], ["x"], [{"certificates": "x", "name": 1}], [[]], [{}] * 100])
def test_authorities_that_are_none_are_broken(story: Dossier, verify: Verify, named: list[object]) -> None:
    story.export = {"authorities": named}
    assert "11-stamps" in failing(verify(sealed(story)))


def test_a_token_is_one_whole_sequence() -> None:
    assert granted(b"\x30\x00") == bytes.fromhex("3007 3003020100 3000")
    for wrong in (b"", b"\x30", b"\x30\x01", b"\x30\x00\x00", b"\x30\x81\x00", b"\x31\x00"):
        with pytest.raises(EvidenceBroken):
            granted(wrong)
