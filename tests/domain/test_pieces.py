"""A document joins the file: it moves nothing, proves an entry that stands, and is added once."""

import pytest

from domain.decided import Desk
from domain.decisions import observe
from domain.errors import Refused
from domain.facts.invoicing import PieceAdded, PieceKind
from domain.history import History
from domain.pieces import attach, pieces
from domain.policy import standard
from tests.builders import day, issued, withdrawn
from tests.given import appended, recorded, state


def piece(
    on: str = "2026-01-12", kind: PieceKind = "delivery_note", of: int | None = None, mark: str = "d0"
) -> PieceAdded:
    return PieceAdded(document=mark * 32, kind=kind, media="pdf", of=of, on=day(on), record="ca" * 32, size=9)


def added(history: History, *facts: PieceAdded, today: str = "2026-03-01") -> list[str]:
    return [each.fact.move for each in attach(history, facts, Desk(day(today), standard()))]


FOUNDED = recorded(issued(), today="2026-01-20")


def test_a_piece_moves_nothing() -> None:
    assert added(FOUNDED, piece(), today="2026-01-20") == ["PieceAdded"]
    assert state(appended(FOUNDED, piece(), today="2026-01-20")).regions == state(FOUNDED).regions


def test_an_earlier_contract_is_a_piece() -> None:
    assert added(FOUNDED, piece("2019-05-02", "contract"), today="2026-01-20") == ["PieceAdded"]


def test_a_piece_is_not_dated_in_the_future() -> None:
    with pytest.raises(Refused, match="21 January 2026 is still to come"):
        added(FOUNDED, piece("2026-01-21"), today="2026-01-20")


def test_a_piece_proves_an_entry_that_stands() -> None:
    assert added(FOUNDED, piece(of=1), today="2026-01-20") == ["PieceAdded"]
    with pytest.raises(Refused, match="version 7, which it is said to prove, is not an entry that stands") as refused:
        added(FOUNDED, piece(of=7))
    assert refused.value.codes == ("not_standing",)


def test_a_withdrawn_entry_is_proved_by_nothing() -> None:
    history = appended(FOUNDED, piece(), today="2026-01-20")
    history = appended(history, withdrawn(2, "2026-01-20"), today="2026-01-20")
    with pytest.raises(Refused, match="version 2"):
        added(history, piece(of=2, mark="d1"))


def test_the_same_document_of_the_same_kind_is_added_once() -> None:
    history = appended(FOUNDED, piece(), today="2026-01-20")
    assert added(history, piece(), today="2026-01-20") == []
    assert added(history, piece(kind="order_form"), today="2026-01-20") == ["PieceAdded"]
    assert added(FOUNDED, piece(), piece(), today="2026-01-20") == ["PieceAdded"]


def test_a_piece_withdrawn_can_be_added_again() -> None:
    history = appended(FOUNDED, piece(), today="2026-01-20")
    history = appended(history, withdrawn(2, "2026-01-20"), today="2026-01-20")
    assert pieces(history) == []
    assert added(history, piece(), today="2026-01-20") == ["PieceAdded"]


def test_what_fell_due_meanwhile_is_concluded_with_it() -> None:
    assert added(FOUNDED, piece()) == ["PieceAdded", "InvoiceFellDue"]


def test_a_piece_is_an_observation_that_breaches_nothing() -> None:
    (decided,) = observe(FOUNDED, [piece()], Desk(day("2026-01-20"), standard()), step="attach")
    assert decided.findings == ()
    assert decided.fact.role == "observation"
