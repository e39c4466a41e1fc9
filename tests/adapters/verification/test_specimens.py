"""Specimens kept from the first dossiers, resealed by who holds the key of the log: what is found, and what is said not to be."""

from collections.abc import Callable
from typing import Any

import pytest

from adapters.verification.bundle import BundleVerification
from tests.adapters.verification.stories import Dossier, detail, failing, sealed

Json = dict[str, Any]
Verify = Callable[..., BundleVerification]


def on_claim(change: Callable[[Json], object]) -> Callable[[Json], object]:
    return lambda resume: change(resume["claim"])


@pytest.mark.parametrize(
    "change",
    [
        lambda resume: resume["totals"].update(paid_cents=1),
        lambda resume: resume["invoices"][0].update(interest_cents=1),
        lambda resume: resume["invoices"][0].pop("overdue_cents"),
        lambda resume: resume["invoices"][0]["state"].update(procedure="none"),
        lambda resume: resume["invoices"].pop(),
        on_claim(lambda claim: claim["readings"].pop("rounding")),
        on_claim(lambda claim: claim["invoices"].pop()),
        on_claim(lambda claim: claim["invoices"][0].update(remarks=None)),
        on_claim(lambda claim: claim["invoices"][0]["heads"].append({"cents": 4000, "head": "indemnity"})),
        on_claim(lambda claim: claim["invoices"][0].update(per_day_eur="9.9999")),
    ],
)
def test_figures_and_claims_that_the_entries_do_not_come_to_are_broken(
    story: Dossier, verify: Verify, change: Callable[[Json], object]
) -> None:
    story.summed = change
    assert failing(verify(sealed(story))) == ["13-figures"]


def changed(kind: str, **values: Any) -> Callable[[Json], None]:
    """Change the entries of a type after the figures were made."""

    def touch(leaf: Json) -> None:
        if kind in leaf["type"]:
            leaf["fact"] |= values

    return touch


@pytest.mark.parametrize(
    ("kind", "values", "check"),
    [
        ("CreditNoteApplied", {"cents": 4000}, "13-figures"),
        ("InvoiceIssued", {"debtor": "9" * 32}, "13-figures"),
        ("PaymentReceived", {"on": "2027-01-01"}, "12-path"),
        ("EntryWithdrawn", {"withdrawn": 1}, "12-path"),
        ("OrdonnanceGranted", {"proceeding": "b0" * 16}, "13-figures"),
    ],
)
def test_an_entry_changed_after_the_figures_were_made_is_seen(
    story: Dossier, verify: Verify, kind: str, values: Json, check: str
) -> None:
    story.touched = changed(kind, **values)
    found = verify(sealed(story))
    assert check in failing(found)
    assert not {"3-leaves", "4-inclusion", "5-chain", "6-closing", "8-checkpoint"} & set(failing(found))


@pytest.mark.parametrize(
    ("kind", "values"), [("PaymentReceived", {"payer": "DUPONT"}), ("PaymentReceived", {"cents": -5})]
)
def test_a_fact_that_is_none_of_ours_is_broken(story: Dossier, verify: Verify, kind: str, values: Json) -> None:
    story.touched = changed(kind, **values)
    assert failing(verify(sealed(story), beyond="3-leaves"))[0] == "3-leaves"


@pytest.mark.parametrize("kind", ["InvoiceIssued", "OrdonnanceGranted"])
def test_a_history_without_its_issue_or_its_order_is_broken(story: Dossier, verify: Verify, kind: str) -> None:
    def another(leaf: Json) -> None:
        if kind in leaf["type"]:
            leaf |= {"type": "relance.DebtorCalled.1", "fact": {"on": "2026-02-11", "result": "reached"}}

    story.touched = another
    assert "12-path" in failing(verify(sealed(story)))


def test_what_is_said_to_be_unchecked_is(story: Dossier, verify: Verify) -> None:
    story.files |= {"data/00-dossier.pdf": b"%PDF-1.7 other words", "data/noms.json": b'{"invoices":{}}\n'}
    story.numbers = dict.fromkeys(story.numbers, "F-OTHER")
    story.export, story.summed = {"sandbox": False}, lambda resume: resume.update(sandbox=False)
    found = verify(sealed(story))
    assert found.verdict == "conform"
    assert "its text is not checked against the events" in detail(found, "2-manifests")
    assert "invoice numbers and the names of noms.json are the maker's word" in detail(found, "13-figures")
