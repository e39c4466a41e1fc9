"""The claim in the dossier: a judge redoes it with a pencil; the books stay apart; nothing of it is in English, or guessed."""

import hashlib
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from adapters.application import Change, Context, new_id, plain
from adapters.dossier import container
from adapters.registry import Party
from domain.facts.insolvency import StayedByInsolvency
from domain.facts.parties import PolicyAdopted
from domain.facts.procedure import Head, TitleEnforceable
from domain.law.tables import ADDED, Law, Value
from domain.policy import STANDARD, shipped_policy
from tests.adapters.documents.page_text import has, says, squeezed
from tests.adapters.dossier.archive import Archive, unpacked
from tests.builders import (
    PROCEEDING,
    credited,
    day,
    disputed,
    escalated,
    granted,
    instant,
    issued,
    issued_in_parts,
    order_served,
    paid,
    written_off,
)

IN_2025, IN_2027 = "2025-08-31T12:00:00+00:00", "2027-02-10T12:00:00+00:00"

Begun = Callable[..., Archive]


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[Begun]:
    """Opens a store under way on a day."""
    opened: list[Archive] = []

    def on(day: str, **how: Any) -> Archive:
        opened.append(Archive(tmp_path / "store", begun=f"{day}T08:00:00+00:00", **how))
        return opened[-1]

    yield on
    for archive in opened:
        archive.close()


@pytest.fixture
def in_2025(begun: Begun) -> Archive:
    """A store in August 2025."""
    return begun("2025-08-20")


def exported(
    archive: Archive, streams: list[str], tmp_path: Path, at: str = "2026-06-20T12:00:00+00:00", **wanted: Any
) -> tuple[str, dict[str, Any]]:
    """The text of the pages without its blanks, and the summary; the dossier verifies."""
    made = archive.export(streams, tmp_path / f"{new_id()}.asice", instant(at), **wanted)
    found = archive.verified(made.path)
    assert found.verdict == "conform", [check for check in found.checks if not check.ok]
    files = unpacked(made.path)
    summary: dict[str, Any] = json.loads(files[container.SUMMARY])
    return squeezed(files[container.PDF]), summary


def test_the_example_of_the_design_is_printed_so_that_it_can_be_redone(in_2025: Archive, tmp_path: Path) -> None:
    stream = in_2025.issue("F-1", issued("10 000,00", "2025-05-01", "2025-05-31"))
    in_2025.record(stream, paid("2025-06-30", "4 000,00"))
    text, resume = exported(in_2025, [stream], tmp_path, IN_2025)
    says(
        text,
        "01/05/2025 Principal, toutes taxes comprises échue le 31/05/2025 10 000,00 €",
        "01/06/2025 Indemnité forfaitaire pour frais de recouvrement C. com., art. D441-5 40,00 €",
        "01/06/2025 – 30/06/2025 30 jours Pénalités de retard 10 000,00 × 13,15 % × 30 / 365 C. com., art. L441-10, II 108,08 €",
        "30/06/2025 Paiement imputé sur : pénalités de retard 108,08 € ; principal 3 891,92 € C. civ., art. 1343-1 −4 000,00 €",
        "01/07/2025 – 31/08/2025 62 jours Pénalités de retard 6 108,08 × 12,15 % × 62 / 365 C. com., art. L441-10, II 126,06 €",
        "Principal 6 108,08 €",
        "Total 6 274,14 €",
        "À compter du 1er septembre 2025, pénalités de retard : 2,0332 € par jour, au taux de ce jour (6 108,08 × 12,15 % / 365).",
        "Solde comptable (compte 411) 6 000,00 €",
        "diffère de ce solde de 108,08 € : 108,08 € reçus et imputés sur les intérêts",
        "Un paiement partiel s’impute d’abord sur les intérêts et pénalités, puis sur le principal – C. civ., art. 1343-1 ; dir. 2011/7/UE.",
    )
    assert resume["claim"]["totals"]["total_cents"] == 627414


