"""`replay --judge --all`: the sums are those of each invoice judged by itself, and the policy is that of each moment."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.bootstrap import Office
from adapters.clock import FixedClock
from adapters.judging import Against, Followed, Judged, judge_all, judged
from adapters.store.folder import create, open_folder
from domain.errors import NotFound
from tests.adapters.audited import NOW, Specimen, audited
from tests.builders import day, instant, notified, reminded


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("audited") / "store"
    audited(folder)
    return folder


@pytest.fixture
def specimen(template: Path, tmp_path: Path) -> Iterator[Specimen]:
    made = Specimen(template, tmp_path / "copy")
    yield made
    made.office.close()


@pytest.mark.parametrize("hindsight", [False, True])
def test_the_whole_is_the_sum_of_its_invoices(specimen: Specimen, hindsight: bool) -> None:
    specimen.forge((specimen.stream("F-003"), reminded("2026-05-20")))
    specimen.forge((specimen.stream("F-006"), notified("2026-05-20", "2026-06-20")))
    office = specimen.office
    streams = [row.stream for row in office.views.invoices()]
    each = {stream: judged(office, stream, hindsight=hindsight) for stream in streams}
    rules: Counter[Against] = Counter()
    for verdict in each.values():
        for step in verdict["steps"]:
            rules.update(Against(no["code"], no["kind"], no["reference"], no["recorded"]) for no in step["refusals"])
    with Judged(office.app.store.position(), hindsight) as found:
        judge_all(office, found)
        listed = list(found.listed())
    assert found.invoices == len(streams) == 7
    for name in ("judged", "refused", "unrecorded"):
        assert getattr(found, name) == sum(verdict[name] for verdict in each.values()), name
    assert found.rules == rules
    assert found.unrecorded >= 2
    assert [one.stream for one in listed] == [stream for stream in streams if each[stream]["steps"]]
    assert {one.number: one.refused for one in listed} == {
        v["number"]: v["refused"] for v in each.values() if v["steps"]
    }
    assert sum(row["steps"] for row in found.value()["rules"]) == rules.total()
    assert {"not_due"} <= {row["code"] for row in found.value()["rules"] if not row["recorded"]}


def test_what_was_forced_is_on_record(specimen: Specimen) -> None:
    with Judged(specimen.office.app.store.position(), hindsight=False) as found:
        judge_all(specimen.office, found)
    assert found.rules
    assert all(rule.recorded for rule in found.rules), found.rules
    assert found.unrecorded == 0


def test_the_policy_is_that_of_each_day_and_position(specimen: Specimen) -> None:
    office = specimen.office
    (creditor,) = office.registry.creditors()
    followed = Followed(office)
    for position in range(office.app.store.position() + 1):
        for on in ("2025-12-31", "2026-01-05", "2026-06-01"):
            assert followed.of(creditor, day(on), position) is office.policy(creditor, day(on), position).policy


def test_a_history_that_cannot_be_read_is_counted_and_stops_nothing(specimen: Specimen) -> None:
    specimen.sql("UPDATE log SET internal = x'00' WHERE version = 1 AND type LIKE '%InvoiceIssued%' AND position = 9")
    with Judged(specimen.office.app.store.position(), hindsight=False) as found:
        judge_all(specimen.office, found)
    assert (found.invoices, found.unread) == (6, 1)
    assert "position 9" in found.first_unread


def test_a_store_without_invoices_has_nothing_to_judge(tmp_path: Path) -> None:
    create(tmp_path / "empty", sandbox=True)
    office = Office(open_folder(tmp_path / "empty"), FixedClock(instant(NOW)), "auditor")
    with Judged(0, hindsight=False) as found, pytest.raises(NotFound, match="nothing is there to judge"):
        judge_all(office, found)
    office.close()
