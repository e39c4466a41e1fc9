"""The account of a customer: every entry once, balances that add up, what was withdrawn gone, what is open told."""

from hypothesis import given
from hypothesis import strategies as st

from projections.account_statement import Item, Posted, in_credit, open_items, statement, unallocated
from projections.ledger import CREDIT, POOL, UNALLOCATED, UNKNOWN_DAY, Movement

ONE, TWO, OWN = "invoice:1", "invoice:2", "debtor:1"


def posted(stream: str, kind: str, cents: int, on: int, *, due: int = 100, position: int = 1) -> Posted:
    return Posted(stream, position, Movement(due, on, 0, 0, cents, kind))


def test_the_period_is_told_line_by_line_and_what_came_before_is_its_opening() -> None:
    told = statement(
        [
            posted(ONE, "invoice", 1000, 10),
            posted(TWO, "invoice", 500, 20, position=2),
            posted(ONE, "payment", -400, 20, position=3),
            posted(ONE, "credit", -100, 25, position=4),
        ],
        20,
    )
    assert told.opening == 1000
    assert [(line.on, line.kind, line.cents, line.balance) for line in told.lines] == [
        (20, "invoice", 500, 1500),
        (20, "payment", -400, 1100),
        (25, "credit", -100, 1000),
    ]
    assert (told.closing, told.debits, told.credits) == (1000, 500, -500)


def test_within_a_day_invoices_come_before_what_lessens_them() -> None:
    told = statement([posted(ONE, "payment", -5, 10, position=1), posted(ONE, "invoice", 9, 10, position=2)], 0)
    assert [line.kind for line in told.lines] == ["invoice", "payment"]


def test_what_was_withdrawn_is_not_told_and_what_replaced_it_is() -> None:
    told = statement(
        [
            posted(ONE, "invoice", 1000, 10, due=40),
            posted(ONE, "payment", -300, 15, due=40, position=2),
            posted(ONE, "invoice", -1000, 10, due=40, position=5),
            posted(ONE, "payment", 300, 15, due=40, position=5),
            posted(ONE, "invoice", 1200, 10, due=50, position=5),
            posted(ONE, "payment", -300, 15, due=50, position=5),
        ],
        0,
    )
    assert [(line.kind, line.cents, line.dues) for line in told.lines] == [
        ("invoice", 1200, (50,)),
        ("payment", -300, ()),
    ]


def test_two_payments_of_a_day_are_two_lines_and_one_withdrawn_leaves_the_other() -> None:
    two = [posted(ONE, "payment", -300, 15, position=2), posted(ONE, "payment", -300, 15, position=3)]
    assert [line.cents for line in statement(two, 0).lines] == [-300, -300]
    assert [line.cents for line in statement([*two, posted(ONE, "payment", 300, 15, position=9)], 0).lines] == [-300]


def test_a_payment_taken_back_is_not_a_withdrawal() -> None:
    told = statement([posted(ONE, "payment", -300, 15), posted(ONE, "reversal", 300, 15, position=2)], 0)
    assert [line.kind for line in told.lines] == ["payment", "reversal"]


def test_an_invoice_of_several_due_days_is_one_line() -> None:
    (line,) = statement(
        [posted(ONE, "invoice", 600, 10, due=40), posted(ONE, "invoice", 300, 10, due=UNKNOWN_DAY)], 0
    ).lines
    assert (line.cents, line.dues) == (900, (40, UNKNOWN_DAY))
    (line,) = statement([posted(ONE, "reversal", 60, 20, due=40), posted(ONE, "reversal", 30, 20, due=POOL)], 0).lines
    assert line.cents == 90


def test_money_allocated_on_its_day_is_told_by_the_payments_it_became() -> None:
    came = posted(OWN, "money", -900, 20, due=UNALLOCATED)
    told = statement([came, posted(OWN, "allocation", 900, 20, due=UNALLOCATED), posted(ONE, "payment", -900, 20)], 0)
    assert [(line.kind, line.cents) for line in told.lines] == [("payment", -900)]
    rest = statement([came, posted(OWN, "allocation", 600, 20, due=UNALLOCATED), posted(ONE, "payment", -600, 20)], 0)
    assert [(line.kind, line.cents) for line in rest.lines] == [("payment", -600), ("money", -300)]
    later = statement([came, posted(OWN, "allocation", 600, 30, due=UNALLOCATED)], 25)
    assert (later.opening, [(line.kind, line.cents) for line in later.lines]) == (-900, [("allocation", 600)])


@given(
    st.lists(
        st.tuples(
            st.sampled_from((ONE, TWO)), st.sampled_from(("payment", "credit", "reversal", "recovery")), st.integers(-9, 9).filter(bool),
            st.integers(1, 9), st.integers(1, 3),
        )
    ),
    st.integers(0, 10),
)  # fmt: skip
def test_opening_and_lines_always_come_to_the_closing(moves: list[tuple[str, str, int, int, int]], first: int) -> None:
    every = [
        posted(stream, kind, cents, on, due=due, position=n) for n, (stream, kind, cents, on, due) in enumerate(moves)
    ]
    told = statement(every, first)
    assert told.closing == sum(each.movement.cents for each in every)
    assert told.opening == sum(each.movement.cents for each in every if each.movement.effective < first)
    assert told.opening + sum(line.cents for line in told.lines) == told.closing
    balance = told.opening
    for line in told.lines:
        balance += line.cents
        assert line.balance == balance
    assert [line.on for line in told.lines] == sorted(line.on for line in told.lines)


def test_what_is_open_is_told_by_due_day_with_what_is_disputed_of_it() -> None:
    accounts = [(ONE, [(40, 600), (70, 300), (POOL, -100)]), (TWO, [(UNKNOWN_DAY, 50)]), (OWN, [(UNALLOCATED, -20)])]
    items = open_items(accounts, {ONE: 650, TWO: 0})
    assert items == [Item(ONE, 40, 500, 500), Item(ONE, 70, 300, 150), Item(TWO, UNKNOWN_DAY, 50, 0)]
    assert [item.days_late(60) for item in items] == [20, -10, None]


def test_what_stands_to_a_credit_is_told_apart() -> None:
    accounts = [
        (ONE, [(40, -80)]),
        (TWO, [(40, 100), (POOL, -150)]),
        (OWN, [(UNALLOCATED, -20), (CREDIT, -7)]),
        ("invoice:3", [(40, 10)]),
    ]
    assert in_credit(accounts) == [(ONE, -80), (TWO, -50), (OWN, -7)]
    assert unallocated(accounts) == -20
    assert open_items(accounts, {}) == [Item("invoice:3", 40, 10, 0)]