def test_each_line_adds_up_to_what_is_left(archive: Archive, tmp_path: Path) -> None:
    parts = issued_in_parts(("10 000,00", "2025-01-31"), ("5 000,00", "2025-03-31"), on="2024-12-20")
    stream = archive.issue("F-1", parts.model_copy(update={"penalty_basis": "fixed", "penalty_rate": "5"}))
    archive.record(stream, paid("2025-03-15", "4 000,00"), paid("2025-07-10", "3 000,00", by="b", instalment=2))
    archive.record(stream, credited("2025-09-01", "1 000,00"))
    archive.record(stream, disputed("2025-09-10", "500,00", whole=False))
    text, resume = exported(archive, [stream], tmp_path)
    (claim,) = resume["claim"]["invoices"]
    came = claim["principal_before_cents"] + claim["accrued_cents"] + sum(each["cents"] for each in claim["heads"])
    went = sum(each["cents"] - each["unallocated_cents"] for each in claim["imputed"])
    assert came - went == claim["total_cents"] == claim["principal_cents"] + claim["interest_cents"] + 4000
    says(
        text,
        "échéance n° 1 : 10 000,00 €, le 31/01/2025",
        "Pénalités de retard, échéance n° 2",
        "contrat ; C. com., art. L441-10, II",
        "est inférieur au plancher du triple de l’intérêt légal : 1er semestre 2025, 5,00 % pour un plancher de 11,13 % ;",
        "Avoir imputé sur : principal 1 000,00 €",
        "Le débiteur conteste tout ou partie de la facture : rien n’est déduit à ce titre.",
    )


def test_nothing_of_a_statement_reaches_the_court_in_english(archive: Archive, tmp_path: Path) -> None:
    stream = archive.issue(
        "F-1", issued("12 000,00", "2025-06-01", "2025-07-01").model_copy(update={"penalty_basis": "fixed", "penalty_rate": "1"})
    )  # fmt: skip
    archive.record(stream, paid("2025-10-20", "5 000,00").model_copy(update={"source": "insurer"}))
    archive.record(
        stream, disputed("2025-10-25", "500,00", whole=False), written_off("2025-10-26", "10,00", whole=False)
    )
    archive.record(
        stream, StayedByInsolvency(cents=699000, kind="redressement", on=day("2025-11-12"), party=archive.debtor)
    )
    text, resume = exported(archive, [stream], tmp_path)
    codes = {each["code"] for each in resume["claim"]["invoices"][0]["remarks"]}
    assert codes == {"below_floor_as_agreed", "disputed", "interest_stopped", "subrogated_money"}
    english = (
        "interest",
        "agreed",
        "debtor",
        "judgment",
        "floor",
        "insurer",
        "dispute ",
        "price",
        "recovery",
    )
    assert [word for word in english if word in text] == []
    says(
        text,
        "Le cours des intérêts est arrêté la veille du jugement d’ouverture du 12 novembre 2025",
        "5 000,00 € reçus d’un assureur-crédit ou d’un affactureur",
        "10,00 € passés en pertes dans les comptes",
        "L’indemnité de 40 € d’une facture échue avant le jugement d’ouverture est déclarée",
    )


def test_the_time_bar_is_not_for_the_adversary(archive: Archive, tmp_path: Path) -> None:
    text, _ = exported(archive, [archive.story()], tmp_path)
    for word in ("prescription", "prescrite", "date prudente", "date soutenable"):
        assert not has(text, word)


