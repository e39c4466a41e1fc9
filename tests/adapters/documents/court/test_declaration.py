"""The draft declaration of claim: what was owed on the day of the judgment, fallen due or not, and by when it is sent."""

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.documents.court.declaration import declaration
from adapters.documents.court.failure import failure
from adapters.registry import Party
from domain.errors import Misuse
from domain.facts.procedure import OrdonnanceGranted, OrdonnanceServed, TitleEnforceable
from projections.wording.court import BLANKS
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

AT = instant("2026-01-10T12:00:00+00:00")


@pytest.fixture
def firm(tmp_path: Path) -> Plaintiff:
    return Plaintiff(tmp_path / "store")


@pytest.fixture
def owed(firm: Plaintiff) -> str:
    """10 000 EUR due on 31 May 2025 under retention of title; proceedings opened on 12 November."""
    stream = firm.drafted(clauses=("retention_of_title",))
    firm.sleep_until("2026-01-10")
    return stream


def test_it_states_what_was_owed_on_the_day_of_the_judgment(firm: Plaintiff, owed: str) -> None:
    firm.failed("2025-11-12", "2025-11-20")
    firm.paid(owed, "2025-12-01", 50_000)
    accrued = interest(1_000_000, 1315, 30) + interest(1_000_000, 1215, 134)
    draft = declaration(firm.file(owed, at=AT, pieces=pieces_of("F-1")))
    says(
        draft,
        "PROJET – à lire, compléter, certifier et signer",
        "À l’attention du mandataire judiciaire",
        "jugement du 12 novembre 2025 ouvrant une procédure de redressement judiciaire",
        "Publication BODACC 20 novembre 2025",
        "Montant de la créance au 12 novembre 2025",
        "Principal échu, toutes taxes comprises 10 000,00 €",
        f"Intérêts et pénalités arrêtés au jugement {french(accrued)}",
        "Indemnités forfaitaires et autres chefs 40,00 €",
        f"Créance échue {french(1_004_000 + accrued)}",
        "Créance à échoir 0,00 €",
        f"Total déclaré {french(1_004_000 + accrued)}",
        "facture n° F-1 : 500,00 € le 1er décembre 2025, non déduit ci-dessus",
        "arrêtés la veille du jugement du 12 novembre 2025 (C. com., art. L622-28)",
        "01/07/2025 – 11/11/2025",
        "certifiée sincère par le créancier (C. com., art. L622-25)",
        "aucune instance n’est enregistrée",
        "2 Bon de commande de F-1",
        "L’indemnité de 40 € d’une facture échue avant le jugement d’ouverture est déclarée",
    )
    assert draft.missing == (
        "addressee", "insolvency_court", "creditor_representative", "signed_on", "signatory", "signature",
    )  # fmt: skip
    says(draft, *(f"[à compléter : {BLANKS[code]}]" for code in draft.missing))


def test_the_last_days_are_counted_from_the_publication(firm: Plaintiff, owed: str) -> None:
    firm.failed("2025-11-12", "2025-11-20")
    says(
        declaration(firm.file(owed, at=AT)),
        "Dernier jour pour envoyer la déclaration, deux mois après : 20 janvier 2026 ; 20 mars 2026 pour un créancier demeurant"
        " hors de France métropolitaine (C. com., art. L622-24 et R622-24)",
        "six mois de la publication : 20 mai 2026 (C. com., art. L622-26)",
        "Clause de réserve de propriété enregistrée, facture n° F-1, à revendiquer dans les trois mois de la publication :"
        " 20 février 2026 (C. com., art. L624-9)",
    )


def test_without_the_publication_the_earliest_day_is_told_and_the_day_is_missing(firm: Plaintiff, owed: str) -> None:
    firm.failed("2025-11-12")
    draft = declaration(firm.file(owed, at=AT))
    says(draft, "qui n’est pas enregistrée. Compté du jugement lui-même, donc au plus tôt : 12 janvier 2026")
    lacks(draft, "relevé de forclusion se demande dans les six mois de la publication :")
    assert "published_on" in draft.missing


