"""Timestamps from an authority of our own: verified before they are kept; one that is down, or lies, delays the stamp only."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.application import Relance
from adapters.clock import SystemClock
from adapters.seal.authority import Authority, AuthoritySilent, ask, verify
from adapters.seal.fsck import fsck
from adapters.seal.sealing import checkpoint
from adapters.seal.stamps import Stamps
from domain.errors import EvidenceBroken, InvalidInput, Misuse, NotFound
from tests.adapters.seal import tsa
from tests.adapters.seal.logs import append, untied, without_tree

NOW = SystemClock().now


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert tsa.OPENSSL, "openssl is wanted to play the authority (Debian: openssl)"
    made = tmp_path_factory.mktemp("tsa") / "ours"
    tsa.make(made)
    return made


@pytest.fixture
def authority(folder: Path) -> Iterator[tsa.Authority]:
    with tsa.serving(folder) as running:
        yield running


@pytest.fixture
def stamps(app: Relance, authority: tsa.Authority) -> Stamps:
    """A sealed log, and an authority that is kept."""
    append(app, 3)
    checkpoint(app)
    stamps = Stamps(app)
    stamps.configure("ours", authority.url, (authority.folder / "ca.pem").read_bytes())
    return stamps


def wanted(stamps: Stamps) -> None:
    stamps.want(stamps.newest(), stamps.authorities())


def test_a_checkpoint_is_stamped_as_it_was_signed(stamps: Stamps, authority: tsa.Authority) -> None:
    wanted(stamps)
    ((stamp,), waiting) = stamps.stamp(NOW)
    assert waiting == []
    assert (stamp.size, stamp.authority.name) == (3, "ours")
    assert abs(stamp.at - NOW()) < dt.timedelta(minutes=1)
    assert stamp.response == authority.kept[0]
    assert stamps.of() == [stamp]
    assert verify(stamp.authority, stamps.newest().raw, stamp.response) == stamp.at
    assert fsck(stamps.app).first is None
    wanted(stamps)
    assert stamps.stamp(NOW) == ([], [])
    assert authority.asked == 1


def test_an_authority_that_is_down_delays_the_stamp_and_nothing_else(stamps: Stamps, authority: tsa.Authority) -> None:
    url = authority.url
    gone = Authority(1, "ours", f"{tsa.HTTP}127.0.0.1:9/tsr", b"")
    stamps.configure("ours", gone.url, (authority.folder / "ca.pem").read_bytes())
    wanted(stamps)
    came, (waiting,) = stamps.stamp(NOW)
    assert came == []
    assert f"ours does not answer at {tsa.HTTP}127.0.0.1:9/tsr" in waiting.why
    append(stamps.app, 1)
    assert checkpoint(stamps.app).size == 4  # acts and signatures go on
    wanted(stamps)
    assert "2 wanted and not there yet" in fsck(stamps.app).said["6-stamps"]
    stamps.configure("ours", url, (authority.folder / "ca.pem").read_bytes())
    came, waiting_still = stamps.stamp(NOW)
    assert ([each.size for each in came], waiting_still) == ([3, 4], [])


@pytest.mark.parametrize(
    ("mood", "words"),
    [
        ("error", "answered 500"), ("empty", "no stamp"), ("long", "no stamp"), ("html", "cannot be read as a timestamp"),
        ("flip", "ours"), ("refusal", "ours"),
    ],
)  # fmt: skip
def test_what_it_answers_is_verified_before_it_is_kept(
    stamps: Stamps, authority: tsa.Authority, mood: str, words: str
) -> None:
    authority.mood = mood
    wanted(stamps)
    came, (waiting,) = stamps.stamp(NOW)
    assert came == []
    assert words in waiting.why
    assert stamps.of() == []
    authority.mood = "honest"
    assert len(stamps.stamp(NOW)[0]) == 1


def test_an_answer_to_another_request_is_refused(stamps: Stamps, authority: tsa.Authority) -> None:
    wanted(stamps)
    stamps.stamp(NOW)
    authority.mood = "replay"
    kept = stamps.newest()
    asked = stamps.authorities()[0]
    with pytest.raises(EvidenceBroken, match="Nonce"):
        ask(asked, kept.raw, NOW())
    with pytest.raises(EvidenceBroken, match="Mismatch between messages"):
        verify(asked, kept.raw + b"x", authority.kept[0])


def test_a_token_of_another_day_than_today_is_refused(stamps: Stamps) -> None:
    wanted(stamps)
    came, (waiting,) = stamps.stamp(lambda: NOW() + dt.timedelta(hours=1))
    assert came == []
    assert "one of the clocks is wrong" in waiting.why
    assert len(stamps.stamp(NOW)[0]) == 1


def test_the_certificate_must_be_one_for_stamps_by_the_authority_that_is_kept(
    stamps: Stamps, authority: tsa.Authority, tmp_path: Path
) -> None:
    stranger = tsa.make(tmp_path / "stranger", "Stranger")
    stamps.configure("ours", authority.url, stranger.read_bytes())
    wanted(stamps)
    assert "does not hold" in stamps.stamp(NOW)[1][0].why
    web = tsa.make(tmp_path / "web", "Web", is_for_stamps=False)
    with tsa.serving(tmp_path / "web") as other:
        stamps.configure("ours", other.url, web.read_bytes())
        assert stamps.stamp(NOW)[1]
    assert stamps.of() == []


def test_a_stamp_made_after_the_certificate_expired_is_refused(stamps: Stamps, tmp_path: Path) -> None:
    late = tsa.make(tmp_path / "late", "Late", expired_ago=1)
    with tsa.serving(tmp_path / "late") as other:
        stamps.configure("ours", other.url, late.read_bytes())
        wanted(stamps)
        came, (waiting,) = stamps.stamp(NOW)
    assert other.kept
    assert came == []
    assert "does not hold" in waiting.why


def test_a_stamp_that_was_changed_or_moved_is_found(stamps: Stamps) -> None:
    wanted(stamps)
    ((stamp,), _) = stamps.stamp(NOW)
    changed = bytearray(stamp.response)
    changed[-20] ^= 1
    untied(stamps.app)
    stamps.seals.db.execute("UPDATE stamp SET response = ?", (bytes(changed),))
    assert list(fsck(stamps.app).faults) == ["6-stamps"]
    stamps.seals.db.execute("UPDATE stamp SET response = ?, stamped_us = stamped_us - 86400000000", (stamp.response,))
    assert "its row" in fsck(stamps.app).faults["6-stamps"].what
    append(stamps.app, 1)
    checkpoint(stamps.app)
    stamps.seals.db.execute("UPDATE stamp SET checkpoint = 2, stamped_us = stamped_us + 86400000000")
    assert fsck(stamps.app).faults["6-stamps"].position == 4


def test_an_authority_is_kept_with_its_certificates(stamps: Stamps, authority: tsa.Authority) -> None:
    pem = (authority.folder / "ca.pem").read_bytes()
    (known,) = stamps.authorities()
    assert stamps.configure("ours", authority.url, pem) == known
    assert stamps.configure("other", authority.url, pem).number == 2
    wanted(stamps)
    assert len(stamps.stamp(NOW)[0]) == 2
    assert {each.authority.name for each in stamps.of(1)} == {"ours", "other"}
    assert stamps.of(2) == []
    for url in (f"ftp{tsa.HTTP[4:]}x/", "tsa.example", tsa.HTTP, f"{tsa.HTTP}user:secret@tsa.example/"):
        with pytest.raises(Misuse, match="not the address"):
            stamps.configure("third", url, pem)
    with pytest.raises(InvalidInput, match="no certificate in PEM"):
        stamps.configure("third", authority.url, b"nothing", file="ca.pem")
    with pytest.raises(InvalidInput, match="no root certificate"):
        stamps.configure("third", authority.url, (authority.folder / "tsa.pem").read_bytes())


def test_a_log_that_was_never_signed_has_nothing_to_stamp(app: Relance) -> None:
    without_tree(app)
    stamps = Stamps(app)
    assert [stamps.authorities(), stamps.waiting(), stamps.of()] == [[], [], []]
    with pytest.raises(NotFound, match="relance log checkpoint"):
        stamps.newest()
    assert issubclass(AuthoritySilent, Exception)
