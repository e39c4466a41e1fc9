"""The draft petition: every mention of the law, the heads that `escalate` would record, blanks that are told, the same bytes."""

from dataclasses import replace
from pathlib import Path

import pytest

from adapters import acts
from adapters.documents.court.demand import demand, has_something
from adapters.documents.court.mentions import nature_of
from adapters.documents.court.petition import petition
from adapters.registry import Party
from domain.errors import Misuse
from domain.facts.procedure import (
    EscalatedToInjonction,
    OrdonnanceGranted,
    OrdonnanceRefused,
    OrdonnanceServed,
    TitleEnforceable,
)
from domain.facts.recovery import DebtorFormallyNotified
from projections.wording.court import BLANKS
from tests.adapters.documents.court.files import (
    ACME,
    Plaintiff,
    lacks,
    pieces_of,
    says,
    squeezed,
    text_of,
)
from tests.builders import day, instant

COURT = "Monsieur le président du tribunal de commerce de Paris"
LATER = instant("2025-12-31T12:00:00+00:00")


@pytest.fixture
def firm(tmp_path: Path) -> Plaintiff:
    return Plaintiff(tmp_path / "store")


@pytest.fixture
def owed(firm: Plaintiff) -> str:
    """10 000 EUR due on 31 May 2025, 4 000 of them paid on 30 June; reminded and notified."""
    stream = firm.issued()
    firm.sleep_until("2025-08-31")
    firm.paid(stream, "2025-06-30", 400_000)
    firm.pursued(stream)
    return stream


def interest(cents: int, percent: int, days: int) -> int:
    """Principal x rate in hundredths of a percent x days / 365, halves up."""
    return (2 * cents * percent * days + 365 * 10_000) // (2 * 365 * 10_000)


def french(cents: int) -> str:
    euros = f"{cents // 100:,}".replace(",", " ")
    return f"{euros},{cents % 100:02d} €"


def test_it_bears_every_mention_of_the_law_and_every_row_of_the_form(firm: Plaintiff, owed: str) -> None:
    case = firm.file(
        owed, pieces=pieces_of("F-1"), court=COURT, representative="Mme Claire Doe, gérante", cabinet="Maître X"
    )
    draft = petition(case)
    says(
        draft,
        "PROJET – à lire, compléter, dater et signer par le créancier ou son mandataire (CPC, art. 1407)",
        "Requête en injonction de payer",
        f"Juridiction saisie {COURT}",
        "Objet Injonction de payer la somme de 6 274,14 €",
        "À Monsieur le président du tribunal de commerce de Paris Juridiction saisie",
        "outre les intérêts à échoir indiqués ci-après, et les dépens",
        "Formulaire Cerfa, facultatif : 12946*02 (tribunal de commerce) ; notice 51156. Version à vérifier avant usage",
        "Dépens : il est demandé qu’ils soient mis à la charge du débiteur (CPC, art. 695 et 696)",
        "Nom ou dénomination Acme SARL", "Forme SARL", "Siège social 12, rue de l’Œuvre, 69003 Lyon",
        "Représentée par Mme Claire Doe, gérante", "SIREN 732 829 320", "Registre RCS Lyon",
        "Identité Maître X",
        "Nom ou dénomination Établissements Lefèvre & Fils", "Forme SAS", "Siège social 1, place du Marché, 75001 Paris",
        "Somme Montant Fondement Pièces n°",
        "Principal, toutes taxes comprises 6 108,08 € C. civ., art. 1103 ; CPC, art. 1405, 1° 1 à 3",
        "Intérêts au taux légal néant",
        "Ou intérêts au taux contractuel néant",
        "du 01/06/2025 au 31/08/2025",
        "126,06 € C. com., art. L441-10, II 1, 3",
        "Clause pénale néant",
        "40,00 € C. com., art. D441-5 1, 3",
        "Frais accessoires : autres néant", "Autres sommes néant",
        "Total au 31 août 2025 6 274,14 €",
        "Intérêts continuant à courir, demandés en sus",
        "sur 6 108,08 € : au taux de refinancement de la BCE majoré de 10 points, fixé par semestre, à compter du 1er septembre 2025",
        "Origine et historique de la créance",
        "Relance n° 1 faite au débiteur par courriel", "Mise en demeure de payer au plus tard le 25 juillet 2025",
        "Fondement en droit", "CPC, art. 1406 : la requête est portée devant la juridiction du lieu où demeure le débiteur",
        "Bordereau des pièces justificatives", "2 Bon de commande de F-1 bon de commande F-1", "3 Conditions générales de vente",
        "[à compléter : lieu et date]", "[à compléter : signature]",
        "En cas d’opposition, le créancier demande que l’affaire soit immédiatement renvoyée", "(CPC, art. 1408)",
        "10 000,00 × 13,15 % × 30 / 365", "6 108,08 × 12,15 % × 62 / 365",
        "Contrôle des mentions",
    )  # fmt: skip
    assert draft.missing == ("contract", "signed_on", "signature")