def test_a_rate_that_is_not_known_leaves_the_figures_out_and_says_which(begun: Begun, tmp_path: Path) -> None:
    archive = begun("2027-02-01")
    stream = archive.issue("F-1", issued("2 000,00", "2026-10-01", "2026-10-31"))
    other = archive.issue("F-2", issued("500,00", "2027-01-10", "2027-03-31"))
    text, resume = exported(archive, [stream, other], tmp_path, IN_2027)
    says(
        text,
        "Décompte non établi. La valeur suivante n’est pas connue au 1er janvier 2027, et rien n’est extrapolé :"
        " taux des opérations principales de refinancement de la BCE.",
        "leur absence ne vaut pas renonciation",
        "Total dû au 10 février 2027 non calculé",
        "Un décompte au moins n’est pas établi",
        "Les intérêts ne courent pas avant le 1er avril 2027.",
    )
    first, second = resume["claim"]["invoices"]
    assert first["missing"] == {"on": "2027-01-01", "parameter": "ecb_refinancing_rate"}
    assert (second["total_cents"], second["per_day_eur"], resume["claim"]["totals"]) == (50000, "0.0000", None)


def test_only_the_rate_of_the_next_day_may_be_missing(begun: Begun, tmp_path: Path) -> None:
    archive = begun("2026-12-30")
    stream = archive.issue("F-1", issued("2 000,00", "2026-10-01", "2026-10-31"))
    text, resume = exported(archive, [stream], tmp_path, "2026-12-31T12:00:00+00:00")
    says(text, "Ce qu’ajoute chaque jour à compter du 1er janvier 2027 n’est pas connu", "Total 2 081,45 €")
    assert resume["claim"]["invoices"][0]["per_day_eur"] is None


def test_a_value_added_by_a_user_is_said_to_be_one_on_its_line(begun: Begun, tmp_path: Path) -> None:
    added = Value(
        day("2027-01-01"), Decimal("2.65"), "BCE, décision", "site de la Banque de France", ADDED, until=day("2027-06-30")
    )  # fmt: skip
    archive = begun("2027-02-01", law=Law([("ecb_refinancing_rate", added)]))
    stream = archive.issue("F-1", issued("2 000,00", "2026-10-01", "2026-10-31"))
    archive.record(stream, paid("2027-01-05", "2 100,00"))
    text, _ = exported(archive, [stream], tmp_path, IN_2027)
    says(
        text,
        "2 000,00 × 12,65 % × 5 / 365 C. com., art. L441-10, II ; BCE, décision"
        " (valeur ajoutée par l’utilisateur : site de la Banque de France)",
        "Sommes reçues en excédent, non imputées 15,08 €",
        "15,08 € reçus en excédent",
        "le solde est créditeur",
    )
    found = archive.verified(archive.export([stream], tmp_path / "added.asice", instant(IN_2027)).path)
    assert ", 1 added by a user" in next(check.detail for check in found.checks if check.id == "13-figures")


def test_after_an_enforceable_title_the_statement_follows_the_heads_granted(archive: Archive, tmp_path: Path) -> None:
    stream = archive.issue("F-1", issued("7 000,00", "2024-10-01", "2024-10-31"))
    heads = (
        Head(cents=600000, from_on=day("2025-02-15"), head="principal", rate_kind="b2b"),
        Head(cents=25000, head="penalties"),
        Head(cents=4000, head="indemnity"),
    )
    order = granted("2025-03-01", "6 000,00").model_copy(update={"heads": heads})
    asked = (Head(cents=700000, head="principal"), *heads[1:])
    archive.together([stream], [escalated("2025-02-14").model_copy(update={"heads": asked})])
    archive.together([stream], [order])
    before, _ = exported(archive, [stream], tmp_path)
    says(before, "L’ordonnance du 1er mars 2025 accorde en principal 6 000,00 € pour cette facture")
    archive.record(stream, order_served("2025-03-20"))
    title = TitleEnforceable(basis="no_opposition_certificate", on=day("2025-04-25"), proceeding=PROCEEDING)
    archive.record(stream, title)
    archive.record(stream, paid("2025-06-30", "1 500,00"))
    text, resume = exported(archive, [stream], tmp_path)
    says(
        text,
        "Ce décompte suit les chefs accordés par l’ordonnance du 1er mars 2025 (principal 6 000,00 € avec intérêts au taux"
        " des pénalités entre professionnels à compter du 15 février 2025 ; pénalités de retard 250,00 € ;",
        "01/03/2025 Principal accordé 6 000,00 €",
        "Pénalités de retard CPC, art. 1409 250,00 €",
        "Intérêts 6 000,00 × 13,15 % × 136 / 365",
        "imputé sur : intérêts 293,98 € ; pénalités de retard 250,00 € ; principal 956,02 €",
        "Le solde comptable suit la facture, le décompte suit le titre",
    )
    assert not has(text, "moins que le principal du décompte")
    assert resume["claim"]["invoices"][0]["title_on"] == "2025-03-01"


