"""What is not on file: each gap there, filled by the document that it names, there again once that one is withdrawn."""

from itertools import count
from typing import Any

import pytest

from domain.checklists import read_checklist
from domain.facts import invoicing, procedure, recovery
from domain.facts.fact import Fact
from domain.facts.invoicing import PieceAdded
from domain.history import Entry, History
from projections.gaps import Gap, gaps
from projections.on_file import OnFile, attached_to_acts
from tests import builders as make
from tests.builders import day

STREAM = "invoice:" + make.NUMBER
ON = day("2026-12-31")
_DIGESTS = count(1)


def piece(kind: Any, of: int | None = None, origin: Any = None) -> PieceAdded:
    digest = f"{next(_DIGESTS):064x}"
    return PieceAdded(
        document=digest, kind=kind, media="pdf", of=of, on=day("2026-06-01"), origin=origin, record=digest, size=1
    )


def entries(*facts: Fact) -> History:
    """Facts as recorded, each by an act of its own: `act(version)`."""
    return tuple(Entry(version, fact, version, act(version)) for version, fact in enumerate(facts, start=1))


def act(version: int) -> str:
    return f"{version:032x}"


def leg(of: int, stage: Any, proof: str | None = None, on: str = "2026-03-04") -> recovery.ServiceProgressed:
    return recovery.ServiceProgressed(act=act(of), on=day(on), proof=proof, stage=stage)


def notice(form: Any, on: str = "2026-03-02", deadline: str = "2026-03-17") -> recovery.DebtorFormallyNotified:
    return recovery.DebtorFormallyNotified(deadline_on=day(deadline), form=form, on=day(on))


def found(*facts: Fact, **more: Any) -> list[Gap]:
    return gaps(STREAM, entries(*facts), **{"on": ON, **more})


def codes(*facts: Fact, **more: Any) -> list[str]:
    return [gap.code for gap in found(*facts, **more)]


def only(code: str, *facts: Fact, **more: Any) -> Gap:
    (gap,) = [gap for gap in found(*facts, **more) if gap.code == code]
    return gap


ISSUED = make.issued()
ACKNOWLEDGED = invoicing.DebtAcknowledged(means="email", on=day("2026-04-01"))
TITLE = procedure.TitleEnforceable(basis="clerk_statement", on=day("2026-12-01"), proceeding=make.PROCEEDING)
VISITED = make.reminded("2026-02-10", channel="visit")
REGISTERED = make.reminded("2026-02-10", channel="registered")
OLD_ORDER = (make.escalated("2026-04-01"), make.granted("2026-04-20"), make.order_served("2026-05-04"))
NEW_ORDER = (make.escalated("2026-08-20"), make.granted("2026-09-02"), make.order_served("2026-09-14"))