def test_the_figures_are_those_of_an_independent_sum(firm: Plaintiff, owed: str) -> None:
    before = interest(1_000_000, 1315, 30)
    principal = 1_000_000 - (400_000 - before)
    after = interest(principal, 1215, 62)
    claimed = demand(firm.file(owed))
    assert (claimed.cents("principal"), claimed.cents("penalties"), claimed.cents("indemnity")) == (
        principal,
        after,
        4_000,
    )
    says(petition(firm.file(owed)), f"Total au 31 août 2025 {french(principal + after + 4_000)}")


def test_it_claims_what_the_petition_of_that_day_would_record(firm: Plaintiff, owed: str) -> None:
    drafted = demand(firm.file(owed))
    firm.petitioned([owed])
    facts = [each.fact for each in firm.office.app.stream(owed).envelopes]
    (filed,) = [fact for fact in facts if isinstance(fact, EscalatedToInjonction)]
    assert drafted.shares[0].heads == filed.heads
    assert drafted.filed is None


def test_a_petition_on_record_is_drafted_again_as_it_was_filed(firm: Plaintiff, owed: str) -> None:
    firm.petitioned([owed])
    firm.sleep_until("2025-12-31")
    firm.paid(owed, "2025-10-01", 100_000)
    draft = petition(firm.file(owed, at=LATER))
    says(
        draft,
        "reprend les chefs de la requête enregistrée comme déposée le 31 août 2025, tribunal de commerce (tc-lyon)",
        "Total au 31 août 2025 6 274,14 €",
        "décompte arrêté au 31 août 2025",
    )
    lacks(draft, "1 000,00 € reçu du débiteur", "Dépôt d’une requête")
    says(
        draft,
        "Juridiction saisie tribunal de commerce (tc-lyon) [à compléter : désignation exacte de la juridiction]",
        "L’indication de la juridiction saisie CPC, art. 54, 57 et 1406 à compléter",
        "À Madame ou Monsieur le président de la juridiction saisie",
    )
    assert "court" in draft.missing
    for exact in ({"court": COURT}, {"given": {"court": COURT}}):
        named = petition(firm.file(owed, at=LATER, **exact))
        says(named, f"Juridiction saisie {COURT} Numéro du greffe")
        assert "court" not in named.missing


def test_a_title_leaves_nothing_to_petition_for(firm: Plaintiff, owed: str) -> None:
    firm.petitioned([owed])
    firm.sleep_until("2025-12-31")
    firm.court_step(
        owed, "2025-09-10", "granted",
        lambda own, heads: OrdonnanceGranted(heads=heads, on=day("2025-09-10"), proceeding=own),
    )  # fmt: skip
    firm.court_step(
        owed, "2025-09-20", "served",
        lambda own, _: OrdonnanceServed(mode="person", on=day("2025-09-20"), proceeding=own),
    )  # fmt: skip
    assert has_something(firm.file(owed, at=LATER))
    firm.court_step(
        owed, "2025-10-25", "enforceable",
        lambda own, _: TitleEnforceable(basis="no_opposition_certificate", on=day("2025-10-25"), proceeding=own),
    )  # fmt: skip
    assert not has_something(firm.file(owed, at=LATER))
    with pytest.raises(Misuse, match="F-1: un titre exécutoire est enregistré"):
        petition(firm.file(owed, at=LATER))


def test_a_petition_that_was_refused_is_drafted_anew(firm: Plaintiff, owed: str) -> None:
    firm.petitioned([owed])
    firm.sleep_until("2025-12-31")
    firm.court_step(
        owed, "2025-09-10", "refused", lambda own, _: OrdonnanceRefused(on=day("2025-09-10"), proceeding=own)
    )
    claimed = demand(firm.file(owed, at=LATER))
    assert (claimed.filed, claimed.on) == (None, day("2025-12-31"))


