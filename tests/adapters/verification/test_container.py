"""Checks 1 and 2: one specimen for each rule of the archive and of its manifests, whatever is around it made to fit."""

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.verification import container
from adapters.verification.bundle import BundleVerification, verify_bundle
from tests.adapters.verification.stories import detail, failing
from tests.adapters.verifier.forge import Bundle, zipped

Verify = Callable[..., BundleVerification]
Members = list[tuple[str, bytes]]


def reordered(members: Members) -> Members:
    return [*members[1:], members[0]]


def swapped(members: Members) -> Members:
    return [*members[:-2], members[-1], members[-2]]


def doubled(members: Members) -> Members:
    return sorted([*members, members[-1]], key=lambda each: (each[0] != "mimetype", each[0]))


def with_one(name: str) -> Callable[[Members], Members]:
    return lambda members: sorted([*members, (name, b"x")], key=lambda each: (each[0] != "mimetype", each[0]))


def without(name: str) -> Callable[[Members], Members]:
    return lambda members: [each for each in members if each[0] != name]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (reordered, "not in their order"),
        (swapped, "not in their order"),
        (doubled, "stands twice"),
        (with_one("data/preuves/autre.txt"), "what no dossier has"),
        (with_one("data/preuves/checkpoint-00.tsr"), "what no dossier has"),
        (with_one("data/preuves/checkpoint-100.tsr"), "what no dossier has"),
        (with_one("data/journal/autre.jsonl"), "what no dossier has"),
        (with_one("META-INF/signature001.p7s"), "what no dossier has"),
        (with_one("autre.txt"), "what no dossier has"),
        (with_one("data/../x"), "none that a dossier has"),
        (with_one("data//x"), "none that a dossier has"),
        (with_one("/data/x"), "none that a dossier has"),
        (with_one("data/dossier/"), "none that a dossier has"),
        (with_one("data/é.pdf"), "none that a dossier has"),
        (with_one("data/a b.pdf"), "none that a dossier has"),
        (with_one(""), "none that a dossier has"),
        *((without(name), "lacks") for name in sorted(container._WANTED)),
    ],
)
def test_an_archive_of_other_members_is_broken(
    bundle: Bundle, verify: Verify, change: Callable[[Members], Members], words: str
) -> None:
    found = verify(zipped(change(list(bundle.contained().items()))))
    assert set(failing(found)) >= {"1-archive", "2-manifests", "3-leaves", "8-checkpoint", "15-cachet"}
    assert words in detail(found, "1-archive")


def set_bytes(find: bytes, at: int, value: bytes) -> Callable[[bytes], bytes]:
    """Bytes at an offset from the first or, for the end, the last place where others stand."""

    def change(file: bytes) -> bytes:
        place = (file.rindex(find) if find == b"PK\x05\x06" else file.index(find)) + at
        return file[:place] + value + file[place + len(value) :]

    return change


LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"


@pytest.mark.parametrize(
    "change",
    [
        lambda file: file + b"\n",
        lambda file: b"#!" + file,
        lambda file: file[:-1],
        lambda _: b"",
        lambda file: file[-22:],
        lambda _: END + bytes(18),
        lambda _: b"<html>not a zip</html>",
        *(
            set_bytes(LOCAL, at, value)
            for at, value in ((4, b"\x0a"), (6, b"\x08"), (8, b"\x08"), (10, b"\x01"), (12, b"\x22"), (14, b"\0\0\0\0"), (28, b"\x01"))
        ),
        *(
            set_bytes(CENTRAL, at, value)
            for at, value in (
                (4, b"\x15"), (5, b"\x00"), (6, b"\x0a"), (8, b"\x08"), (10, b"\x08"), (12, b"\x01"), (14, b"\x22"), (20, b"\x01"),
                (30, b"\x01"), (32, b"\x01"), (34, b"\x01"), (36, b"\x01"), (38, b"\x01"), (42, b"\x01"),
            )
        ),
        *(set_bytes(END, at, value) for at, value in ((4, b"\x01"), (8, b"\x01"), (10, b"\x01"), (12, b"\x01"), (16, b"\x01"), (20, b"\x01"))),
        lambda file: file.replace(b"BagIt-Version: 1.0", b"BagIt-Version: 1.1"),
    ],
)  # fmt: skip
def test_an_archive_of_other_bytes_is_broken(bundle: Bundle, verify: Verify, change: Callable[[bytes], bytes]) -> None:
    assert failing(verify(change(bundle.pack())))[0] == "1-archive"


