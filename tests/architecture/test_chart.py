"""The chart, the table compiled from it, the vocabulary: one thing."""

import typing

import pytest
from pydantic import BaseModel
from statemachine import State, StateChart

from cli.main import COMMANDS
from domain import lifecycle
from domain.facts.fact import Fact
from domain.facts.vocabulary import BY_TYPE, OF_STREAM, InertFact, InvoiceFact, MoveOnlyFact
from domain.invoice import Regions
from domain.lifecycle import Progression, compiled, regions, rules_of
from domain.moves import FIRST, MOVES
from domain.words import COMMANDS as STEPS
from domain.words import WORDS
from tests.conftest import HERE

MOVES_FILE = HERE.parent / "domain" / "moves.py"


def test_the_written_table_is_the_chart(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-golden"):
        rows = [
            f'    "{move}": ({region}, {edges!r}),'.replace("'", '"')
            for move, (region, edges) in sorted(compiled().items())
        ]
        lines = MOVES_FILE.read_text().splitlines()
        start = next(n for n, line in enumerate(lines) if line.startswith("MOVES"))
        MOVES_FILE.write_text("\n".join([*lines[: start + 1], *rows, "}", ""]))
    assert compiled() == MOVES
    assert tuple(states[0] for states in regions().values()) == FIRST
    assert tuple(regions()) == Regions._fields


def test_the_flags_are_strict() -> None:
    assert not Progression.allow_event_without_transition
    assert not Progression.catch_errors_as_events
    assert Progression.atomic_configuration_update


def test_every_fact_of_an_invoice_is_one_kind_for_the_fold() -> None:
    still = {fact.__name__ for fact in typing.get_args(InertFact)}
    assert still & set(MOVES) == set()
    assert set(typing.get_args(MoveOnlyFact)).isdisjoint(typing.get_args(InertFact))
    assert set(typing.get_args(MoveOnlyFact)) | set(typing.get_args(InertFact)) < set(typing.get_args(InvoiceFact))


def broken(body: type[StateChart[object]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "Progression", body)
    regions.cache_clear()
    compiled.cache_clear()
    try:
        compiled()
    finally:
        regions.cache_clear()
        compiled.cache_clear()


def test_a_state_that_is_never_left_must_be_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Trap(StateChart[object]):
        class invoice(State.Parallel):  # noqa: N801
            class books(State.Compound):  # noqa: N801
                live = State(initial=True)
                doubtful = State()
                ClassedDoubtful = live.to(doubtful) | doubtful.to(doubtful)

    with pytest.raises(lifecycle.ChartError, match="left by an edge or listed as terminal"):
        broken(Trap, monkeypatch)


def test_a_condition_on_an_edge_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Conditional(StateChart[object]):
        class invoice(State.Parallel):  # noqa: N801
            class books(State.Compound):  # noqa: N801
                live = State(initial=True)
                doubtful = State()
                ClassedDoubtful = live.to(doubtful, cond="rich") | doubtful.to(live)

        def rich(self) -> bool:
            return True

    with pytest.raises(lifecycle.ChartError, match="no condition"):
        broken(Conditional, monkeypatch)


def test_a_fact_without_its_edge_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Partial(StateChart[object]):
        class invoice(State.Parallel):  # noqa: N801
            class books(State.Compound):  # noqa: N801
                live = State(initial=True)
                doubtful = State()
                ClassedDoubtful = live.to(doubtful) | doubtful.to(live)

    with pytest.raises(lifecycle.ChartError, match="facts and chart differ"):
        broken(Partial, monkeypatch)


#: Acts that no rule judges yet: the creditor's own affairs, or the command comes later.
FREE = {
    "AccessoriesClaimed", "AccessoriesWaived", "BadDebtVatNoticeSent", "ClassedDoubtful", "ConservatoryMeasureConverted",
    "InvoiceCancelled", "InvoiceTakenBack", "RecoveryPaused", "RecoveryResumed",
}  # fmt: skip


def test_every_act_is_guarded_and_only_acts() -> None:
    acts = {fact.__name__ for fact in OF_STREAM["invoice"] if fact.role == "act"} - FREE
    moves = {"DebtorReminded": "remind", "WrittenOff": "write_off_whole"}
    for act in acts:
        assert rules_of(moves.get(act, act)), act
    guarded = {move for move in MOVES if rules_of(move)}
    assert guarded == {
        "CommandmentServed", "DebtorCalled", "DebtorFormallyNotified", "EscalatedToInjonction", "InterimPaymentSought",
        "InvoiceHandedOver", "SmallClaimStarted", "SuedOnTheMerits", "courtesy", "remind", "write_off_part", "write_off_whole",
    }  # fmt: skip


def models(found: type[BaseModel], seen: set[type[BaseModel]]) -> set[type[BaseModel]]:
    seen.add(found)
    for field in found.model_fields.values():
        for part in [field.annotation, *typing.get_args(field.annotation)]:
            if isinstance(part, type) and issubclass(part, BaseModel) and part not in seen:
                models(part, seen)
    return seen


@pytest.mark.parametrize("fact", [fact for _, fact in sorted(BY_TYPE.items())])
def test_fields_are_declared_in_sorted_order(fact: type[Fact]) -> None:
    for model in models(fact, set()):
        assert list(model.model_fields) == sorted(model.model_fields), model
    assert "on" in fact.model_fields


@pytest.mark.parametrize("fact", [fact for _, fact in sorted(BY_TYPE.items())])
def test_a_fact_defaults_to_null_never_to_empty(fact: type[Fact]) -> None:
    for model in models(fact, set()):
        for name, field in model.model_fields.items():
            assert field.is_required() or field.default not in ("", (), [], {}), f"{model.__name__}.{name}"


def test_stored_types_are_ours() -> None:
    assert all(name.startswith("relance.") and name.count(".") == 2 for name in BY_TYPE)
    assert len(BY_TYPE) == len({fact for facts in OF_STREAM.values() for fact in facts})


def moves_of(fact: type[Fact]) -> set[str]:
    picked = {
        "DebtorReminded": {"courtesy", "remind"},
        "DisputeOpened": {"dispute_part", "dispute_whole"},
        "WrittenOff": {"write_off_part", "write_off_whole"},
    }
    return picked.get(fact.__name__, {fact.__name__})


def test_every_step_that_is_stored_is_a_command_and_has_its_words() -> None:
    stored = [fact for fact in OF_STREAM["invoice"] if not fact.draft]
    moves = {move for fact in stored for move in moves_of(fact)}
    assert moves <= set(WORDS)
    given = {move for fact in stored if fact.role != "conclusion" for move in moves_of(fact)}
    assert given - set(STEPS) == {"EntryWithdrawn", "ServiceProgressed"}
    assert {words.split()[0] for words in STEPS.values()} <= set(COMMANDS)
    assert {"withdraw", "service"} <= set(COMMANDS)