def test_an_order_under_way_leaves_the_petition_as_filed(firm: Plaintiff, owed: str) -> None:
    firm.petitioned([owed])
    firm.sleep_until("2025-12-31")
    firm.court_step(
        owed,
        "2025-09-10",
        "granted",
        lambda own, heads: OrdonnanceGranted(heads=heads, on=day("2025-09-10"), proceeding=own),
    )
    claimed = demand(firm.file(owed, at=LATER))
    assert claimed.filed is not None
    assert claimed.cents() == 627_414


def test_several_invoices_add_up_and_what_is_not_due_is_left_out(firm: Plaintiff, owed: str) -> None:
    second = firm.issued("F-2", "1 000,00", on="2025-05-02", due="2025-06-01")
    later = firm.issued("F-3", "500,00", on="2025-08-01", due="2025-09-30")
    third = interest(100_000, 1315, 29) + interest(100_000, 1215, 62)
    draft = petition(firm.file(owed, second, later))
    says(
        draft,
        f"Total au 31 août 2025 {french(627_414 + 100_000 + third + 4_000)}",
        f"F-2 02/05/2025 01/06/2025 1 000,00 € 1 000,00 € {french(third)} 40,00 € {french(104_000 + third)}",
        f"Ensemble 7 108,08 € {french(12_606 + third)} 80,00 €",
        "n° F-3 : rien d’échu n’en reste dû",
    )


def test_an_invoice_of_another_petition_is_left_out_of_a_new_one(firm: Plaintiff, owed: str) -> None:
    second = firm.issued("F-2", "1 000,00", on="2025-05-02", due="2025-06-01")
    firm.petitioned([owed])
    claimed = demand(firm.file(owed, second))
    assert [share.number for share in claimed.shares] == ["F-2"]
    assert claimed.left_out == (("F-1", "elle relève d’une autre requête, déposée le 31 août 2025"),)


def test_what_is_not_known_is_a_blank_and_is_told(firm: Plaintiff, owed: str) -> None:
    bare = Party("C042", "Client", "professional")
    draft = petition(firm.file(owed, creditor=replace(ACME, legal_form="", address=()), debtor=bare))
    assert set(draft.missing) == {
        "court", "creditor_form", "creditor_seat", "creditor_representative", "debtor_form", "debtor_seat", "contract", "exhibits",
        "exhibits_principal", "exhibits_interest", "exhibits_costs", "signed_on", "signatory", "signature",
    }  # fmt: skip
    says(draft, *(f"[à compléter : {BLANKS[code]}]" for code in draft.missing))


def test_a_word_given_for_a_mention_fills_its_blank(firm: Plaintiff, owed: str) -> None:
    draft = petition(firm.file(owed, given={"contract": "vente, commande du 20 avril 2025", "court": "TAE de Lyon"}))
    says(draft, "Contrat : vente, commande du 20 avril 2025.", "Juridiction saisie TAE de Lyon")
    assert not {"contract", "court"} & set(draft.missing)


def test_a_word_given_wins_over_the_record_and_is_said_to_be_the_signatory_s(firm: Plaintiff, owed: str) -> None:
    given = {"debtor_seat": "9, rue Nouvelle, 44100 Nantes", "debtor_name": "Autre SAS", "creditor_form": "SARL"}
    draft = petition(firm.file(owed, given=given))
    says(
        draft,
        "Siège social 9, rue Nouvelle, 44100 Nantes (indiqué par le signataire)",
        "Nom ou dénomination Autre SAS (indiqué par le signataire)",
        "Acme SARL c/ Autre SAS",
        "Forme SARL Siège social",
    )
    lacks(draft, "Lefèvre & Fils", "place du Marché")


def test_a_word_that_no_mention_takes_is_refused_and_those_that_there_are_are_named(firm: Plaintiff, owed: str) -> None:
    given = {"officer": "Y", "court": "TAE de Lyon", "creditor_birth": "X", "exhibits": "Z"}
    with pytest.raises(Misuse) as refused:
        petition(firm.file(owed, given=given))
    said = str(refused.value)
    assert "no mention officer, creditor_birth, exhibits to fill: nothing was written" in said
    assert all(
        code in said.partition("It asks for")[2] for code in ("court,", "creditor_form", "contract", "transfer_court")
    )


PERSON = "Créancier personne physique : nom, prénoms, profession, domicile, nationalité, date et lieu de naissance CPC, art. 54"
COMPANY = "Créancier personne morale : forme, dénomination, siège social et organe qui la représente CPC, art. 54"


