"""Confidential entries: withheld whole and counted, never what bears on what is owed; pieces keep their numbers for ever."""

from pathlib import Path

import pytest

from adapters.dossier.disclosure import WITHHELD
from adapters.dossier.export import Exported
from adapters.dossier.subject import Wanted
from domain.facts.fact import Fact
from domain.facts.invoicing import (
    DisputeOpened,
    EntryWithdrawn,
    PaymentPromised,
    PaymentReceived,
    PromiseBroken,
    PromiseKept,
)
from domain.facts.recovery import DebtorCalled
from domain.moves import FIRST, MOVES
from tests.adapters.dossier.case import MAIL, Case, conform, facts, files, later, rows, said
from tests.builders import day

SECRET = b"Le client nous a confie sa situation lors de la mediation."


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def test_a_confidential_piece_is_withheld_whole_and_counted(case: Case) -> None:
    case.piece(case.first, SECRET, "Compte rendu de médiation", kind="other", confidential="mediation")
    case.piece(case.first)
    made = case.export()
    data = made.path.read_bytes()
    assert SECRET not in data
    assert "médiation".encode() not in data
    (hidden,) = [row for row in rows(made) if row.get("withheld")]
    assert (hidden["stream"], hidden["version"]) == (case.first, 2)
    assert said(made, "data/export.json")["withheld"] == 1
    assert said(made, "data/export.json")["pieces"] == 1
    conform(made, case.key)


def test_what_bears_on_the_claim_is_never_withheld(case: Case) -> None:
    case.confide(case.first, DisputeOpened(cents=120_000, extent="whole", on=day("2026-03-01"), reason="quality"))
    case.confide(case.second, PaymentReceived(cents=100, on=day("2026-03-02"), receipt="1" * 32))
    made = case.export()
    names = [each["type"] for each in facts(made)]
    assert "relance.DisputeOpened.1" in names
    assert "relance.PaymentReceived.1" in names
    assert said(made, "data/export.json")["withheld"] == 0
    conform(made, case.key)


def test_a_withheld_promise_takes_its_breach_with_it(case: Case) -> None:
    due = day("2026-03-20")
    case.confide(case.first, PaymentPromised(due_on=due, on=day("2026-03-01")))
    case.confide(case.first, PromiseBroken(cash_known_until=day("2026-03-31"), due_on=due, on=day("2026-03-21")))
    made = case.export()
    assert said(made, "data/export.json")["withheld"] == 2
    assert "2026-03-20" not in files(made)["data/journal/evenements.jsonl"].decode()
    conform(made, case.key)


def test_the_withdrawal_of_what_is_withheld_is_withheld(case: Case) -> None:
    call = DebtorCalled(at="10:00", on=day("2026-03-02"), result="reached")
    case.confide(case.first, call)
    version = len(case.office.app.stream(case.first).envelopes)
    case.confide(case.first, EntryWithdrawn(on=case.today, reason="error", withdrawn=version))
    made = case.export()
    assert said(made, "data/export.json")["withheld"] == 2
    conform(made, case.key)


def test_what_is_left_is_always_a_path_of_the_chart() -> None:
    """Whatever the whole history may do next, the history without what is withheld may do as well."""
    facts: tuple[type[Fact], ...] = (*WITHHELD, PromiseBroken, PromiseKept)
    hidden = {"courtesy", "remind", *(fact.__name__ for fact in facts)}
    for region, first in enumerate(FIRST):
        moves = {name: targets for name, (of, targets) in MOVES.items() if of == region}
        seen, queue = {(first, first)}, [(first, first)]
        while queue:
            whole, shown = queue.pop()
            for name, targets in moves.items():
                if whole not in targets:
                    continue
                assert name in hidden or shown in targets, f"{name} from {whole}, shown as {shown}"
                after = (targets[whole], shown if name in hidden else targets[shown])
                if after not in seen:
                    seen.add(after)
                    queue.append(after)


def test_a_number_once_given_is_never_anothers(case: Case) -> None:
    case.piece(case.first, on="2026-02-01")
    case.piece(case.first, MAIL, "Courriel", kind="mail", on="2026-02-10")
    one = case.export(case.first, name="one.asice")
    assert numbers(one) == {"Bon de livraison": 1, "Courriel": 2}
    case.piece(case.first, b"anterieur", "Contrat", kind="contract", on="2025-12-01")
    case.piece(case.second, MAIL, "Courriel", kind="mail", on="2026-02-10")
    two = later(case).export(name="two.asice")
    assert numbers(two) == {"Bon de livraison": 1, "Courriel": 2, "Contrat": 3}
    alone = later(case).export(case.second, name="three.asice")
    assert numbers(alone) == {"Courriel": 2}
    for made in (one, two, alone):
        conform(made, case.key)


def numbers(made: Exported) -> dict[str, int]:
    return {each["title"]: each["number"] for each in said(made, "data/pieces/bordereau.json")}


def test_a_withdrawn_piece_is_not_communicated_and_its_number_is_not_given_again(case: Case) -> None:
    case.piece(case.first)
    case.export(case.first, name="one.asice")
    from adapters.acts import withdraw  # noqa: PLC0415

    withdraw(case.office, case.first, case.order(), version=2, reason="document")
    case.piece(case.first, MAIL, "Courriel", kind="mail")
    two = later(case).export(case.first, name="two.asice")
    assert numbers(two) == {"Courriel": 2}
    assert b"Bon de livraison n\xc2\xb0 12" not in two.path.read_bytes()
    conform(two, case.key)


def test_lots_hold_each_piece_whole_under_the_limit_or_say_so(case: Case) -> None:
    for n in range(6):
        case.piece(case.first, f"Pièce numéro {n}".encode() * 40, f"Pièce {n}", kind="other")
    made = case.export(case.first, wanted=Wanted(lot=120_000))
    lots: dict[str, int] = {}
    for name, data in files(made).items():
        if name.startswith("data/rpva/"):
            lots[name.split("/")[2]] = lots.get(name.split("/")[2], 0) + len(data)
    assert len(lots) > 1
    assert all(size < 120_000 for size in lots.values())
    tight = later(case).export(case.first, name="tight.asice", wanted=Wanted(lot=10_000))
    assert tight.made
    assert sum("filed whole, alone in its lot" in each for each in tight.made.remarks) == 6
