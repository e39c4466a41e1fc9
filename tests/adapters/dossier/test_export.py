"""An export: closed in the log, sealed, conform for both verifiers, taken up after a cut, given again with the same bytes."""

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from adapters import piece_files
from adapters.acts import withdraw
from adapters.bootstrap import Office
from adapters.dossier import assembly, proofs
from adapters.dossier import export as exporting
from adapters.dossier.subject import Wanted
from adapters.registry import Party
from adapters.seal.stamps import Stamps
from adapters.store.folder import open_folder
from adapters.store.vault import IDENTITY
from domain.errors import Conflict, EvidenceBroken, Misuse, NotFound, Refused
from domain.facts.invoicing import DossierExported, InvoiceFellDue, PaymentReceived
from tests.adapters.dossier.case import Case, conform, facts, files, later, rows, said
from tests.adapters.seal import tsa
from tests.builders import PROCEEDING, day, escalated


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def test_it_closes_each_history_with_the_digest_of_what_it_says(case: Case) -> None:
    case.piece(case.first)
    made = case.export()
    ends = [case.office.app.stream(stream).envelopes[-1] for stream in (case.first, case.second)]
    assert all(isinstance(each.fact, DossierExported) and each.fact.content == made.content for each in ends)
    assert len({each.act for each in ends}) == 1
    assert all(each.provenance == "witnessed" for each in ends)
    assert made.closed.position == ends[0].position
    assert [each["type"] for each in facts(made)].count("relance.DossierExported.1") == 2
    conform(made, case.key)


def test_what_the_calendar_concludes_is_recorded_before_the_closing_entry(case: Case) -> None:
    case.export()
    names = [type(each.fact) for each in case.office.app.stream(case.second).envelopes]
    assert names[-2:] == [InvoiceFellDue, DossierExported]


def test_an_export_is_never_withdrawn(case: Case) -> None:
    made = case.export(case.first)
    version = made.closed.versions[case.first]
    with pytest.raises(Refused, match="what left the house has left it"):
        withdraw(case.office, case.first, case.order(), version=version, reason="error")


def test_a_second_export_shows_the_first_and_goes_on_from_its_checkpoint(case: Case) -> None:
    first = case.export(name="one.asice")
    case.notified(case.first)
    second = later(case).export(name="two.asice")
    conform(second, case.key)
    joined = said(second, "data/preuves/coherence.json")["checkpoints"]
    assert [each["kind"] for each in joined] == ["export", "previous"]
    assert joined[0]["note"].encode() == files(first)["data/preuves/checkpoint.txt"]
    conform(first, case.key)