#: Code, what stands, the entry concerned if there is one, what fills it.
CASES: list[tuple[str, tuple[Fact, ...], int | None, Fact]] = [
    ("invoice_document", (ISSUED,), 1, piece("invoice")),
    ("order_document", (ISSUED,), None, piece("order_form")),
    ("order_document", (ISSUED,), None, piece("contract")),
    ("delivery_note", (ISSUED.model_copy(update={"nature": "goods"}),), None, piece("delivery_note")),
    ("performance_proof", (ISSUED.model_copy(update={"nature": "services"}),), None, piece("delivery_note", of=1)),
    ("agreed_terms", (ISSUED.model_copy(update={"penalty_rate": "12"}),), None, piece("terms")),
    ("agreed_terms", (ISSUED.model_copy(update={"clauses": ("retention_of_title",)}),), None, piece("contract")),
    ("reminder_letter", (ISSUED, make.reminded("2026-02-10")), 2, piece("mail", of=2)),
    ("reminder_letter", (ISSUED, make.reminded("2026-02-10")), 2, piece("reminder")),
    ("visit_record", (ISSUED, VISITED), 2, piece("other", of=2)),
    ("dispatch_proof", (ISSUED, REGISTERED), 2, piece("lrar_receipt", of=2)),
    ("call_recap", (ISSUED, make.called("2026-02-10")), 2, piece("mail", of=2)),
    ("notice_letter", (ISSUED, notice("lrar")), 2, piece("notice", of=2)),
    ("notice_letter", (ISSUED, notice("email")), 2, piece("mail", of=2)),
    ("notice_service", (ISSUED, notice("commissaire")), 2, piece("service", of=2)),
    ("dispatch_proof", (ISSUED, notice("lrar")), 2, piece("lrar_receipt", of=2)),
    ("dispatch_proof", (ISSUED, notice("lrar")), 2, piece("lrar_receipt")),
    ("dispatch_proof", (ISSUED, notice("lrar")), 2, piece("other", of=2, origin="third_party")),
    ("dispatch_proof", (ISSUED, notice("lrar"), leg(2, "received")), 2, piece("other", of=3)),
    ("dispatch_proof", (ISSUED, notice("lre")), 2, piece("lre_proof", of=2)),
    ("dispatch_proof", (ISSUED, notice("lrar")), 2, leg(2, "unclaimed", "ab" * 32)),
    ("reception_proof", (ISSUED, notice("lrar"), leg(2, "deposited", "ab" * 32)), 2, leg(2, "refused", "cd" * 32)),
    ("promise_document", (ISSUED, make.promised("2026-02-10", "2026-02-20")), 2, piece("mail", of=2)),
    ("acknowledgement_document", (ISSUED, ACKNOWLEDGED), 2, piece("mail", of=2)),
    ("dispute_document", (ISSUED, make.disputed("2026-02-10")), 2, piece("mail", of=2)),
    ("dispute_open", (ISSUED, make.disputed("2026-02-10")), 2, make.dispute_settled("2026-03-10")),
    ("no_notice", (ISSUED,), None, notice("letter")),
    ("order_copy", (ISSUED, *OLD_ORDER), 3, piece("ruling")),
    ("service_copy", (ISSUED, *OLD_ORDER), 4, piece("service", of=4)),
    ("service_copy", (ISSUED, *OLD_ORDER), 4, piece("service")),
    ("title_document", (ISSUED, *OLD_ORDER, TITLE), 5, piece("ruling", of=5)),
    ("own_word", (ISSUED, notice("hand"), piece("notice", of=2)), 2, piece("other", of=2, origin="third_party")),
]


@pytest.mark.parametrize(("code", "facts", "version", "filling"), CASES, ids=lambda each: each if isinstance(each, str) else "")  # fmt: skip
def test_a_gap_is_filled_by_its_document_and_opens_again_when_that_is_withdrawn(
    code: str, facts: tuple[Fact, ...], version: int | None, filling: Fact
) -> None:
    gap = only(code, *facts)
    assert (gap.version, gap.stream) == (version, STREAM)
    assert gap.on == (facts[version - 1].on if version else None)
    assert code not in codes(*facts, filling)
    assert code in codes(*facts, filling, make.withdrawn(len(facts) + 1, "2026-12-30"))


