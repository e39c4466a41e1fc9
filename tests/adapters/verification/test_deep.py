"""Checks 12 to 15: a careful forger reseals the log, and the rules of the domain still find what cannot be."""

import copy
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typst
from cryptography.hazmat.primitives.asymmetric import ec

from adapters.clock import SystemClock
from adapters.seal.cachet import signed
from adapters.seal.cachet_key import Cachet
from adapters.store.envelope import canonical
from adapters.verification.bundle import BundleVerification, verify_bundle
from tests.adapters.seal import pki
from tests.adapters.verification.stories import LOG_KEY, Dossier, detail, failing, seal, sealed

Json = dict[str, Any]
Verify = Callable[..., BundleVerification]
Change = Callable[[Dossier], object]


def fact(kind: str, **values: Any) -> Change:
    """Change the fact of the first entry of a type."""
    return lambda story: story.of(kind).leaf["fact"].update(values)


def without(kind: str) -> Change:
    return lambda story: story.events.remove(story.of(kind))


def with_another_issue(story: Dossier) -> None:
    """A second issue that stands beside the first."""
    at = story.events.index(story.of("DebtorReminded"))
    event = story.events[at]
    event.leaf |= {key: story.of("InvoiceIssued").leaf[key] for key in ("fact", "type")}


@pytest.mark.parametrize(
    "change",
    [
        without("InvoiceFellDue"),
        without("InvoicePaid"),
        fact("InvoicePaid", on="2026-03-02"),
        fact("InvoicePaid", paid_cents=1),
        fact("EntryWithdrawn", withdrawn=99),
        fact("DebtorCalled", on="2026-06-19"),
        with_another_issue,
    ],
)
def test_a_history_that_could_not_be_recorded_so_is_broken(story: Dossier, verify: Verify, change: Change) -> None:
    change(story)
    found = verify(sealed(story))
    assert failing(found) == ["12-path"]
    assert found.position


def test_a_step_that_nothing_leads_to_is_broken(story: Dossier, verify: Verify) -> None:
    story.touched = lambda leaf: leaf.update(
        {
            "type": "relance.TitleEnforceable.1",
            "fact": {"basis": "own_statement", "on": "2026-02-02", "proceeding": "a0" * 16},
        }
        if "DebtorReminded" in leaf["type"] and leaf["version"] == 3
        else {}
    )
    assert "12-path" in failing(verify(sealed(story)))


def hidden(story: Dossier, kind: str) -> Dossier:
    story.of(kind).withheld = True
    return story


def test_with_an_entry_withheld_it_is_said_that_not_all_is_checked(story: Dossier, verify: Verify) -> None:
    found = verify(sealed(hidden(story, "DebtorCalled")))
    assert found.verdict == "conform"
    assert detail(found, "12-path").startswith("NOT WHOLLY CHECKED: 1 entry withheld")
    assert found.told
    assert found.told.withheld == 1


def test_a_withheld_cause_leaves_its_conclusion_unexplained_and_no_more(story: Dossier, verify: Verify) -> None:
    # the second invoice's payment: it is paid, and what is shown does not say how
    story.of("InvoiceFellDue")
    payment = next(
        event
        for event in story.events
        if "PaymentReceived" in event.leaf["type"] and event.leaf["stream"] == story.streams[1]
    )
    payment.withheld = True
    found = verify(sealed(story))
    assert "12-path" not in failing(found)


@pytest.mark.parametrize("change", [fact("DebtorCalled", on="2026-06-19"), with_another_issue])
def test_with_an_entry_withheld_what_can_be_checked_is(story: Dossier, verify: Verify, change: Change) -> None:
    change(hidden(story, "PaymentPromised"))
    assert "12-path" in failing(verify(sealed(story)))


def summed(**values: Any) -> Change:
    return lambda story: setattr(story, "summed", lambda resume: resume.update(values))


def on_claim(change: Callable[[Json], object]) -> Change:
    return lambda story: setattr(story, "summed", lambda resume: change(resume["claim"]))


def on_invoice(**values: Any) -> Change:
    return lambda story: setattr(story, "summed", lambda resume: resume["invoices"][0].update(values))


def other_debtor(story: Dossier) -> None:
    story.of("InvoiceIssued").leaf["fact"]["debtor"] = "9" * 32


def reordered(story: Dossier) -> None:
    story.summed = lambda resume: resume["invoices"].reverse()


