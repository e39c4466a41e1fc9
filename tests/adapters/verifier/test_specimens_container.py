"""Specimens of FORMAT.md, sections 1 and 2: the archive and its manifests, each rule broken alone."""

from collections.abc import Callable

import pytest

from tests.adapters.verifier import forge
from tests.adapters.verifier.forge import CHECKPOINT, CONSISTENCY, EVENTS, HEADS, KEYS, OTHERS, Bundle
from tests.adapters.verifier.judged import EXPORT, PIECE, SUMMARY, only, refused, with_first

# 1. The archive


@pytest.mark.parametrize(
    "name",
    [
        "data/a b.pdf", "data/é.pdf", "data/../a", "data/./a", "data/..", "/data/a", "data//a", "data/dossier/", "data/a\\b", "racine.txt", "META-INF/autre.xml",
        "META-INF/signature001.p7s", "data/journal/autre.jsonl", "data/preuves/autre.txt", "data/preuves/checkpoint-00.tsr",
        "data/preuves/checkpoint-1.tsr", "data/preuves/checkpoint-100.tsr", "data/preuves/x/checkpoint-01.tsr", "fetch.txt", "data",
    ],
)  # fmt: skip
def test_1_a_forbidden_member_is_refused(bundle: Bundle, name: str) -> None:
    bundle.members[name] = b"?"
    assert "1-archive" in refused(bundle.pack())


@pytest.mark.parametrize(
    "name",
    ["data/00-dossier.pdf", EXPORT, SUMMARY, "data/noms.json", EVENTS, OTHERS, CHECKPOINT, forge.WITNESSES, KEYS, CONSISTENCY, HEADS],
)  # fmt: skip
def test_1_a_missing_member_is_refused(bundle: Bundle, name: str) -> None:
    bundle.members.pop(name)
    assert "1-archive" in refused(bundle.pack())


@pytest.mark.parametrize(
    "name", ["mimetype", "bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt", forge.MANIFEST]
)
def test_1_a_missing_tag_file_is_refused(bundle: Bundle, name: str) -> None:
    whole = bundle.contained()
    whole.pop(name)
    with_first(forge.zipped(list(whole.items())), "1-archive")


def test_1_the_zip_is_the_only_one_its_members_form(bundle: Bundle) -> None:
    members = list(bundle.contained().items())
    good = forge.zipped(members)
    assert refused(good) == []
    at = good.index(b"PK\x01\x02")
    for bad in (
        good + b"\0", b"\0" + good, forge.zipped(members, comment=b"x"), forge.zipped(members, between=b"x"), good[:-1], good[: at + 9],
        good[:10] + b"\1" + good[11:], good[: at + 38] + b"\xff" + good[at + 39 :], good[:at] + good[at + 46 :],
        good.replace(b"PK\x03\x04\x14\0\0\0\0\0", b"PK\x03\x04\x14\0\0\x08\0\0"), good.replace(b"PK\x01\x02\x14\x03", b"PK\x01\x02\x14\0"),
    ):  # fmt: skip
        assert "1-archive" in refused(bad)


def test_1_another_order_is_refused(bundle: Bundle) -> None:
    members = list(bundle.contained().items())
    only(forge.zipped([members[0], *reversed(members[1:])]), "1-archive")
    only(forge.zipped(sorted(members)), "1-archive")


def test_1_a_member_twice_breaks_everything(bundle: Bundle) -> None:
    members = list(bundle.contained().items())
    at = [name for name, _ in members].index(PIECE)
    for other in (members[at], (PIECE, b"another")):
        assert len(refused(forge.zipped([*members[: at + 1], other, *members[at + 1 :]]))) == 11


def test_1_a_gigantic_declared_size_is_refused_at_once(bundle: Bundle) -> None:
    archive = bytearray(bundle.pack())
    archive[18:26] = b"\xff" * 8
    assert len(refused(bytes(archive))) == 11


# 2. The manifests


@pytest.mark.parametrize(
    "name", ["bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt", "mimetype"]
)
@pytest.mark.parametrize(
    "change", [lambda text: text + b"\n", lambda text: text[:-1], lambda text: text.replace(b"a", b"b", 1)]
)
def test_2_a_tag_file_is_the_one_the_others_make(bundle: Bundle, name: str, change: Callable[[bytes], bytes]) -> None:
    bundle.members[name] = change(bundle.contained()[name])
    only(bundle.pack(), "2-manifests")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ASiCManifest xmlns", "ASiCManifest  xmlns"), ("timestamp001.tst", "timestamp002.tst"), ("xmlenc#sha256", "xmlenc#sha512"),
        ('URI="bagit.txt"', 'URI="bogit.txt"'), ("=</ds:DigestValue>", "</ds:DigestValue>"), ("\n<asic", "<asic"), ("<?xml", "<!-- --><?xml"),
    ],
)  # fmt: skip
def test_2_the_asic_manifest_is_the_one_the_others_make(bundle: Bundle, old: str, new: str) -> None:
    bundle.members[forge.MANIFEST] = bundle.contained()[forge.MANIFEST]
    only(bundle.edit(forge.MANIFEST, old, new).pack(), "2-manifests")