def test_a_creditor_of_no_known_form_bears_neither_identity(firm: Plaintiff, owed: str) -> None:
    unknown = Party("ACME", "Martin", "professional", address=("3, rue Haute", "69001 Lyon"))
    says(
        petition(firm.file(owed, creditor=unknown)),
        f"{PERSON} à compléter",
        f"{COMPANY} à compléter",
        "Siège ou domicile 3, rue",
    )


@pytest.mark.parametrize("code", ["creditor_birth", "creditor_nationality"])
def test_what_only_a_person_has_makes_the_creditor_one(firm: Plaintiff, owed: str, code: str) -> None:
    unknown = Party("ACME", "Martin", "professional", address=("3, rue Haute", "69001 Lyon"))
    some = petition(firm.file(owed, creditor=unknown, given={code: "donnée"}))
    assert {"creditor_profession", "creditor_birth", "creditor_nationality"} - set(some.missing) == {code}
    says(some, f"{PERSON} à compléter", "Domicile 3, rue Haute, 69001 Lyon")
    lacks(some, COMPANY, "Représentée par")
    codes = ("creditor_birth", "creditor_nationality", "creditor_profession")
    says(petition(firm.file(owed, creditor=unknown, given=dict.fromkeys(codes, "donnée"))), f"{PERSON} portée")


@pytest.mark.parametrize(
    ("form", "nature"),
    [
        ("EI", "natural"), ("E.I. au capital de 5 000 €", "natural"), ("Entrepreneur individuel", "natural"),
        ("Micro-entreprise", "natural"), ("auto entrepreneure", "natural"), ("EIRL", "natural"),
        ("SARL", "legal"), ("EURL", "legal"), ("Einstein SAS", "legal"), ("", "unknown"),
    ],
)  # fmt: skip
def test_a_form_tells_a_person_however_it_is_written(form: str, nature: str) -> None:
    assert nature_of(Party("A", "A", "trader"), form) == nature


def test_a_natural_person_is_named_as_one(firm: Plaintiff, owed: str) -> None:
    person = Party("ACME", "Jeanne Martin", "trader", legal_form="EI", address=("3, rue Haute", "69001 Lyon"))
    draft = petition(firm.file(owed, creditor=person))
    says(draft, "Domicile 3, rue Haute, 69001 Lyon", "[à compléter : date et lieu de naissance du créancier]")
    assert {"creditor_profession", "creditor_nationality", "creditor_birth"} <= set(draft.missing)
    assert "creditor_representative" not in draft.missing
    lacks(draft, "Créancier personne morale")


def test_the_mention_of_an_erased_party_is_missing(firm: Plaintiff, owed: str) -> None:
    draft = petition(firm.file(owed, debtor=Party("(effacé)", "(effacé)", "professional")))
    assert "debtor_name" in draft.missing


def test_a_rate_that_is_not_known_leaves_the_principal_alone(tmp_path: Path) -> None:
    firm = Plaintiff(tmp_path / "late", "2026-10-01")
    stream = firm.issued("F-1", "2 000,00", on="2026-10-01", due="2026-10-31")
    firm.sleep_until("2027-02-10")
    draft = petition(firm.file(stream, at=instant("2027-02-10T12:00:00+00:00")))
    says(
        draft,
        "Principal, toutes taxes comprises 2 000,00 €",
        "Intérêts et indemnité non chiffrés [à compléter : intérêts et indemnité, faute d’une valeur connue]",
        "Total au 10 février 2027 2 000,00 €",
        "La valeur suivante n’est pas connue au 1er janvier 2027, et rien n’est extrapolé : taux des opérations principales de"
        " refinancement de la BCE",
        "Intérêts continuant à courir : aucun n’est calculé.",
    )
    assert "interest_value" in draft.missing


def test_a_clause_fills_the_row_of_the_contractual_rate(firm: Plaintiff) -> None:
    stream = firm.drafted(penalty_basis="fixed", penalty_rate="15")
    firm.sleep_until("2025-08-31")
    accrued = interest(1_000_000, 1500, 92)
    says(
        petition(firm.file(stream)),
        f"Ou intérêts au taux contractuel taux stipulé de 15 % l’an ; du 01/06/2025 au 31/08/2025 {french(accrued)}",
        "Ou pénalités de retard de plein droit néant",
        "sur 10 000,00 € : au taux stipulé de 15 % l’an, à compter du 1er septembre 2025",
    )