def test_the_same_export_gives_the_same_bytes_in_another_process(case: Case) -> None:
    case.piece(case.first)
    made = case.export(wanted=Wanted(cabinet="Me Durand, toque A 12"))
    case.notified(case.first)
    later(case, 40).piece(case.second, b"autre", "Autre")
    case.office.close()
    words = [
        "--store",
        str(case.out / "store"),
        "dossier",
        "--export",
        str(made.closed.position),
        "--output",
        "b.asice",
    ]
    done = subprocess.run([sys.executable, "-m", "cli.main", *words], cwd=case.out, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": str(Path.cwd())})  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (case.out / "b.asice").read_bytes() == made.path.read_bytes()


@pytest.mark.parametrize("position", [1, 10_000])
def test_where_no_export_is_there_is_none_to_give_again(case: Case, position: int) -> None:
    case.export()
    with pytest.raises(NotFound, match="no export is recorded"):
        case.again(position)


def test_the_other_entries_of_an_export_lead_to_its_first(case: Case) -> None:
    made = case.export()
    with pytest.raises(NotFound, match=f"dossier --export {made.closed.position}"):
        case.again(made.closed.position + 1)


def test_cut_before_the_seal_it_is_taken_up_and_conform(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    case.piece(case.first)

    def cut(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(proofs, "proven", cut)
        with pytest.raises(KeyboardInterrupt):
            case.export()
    assert list(case.out.glob("*.asice")) == []
    position = case.office.app.stream(case.first).envelopes[-1].position
    case.piece(case.second, b"venu depuis", "Venu depuis")
    made = later(case).again(position)
    assert said(made, "data/export.json")["pieces"] == 1
    conform(made, case.key)
    assert case.again(position, "c.asice").path.read_bytes() == made.path.read_bytes()


def cut_short(case: Case, monkeypatch: pytest.MonkeyPatch) -> int:
    """An export that is closed and not sealed: its position."""

    def cut(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(proofs, "proven", cut)
        with pytest.raises(KeyboardInterrupt):
            case.export(case.first)
    return case.office.app.stream(case.first).envelopes[-1].position


def test_cut_and_an_authority_added_since_it_is_the_export_that_was_closed(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    position = cut_short(case, monkeypatch)
    ca = tsa.make(tmp_path / "tsa")
    Stamps(case.office.app).configure("since", f"{tsa.HTTP}127.0.0.1:9/", ca.read_bytes())
    made = case.again(position)
    assert made.about["authorities"] == []
    conform(made, case.key)


def test_cut_and_the_details_of_the_debtor_changed_since_it_is_the_export_that_was_closed(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    position = cut_short(case, monkeypatch)
    changed = Party("C042", "Nouveau nom", "trader")
    case.office.registry.register(changed, on=case.today, creditor=case.creditor)
    made = case.again(position)
    assert json.loads(files(made)["data/parties/debiteur.json"])["name"] == "Client C042"
    conform(made, case.key)


def test_at_midnight_it_is_made_again_for_the_new_day(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, days = assembly.assembled, [1]

    def slow(*words: Any) -> Any:
        made = whole(*words)
        if days:
            later(case, days.pop())
        return made

    monkeypatch.setattr(exporting, "assembled", slow)
    made = case.export()
    assert made.about["on"] == "2026-04-02"
    assert {each["fact"]["on"] for each in facts(made) if "DossierExported" in each["type"]} == {"2026-04-02"}
    conform(made, case.key)


def test_two_processes_that_seal_one_export_give_the_same_bytes(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    position = cut_short(case, monkeypatch)
    whole, others = proofs.proven, list[Any]()

    def beside(*words: Any) -> Any:
        found = whole(*words)
        if not others:
            others.append(None)
            case.piece(case.second, os.urandom(8), "Entre-temps")
            others[0] = case.again(position, "other.asice")
        return found

    monkeypatch.setattr(proofs, "proven", beside)
    made = case.again(position)
    assert made.path.read_bytes() == others[0].path.read_bytes()
    conform(made, case.key)


def test_a_store_put_back_to_an_older_state_closes_nothing(case: Case) -> None:
    case.export(name="one.asice")
    shutil.copytree(case.out / "store", case.out / "old")
    case.piece(case.first)
    case.export(name="two.asice")
    case.office.close()
    shutil.copy(case.out / "store" / "relance.checkpoint", case.out / "old" / "relance.checkpoint")
    office = Office(open_folder(case.out / "old"), case.clock, "Camille")
    position = office.app.store.position()
    with pytest.raises(EvidenceBroken, match="older state"):
        exporting.export(office, [case.first], case.out / "three.asice", Wanted())
    assert not any(isinstance(each.fact, DossierExported) for each in office.app.stream(case.first).envelopes[-1:]) or office.app.store.position() == position  # fmt: skip
    office.close()


def test_what_does_not_verify_is_neither_kept_nor_given(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = proofs.proven

    def wrong(*words: Any) -> Any:
        found = whole(*words)
        found.files["data/preuves/tetes.json"] = b"{}\n"
        return found

    with monkeypatch.context() as patch:
        patch.setattr(proofs, "proven", wrong)
        with pytest.raises(EvidenceBroken, match=r"does not verify \(10-heads"):
            case.export(case.first)
    assert list(case.out.glob("*.asice")) == []
    conform(case.again(case.office.app.stream(case.first).envelopes[-1].position), case.key)


def test_a_masked_copy_calls_pieces_by_their_kind(case: Case) -> None:
    case.piece(case.first, title="Reçu par Madame Œuvrard")
    made = case.export(wanted=Wanted(redact=True))
    names = files(made)
    assert not any("oeuvrard" in name or "uvrard" in name for name in names)
    assert "Œuvrard".encode() not in b"".join(data for name, data in names.items() if name.startswith("data/pieces"))
    assert not any(name.startswith("data/fiches") for name in names)
    assert "data/originaux/piece-01-bon-de-livraison.txt" in names
    conform(made, case.key)


def test_what_is_marked_confidential_and_shown_all_the_same_is_told(case: Case) -> None:
    case.confide(case.first, PaymentReceived(cents=100, on=day("2026-03-02"), receipt="1" * 32))
    made = case.export(case.first)
    assert made.made
    assert any("is marked confidential and is shown all the same" in each for each in made.made.remarks)


def test_cut_before_the_closing_entry_nothing_happened(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(exporting, "_closed", cut)
    with pytest.raises(KeyboardInterrupt):
        case.export()
    assert not any(isinstance(each.fact, DossierExported) for each in case.office.app.stream(case.first).envelopes)


def test_what_others_record_meanwhile_is_in_it(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, waiting = assembly.assembled, [lambda: case.notified(case.first)]

    def beside(*words: Any) -> Any:
        made = whole(*words)
        if waiting:
            waiting.pop()()
        return made

    monkeypatch.setattr(exporting, "assembled", beside)
    made = case.export()
    assert "relance.DebtorFormallyNotified.1" in [each["type"] for each in facts(made)]
    conform(made, case.key)


def test_when_others_are_quicker_each_time_nothing_is_exported(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = assembly.assembled

    def beside(*words: Any) -> Any:
        made = whole(*words)
        case.piece(case.first, os.urandom(8), "Encore")
        return made

    monkeypatch.setattr(exporting, "assembled", beside)
    with pytest.raises(Conflict, match="nothing was exported"):
        case.export()


def test_no_space_left_loses_nothing_and_leaves_nothing_half_written(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        """The system, but for a disk that is full once the file is written."""

        def __getattr__(self, name: str) -> Any:
            return getattr(os, name)

        def fsync(self, _: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(piece_files, "os", Full())
        with pytest.raises(Conflict, match=r"no space is left .* --export"):
            case.export()
    assert [each for each in case.out.iterdir() if each.name != "store"] == []
    position = case.office.app.stream(case.first).envelopes[-1].position
    conform(case.again(position), case.key)


def test_an_output_that_exists_or_has_no_folder_is_refused_before_anything(case: Case) -> None:
    (case.out / "there").write_text("mine")
    position = case.office.app.store.position()
    with pytest.raises(Misuse, match="never replaces"):
        case.export(name="there")
    with pytest.raises(NotFound, match="no folder"):
        case.export(name="nowhere/a.asice")
    assert case.office.app.store.position() == position
    assert (case.out / "there").read_text() == "mine"


def test_a_proceeding_is_in_it_once_all_its_invoices_are(case: Case) -> None:
    petition = escalated(on="2026-03-20")
    app = case.office.app
    from adapters.application import Change, Context, new_id, plain  # noqa: PLC0415

    streams = [case.first, case.second, f"proceeding:{PROCEEDING}"]
    app.append(
        [Change(app.stream(each), plain([petition])) for each in streams], Context(command=new_id(), act=new_id())
    )
    alone = case.export(case.first, name="part.asice")
    assert said(alone, "data/export.json")["proceedings"] == []
    conform(alone, case.key)
    whole = later(case).export(name="whole.asice")
    assert said(whole, "data/export.json")["proceedings"] == [f"proceeding:{PROCEEDING}"]
    conform(whole, case.key)
    assert exporting.with_proceeding(case.office, [case.first]) == [case.first, case.second]
    with pytest.raises(NotFound, match="no petition"):
        exporting.with_proceeding(case.office, [case.invoice("F-3")])


def test_a_declaration_without_insolvency_is_refused_and_nothing_recorded(case: Case) -> None:
    case.export(name="one.asice")
    position = case.office.app.store.position()
    with pytest.raises(Misuse):
        case.export(wanted=Wanted(kind="declaration"))
    assert case.office.app.store.position() == position


def test_a_hand_over_is_no_filing(case: Case) -> None:
    case.piece(case.first)
    made = case.export(wanted=Wanted(kind="handover"))
    names = files(made)
    assert "data/remise.pdf" in names
    assert not any(name.startswith("data/rpva") or name == "data/requete.pdf" for name in names)
    conform(made, case.key)


def test_the_internal_part_and_the_other_streams_never_leave(case: Case) -> None:
    case.piece(case.first)
    third = case.invoice("F-3")
    made = case.export(case.first)
    data = made.path.read_bytes()
    leaves = case.office.app.store.select_events(case.first)
    assert not any(leaf.internal[:16].hex().encode() in data or leaf.internal[16:] in data for leaf in leaves)
    for stream in (case.second, third):
        assert stream.partition(":")[2].encode() not in data
    assert case.office.app.vault.keys.key(IDENTITY) not in data


def test_a_masked_copy_names_nobody_but_the_parties(case: Case) -> None:
    made = case.export(wanted=Wanted(redact=True))
    assert said(made, "data/noms.json")["actors"] == {}
    assert b"Camille" not in made.path.read_bytes()
    assert said(made, "data/export.json")["redacted"] is True
    conform(made, case.key)
    plain_one = later(case).export(name="named.asice")
    assert list(said(plain_one, "data/noms.json")["actors"].values()) == ["Camille"]


def test_the_parties_are_those_that_the_log_sealed(case: Case) -> None:
    made = case.export()
    parties = [json.loads(line) for line in files(made)["data/preuves/annexes.jsonl"].splitlines()]
    assert [each["openings"][0][2] for each in parties] == ["data/parties/creancier.json", "data/parties/debiteur.json"]
    assert json.loads(files(made)["data/parties/debiteur.json"])["name"] == "Client C042"


def test_every_shown_entry_is_the_stored_bytes(case: Case) -> None:
    made = case.export()
    stored = {leaf.position - 1: leaf.state.decode() for leaf in case.office.app.store.select_events(case.first)}
    shown = {row["index"]: row["leaf"] for row in rows(made)}
    assert stored.items() <= shown.items()