def not_a_record(story: Dossier) -> None:
    """A party's record that is not canonical, sealed all the same."""
    story.files["data/parties/debiteur.json"] = b'{"name": "Dupont"}'
    seal(story, story.of("DebtorRegistered"), "record", "data/parties/debiteur.json")


def two_summaries_of_one(story: Dossier) -> None:
    story.summed = lambda resume: resume["invoices"].append(resume["invoices"][0])


@pytest.mark.parametrize(
    "change",
    [
        summed(totals={}),
        summed(more=1),
        summed(schema=1),
        summed(as_of_on="2026-06-19"),
        summed(debtor="0" * 32),
        summed(invoices=[]),
        on_invoice(remaining_cents=1),
        on_invoice(head="00" * 32),
        on_invoice(events=1),
        on_invoice(stream="invoice:" + "0" * 32),
        on_claim(lambda claim: claim["invoices"][0].update(total_cents=1)),
        on_claim(lambda claim: claim["invoices"][0]["segments"][0].update(rate_percent="13.15")),
        on_claim(lambda claim: claim["totals"].update(interest_cents=1)),
        on_claim(lambda claim: claim.update(totals=None)),
        on_claim(lambda claim: claim["readings"].update(imputation="principal_first")),
        on_claim(lambda claim: claim["readings"].update(imputation="as_i_like")),
        on_claim(lambda claim: claim["readings"].clear()),
        lambda story: setattr(story, "summed", lambda resume: resume.pop("claim")),
        lambda story: setattr(story, "closed", lambda fact: fact.update(kind="handover")),
        lambda story: setattr(story, "closed", lambda fact: fact.update(on="2026-06-19")),
        lambda story: story.export.update(kind="declaration"),
        lambda story: story.export.update(on="2026-06-19"),
        reordered,
        two_summaries_of_one,
        other_debtor,
        not_a_record,
    ],
)
def test_figures_that_the_entries_do_not_come_to_are_broken(story: Dossier, verify: Verify, change: Change) -> None:
    change(story)
    assert "13-figures" in failing(verify(sealed(story)))
    assert not {"3-leaves", "4-inclusion", "8-checkpoint"} & set(failing(verify(sealed(story))))


def test_figures_made_before_the_last_entries_are_broken(story: Dossier, verify: Verify) -> None:
    position = len(story.events) - 1
    story.export, story.summed = {"position": position}, lambda resume: resume.update(position=position)
    found = verify(sealed(story))
    assert failing(found) == ["13-figures"]
    assert "between the figures and the closing" in detail(found, "13-figures")


def test_figures_said_to_be_made_after_the_closing_are_broken(story: Dossier, verify: Verify) -> None:
    position = len(story.events) + 3
    story.export, story.summed = {"position": position}, lambda resume: resume.update(position=position)
    assert failing(verify(sealed(story))) == ["13-figures"]


def test_a_party_that_no_entry_seals_is_said_not_to_be(story: Dossier, verify: Verify) -> None:
    del story.files["data/parties/debiteur.json"]
    story.of("DebtorRegistered").opened.clear()
    found = verify(sealed(story))
    assert found.verdict == "conform"
    assert "NOT SEALED: who the debtor is" in detail(found, "13-figures")


def test_what_is_the_makers_word_is_said_to_be(bundle: Any, verify: Verify) -> None:
    told = detail(verify(bundle), "13-figures")
    assert told.endswith("invoice numbers and the names of noms.json are the maker's word")
    assert "claims computed again by the rulebook inside, the legal values of this program" in told
    assert "debtor 'Établissements Lefèvre & Fils'" in told


def judged_by(story: Dossier, change: Callable[[Json], object]) -> None:
    """Another version's rulebook."""
    rulebook = json.loads(story.rulebooks[story.judge])
    change(rulebook)
    text = canonical(rulebook)
    story.judge = hashlib.sha256(text).hexdigest()
    story.rulebooks[story.judge] = text


def dearer(rulebook: Json) -> None:
    for parameter in rulebook["parameters"]:
        parameter["values"][-1]["value"] = "99"


def of_another_source(rulebook: Json) -> None:
    rulebook["parameters"][0]["values"][0]["source"] += " (autre)"


def monstrous(rulebook: Json) -> None:
    for parameter in rulebook["parameters"]:
        parameter["values"][-1]["value"] = "1E+999999999"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rulebook: rulebook["rules"][0].update(text="Another."), "the legal values of this program"),
        (of_another_source, "OTHER LEGAL VALUES than this program's"),
        (dearer, "NOT recomputed: judged by another rulebook"),
        (lambda rulebook: rulebook.pop("rules"), "OTHER|the legal values"),
    ],
)
def test_whose_rulebook_judged_is_said(
    story: Dossier, verify: Verify, change: Callable[[Json], object], words: str
) -> None:
    judged_by(story, change)
    found = verify(sealed(story))
    assert found.verdict == "conform", found
    assert any(each in detail(found, "13-figures") for each in words.split("|"))


