"""`party erase` at the terminal: refused with the day, tried dry, done, and what answers after it."""

from pathlib import Path

import pytest

from tests.cli.conftest import Terminal

LATER = "2040-06-01T10:00+02:00"


def test_it_is_refused_with_the_day_from_which_it_is_allowed(relance: Terminal) -> None:
    said = relance.refused("party erase C042 --reason request", 1, "Cannot erase C042")
    assert "allowed from 7 July 2031 [legal: claim_alive; RGPD, art. 17, 3, e]" in said.err
    assert "allowed from 5 January 2037 [legal: voucher_kept; C. com., art. L123-22]" in said.err
    relance.refused("party erase C042 --reason request --force", 1, "claim_alive")
    assert "Durand SAS" in relance.well("party show C042").out


def test_the_close_of_the_year_is_told(relance: Terminal) -> None:
    refusals = relance.well("party erase C042 --reason request --dry-run --year-end 12-31 --json").json["refusals"]
    assert {each["code"]: each["allowed_from_on"] for each in refusals}["voucher_kept"] == "2037-01-01"
    relance.refused("party erase C042 --reason request --year-end 31-12", 2, "write MM-DD, such as 12-31")


def test_a_dry_run_destroys_nothing(relance: Terminal) -> None:
    out = relance.well("party erase C042 --reason request --dry-run").out
    assert out.startswith("C042: would be destroyed with its key: 1 card, 1 party, 2 reference.")
    assert "Against it: something is owed, and can still be claimed (F-2 and 1 more)" in out
    assert out.endswith("Dry run: nothing was destroyed.\n")
    assert "Durand SAS" in relance.well("party show C042").out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("party erase C099 --reason request", 3, "no debtor 'C099' is registered"),
        ("party erase C042", 2, "Missing option '--reason'"),
        ("party erase C042 --reason because", 2, "'because' is not one of"),
        ("party erase C042 --reason request --on 2026-05-01", 2, "an erasure bears the day on which it is made"),
    ],
)
def test_mistakes(relance: Terminal, words: str, code: int, said: str) -> None:
    relance.refused(words, code, said)


def test_after_it_everything_answers_without_a_name(relance: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("bon.txt").write_text("signé Durand")
    relance.well("attach F-1 bon.txt --kind delivery_note")
    export = relance.well("dossier F-1 --output before.asice --json").json["export"]
    monkeypatch.setenv("RELANCE_NOW", LATER)
    done = relance.well("party erase C042 --reason request --json").json
    assert done["erased"] is True
    assert [each["number"] for each in done["invoices"]] == ["F-1", "F-2"]
    id = done["invoices"][0]["stream"].partition(":")[2]
    relance.refused("party show C042", 3, "neither a debtor nor a creditor 'C042' is registered")
    relance.refused("show F-1", 3, "no invoice 'F-1' is recorded")
    assert "was erased already" in relance.well(f"party erase {done['id'][:8]} --reason request").out
    assert "(erased)" in relance.well(f"party show {done['id']}").out
    for words in (
        f"show {id}", f"history {id[:8]}", f"replay {id}", f"replay {id} --as-of 2026-05-01 --known-at @7", "ageing", "ageing --by invoice",
        "party list", "todo", "deadlines", "numbering", f"attach {id} --list", "verify --log", "receipts --closing 2026-01-31",
        "check log names vault sums views", f"can {id}",
    ):  # fmt: skip
        said = relance.well(words)
        assert not [name for name in ("Durand", "C042", "F-1", "404833048") if name in said.out], words
    assert "(erased)" in relance.well("ageing").out
    handed_over = relance.well("verify before.asice").out
    assert "debtor 'Durand SAS'" in handed_over  # the file says whom it was made of: it is not in the store
    for words in (f"dossier {id} --output after.asice", f"dossier {id} --gaps"):
        relance.refused(words, 3, "no dossier can be made of what nobody can name any more")
    relance.refused(f"dossier --export {export} --output after.asice", 3, "it cannot be given again")
    assert not Path("after.asice").exists()
    relance.refused(f"attach {id} bon.txt --kind mail", 3, "the key is gone: erased")
    relance.refused(
        f"attach {id} --extract 3 --output x", 3, "the piece was erased with the personal data of the debtor"
    )
    screen = relance.well(f"statement {done['id'][:8]}").out
    assert "(erased" in screen
    assert "effacé" not in screen


def test_whatever_was_asked_before_no_word_is_left_in_any_file(
    relance: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    relance.well(
        'party add --debtor K-900177 --name "Établissements Garreau" --siren 732829320 --email g@garreau.example --address "3 quai Ney"'
    )
    relance.well("issue FACT-2026-90017 --debtor K-900177 --on 2026-01-05 --due 2026-02-04 --total 100 --vat 20")
    Path("livre.txt").write_text("reçu par Mme Garreau")
    relance.well("attach FACT-2026-90017 livre.txt --kind delivery_note --title 'Reçu de Mme Garreau'")
    Path("plus.csv").write_text(
        "number,debtor,debtor_name,issued_on,due_on,total\nFACT-2026-90018,K-900177,Établissements Garreau,2026-01-06,2026-02-04,50\n"
    )
    maps = " ".join(
        f"--map {name}={name}" for name in ("number", "debtor", "debtor_name", "issued_on", "due_on", "total")
    )
    assert "1 invoice" in relance.well(f"import plus.csv --creditor ACME {maps}").out
    for words in ("todo", "deadlines", "ageing", "verify --log", "run --cash-known-until 2026-05-31"):
        relance.well(words)
    assert relance("check").code in (0, 1)
    monkeypatch.setenv("RELANCE_NOW", LATER)
    relance.well("todo")
    relance.well("party erase K-900177 --reason no_longer_needed")
    gone = ("Garreau", "K-900177", "732829320", "garreau.example", "quai Ney", "FACT-2026-9001", "livre.txt")
    files = [file for file in relance.store.rglob("*") if file.is_file()]
    assert {"relance.db", "relance.keys"} < {file.name for file in files}
    for file in files:
        content = file.read_bytes()
        for word in gone:
            for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                assert word.encode(encoding) not in content, (file.name, word)


def test_a_customer_registered_in_error_goes_at_once(relance: Terminal) -> None:
    relance.well("party add --debtor C900 --name Mistake --siren 732829320")
    out = relance.well("party erase C900 --reason registered_in_error").out
    assert "its key is destroyed, and with it 1 card, 1 party." in out
    relance.refused("party show 732829320", 3, "is registered")
    assert relance.well('party add --debtor C900 --name "Another"').out == "Debtor C900 (Another) is registered.\n"