def test_what_falls_due_on_the_day_of_the_judgment_or_later_is_to_come(firm: Plaintiff) -> None:
    stream = firm.drafted(parts=((100_000, "2025-10-31"), (200_000, "2025-11-12"), (300_000, "2026-03-31")))
    firm.sleep_until("2026-01-10")
    firm.failed("2025-11-12", "2025-11-20")
    accrued = interest(100_000, 1215, 11)
    draft = declaration(firm.file(stream, at=AT))
    says(
        draft,
        "Principal échu, toutes taxes comprises 1 000,00 €", f"Intérêts et pénalités arrêtés au jugement {french(accrued)}",
        "Créance à échoir 5 000,00 €", "F-1 12/11/2025 2 000,00 €", "F-1 31/03/2026 3 000,00 €",
        f"Total déclaré {french(604_000 + accrued)}",
    )  # fmt: skip
    lacks(draft, "réserve de propriété")


def test_money_of_the_day_of_the_judgment_is_said_to_be_deducted(firm: Plaintiff, owed: str) -> None:
    firm.paid(owed, "2025-11-12", 50_000)
    firm.failed("2025-11-12", "2025-11-20")
    says(
        declaration(firm.file(owed, at=AT)),
        "500,00 € le 12 novembre 2025, déduit ci-dessus, car reçu au plus tard le jour du décompte",
    )


def test_there_is_no_declaration_without_a_judgment_nor_without_a_debt(firm: Plaintiff, owed: str) -> None:
    with pytest.raises(Misuse, match="no opening judgment is on record for these invoices: record it first"):
        declaration(firm.file(owed, at=AT))


def test_what_the_judgment_does_not_stay_is_not_declared(firm: Plaintiff, owed: str) -> None:
    paid = firm.issued("F-2", "100,00")
    firm.paid(paid, "2025-06-10", 10_000)
    after = firm.invoice("F-3", "300,00", on="2025-12-01", due="2025-12-31", performed="2025-11-30")
    firm.failed("2025-11-12", "2025-11-20")
    found = failure(firm.file(owed, paid, after, at=AT))
    assert [each.number for each in found.declared] == ["F-1"]
    assert found.left_out == (
        ("F-2", "le jugement d’ouverture n’en arrête pas les poursuites"),
        ("F-3", "le jugement d’ouverture n’en arrête pas les poursuites"),
    )


def test_an_invoice_issued_after_the_judgment_for_work_done_before_is_declared(firm: Plaintiff, owed: str) -> None:
    firm.failed("2025-11-12", "2025-11-20")
    late = firm.invoice("F-4", "300,00", on="2025-12-01", due="2025-12-31", performed="2025-10-15")
    found = failure(firm.file(owed, late, at=AT))
    one = next(each for each in found.declared if each.number == "F-4")
    assert (one.on, one.due_cents, one.to_come, one.interest_cents) == (
        day("2025-12-01"), 0, ((day("2025-12-31"), 30_000),), 0,
    )  # fmt: skip


def test_in_liquidation_it_goes_to_the_liquidator(firm: Plaintiff, owed: str) -> None:
    firm.failed("2025-11-12", "2025-11-20", kind="liquidation")
    draft = declaration(firm.file(owed, at=AT, court="tribunal de commerce de Paris"))
    says(draft, "À l’attention du liquidateur", "Tribunal tribunal de commerce de Paris")
    assert "liquidator" in draft.missing
    assert not {"addressee", "insolvency_court"} & set(draft.missing)


def test_a_petition_under_way_is_named_with_its_court(firm: Plaintiff, owed: str) -> None:
    firm.petitioned([owed], "2025-09-01")
    firm.failed("2025-11-12", "2025-11-20")
    draft = declaration(firm.file(owed, at=AT))
    says(
        draft,
        "Juridiction saisie (C. com., art. R622-23) : tribunal de commerce (tc-lyon) [à compléter : désignation exacte de la juridiction],"
        " requête en injonction de payer du 1er septembre 2025, facture n° F-1",
    )
    assert "pending_court" in draft.missing
    named = declaration(firm.file(owed, at=AT, given={"pending_court": "tribunal de commerce de Lyon"}))
    says(named, "art. R622-23) : tribunal de commerce de Lyon, requête")
    assert "pending_court" not in named.missing