def test_claims_by_a_rulebook_that_cannot_be_computed_with_are_broken(story: Dossier, verify: Verify) -> None:
    judged_by(story, monstrous)
    assert failing(verify(sealed(story))) == ["13-figures"]


def test_claims_by_what_is_no_rulebook_are_broken(story: Dossier, verify: Verify) -> None:
    judged_by(story, lambda rulebook: rulebook.pop("parameters"))
    assert failing(verify(sealed(story))) == ["13-figures"]


def changed_rulebook(story: Dossier) -> None:
    story.rulebooks[story.judge] += b" "


def judged_by_none(story: Dossier) -> None:
    del story.rulebooks[story.judge]


def one_more(story: Dossier) -> None:
    story.rulebooks[hashlib.sha256(b"").hexdigest()] = b""


def misnamed(story: Dossier) -> None:
    story.files["data/regles/loi.json"] = b"{}"


def named_by_an_entry(story: Dossier) -> None:
    story.of("DebtorCalled").leaf["law"] = "ab" * 32


@pytest.mark.parametrize("change", [changed_rulebook, judged_by_none, one_more, misnamed, named_by_an_entry])
def test_rulebooks_that_are_not_those_named_are_broken(story: Dossier, verify: Verify, change: Change) -> None:
    change(story)
    assert "14-rulebooks" in failing(verify(sealed(story)))


@pytest.mark.parametrize(
    "pdf", [b"", b"no pages", b"%PDF-1.7 /ByteRange [0 1 2 3]", b"%PDF-1.7\n/Type /Sig /ByteRange\n%%EOF\n"]
)
def test_pages_that_are_none_or_bear_a_seal_that_does_not_read_are_broken(
    story: Dossier, verify: Verify, pdf: bytes
) -> None:
    story.files["data/00-dossier.pdf"] = pdf
    assert failing(verify(sealed(story))) == ["15-cachet"]


def test_pages_without_a_seal_are_said_to_have_none(bundle: Any, verify: Verify) -> None:
    assert detail(verify(bundle), "15-cachet").startswith("no cachet")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> pki.Pki:
    """Who seals pages."""
    return pki.make(tmp_path_factory.mktemp("pki") / "ours", SystemClock().now())


@pytest.fixture(scope="module")
def pages(house: pki.Pki) -> bytes:
    """Pages under an electronic seal."""
    key = house.seal.key
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    cachet = Cachet(key, house.seal.certificate, (house.intermediate.certificate, house.root.certificate), ())
    pdf = typst.compile(b'#set document(title: "Dossier")\nPages', format="pdf", ignore_system_fonts=True, timestamp=0)
    return signed(pdf, cachet, [], SystemClock().now()).pdf


def test_a_seal_that_holds_says_whose_it_is(story: Dossier, verify: Verify, pages: bytes) -> None:
    story.files["data/00-dossier.pdf"] = pages
    found = verify(sealed(story))
    assert found.verdict == "conform"
    assert detail(found, "15-cachet").startswith("B-B of ")
    assert "the certificates are those of the file itself" in detail(found, "15-cachet")


def test_a_seal_leads_to_the_root_that_is_given(story: Dossier, house: pki.Pki, pages: bytes, tmp_path: Path) -> None:
    story.files["data/00-dossier.pdf"] = pages
    (tmp_path / "d.zip").write_bytes(sealed(story).pack())
    found = verify_bundle(tmp_path / "d.zip", [LOG_KEY], roots=[house.root.certificate])
    assert found.verdict == "conform", found
    assert "of the file itself" not in detail(found, "15-cachet")
    assert failing(verify_bundle(tmp_path / "d.zip", roots=[house.stamps_root.certificate])) == ["15-cachet"]


def test_a_seal_on_changed_pages_is_broken_though_the_log_seals_them(
    story: Dossier, verify: Verify, pages: bytes
) -> None:
    for changed in (pages + b"\n", pages.replace(b"/Title", b"/Autre", 1), pages[:-1]):
        again = copy.deepcopy(story)
        again.files["data/00-dossier.pdf"] = changed
        assert failing(verify(sealed(again))) == ["15-cachet"]
