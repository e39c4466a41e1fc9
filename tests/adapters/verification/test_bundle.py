"""The whole verification: whatever a file holds, each check passes or breaks, and nothing but a whole file is conform."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.verification import journal
from adapters.verification.bundle import BundleVerification, verify_bundle
from domain.errors import NotFound
from tests.adapters.verification.stories import LOG_KEY, Dossier, detail, failing, sealed
from tests.adapters.verifier.forge import EVENTS, Bundle, zipped

Verify = Callable[..., BundleVerification]
CHECKS = [
    "1-archive", "2-manifests", "3-leaves", "4-inclusion", "5-chain", "6-closing", "7-openings", "8-checkpoint", "9-consistency", "10-heads",
    "11-stamps", "12-path", "13-figures", "14-rulebooks", "15-cachet",
]  # fmt: skip


def around(bundle: Bundle, name: str, content: bytes) -> bytes:
    """The archive with another content of one file, the manifests made to fit where that can be."""
    try:
        return Bundle(bundle.members | {name: content}).pack()
    except (ValueError, TypeError, LookupError, RecursionError):
        return zipped(list((bundle.contained() | {name: content}).items()))


def test_a_good_file_is_conform_under_the_key_of_its_log(bundle: Bundle, verify: Verify) -> None:
    found = verify(bundle)
    assert [check.id for check in found.checks] == CHECKS
    assert (found.verdict, found.is_sealed, found.position, failing(found)) == ("conform", True, None, [])


def test_the_same_file_is_judged_the_same_twice(bundle: Bundle, verify: Verify) -> None:
    assert verify(bundle) == verify(bundle)


def test_no_file_and_what_is_no_file_are_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="cannot be read"):
        verify_bundle(tmp_path / "none.zip")
    with pytest.raises(NotFound, match="not a file"):
        verify_bundle(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotFound, match="not a file"):
        verify_bundle(tmp_path / "pipe")


@pytest.mark.parametrize(
    "content", [b"", b"\0", b"PK", b"PK\x05\x06" + bytes(18), b"PK\x05\x06" + b"\xff" * 18, bytes(4096)]
)
def test_what_is_no_dossier_breaks_every_check(verify: Verify, content: bytes) -> None:
    found = verify(content)
    assert failing(found) == CHECKS
    assert found.told is None


def test_a_changed_byte_is_never_conform(bundle: Bundle, verify: Verify) -> None:
    file = bundle.pack()
    drawn = random.Random(20261122)
    for at in sorted(drawn.sample(range(len(file)), 150)):
        changed = bytearray(file)
        changed[at] ^= 1 << drawn.randrange(8)
        assert verify(bytes(changed)).verdict == "broken", at


def test_a_changed_byte_of_any_file_is_never_conform_though_all_around_it_fits(bundle: Bundle, verify: Verify) -> None:
    drawn = random.Random(20261123)
    for name, content in list(bundle.members.items()):
        for at in {0, len(content) - 1, *drawn.sample(range(len(content)), min(5, len(content)))} - {-1}:
            changed = bytearray(content)
            changed[at] ^= 1
            found = verify(around(bundle, name, bytes(changed)))
            assert found.verdict == "broken", (name, at)


@pytest.mark.parametrize(
    "name", sorted({"data/export.json", "data/resume.json", "data/preuves/coherence.json", "data/preuves/tetes.json"})
)
@pytest.mark.parametrize(
    "content",
    [b"", b"{}\n", b"[]\n", b"null\n", b"[" * 300_000, b'{"a":' * 5_000 + b"1" + b"}" * 5_000, b"1" * 5_000, b"-0\n", b"1e999\n", b"\xff\xfe\n", b"true\n"],
)  # fmt: skip
def test_hostile_json_breaks_what_rests_on_it_and_nothing_falls(
    bundle: Bundle, verify: Verify, name: str, content: bytes
) -> None:
    found = verify(around(bundle, name, content))
    assert found.verdict == "broken"
    assert [check.id for check in found.checks] == CHECKS


def test_a_library_that_panics_has_not_passed_a_check(
    bundle: Bundle, verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Panic(BaseException):
        """As those of Rust: no Exception."""

    def panics(_: object) -> str:
        raise Panic("thread panicked")

    monkeypatch.setattr(journal, "check_openings", panics)
    assert failing(verify(bundle, beyond="7-openings")) == ["7-openings"]


def test_an_interruption_is_one(bundle: Bundle, verify: Verify, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(journal, "check_openings", interrupted)
    with pytest.raises(KeyboardInterrupt):
        verify(bundle)


def test_what_a_file_says_never_moves_the_cursor(story: Dossier, verify: Verify) -> None:
    story.files["data/x"] = b"certificates"
    story.export = {"authorities": [{"certificates": "data/x", "name": "A\x1b[2J\nok      11-stamps"}]}
    told = detail(verify(sealed(story)), "11-stamps")
    assert told.isprintable()


def test_what_could_not_be_read_is_told_where_it_is_wanted(bundle: Bundle, verify: Verify) -> None:
    bundle.members[EVENTS] = b"\n"
    found = verify(bundle)
    assert detail(found, "12-path").startswith("not checked, for want of the journal: ")
    assert "8-checkpoint" not in failing(found)


def test_an_earlier_key_than_those_of_the_file_is_refused(bundle: Bundle, tmp_path: Path) -> None:
    other = type(LOG_KEY)(LOG_KEY.name, LOG_KEY.kind, bytes(32))
    (tmp_path / "x.zip").write_bytes(bundle.pack())
    assert failing(verify_bundle(tmp_path / "x.zip", [other])) == ["8-checkpoint"]