def test_what_is_still_to_be_sent_is_never_said_to_be_borne(firm: Plaintiff, owed: str) -> None:
    firm.failed("2025-11-12", "2025-11-20")
    says(
        declaration(firm.file(owed, at=AT)), "C. com., art. L622-24 et R622-24 à faire, au plus tard le 20 janvier 2026"
    )


def test_without_the_publication_the_time_limit_is_to_complete(firm: Plaintiff, owed: str) -> None:
    firm.failed("2025-11-12")
    says(declaration(firm.file(owed, at=AT)), "C. com., art. L622-24 et R622-24 à compléter")
    draft = declaration(firm.file(owed, at=AT, given={"published_on": "20 novembre 2025"}))
    says(draft, "Publication BODACC 20 novembre 2025", "C. com., art. L622-24 et R622-24 à faire, dans le délai")


def test_a_mention_that_it_does_not_ask_for_is_refused(firm: Plaintiff, owed: str) -> None:
    firm.failed("2025-11-12", "2025-11-20")
    with pytest.raises(
        Misuse, match=r"no mention officer, published_on to fill: nothing was written\. It asks for addressee, "
    ):
        declaration(firm.file(owed, at=AT, given={"officer": "Y", "published_on": "X", "docket": "2025J1"}))


def test_a_title_is_named_and_its_heads_are_declared(firm: Plaintiff, owed: str) -> None:
    firm.petitioned([owed], "2025-06-30")
    firm.court_step(
        owed,
        "2025-07-05",
        "granted",
        lambda own, heads: OrdonnanceGranted(heads=heads, on=day("2025-07-05"), proceeding=own),
    )
    firm.court_step(
        owed,
        "2025-07-20",
        "served",
        lambda own, _: OrdonnanceServed(mode="person", on=day("2025-07-20"), proceeding=own),
    )
    firm.court_step(
        owed, "2025-08-25", "enforceable",
        lambda own, _: TitleEnforceable(basis="no_opposition_certificate", on=day("2025-08-25"), proceeding=own),
    )  # fmt: skip
    firm.failed("2025-11-12", "2025-11-20")
    draft = declaration(firm.file(owed, at=AT))
    says(
        draft,
        "Titre exécutoire, facture n° F-1 : Ordonnance portant injonction de payer du 5 juillet 2025, tribunal de commerce (tc-lyon)",
        "Ce décompte suit les chefs accordés par l’ordonnance du 5 juillet 2025",
        "La créance résulte d’un titre exécutoire pour les factures indiquées",
    )
    lacks(draft, "aucune instance n’est enregistrée")


def test_a_rate_that_is_not_known_is_said_and_the_sum_is_partial(tmp_path: Path) -> None:
    firm = Plaintiff(tmp_path / "late", "2026-10-01")
    stream = firm.issued("F-1", "2 000,00", on="2026-10-01", due="2026-10-31")
    firm.sleep_until("2027-02-10")
    firm.failed("2027-02-01")
    draft = declaration(firm.file(stream, at=instant("2027-02-10T12:00:00+00:00")))
    says(
        draft,
        "Intérêts et pénalités arrêtés au jugement 0,00 € (partiel)",
        "n’est pas connue au 1er janvier 2027",
        "Total déclaré 2 000,00 €",
    )
    assert "interest_value" in draft.missing


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_print_as_text(firm: Plaintiff, owed: str, name: str) -> None:
    firm.failed("2025-11-12", "2025-11-20")
    party = replace(CLIENT, name=f"Nom {name}", address=(name,))
    draft = declaration(
        firm.file(
            owed,
            at=AT,
            creditor=party,
            debtor=Party("C", f"Nom {name}", "trader"),
            given={"addressee": name, "security": name},
        )
    )
    assert is_archival(draft)
    assert "root:" not in text_of(draft)


def test_it_is_archival_and_the_same_bytes_twice(firm: Plaintiff, owed: str) -> None:
    firm.failed("2025-11-12", "2025-11-20")
    draft = declaration(firm.file(owed, at=AT))
    assert is_archival(draft)
    assert declaration(firm.file(owed, at=AT)).pdf == draft.pdf