@pytest.mark.parametrize(
    ("code", "facts", "version"),
    [(code, facts, version) for code, facts, version, _ in CASES if version and version > 1],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_an_act_that_is_withdrawn_leaves_no_gap(code: str, facts: tuple[Fact, ...], version: int) -> None:
    before = facts[:version]  # what follows it could not stand without it
    assert code not in codes(*before, make.withdrawn(version, "2026-12-30"))


@pytest.mark.parametrize(
    ("code", "fact"),
    [
        ("invoice_document", ISSUED.model_copy(update={"document": "ab" * 32})),
        ("reminder_letter", make.reminded("2026-02-10").model_copy(update={"document": "ab" * 32})),
        ("call_recap", make.called("2026-02-10").model_copy(update={"recap": "ab" * 32})),
        ("notice_letter", notice("lrar").model_copy(update={"document": "ab" * 32})),
        ("acknowledgement_document", ACKNOWLEDGED.model_copy(update={"document": "ab" * 32})),
    ],
)
def test_a_document_sealed_in_the_act_itself_fills_it(code: str, fact: Fact) -> None:
    assert code not in codes(*([fact] if code == "invoice_document" else [ISSUED, fact]))


def test_an_order_served_with_its_act_is_complete() -> None:
    served = OLD_ORDER[2].model_copy(update={"proof": "ab" * 32})
    assert "service_copy" not in codes(ISSUED, *OLD_ORDER[:2], served)


def test_the_act_of_service_is_asked_at_the_hearing_under_the_regime_of_september_2026() -> None:
    assert only("service_copy", ISSUED, *NEW_ORDER).reference == "CPC, art. 1418"
    assert only("service_copy", ISSUED, *OLD_ORDER).reference == "CPC, art. 1411"


@pytest.mark.parametrize("kind", ["invoice", "ruling", "service", "notice"])
def test_a_piece_that_names_no_entry_is_of_the_one_it_can_be_of(kind: Any) -> None:
    history = entries(ISSUED, notice("lrar"), *OLD_ORDER, piece(kind))
    file = OnFile.known(history, ON, {})
    at = {"invoice": 1, "notice": 2, "ruling": 4, "service": 5}[kind]
    assert [each.version for each in history if file.of(each)] == [at]


def test_the_invoice_is_that_of_its_issue_and_a_credit_note_is_none() -> None:
    credited = make.credited("2026-03-05", "50,00")
    on_reminder = entries(ISSUED, make.reminded("2026-02-10"), piece("invoice", of=2))
    on_credit = entries(ISSUED, credited, piece("invoice", of=2))
    assert OnFile.known(on_reminder, ON, {}).of(on_reminder[0])
    assert not OnFile.known(on_credit, ON, {}).of(on_credit[0])
    assert "invoice_document" not in [gap.code for gap in gaps(STREAM, on_reminder, on=ON)]
    assert "invoice_document" in [gap.code for gap in gaps(STREAM, on_credit, on=ON)]


def test_an_order_over_two_invoices_is_on_file_of_both_though_its_copy_names_no_entry() -> None:
    one = entries(ISSUED, *OLD_ORDER, piece("ruling"), piece("service"), piece("invoice"))
    other = entries(ISSUED, *OLD_ORDER)
    shared = attached_to_acts([one, other])
    found_on_other = [gap.code for gap in gaps(STREAM, other, on=ON, shared=shared)]
    assert not {"order_copy", "service_copy"} & set(found_on_other)
    assert "invoice_document" in found_on_other, "an invoice is nobody else's, even recorded by the same act"
    file = OnFile.known(other, ON, shared)
    assert {entry.version: [each.kind for each in file.of(entry)] for entry in other if file.of(entry)} == {
        3: ["ruling"],
        4: ["service"],
    }
    assert [each.kind for each in OnFile.known(one, ON, shared).of(one[2])] == ["ruling"], "once"


def test_a_later_entry_has_only_what_names_it() -> None:
    history = entries(ISSUED, make.reminded("2026-02-10"), make.reminded("2026-03-10", 2), piece("reminder"))
    file = OnFile.known(history, day("2026-02-28"), {})
    assert [each.version for each in history if file.of(each)] == [2]


def test_a_piece_that_may_be_of_two_letters_is_of_neither() -> None:
    two = (ISSUED, make.reminded("2026-02-10"), make.reminded("2026-02-20", 2))
    assert codes(*two, piece("reminder")).count("reminder_letter") == 2
    named = [gap.version for gap in found(*two, piece("reminder", of=3)) if gap.code == "reminder_letter"]
    assert named == [2]


def test_a_piece_that_names_another_entry_is_of_that_one_only() -> None:
    assert "reminder_letter" in codes(ISSUED, make.reminded("2026-02-10"), piece("reminder", of=1))


def test_a_plain_reminder_takes_no_receipt_from_the_notice() -> None:
    story = (ISSUED, make.reminded("2026-02-10"), notice("lrar"), piece("lrar_receipt"), piece("reminder"))
    assert not {"dispatch_proof", "reminder_letter"} & set(codes(*story))


def test_a_receipt_is_no_letter_and_a_letter_is_no_receipt() -> None:
    assert "notice_letter" in codes(ISSUED, notice("lrar"), piece("lrar_receipt", of=2))
    assert "dispatch_proof" in codes(ISSUED, notice("lrar"), piece("notice", of=2))
    assert "dispatch_proof" in codes(ISSUED, notice("lrar"), piece("notice", of=2, origin="third_party"))
    assert "notice_letter" in codes(ISSUED, notice("lrar"), piece("other", of=2, origin="third_party"))


def test_the_way_of_one_letter_proves_no_other() -> None:
    two = (ISSUED, REGISTERED, notice("lrar"), leg(2, "received", "ab" * 32))
    assert only("dispatch_proof", *two).version == 3


def test_a_stage_without_its_proof_proves_nothing_and_preparing_is_not_depositing() -> None:
    assert "dispatch_proof" in codes(ISSUED, notice("lrar"), leg(2, "received"))
    assert "dispatch_proof" in codes(ISSUED, notice("lrar"), leg(2, "prepared", "ab" * 32))


def test_the_receipt_of_a_letter_over_two_invoices_is_on_file_of_both() -> None:
    one, other = entries(ISSUED, notice("lrar"), piece("lrar_receipt", of=2)), entries(ISSUED, notice("lrar"))
    assert "dispatch_proof" in [gap.code for gap in gaps(STREAM, other, on=ON)]
    shared = attached_to_acts([one, other])
    assert "dispatch_proof" not in [gap.code for gap in gaps(STREAM, other, on=ON, shared=shared)]


def test_a_call_that_reached_nobody_wants_no_recap() -> None:
    missed = make.called("2026-02-10").model_copy(update={"result": "no_answer"})
    assert "call_recap" not in codes(ISSUED, missed)
    assert "call_recap" in codes(ISSUED, missed.model_copy(update={"result": "voicemail"}))


def test_the_recap_of_a_call_holds_the_promise_made_in_it() -> None:
    call, promise = make.called("2026-02-10"), make.promised("2026-02-10", "2026-02-20")
    assert "promise_document" in codes(ISSUED, call, promise)
    assert "promise_document" not in codes(ISSUED, call, promise, piece("mail", of=2))
    earlier = make.called("2026-02-09")
    assert "promise_document" in codes(ISSUED, earlier, promise, piece("mail", of=2))


@pytest.mark.parametrize("form", ["letter", "lrar", "commissaire"])
def test_a_notice_leaves_time_after_it_was_sent_and_received(form: str) -> None:
    assert "notice_time" not in codes(ISSUED, notice(form), leg(2, "received"))
    assert "notice_time" in codes(ISSUED, notice(form, deadline="2026-03-02"))
    assert "notice_time" in codes(ISSUED, notice(form), leg(2, "presented", on="2026-03-17"))


def test_a_notice_by_the_contract_has_no_letter() -> None:
    assert not {"notice_letter", "notice_time", "own_word"} & set(codes(ISSUED, notice("by_contract")))


def test_a_letter_the_creditor_alone_speaks_for_is_said_unless_relance_saw_it() -> None:
    story = (ISSUED, notice("letter"), piece("notice", of=2))
    assert only("own_word", *story).about == ("notice",)
    assert "own_word" not in codes(*story, provenance={2: "witnessed"})
    assert "own_word" not in codes(ISSUED, notice("letter"))  # its letter is asked for first


def test_an_imported_entry_without_a_document_is_said_once() -> None:
    story = (ISSUED, make.escalated("2026-04-01"))
    assert "imported_entry" not in codes(*story)
    assert only("imported_entry", *story, provenance={2: "imported"}).version == 2
    assert "imported_entry" not in codes(*story, piece("other", of=2), provenance={2: "reconstructed"})
    named = codes(ISSUED, make.reminded("2026-02-10"), provenance={2: "imported"})
    assert "reminder_letter" in named
    assert "imported_entry" not in named


def test_a_title_on_a_document_sealed_in_it_is_not_the_creditors_word() -> None:
    story = (ISSUED, *OLD_ORDER)
    assert "own_word" not in codes(*story, TITLE.model_copy(update={"document": "ab" * 32}))
    assert only("own_word", *story, TITLE, piece("mail", of=5)).about == ("title",)


def test_rent_is_delivered_by_no_note() -> None:
    asked = codes(ISSUED.model_copy(update={"nature": "rent"}))
    assert not {"delivery_note", "performance_proof"} & set(asked)


def test_money_wants_no_voucher() -> None:
    before = [gap.code for gap in gaps(STREAM, entries(ISSUED, make.fell_due()), on=ON)]
    after = codes(ISSUED, make.paid("2026-02-03", "100,00"), provenance={2: "imported"})
    assert after == before


def test_a_notice_is_asked_of_what_is_overdue_only() -> None:
    assert "no_notice" not in codes(ISSUED, on=day("2026-01-31"))
    assert "no_notice" not in codes(ISSUED, make.paid("2026-01-20"))
    assert "no_notice" not in codes(ISSUED.model_copy(update={"clauses": ("notice_by_maturity",)}))
    assert only("no_notice", ISSUED).weight == "asked_by_judges"


@pytest.mark.parametrize("side", ["debtor_kind", "creditor_kind"])
def test_interest_where_one_is_a_consumer_runs_from_a_notice(side: str) -> None:
    gap = only("no_notice_interest", ISSUED.model_copy(update={side: "consumer"}))
    assert (gap.weight, gap.reference) == ("asked_by_law", "C. civ., art. 1231-6, 1344-1")


def test_writing_is_wanted_beyond_a_sum_from_who_is_no_trader() -> None:
    for above in (make.issued("1 500,01", debtor_kind="consumer"), make.issued("1 500,01", debtor_kind="professional")):
        assert only("order_document", above).reference == "C. civ., art. 1353, 1359, 1363"
    for plain in (make.issued("1 500,00", debtor_kind="consumer"), make.issued("1 500,01")):
        assert only("order_document", plain).reference == "C. civ., art. 1353, 1363"


def test_agreed_terms_name_each_clause_with_its_text() -> None:
    issue = ISSUED.model_copy(
        update={"penalty_rate": "12", "clauses": ("retention_of_title", "prior_conciliation"), "method": "eom_then_add"}
    )
    gap = only("agreed_terms", issue)
    assert gap.about == ("penalty_rate", "end_of_month", "retention_of_title")
    assert gap.reference == "C. com., art. L441-10, II; C. com., art. L441-10, I; C. civ., art. 2368"
    assert "agreed_terms" not in codes(ISSUED.model_copy(update={"clauses": ("prior_conciliation",)}))
    public = {"debtor_kind": "public", "penalty_rate": "12"}
    assert "agreed_terms" not in codes(ISSUED.model_copy(update=public))  # the rate of the law, whatever was agreed


def test_the_mentions_that_are_not_recorded_are_told_with_their_text() -> None:
    item = read_checklist("petition").items[0]
    gap = only("mention", ISSUED, missing_mentions={"petition": [item]})
    assert (gap.document, gap.mention, gap.reference) == ("petition", item, item.reference)


def test_the_invoice_comes_first_then_each_entry_in_the_order_of_the_days() -> None:
    story = (ISSUED, notice("email"), make.reminded("2026-02-10"), make.called("2026-02-05"))
    assert codes(*story) == [
        "invoice_document", "order_document", "performance_proof", "call_recap", "reminder_letter", "notice_letter",
    ]  # fmt: skip


def test_what_comes_after_the_day_of_the_figures_is_left_out() -> None:
    assert "call_recap" not in codes(ISSUED, make.called("2026-02-10"), on=day("2026-02-09"))


def test_a_file_where_nothing_is_missing_has_no_gap() -> None:
    issue = ISSUED.model_copy(update={"nature": "goods", "penalty_rate": "12"})
    whole = (
        issue, piece("invoice"), piece("order_form"), piece("delivery_note"), piece("terms"),
        make.reminded("2026-02-10"), piece("reminder", of=6), notice("lrar"), piece("notice", of=8), piece("lrar_receipt", of=8),
    )  # fmt: skip
    assert found(*whole) == []


def test_an_invoice_that_is_not_issued_has_no_gap() -> None:
    assert gaps(STREAM, (), on=ON) == []
