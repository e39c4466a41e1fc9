"""Exports under a timestamping authority and a certificate: stamped where it answers, delayed where it does not, never wrong."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.clock import SystemClock
from adapters.dossier.subject import Wanted
from adapters.seal.cachet_key import Cachet
from adapters.seal.stamps import Stamps, saved
from adapters.verification.bundle import verify_bundle
from domain.errors import Misuse, NotFound
from tests.adapters.dossier.case import SHIPPED, Case, conform, files
from tests.adapters.seal import tsa
from tests.adapters.seal.sealed import cachet, house

__all__ = ["cachet", "house"]

STAMP = "META-INF/timestamp001.tst"


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[tsa.Authority]:
    tsa.make(tmp_path / "tsa")
    with tsa.serving(tmp_path / "tsa") as serving:
        yield serving


@pytest.fixture
def case(tmp_path: Path, authority: tsa.Authority) -> Case:
    """A case of today, as an authority stamps at its own hour."""
    made = Case(tmp_path)
    made.clock.at = dt.datetime.now(dt.UTC)
    Stamps(made.office.app).configure("Horodateur d’essai", authority.url, (tmp_path / "tsa" / "ca.pem").read_bytes())
    return made


def detail(path: Path, check: str) -> str:
    return next(each.detail for each in verify_bundle(path).checks if each.id == check)


def test_the_checkpoint_and_the_container_are_stamped(case: Case, tmp_path: Path) -> None:
    made = case.export()
    names = files(made)
    assert STAMP in names
    assert "data/preuves/checkpoint-01.tsr" in names
    assert names["data/certificats/tsa-01.pem"] == (tmp_path / "tsa" / "ca.pem").read_bytes()
    assert (made.stamps, made.waiting) == (1, ())
    conform(made, case.key)
    root = (tmp_path / "tsa" / "ca.pem").read_bytes()
    told = SHIPPED.verify(made.path.read_bytes(), [SHIPPED.read_key(case.key)], root)
    assert told.verdict == "conform"
    assert "certificats de --ca" in told.checks[10].detail
    assert case.again(made.closed.position).path.read_bytes() == made.path.read_bytes()


@pytest.mark.parametrize("mood", ["error", "html", "empty", "refusal", "flip", "long"])
def test_an_authority_that_fails_or_lies_delays_its_stamp_and_nothing_else(
    case: Case, authority: tsa.Authority, mood: str
) -> None:
    authority.mood = mood
    made = case.export()
    assert STAMP not in files(made)
    ((name, why),) = made.waiting
    assert name == "Horodateur d’essai"
    assert why
    conform(made, case.key)
    authority.mood = "honest"
    assert case.again(made.closed.position).path.read_bytes() == made.path.read_bytes()


def test_a_stamp_that_came_late_is_handed_over_as_a_file_of_its_own(case: Case, authority: tsa.Authority) -> None:
    authority.mood = "error"
    made = case.export()
    authority.mood = "honest"
    stamps = Stamps(case.office.app)
    with pytest.raises(NotFound, match="no stamp is kept"):
        saved(stamps, case.out / "stamps")
    stamps.stamp(SystemClock().now)
    names = saved(stamps, case.out / "stamps")
    assert case.again(made.closed.position).stamped_since == 1
    (stamped,) = [name for name in names if name.endswith(".tsr")]
    note = (case.out / "stamps" / f"checkpoint-{made.checkpoint}.txt").read_bytes()
    assert note == files(made)["data/preuves/checkpoint.txt"]
    assert stamped.startswith(f"checkpoint-{made.checkpoint}-")
    assert authority.kept[-1] == (case.out / "stamps" / stamped).read_bytes()
    with pytest.raises(Misuse, match="not an empty folder"):
        saved(stamps, case.out / "stamps")


def test_a_stamp_of_something_else_is_refused_by_both(case: Case) -> None:
    one, two = case.export(name="one.asice"), case.export(name="two.asice")
    name = "data/preuves/checkpoint-01.tsr"
    from adapters.dossier.container import bagged, packed  # noqa: PLC0415

    whole = files(two)
    token = whole.pop(STAMP)
    data = {path: content for path, content in whole.items() if path.startswith("data/")}
    forged = packed(bagged(data | {name: files(one)[name]}) | {STAMP: token})
    path = case.out / "forged.asice"
    path.write_bytes(forged)
    ours = {each.id for each in verify_bundle(path).checks if not each.ok}
    theirs = {each.id for each in SHIPPED.verify(forged).checks if not each.ok}
    assert "11-stamps" in ours
    assert "11-stamps" in theirs


def test_the_pages_are_sealed_by_a_certificate(case: Case, cachet: Cachet) -> None:
    made = case.export(wanted=Wanted(cachet=cachet))
    assert made.made
    assert made.made.level in {"B-T", "B-LTA"}
    conform(made, case.key)
    assert "no cachet" not in detail(made.path, "15-cachet")
    again = case.again(made.closed.position)
    assert again.path.read_bytes() == made.path.read_bytes(), "signatures are not drawn twice"