def test_a_consumer_s_debt_bears_the_legal_rate_from_its_notice(firm: Plaintiff) -> None:
    stream = firm.issued("F-1", "1 000,00", kind="consumer", debtor="P-1")
    firm.sleep_until("2025-08-31")
    without = petition(firm.file(stream, debtor=Party("P-1", "Madame Durand", "consumer")))
    says(
        without,
        "Intérêts au taux légal néant", "Intérêts continuant à courir : aucun n’est calculé.",
        "Injonction de payer la somme de 1 000,00 €, et les dépens.",
        "n’en porte qu’à compter de la réception d’une mise en demeure (C. civ., art. 1231-6, 1344-1) ; aucune réception n’est enregistrée",
    )  # fmt: skip
    lacks(without, "outre les intérêts à échoir")
    assert "debtor_domicile" in without.missing
    firm.pursued(stream)
    notice = next(
        each for each in firm.office.app.stream(stream).envelopes if isinstance(each.fact, DebtorFormallyNotified)
    )
    acts.serve(firm.office, stream, firm.order("2025-07-12"), version=notice.version, stage="received")
    accrued = interest(100_000, 276, (day("2025-08-31") - day("2025-07-12")).days)
    says(
        petition(firm.file(stream)),
        f"Intérêts au taux légal taux de l’intérêt légal ; du 13/07/2025 au 31/08/2025 {french(accrued)} C. civ., art. 1231-6",
        "au taux de l’intérêt légal, à compter du 1er septembre 2025",
    )


def test_no_petition_is_drafted_against_a_public_person_or_under_a_stay(firm: Plaintiff, owed: str) -> None:
    town = firm.issued("F-9", kind="public", debtor="V-1")
    with pytest.raises(Misuse, match=r"F-9: le débiteur est une personne publique \(CPC, art. 1405\)"):
        petition(firm.file(town))
    firm.failed("2025-08-20")
    assert not has_something(firm.file(owed))
    with pytest.raises(Misuse, match=r"les poursuites individuelles sont arrêtées \(C. com., art. L622-21\)"):
        petition(firm.file(owed))


def test_exhibits_are_named_beside_what_they_support_and_no_others(firm: Plaintiff, owed: str) -> None:
    second = firm.issued("F-2", "1 000,00", on="2025-05-02", due="2025-06-01")
    every = pieces_of("F-1", "F-2")
    says(petition(firm.file(owed, second, pieces=every)), "CPC, art. 1405, 1° 1 à 5")
    says(petition(firm.file(owed, pieces=every)), "CPC, art. 1405, 1° 1, 2, 5")


def test_a_row_cites_no_exhibit_of_an_invoice_that_it_is_not_made_of(firm: Plaintiff, owed: str) -> None:
    agreed = firm.drafted("F-2", penalty_basis="fixed", penalty_rate="15")
    firm.sleep_until("2025-08-31")
    draft = petition(firm.file(owed, agreed, pieces=pieces_of("F-1", "F-2")))
    legal, contract = "Ou pénalités de retard de plein droit", "Ou intérêts au taux contractuel"
    text = text_of(draft)
    row = {
        name: text.split(squeezed(name), 1)[1].split(squeezed(end), 1)[0]
        for name, end in ((legal, "Clause pénale"), (contract, legal))
    }
    assert row[legal].endswith(squeezed("1, 5"))
    assert row[contract].endswith(squeezed("3, 5"))


def test_the_request_for_transfer_names_the_court_where_one_is_given(firm: Plaintiff, owed: str) -> None:
    says(petition(firm.file(owed)), "[le cas échéant : juridiction de renvoi]")
    says(
        petition(firm.file(owed, transfer_court="tribunal de commerce de Nantes")),
        "compétente (CPC, art. 1408) : tribunal de commerce de Nantes.",
    )


def test_money_on_account_is_said_not_to_be_counted(firm: Plaintiff, owed: str) -> None:
    says(
        petition(firm.file(owed, on_account_cents=12_300)),
        "Une somme de 123,00 € reçue du débiteur n’est affectée à aucune facture",
    )


def test_bookkeeping_is_not_told_to_the_judge(firm: Plaintiff, owed: str) -> None:
    acts.write_off(firm.office, [owed], firm.forced("2025-08-30"), cents=1_000, reason="uneconomic")
    draft = petition(firm.file(owed))
    lacks(draft, "passé en pertes", "Passage en pertes")
    assert demand(firm.file(owed)).cents("principal") == 610_808
