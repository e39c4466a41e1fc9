"""What a dossier holds, what it never holds, and that the same store makes the same content."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from adapters.application import Change, Context, new_id, plain
from adapters.dossier import container
from adapters.dossier.content import VERIFIER
from adapters.registry import Party
from adapters.seal.keys import KEY
from adapters.seal.sealing import checkpoint
from domain.errors import EvidenceBroken, Misuse, NotFound
from domain.facts.invoicing import DossierExported
from tests.adapters.dossier.archive import NOW, Archive, unpacked
from tests.builders import paid
from tests.cli.conftest import Terminal, alone, fresh, relance, template

__all__ = ["alone", "fresh", "relance", "template"]

ROOT = Path(__file__).parents[3]
FIXED = (
    "META-INF/ASiCManifest001.xml", "bag-info.txt", "bagit.txt", "manifest-sha256.txt", "mimetype", "tagmanifest-sha256.txt",
    container.PDF, container.EXPORT, container.SUMMARY, container.NAMES, container.EVENTS, container.ANNEXES, container.CHECKPOINT,
    container.WITNESSES, container.KEYS, container.CONSISTENCY, container.HEADS, "data/parties/creancier.json", "data/parties/debiteur.json",
    *(f"data/verifier/{name}" for name in VERIFIER),
)  # fmt: skip


def test_a_dossier_holds_its_files_and_nothing_else(archive: Archive, tmp_path: Path) -> None:
    stream = archive.story()
    made = archive.export([stream], tmp_path / "d.asice")
    files = unpacked(made.path)
    law = next(each.law for each in archive.app.stream(stream).envelopes if each.law)
    assert sorted(files) == sorted([*FIXED, f"data/regles/{law}.json", "data/requete.pdf"])
    lines = [json.loads(line) for line in files[container.EVENTS].splitlines()]
    proceedings = made.about["proceedings"]
    assert len(proceedings) == 1
    envelopes = [each for id in (stream, *proceedings) for each in archive.app.stream(id).envelopes]
    assert made.events == len(lines) == len(envelopes)
    stored = dict(archive.app.store.rows(0, made.checkpoint))
    assert all(stored[line["index"] + 1] == line["leaf"].encode() for line in lines)
    assert [line["index"] for line in lines] == sorted(line["index"] for line in lines)
    (book,) = (files[name] for name in files if name.startswith("data/regles/"))
    assert book == archive.app.store.rulebook(law)


def test_the_archive_is_stored_sorted_dated_1980(archive: Archive, tmp_path: Path) -> None:
    made = archive.export([archive.story()], tmp_path / "d.asice")
    with zipfile.ZipFile(made.path) as opened:
        members = opened.infolist()
    names = [member.filename for member in members]
    assert names == ["mimetype", *sorted(set(names) - {"mimetype"})]
    assert {(member.compress_type, member.date_time, member.external_attr >> 16) for member in members} == {
        (zipfile.ZIP_STORED, (1980, 1, 1, 0, 0, 0), 0o100644)
    }


def test_no_salt_no_internal_part_and_no_other_stream_leaves(archive: Archive, tmp_path: Path) -> None:
    stream, other = archive.story(), archive.invoice("F-OTHER", "77,00")
    content = archive.export([stream], tmp_path / "d.asice").path.read_bytes()
    shown = [*archive.app.stream(stream).envelopes, *archive.app.stream(f"debtor:{archive.debtor}").envelopes]
    for envelope in shown:
        assert envelope.internal[:16] not in content
        assert envelope.internal[:16].hex().encode() not in content
        assert envelope.internal[16:] not in content
    assert other.encode() not in content
    assert b"F-OTHER" not in content


def test_figures_are_the_claim_and_the_books_told_apart(archive: Archive, tmp_path: Path) -> None:
    first, second = archive.story(), archive.invoice("F-2", "300,00")
    archive.record(second, paid("2026-03-01", "100,00"))
    made = archive.export([first, second], tmp_path / "d.asice")
    resume = json.loads(unpacked(made.path)[container.SUMMARY])
    one, two = resume["invoices"]
    assert (one["total_cents"], one["paid_cents"], one["credited_cents"]) == (120000, 0, 5000)
    assert (one["remaining_cents"], one["written_off_cents"], one["book_residual_cents"]) == (115000, 10000, 105000)
    assert (two["number"], two["remaining_cents"]) == ("F-2", 20000)
    assert resume["totals"]["remaining_cents"] == 135000
    first_claim, second_claim = resume["claim"]["invoices"]
    assert (first_claim["principal_cents"], first_claim["total_cents"]) == (115000, 124414)
    assert (first_claim["book_residual_cents"], first_claim["difference_cents"]) == (105000, {"written_off": 10000})
    assert second_claim["difference_cents"] == {"paid_to_interest": 290}
    assert resume["claim"]["totals"]["total_cents"] == 124414 + second_claim["total_cents"]
    assert resume["sandbox"] is True
    assert one["state"]["procedure"] == "served"


def test_figures_stand_on_what_was_before_the_closing(archive: Archive, tmp_path: Path) -> None:
    stream = archive.story()
    before = archive.app.stream(stream).envelopes[-1]
    made = archive.export([stream], tmp_path / "d.asice")
    (figures,) = json.loads(unpacked(made.path)[container.SUMMARY])["invoices"]
    closing = archive.app.stream(stream).envelopes[-1]
    assert isinstance(closing.fact, DossierExported)
    assert (figures["head"], figures["events"]) == (before.leaf, before.version) == (closing.prev, closing.version - 1)
    assert before.position <= made.about["position"] < made.closed.position == closing.position < made.checkpoint


def test_the_first_export_draws_the_key_of_the_log(archive: Archive, tmp_path: Path) -> None:
    key = archive.app.folder.path / KEY
    stream = archive.story()
    assert not key.exists()
    archive.export([stream], tmp_path / "a.asice")
    drawn = key.read_bytes()
    assert key.stat().st_mode & 0o077 == 0
    made = archive.export([stream], tmp_path / "b.asice")
    assert key.read_bytes() == drawn
    assert archive.verified(tmp_path / "a.asice").verdict == archive.verified(made.path).verdict == "conform"
    assert drawn.strip() not in made.path.read_bytes()


def test_the_same_store_makes_the_same_content_in_two_processes(archive: Archive, tmp_path: Path) -> None:
    stream = archive.story()
    archive.export([stream], tmp_path / "before.asice")
    checkpoint(archive.app)  # nothing is left to conclude, to seal or to sign before the export
    archive.close()
    found = []
    for name in ("one", "two"):
        shutil.copytree(archive.app.folder.path, tmp_path / name)
        words = [sys.executable, "-m", "cli.main", "--store", str(tmp_path / name), "--now", "2026-06-20T14:00"]
        kept = {key: value for key, value in os.environ.items() if not key.startswith("RELANCE_")}
        done = subprocess.run(
            [*words, "dossier", stream.partition(":")[2], "--output", f"{name}.asice", "--json"],
            cwd=tmp_path, capture_output=True, check=True, text=True, env=kept | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        found.append(json.loads(done.stdout))
    files = [unpacked(tmp_path / f"{name}.asice") for name in ("one", "two")]
    said = [
        {name: data for name, data in each.items() if name.startswith("data/") and "/preuves/" not in name and "/journal/" not in name}
        for each in files
    ]  # fmt: skip
    assert said[0] == said[1]
    assert sum(name.endswith(".pdf") for name in said[0]) == 2
    assert found[0]["content_sha256"] == found[1]["content_sha256"]
    assert found[0]["sha256"] != found[1]["sha256"]  # the act that closes each is drawn


def test_a_dossier_of_another_instant_is_another(archive: Archive, tmp_path: Path) -> None:
    stream = archive.story()
    first = archive.export([stream], tmp_path / "a.asice")
    archive.clock.at = NOW.replace(day=21)
    assert archive.export([stream], tmp_path / "b.asice").content != first.content


def test_a_dossier_of_another_day_is_misuse(relance: Terminal, tmp_path: Path) -> None:
    said = relance("dossier F-1 --on 2026-05-31 --output d.asice")
    assert (said.code, said.out) == (2, "")
    assert "a dossier shows the day it is made; use `replay --as-of` for another day" in " ".join(said.err.split())
    assert not (tmp_path / "d.asice").exists()
    relance.well("dossier F-1 --on 2026-06-01 --output d.asice")


def test_one_debtor_only(archive: Archive, tmp_path: Path) -> None:
    first = archive.invoice()
    second = archive.invoice("F-9", debtor=archive.customer(Party("C-9", "Autre", "trader")))
    for streams in ([first, second], [], [f"debtor:{archive.debtor}"]):
        with pytest.raises(Misuse, match="dossier covers"):
            archive.export(streams, tmp_path / "d.asice")
    with pytest.raises(NotFound):
        archive.export([f"invoice:{'0' * 32}"], tmp_path / "d.asice")
    assert list(tmp_path.glob("*.asice")) == []
    assert not any(isinstance(each.fact, DossierExported) for each in archive.app.stream(first).envelopes)


def test_an_invoice_that_is_not_issued_yet_is_in_none(archive: Archive, tmp_path: Path) -> None:
    stream = archive.invoice()
    (issue,) = (each.fact for each in archive.app.stream(stream).envelopes if each.version == 1)
    later = issue.model_copy(update={"on": archive.app.today.replace(year=2027)})
    other = f"invoice:{'9' * 32}"
    archive.app.append([Change(archive.app.stream(other), plain([later]))], Context(command=new_id()))
    with pytest.raises(Misuse, match="issued on 2027"):
        archive.export([other], tmp_path / "d.asice")


def test_a_rulebook_that_is_not_as_recorded_is_broken_evidence(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = archive.invoice()
    whole: Any = archive.app.store.rulebook
    for text, word in ((lambda _: None, "missing"), (lambda digest: whole(digest) + b" ", "changed")):
        monkeypatch.setattr(archive.app.store, "rulebook", text)
        with pytest.raises(EvidenceBroken, match=word):
            archive.export([stream], tmp_path / "d.asice")
    assert not any(isinstance(each.fact, DossierExported) for each in archive.app.stream(stream).envelopes)