def test_a_consumer_owes_no_interest_before_a_notice_and_the_page_says_so(archive: Archive, tmp_path: Path) -> None:
    owing = archive.customer(Party("C-2", "Madame Durand", "consumer"))
    stream = archive.issue("P-1", issued("250,00", "2025-01-10", "2025-02-09", debtor_kind="consumer"), owing)
    text, _ = exported(archive, [stream], tmp_path)
    says(
        text,
        "Aucun intérêt : la dette d’un consommateur n’en porte qu’à compter de la réception d’une mise en demeure",
        "Total 250,00 €",
    )
    assert not has(text, "Indemnité forfaitaire pour frais de recouvrement C. com.")


def test_a_reading_chosen_is_applied_and_said_to_be_chosen(in_2025: Archive, tmp_path: Path) -> None:
    stream = in_2025.issue("F-1", issued("10 000,00", "2025-05-01", "2025-05-31"))
    in_2025.record(stream, paid("2025-06-30", "4 000,00"))
    chosen = {"imputation": "principal_first"}
    text, resume = exported(in_2025, [stream], tmp_path, IN_2025, chosen=chosen)
    says(text, "imputé sur : principal 4 000,00 €", "Total 6 271,91 €", "; lecture choisie par le créancier.")
    assert resume["claim"]["readings"]["imputation"] == "principal_first"


def test_the_readings_are_those_of_the_policy_that_the_creditor_follows(in_2025: Archive, tmp_path: Path) -> None:
    stream = in_2025.issue("F-1", issued("10 000,00", "2025-05-01", "2025-05-31"))
    in_2025.record(stream, paid("2025-06-30", "4 000,00"))
    policy = shipped_policy(STANDARD) + b'\n[readings]\nimputation = "principal_first"\n'
    digest = hashlib.sha256(policy).hexdigest()
    adopted = PolicyAdopted(name="ours", on=in_2025.app.today, policy=digest)
    change = Change(in_2025.app.stream(f"creditor:{in_2025.creditor}"), plain([adopted]))
    in_2025.app.append([change], Context(command=new_id(), rulebooks=[(digest, "policy", policy)]))
    text, _ = exported(in_2025, [stream], tmp_path, IN_2025)
    says(text, "Total 6 271,91 €")
    text, _ = exported(in_2025, [stream], tmp_path, IN_2025, chosen={"imputation": "interest_first"})
    says(text, "Total 6 274,14 €")


def test_the_claims_of_several_invoices_are_summed(in_2025: Archive, tmp_path: Path) -> None:
    streams = [
        in_2025.issue("F-1", issued("1 000,00", "2025-05-01", "2025-05-31")),
        in_2025.issue("F-2", issued("500,00", "2025-05-01", "2025-05-31")),
    ]
    text, resume = exported(in_2025, streams, tmp_path, IN_2025)
    sums = resume["claim"]["totals"]
    assert (sums["principal_cents"], sums["interest_cents"], sums["all_heads_cents"]) == (150000, 4717, 8000)
    says(text, "Ensemble 1 500,00 € 47,17 € 80,00 € 1 627,17 € 1 500,00 €", "0,4993 € d’intérêts en tout")
