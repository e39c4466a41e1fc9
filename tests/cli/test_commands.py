"""Every command as a new user types it: once in words, once as JSON, once wrong; exit codes are those of the design."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from cli.main import COMMANDS
from tests.cli.conftest import Terminal
from tests.cli.test_mistakes import BAD

Fresh = Callable[[], Terminal]

ACT = {"step", "recorded", "invoices"}
LATE = "remind F-1 --on 2026-02-02"
NOTIFIED = (LATE, "notify F-1 --on 2026-03-02")
PETITION = (*NOTIFIED, "escalate F-1 --court tc-angers --on 2026-04-01")
ORDERED = (*PETITION, "order granted F-1 --on 2026-04-10")
SERVED = (*ORDERED, "order served F-1 --mode person --on 2026-04-20")
BUCKETS = {"not_due", "0", "1-30", "31-60", "61-90", "91+", "credits", "unallocated"}


@dataclass(frozen=True)
class Typed:
    """What is typed before, the command, what it says, the keys of its JSON."""

    line: str
    says: str
    keys: frozenset[str]
    before: tuple[str, ...] = ()


def typed(line: str, says: str, keys: set[str], *before: str) -> Typed:
    return Typed(line, says, frozenset(keys), before)


GOOD = [
    typed("party add --debtor C9 --name Nouvel", "Debtor C9 (Nouvel) is registered", {"id", "role", "code", "name", "recorded"}),
    typed("party add --creditor B --name Bis", "Creditor B (Bis) is registered", {"id", "role", "code", "name", "recorded"}),
    typed("party list", "Durand SAS", {"parties"}),
    typed("party show C042", "404833048", {"id", "role", "code", "name", "kind", "siren", "address", "email", "legal_form", "registry"}),
    typed("policy list", "standard", {"policies"}),
    typed("policy show standard", 'name = "standard"', {"name", "notice_deadline_days", "promise_tolerance_days", "readings", "reminders_before_notice", "service_margin_days", "spacing_days", "steps"}),
    typed("policy adopt standard", "Acme SARL follows the policy standard", {"policy", "digest"}),
    typed("issue F-9 --debtor C042 --on 2026-05-01 --due 2026-05-31 --total 10", "F-9: issued on 1 May 2026", ACT),
    typed(LATE, "F-1: reminded on 2 February 2026", ACT),
    typed("call F-1 --result reached --at 14:30", "F-1: called on 1 June 2026", ACT),
    typed("notify F-1 --on 2026-03-02", "F-1: formally notified on 2 March 2026", ACT, LATE),
    typed("service F-1 --version 3 --stage received --on 2026-02-04", "F-1: service on 4 February 2026", ACT, LATE),
    typed("promise F-1 --by 2026-06-10", "F-1: promised to pay on 1 June 2026", ACT),
    typed("acknowledge F-1 --means email --on 2026-05-12", "F-1: debt acknowledged on 12 May 2026 (means email)", ACT),
    typed("dispute F-1 --amount 200 --reason quality", "F-1: disputed in part on 1 June 2026", ACT),
    typed("settle F-1 --outcome rejected", "F-1: dispute settled on 1 June 2026", ACT, "dispute F-1"),
    typed("insolvency C042 --kind liquidation --on 2026-04-14", "F-1: stayed by insolvency on 14 April 2026", ACT),
    typed("pay F-1 --amount 500 --on 2026-02-20", "F-1: payment on 20 February 2026 (500.00 EUR", ACT),
    typed('pay --debtor C042 --amount "1 500,00"', "F-2: payment on 1 June 2026 (300.00 EUR", ACT),
    typed("reverse F-1 --reason returned_cheque", "F-1: payment reversed on 1 June 2026 (500.00 EUR", ACT, "pay F-1 --amount 500"),
    typed("credit F-1 --amount 200 --number A-1", "F-1: credit note on 1 June 2026 (200.00 EUR", ACT),
    typed("write-off F-1 --why uneconomic", "F-1: written off on 1 June 2026 (1 200.00 EUR", ACT),
    typed("withdraw F-1 3 --reason error", "F-1: entry withdrawn on 1 June 2026 (version 3: error)", ACT, LATE),
    typed("escalate F-1 --court tc-angers --on 2026-04-01", "F-1: petition for injonction de payer on 1 April 2026", ACT, *NOTIFIED),
    typed("order granted F-1 --on 2026-04-10", "F-1: order granted on 10 April 2026", ACT, *PETITION),
    typed("order refused F-1 --on 2026-04-10", "F-1: order refused on 10 April 2026", ACT, *PETITION),
    typed("order served F-1 --mode person --on 2026-04-20", "F-1: order served on 20 April 2026", ACT, *ORDERED),
    typed("order opposed F-1 --on 2026-05-02", "F-1: opposition lodged on 2 May 2026", ACT, *SERVED),
    typed("order enforceable F-1 --basis clerk_statement --on 2026-05-21", "F-1: title enforceable on 21 May 2026", ACT, *SERVED),
    typed("run --cash-known-until 2026-05-31", "remind level 1", {"on", "dry_run", "done", "waiting", "todo"}),
    typed("can F-1", "only by --force escalate", {"steps"}),
    typed("show F-1", "book residual 1 200.00 EUR", {"number", "stream", "debtor", "debtor_name", "issued_on", "due_on", "as_of_on", "position", "state", "book_residual_cents", "overdue", "overdue_cents", "claim", "limitation"}),
    typed("history F-1", "fell due", {"events"}),
    typed("replay F-1 --as-of 2026-01-31", "as of 31 January 2026, known at @", {"number", "stream", "debtor", "debtor_name", "issued_on", "due_on", "as_of_on", "position", "state", "book_residual_cents", "overdue", "overdue_cents", "claim", "limitation"}),
    typed("chart", "InvoicePaid: owed>paid", {"regions", "moves"}),
    typed("ageing", "Aged balance as of 1 June 2026, known at @", {"as_of_on", "position", "scheme", "basis", "knowledge", "known_on", "buckets", "rows", "totals"}),
]  # fmt: skip
each_good = pytest.mark.parametrize("case", GOOD, ids=lambda case: case.line)


@each_good
def test_it_says_in_words_what_it_did(fresh: Fresh, case: Typed) -> None:
    relance = fresh()
    for line in case.before:
        relance.well(line)
    said = relance.well(case.line)
    assert case.says in " ".join(said.out.split()), said.out
    assert not said.out.startswith("{")


@each_good
def test_it_says_the_same_to_a_program(fresh: Fresh, case: Typed) -> None:
    relance = fresh()
    for line in case.before:
        relance.well(line)
    before, _, after = case.line.partition(" ")
    value = relance.well(f"{case.line} --json").json
    assert set(value) == case.keys
    if case.keys == ACT:
        assert value["recorded"] is True
        for invoice in value["invoices"]:
            assert set(invoice) == {"number", "events", "findings"}
            assert all({"name", "type", "on"} <= set(event) for event in invoice["events"])
            assert all(set(each) == {"code", "kind", "reason", "reference"} for each in invoice["findings"])
    stable(value)
    first = fresh()
    for line in case.before:
        first.well(line)
    again = first.well(f"--json {before} {after}").json
    assert set(again) == case.keys


def stable(value: Any, key: str = "") -> None:
    """`_cents` are integers, `_on` ISO days, `_at` ISO instants; no float anywhere."""
    assert not isinstance(value, float), key
    if isinstance(value, dict):
        for name, member in value.items():
            stable(member, name)
    elif isinstance(value, list):
        for member in value:
            stable(member, key)
    elif value is not None and key.endswith(("_cents", "cents")):
        assert type(value) is int, key
    elif value is not None and key.endswith("_on"):
        assert len(value) == len("2026-01-31"), key
    elif value is not None and key.endswith("_at"):
        assert value.endswith("Z"), key


def test_every_command_is_tried() -> None:
    tried = {case.line.split()[0] for case in GOOD} | {line.split()[0] for line, _, _ in BAD} | {"init"}
    others = {  # with tests of their own
        "import", "demo", "dossier", "verify", "law", "claim", "check-invoice", "check", "sample", "receipts", "numbering", "views",
        "dso", "d4416", "payers", "todo", "deadlines", "statement", "report", "attach", "log",
    }  # fmt: skip
    assert tried | others >= {name for name, (where, _) in COMMANDS.items() if find_spec(where.partition(":")[0])}


# The shapes that other programs read


def test_init_makes_a_store_and_says_where_its_key_is(alone: Terminal) -> None:
    said = alone.well("init --sandbox")
    assert "Made a sandbox store in" in said.out
    assert "relance.master to a safe place" in said.err
    assert {file.name for file in alone.store.iterdir()} >= {"relance.db", "relance.keys", "relance.master"}


def test_init_tells_a_program_too(alone: Terminal, tmp_path: Path) -> None:
    value = alone.well(f"init --master-key {tmp_path / 'safe.key'} --json").json
    assert value == {"store": str(alone.store), "sandbox": False, "master_key": str(tmp_path / "safe.key")}
    assert not (alone.store / "relance.master").exists()


def test_the_environment_gives_the_key_itself(alone: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELANCE_MASTER_KEY", "5a" * 32)
    said = alone.well("init --sandbox")
    assert not Path("5a" * 32).exists()  # a file that bears the secret as its name
    assert not (alone.store / "relance.master").exists()
    assert "relance.master" not in said.err
    alone.well("party list")


def test_can_lists_each_step_with_what_stands_against_it(relance: Terminal) -> None:
    steps = relance.well("can F-1 --json").json["steps"]
    assert {"step", "allowed", "refusals", "findings"} == set(steps[0])
    by_name = {each["step"]: each for each in steps}
    assert {"remind", "call", "notify", "escalate", "write-off", "pay", "order granted"} <= set(by_name)
    assert by_name["remind"] == {"step": "remind", "allowed": True, "refusals": [], "findings": []}
    (no,) = by_name["escalate"]["refusals"]
    assert no == {
        "code": "no_formal_notice", "kind": "policy", "reason": "no formal notice is on record (the law asks for none)",
        "reference": "the creditor's policy", "allowed_from_on": None,
    }  # fmt: skip
    early = {each["step"]: each for each in relance.well("can F-1 --on 2026-01-20 --json").json["steps"]}
    assert early["notify"]["refusals"][0]["allowed_from_on"] == "2026-02-01"
    assert early["notify"]["refusals"][0]["kind"] == "legal"


def test_history_lists_each_entry_the_withdrawn_ones_too(relance: Terminal) -> None:
    relance.well("pay F-1 --amount 500 --on 2026-02-20")
    relance.well("withdraw F-1 3 --reason wrong_invoice")
    events = relance.well("history F-1 --json").json["events"]
    assert {"position", "version", "name", "on", "recorded_at"} <= set(events[0])
    assert [each["version"] for each in events] == [1, 2, 3, 4]
    assert [each["name"] for each in events] == ["issued", "fell due", "payment", "entry withdrawn"]
    assert [each["withdrawn_by"] for each in events] == [None, None, 4, None]
    assert events[2]["recorded_at"] == "2026-06-01T08:00:00Z"
    assert events[2]["lag_days"] == 101
    assert events[2]["actor"] == "claire"


def test_replay_shows_a_day_as_it_was_known(relance: Terminal) -> None:
    known = relance.well("show F-1 --json").json["position"]
    relance.well("pay F-1 --on 2026-02-03")
    then = relance.well(f"replay F-1 --as-of 2026-02-10 --known-at @{known} --json").json
    now = relance.well("replay F-1 --as-of 2026-02-10 --json").json
    assert (then["book_residual_cents"], then["overdue"], then["position"]) == (120_000, True, known)
    assert (now["book_residual_cents"], now["overdue"]) == (0, False)
    assert then["state"]["settlement"] == "owed"
    assert now["state"]["settlement"] == "paid"
    assert set(now["state"]) == {
        "ladder", "procedure", "settlement", "books", "custody", "dispute", "arrangement", "standing",
    }  # fmt: skip
    assert now["claim"] == {
        "invoiced_cents": 120_000,
        "paid_cents": 120_000,
        "credited_cents": 0,
        "missing": None,
        "principal_cents": 120,
        "interest_cents": 0,
        "indemnity_cents": 4_000,
        "other_heads_cents": 0,
        "total_cents": 4_120,
    }  # three days at 12.15 % came first: C. civ., art. 1343-1; fmt: skip
    assert now["limitation"]["prudent_on"] == "2031-01-31"


@pytest.mark.parametrize("by", ["debtor", "invoice", "total"])
def test_the_columns_of_the_ageing_add_up(relance: Terminal, by: str) -> None:
    relance.well("pay F-3 --amount 600")
    relance.well("pay --debtor C042 --amount 5000")
    relance.well("reverse F-1 --reason bank_error --amount 100")
    value = relance.well(f"ageing --by {by} --json").json
    assert value["as_of_on"] == "2026-06-01"
    assert value["scheme"] == "d4416"
    assert set(value["buckets"]) == BUCKETS
    for row in [*value["rows"], value["totals"]]:
        assert sum(row[name] for name in value["buckets"]) == row["total_cents"]
    for name in value["buckets"]:
        assert sum(row[name] for row in value["rows"]) == value["totals"][name]
    assert value["totals"]["credits"] == -10_000
    assert value["totals"]["unallocated"] == -290_000
    assert value["totals"]["91+"] == 10_000
    keys = {"debtor": ["C042", "C043"], "invoice": ["(C042)", "F-1", "F-3"], "total": ["total"]}
    assert [row["key"] for row in value["rows"]] == keys[by]


def test_what_is_for_a_program_comes_as_csv_too(relance: Terminal) -> None:
    lines = relance.well("history F-1 --csv").out.splitlines()
    assert lines[0].startswith("position,version,name,on,recorded_at")
    assert len(lines) == 3
    assert relance.well("--csv ageing --by total").out.splitlines()[0].startswith("key,name,total_cents,not_due,0,1-30")


def test_the_chart_is_drawn_for_mermaid(relance: Terminal) -> None:
    assert relance.well("chart --format mermaid").out.startswith("stateDiagram")


def test_a_dry_run_records_nothing(relance: Terminal) -> None:
    before = relance.well("show F-1 --json").json["position"]
    for line in (LATE, "pay F-1 --amount 5", "write-off F-1 --why uneconomic", "run",
                 "issue F-8 --debtor C042 --on 2026-05-01 --due 2026-05-31 --total 10"):  # fmt: skip
        said = relance.well(f"{line} --dry-run")
        assert "nothing was recorded" in said.out or "would be recorded" in said.out, line
    assert relance.well("show F-1 --json").json["position"] == before
    assert relance.well(f"{LATE} --dry-run --json").json["recorded"] is False


def test_force_goes_past_the_policy_and_says_what_it_passed(relance: Terminal) -> None:
    relance.well(LATE)
    said = relance.well("remind F-1 --on 2026-02-03 --force --reason boss_asked")
    assert "Finding on F-1: the last reminder went out on 2 February 2026" in said.err


def test_an_act_already_done_is_recorded_with_what_it_breached(relance: Terminal) -> None:
    said = relance.well("notify F-1 --on 2026-01-20 --already-done --json")
    assert {each["code"] for each in said.json["invoices"][0]["findings"]} == {"not_due", "not_reminded"}


def test_the_same_thing_said_again_adds_nothing(relance: Terminal) -> None:
    assert "was registered already" in relance.well('party add --creditor ACME --name "Acme SARL"').out
    again = 'issue F-1 --debtor C042 --on 2026-01-01 --due 2026-01-31 --total "1 200,00" --vat 200'
    assert "F-1: nothing new." in relance.well(again).out
    relance.well("run --cash-known-until 2026-05-31")
    assert relance.well("run --cash-known-until 2026-05-31").out.startswith("0 entries recorded")


def test_a_payment_before_the_issue_is_a_deposit_and_it_is_said(relance: Terminal) -> None:
    said = relance.well("pay F-3 --amount 100 --on 2026-05-01")
    assert "The payment comes before the issue: it counts from 15 May 2026." in said.err


def test_an_acknowledgement_moves_the_arguable_date_of_the_time_bar(relance: Terminal) -> None:
    relance.well("acknowledge F-1 --on 2026-05-12")
    bar = relance.well("show F-1 --json").json["limitation"]
    assert (bar["prudent_on"], bar["arguable_on"]) == ("2031-01-31", "2031-05-12")
    assert bar["effects"][-1] == {
        "code": "acknowledged", "on": "2026-05-12", "moves": "arguable", "reference": "C. civ., art. 2240, 2231",
    }  # fmt: skip