def test_bytes_between_members_or_after_the_end_are_broken(bundle: Bundle, verify: Verify) -> None:
    members = list(bundle.contained().items())
    for file in (zipped(members, between=b"hidden"), zipped(members, comment=b"hidden")):
        assert failing(verify(file))[0] == "1-archive"


def test_a_compressed_archive_of_the_same_files_is_broken(bundle: Bundle, verify: Verify, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "other.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in bundle.contained().items():
            archive.writestr(zipfile.ZipInfo(name), content)
    assert failing(verify((tmp_path / "other.zip").read_bytes()))[0] == "1-archive"


def test_a_size_that_goes_beyond_the_file_is_broken(bundle: Bundle, verify: Verify) -> None:
    file = bytearray(bundle.pack())
    struct.pack_into("<II", file, file.index(CENTRAL) + 20, 2**32 - 1, 2**32 - 1)
    assert failing(verify(bytes(file)))[0] == "1-archive"


def test_a_file_too_long_for_an_archive_is_not_read(
    bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "long.zip"
    path.write_bytes(bundle.pack())
    monkeypatch.setattr(container, "MOST_BYTES", 1000)
    found = verify_bundle(path)
    assert len(failing(found)) == len(found.checks)
    assert "not read" in detail(found, "1-archive")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("mimetype", "asic-e", "asic-s"),
        ("mimetype", "+zip", "+zip\n"),
        ("bagit.txt", "1.0", "0.97"),
        ("bagit.txt", "UTF-8\n", "UTF-8"),
        ("bag-info.txt", "relance", "autre"),
        ("bag-info.txt", "2026-06-20", "2026-06-21"),
        ("bag-info.txt", "External-Identifier: ", "External-Identifier: 0"),
        ("bag-info.txt", "Payload-Oxum: ", "Payload-Oxum: 1"),
        ("bag-info.txt", "\n", "\r\n"),
        ("manifest-sha256.txt", "  data/", " *data/"),
        ("manifest-sha256.txt", "data/00-dossier.pdf\n", "data/00-dossier.pdf\n\n"),
        ("tagmanifest-sha256.txt", "mimetype\n", "mimetype"),
        ("META-INF/ASiCManifest001.xml", "<asic:SigReference", " <asic:SigReference"),
        ("META-INF/ASiCManifest001.xml", "timestamp001", "timestamp002"),
        ("META-INF/ASiCManifest001.xml", "DigestValue>", "DigestValue>A"),
        ("META-INF/ASiCManifest001.xml", "</asic:ASiCManifest>\n", "</asic:ASiCManifest>"),
    ],
)
def test_a_manifest_that_the_files_do_not_make_is_broken(
    bundle: Bundle, verify: Verify, name: str, old: str, new: str
) -> None:
    whole = bundle.contained()
    assert old in whole[name].decode()
    bundle.members[name] = whole[name].decode().replace(old, new, 1).encode()
    found = verify(bundle)
    assert failing(found) == ["2-manifests"]
    assert name in detail(found, "2-manifests")


def test_the_message_names_the_file_that_was_changed(bundle: Bundle, verify: Verify) -> None:
    whole = bundle.contained()
    manifest = whole["manifest-sha256.txt"]
    bundle.members |= {"manifest-sha256.txt": manifest, "data/noms.json": b'{"a":1}\n'}
    assert "data/noms.json" in detail(verify(bundle), "2-manifests")
