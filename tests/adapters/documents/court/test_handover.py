"""The draft letter to a commissaire de justice: the title as it stands, the claim, the pieces; the same bytes in two processes."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.documents.court.declaration import declaration
from adapters.documents.court.handover import handover
from adapters.documents.court.petition import petition
from domain.errors import Misuse
from domain.facts.procedure import Head, OppositionLodged, OrdonnanceGranted, OrdonnanceServed, TitleEnforceable
from tests.adapters.documents.court.files import (
    CLIENT,
    HOSTILE,
    Plaintiff,
    is_archival,
    lacks,
    pieces_of,
    says,
    text_of,
)
from tests.adapters.documents.court.test_petition import french, interest
from tests.builders import day, instant
from tests.conftest import HERE

AT = instant("2025-12-01T12:00:00+00:00")


@pytest.fixture
def firm(tmp_path: Path) -> Plaintiff:
    return Plaintiff(tmp_path / "store")


@pytest.fixture
def owed(firm: Plaintiff) -> str:
    stream = firm.issued()
    firm.sleep_until("2025-12-01")
    return stream


def ordered(firm: Plaintiff, *streams: str) -> None:
    firm.petitioned(streams, "2025-08-31")
    firm.court_step(
        streams[0], "2025-09-10", "granted",
        lambda own, heads: OrdonnanceGranted(heads=heads, on=day("2025-09-10"), proceeding=own),
    )  # fmt: skip


def served(firm: Plaintiff, stream: str) -> None:
    firm.court_step(
        stream,
        "2025-09-20",
        "served",
        lambda own, _: OrdonnanceServed(mode="person", on=day("2025-09-20"), proceeding=own),
    )


def test_without_a_title_it_is_a_mandate_to_act_amicably(firm: Plaintiff, owed: str) -> None:
    accrued = interest(1_000_000, 1315, 30) + interest(1_000_000, 1215, 154)
    draft = handover(firm.file(owed, at=AT, pieces=pieces_of("F-1")))
    says(
        draft,
        "Remise du dossier à un commissaire de justice",
        "Aucun titre n’est enregistré",
        f"Total dû au 1er décembre 2025 {french(1_004_000 + accrued)}",
        f"F-1 01/05/2025 31/05/2025 10 000,00 € {french(accrued)} 40,00 € {french(1_004_000 + accrued)}",
        "1 Facture F-1",
        "recouvrer à l’amiable ; les frais entrepris sans titre restent à la charge du créancier (CPCE, art. L111-8)",
        "Le créancier donne mandat",
        "[le cas échéant : honoraires et frais convenus]",
        "[à compléter : nom et adresse du commissaire de justice]",
    )
    assert draft.missing == ("creditor_representative", "officer", "task", "signed_on", "signatory", "signature")


def test_an_order_that_is_not_served_says_by_when_it_must_be(firm: Plaintiff, owed: str) -> None:
    ordered(firm, owed)
    draft = handover(firm.file(owed, at=AT))
    says(
        draft,
        "Ordonnance portant injonction de payer du 10 septembre 2025, tribunal de commerce (tc-lyon)",
        "À signifier au plus tard le 10 mars 2026, à défaut de quoi elle est non avenue (CPC, art. 1411)",
    )
    assert "title_copy" not in draft.missing


def test_a_partial_order_says_what_it_grants_and_why_the_debt_is_more(firm: Plaintiff, owed: str) -> None:
    firm.petitioned([owed], "2025-08-31")
    heads = (Head(cents=250_000, head="principal"), Head(cents=1_000, head="penalties"))
    firm.court_step(
        owed, "2025-09-10", "granted",
        lambda own, _: OrdonnanceGranted(heads=heads, on=day("2025-09-10"), proceeding=own),
    )  # fmt: skip
    asked = 1_004_000 + interest(1_000_000, 1315, 30) + interest(1_000_000, 1215, 62)
    owing = 1_004_000 + interest(1_000_000, 1315, 30) + interest(1_000_000, 1215, 154)
    draft = handover(firm.file(owed, at=AT))
    says(
        draft,
        "Accordé par l’ordonnance 2 510,00 €",
        "Sommes accordées pour cette facture : principal 2 500,00 € ; pénalités de retard 10,00 € ; en tout 2 510,00 €",
        f"Ordonnance partielle : la requête demandait {french(asked)}, l’ordonnance accorde 2 510,00 €",
        "sauf à ne pas la signifier et à procéder selon les voies de droit commun (CPC, art. 1409)",
        f"le tableau porte toute la créance au 1er décembre 2025, {french(owing)}, et non la somme de 2 510,00 €",
        f"L’écart, {french(owing - 251_000)}, tient à ce que l’ordonnance n’accorde pas",
    )
    served(firm, owed)
    firm.court_step(
        owed, "2025-10-25", "enforceable",
        lambda own, _: TitleEnforceable(basis="no_opposition_certificate", on=day("2025-10-25"), proceeding=own),
    )  # fmt: skip
    titled = handover(firm.file(owed, at=AT))
    says(titled, "Sommes accordées pour cette facture : principal 2 500,00 €", "Principal accordé")
    lacks(titled, "le tableau porte toute la créance", "Accordé par l’ordonnance")


def test_the_task_that_is_given_is_ticked_and_no_other(firm: Plaintiff, owed: str) -> None:
    blank = handover(firm.file(owed, at=AT))
    says(blank, "[à compléter : mission confiée, à cocher]")
    lacks(blank, "×signifier")
    by_code = handover(firm.file(owed, at=AT, given={"task": "serve"}))
    says(by_code, "× signifier l’ordonnance portant injonction de payer")
    lacks(by_code, "mission confiée", "× exécuter")
    own = handover(firm.file(owed, at=AT, given={"task": "interroger le FICOBA"}))
    says(own, "× autre mission : interroger le FICOBA")
    assert "task" not in own.missing


def test_a_mention_that_it_does_not_ask_for_is_refused(firm: Plaintiff, owed: str) -> None:
    with pytest.raises(Misuse, match="no mention title_copy, contract to fill"):
        handover(firm.file(owed, at=AT, given={"title_copy": "X", "contract": "Y", "officer": "Z"}))


def test_a_petition_without_an_order_is_told_as_such(firm: Plaintiff, owed: str) -> None:
    firm.petitioned([owed], "2025-08-31")
    says(
        handover(firm.file(owed, at=AT)),
        "Requête en injonction de payer déposée le 31 août 2025, tribunal de commerce (tc-lyon), sans ordonnance enregistrée",
    )


def test_a_title_is_told_with_its_days_and_its_copy_is_asked_for(firm: Plaintiff, owed: str) -> None:
    ordered(firm, owed)
    served(firm, owed)
    firm.court_step(
        owed, "2025-10-25", "enforceable",
        lambda own, _: TitleEnforceable(basis="no_opposition_certificate", on=day("2025-10-25"), proceeding=own),
    )  # fmt: skip
    draft = handover(firm.file(owed, at=AT))
    says(
        draft,
        "Signifiée le 20 septembre 2025, à personne",
        "Enregistrée comme exécutoire le 25 octobre 2025 : certificat de non-opposition",
        "Ce décompte suit les chefs accordés par l’ordonnance du 10 septembre 2025",
    )
    lacks(draft, "À signifier au plus tard", "Aucun titre n’est enregistré")
    assert "title_copy" in draft.missing


def test_an_opposition_is_never_left_out(firm: Plaintiff, owed: str) -> None:
    ordered(firm, owed)
    served(firm, owed)
    firm.court_step(
        owed, "2025-10-01", "opposed", lambda own, _: OppositionLodged(on=day("2025-10-01"), proceeding=own)
    )
    draft = handover(firm.file(owed, at=AT))
    says(draft, "Opposition formée le 1er octobre 2025")
    assert "title_copy" not in draft.missing


def test_invoices_of_one_order_are_told_together(firm: Plaintiff, owed: str) -> None:
    second = firm.issued("F-2", "1 000,00")
    ordered(firm, owed, second)
    says(
        handover(firm.file(owed, second, at=AT)),
        "Factures n° F-1, F-2 : ‣ Ordonnance portant injonction de payer du 10 septembre 2025",
        "Sommes accordées pour ces factures : principal 11 000,00 €",
    )


def test_a_stay_is_told_on_the_first_page(firm: Plaintiff, owed: str) -> None:
    firm.failed("2025-11-12", "2025-11-20")
    says(
        handover(firm.file(owed, at=AT)),
        "arrêtées par le jugement d’ouverture du 12 novembre 2025 (C. com., art. L622-21)",
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_print_as_text(firm: Plaintiff, owed: str, name: str) -> None:
    party = replace(CLIENT, name=f"Nom {name}", address=(name,))
    draft = handover(
        firm.file(owed, at=AT, creditor=party, debtor=party, given={"officer": name, "instructions": name})
    )
    assert is_archival(draft)
    assert "root:" not in text_of(draft)


def test_every_document_has_the_same_bytes_in_another_process(firm: Plaintiff, owed: str, tmp_path: Path) -> None:
    stayed = firm.invoice("F-7", "500,00", on="2025-05-02", due="2025-06-01", debtor="C043")
    firm.failed("2025-11-12", "2025-11-20", code="C043")
    drafts = (petition(firm.file(owed, at=AT)), handover(firm.file(owed, at=AT)), declaration(firm.file(stayed, at=AT)))
    digests = [hashlib.sha256(draft.pdf).hexdigest() for draft in drafts]
    firm.office.close()
    program = f"""
import hashlib
from pathlib import Path
from adapters.bootstrap import Office
from adapters.clock import FixedClock
from adapters.documents.court.declaration import declaration
from adapters.documents.court.handover import handover
from adapters.documents.court.petition import petition
from adapters.store.folder import open_folder
from tests.adapters.documents.court.files import case_file
from tests.adapters.documents.court.test_petition import french, interest
from tests.builders import instant
at = instant({AT.isoformat()!r})
office = Office(open_folder(Path({str(tmp_path / "store")!r})), FixedClock(at), "Camille")
owed, stayed = case_file(office, [{owed!r}], at), case_file(office, [{stayed!r}], at)
for draft in (petition(owed), handover(owed), declaration(stayed)):
    print(hashlib.sha256(draft.pdf).hexdigest())
"""
    environment = {name: value for name, value in os.environ.items() if name != "RELANCE_MASTER_KEY"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=HERE.parent, env=environment, check=True, capture_output=True, text=True
    )
    assert done.stdout.split() == digests
