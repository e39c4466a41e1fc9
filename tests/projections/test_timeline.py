"""The history in words: every stored fact has its sentence, every code its French, every line its two times."""

import datetime as dt
from typing import get_args

import pytest
from hypothesis import given, settings

from domain.errors import reference_code
from domain.facts import insolvency, invoicing, procedure, recovery
from domain.facts.fact import Fact
from domain.facts.recovery import ServiceProgressed
from domain.facts.vocabulary import OF_STREAM
from domain.lifecycle import rules_of
from domain.moves import MOVES
from domain.rules.observations import FINDINGS
from projections.timeline import SENTENCES, Breach, Line, Recorded, sentence, timeline
from projections.wording import findings, pieces, terms
from projections.wording import invoicing as claim
from projections.wording import procedure as title
from projections.wording import recovery as ladder
from tests import builders as make
from tests.builders import day, instant
from tests.strategies import any_fact

STORED = sorted((fact for fact in OF_STREAM["invoice"] if not fact.draft), key=lambda fact: fact.__name__)
NB, NNB = "\u00a0", "\u202f"
LABELS = {make.NUMBER: "F 2026 014"}


def told(*facts: Fact, at: str = "2026-06-01T08:00:00+00:00", provenance: str = "declared") -> list[Line]:
    when = instant(at)
    entries = [
        Recorded(version, version, fact, when, when.date(), provenance, act=f"{version:032x}")
        for version, fact in enumerate(facts, start=1)
    ]
    return timeline(entries, LABELS)


def text(*facts: Fact) -> list[str]:
    return [line.sentence.replace(NB, " ").replace(NNB, " ") for line in told(*facts)]


def test_every_stored_fact_of_an_invoice_has_its_sentence() -> None:
    assert set(SENTENCES) == set(STORED)


@settings(max_examples=300)
@given(any_fact(STORED))
def test_any_stored_fact_is_said_whole(fact: Fact) -> None:
    words = sentence(fact, terms.Setting(instalments=2))
    assert words.endswith(".")
    assert "None" not in words
    assert "  " not in words
    assert words[0].isupper()


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (invoicing.PaymentSource, claim.SOURCE),
        (invoicing.PaymentMeans, claim.MEANS),
        (invoicing.CreditReason, claim.CREDIT_REASON),
        (invoicing.ReversalReason, claim.REVERSAL),
        (invoicing.DisputeReason, claim.DISPUTE),
        (invoicing.DisputeOutcome, claim.OUTCOME),
        (invoicing.WriteOffReason, claim.WRITE_OFF),
        (invoicing.WithdrawalReason, claim.WITHDRAWAL),
        (invoicing.PartyKind, terms.DEBTOR_KIND),
        (recovery.ReminderChannel, ladder.CHANNEL),
        (recovery.NoticeForm, ladder.FORM),
        (recovery.CallResult, ladder.CALL),
        (recovery.ContactRole, ladder.CONTACT),
        (recovery.ServiceStage, ladder.STAGE),
        (recovery.NextStep, ladder.NEXT),
        (procedure.HeadName, title.HEAD),
        (procedure.ServiceMode, title.SERVICE),
        (procedure.EnforceableBasis, title.BASIS),
        (insolvency.InsolvencyKind, title.INSOLVENCY),
        (invoicing.PieceKind, pieces.KIND),
        (invoicing.PieceMedia, pieces.MEDIA),
    ],
)
def test_every_code_has_its_french(codes: object, words: dict[str, str]) -> None:
    assert set(get_args(codes)) == set(words)


def test_every_state_but_the_first_has_its_french() -> None:
    reached = {target for _, targets in MOVES.values() for target in targets.values()}
    starts = {"issued", "no_procedure", "owed", "live", "in_house", "undisputed", "no_arrangement", "free"}
    assert set(terms.STATES) == reached - starts


def test_every_rule_that_may_be_a_finding_has_its_french_and_its_article() -> None:
    rules = {rule for move in MOVES for rule in rules_of(move) if rule.kind == "legal"}
    rules |= {rule for found in FINDINGS.values() for rule in found}
    assert {rule.code for rule in rules} <= set(findings.RULES)
    assert {rule.consequence for rule in rules} <= set(findings.CONSEQUENCES)
    assert {reference_code(rule.reference) for rule in rules} <= set(findings.REFERENCES)
    for rule in rules:
        said = findings.in_words(rule.code, reference_code(rule.reference), rule.consequence)
        assert "«" not in said


def test_an_unknown_code_is_printed_as_it_was_recorded() -> None:
    assert findings.in_words("new_rule", "c-com-art-1", "odd").startswith(
        "Règle « new_rule » (référence « c-com-art-1 »)"
    )


def test_sentences_one_would_sign() -> None:
    assert text(
        make.issued(),
        make.reminded("2026-02-02"),
        make.notified("2026-03-01", "2026-03-21"),
        make.paid("2026-03-25", "200,00"),
        make.order_served("2026-05-02"),
    ) == [
        "Émission de la facture n° F 2026 014 d’un montant de 1 200,00 € TTC, payable au plus tard le 31 janvier 2026.",
        "Relance n° 1 faite au débiteur par courriel.",
        "Mise en demeure de payer au plus tard le 21 mars 2026, faite au débiteur, par lettre recommandée avec demande d’avis de réception.",
        "Paiement de 200,00 € reçu du débiteur, fonds disponibles à cette date.",
        "Signification de l’ordonnance au débiteur, à personne.",
    ]


def told_beside(fact: Fact, whole: terms.Whole) -> str:
    """A fact of an act of which the proceeding holds the whole."""
    at = instant("2026-06-01T08:00:00+00:00")
    entries = [
        Recorded(version, version, each, at, at.date(), "declared", act=act)
        for version, (each, act) in enumerate([(make.issued(), None), (fact, "ab" * 16)], start=1)
    ]
    return timeline(entries, LABELS, {"ab" * 16: whole})[1].sentence.replace(NB, " ").replace(NNB, " ")


def test_a_share_is_said_to_be_one_beside_the_whole_of_its_act() -> None:
    whole = terms.Whole(make.granted("2026-04-20", "900,00").heads, 3)
    share = make.granted("2026-04-20", "370,59")
    assert told_beside(share, whole) == (
        "Ordonnance portant injonction de payer, part de cette facture : principal 370,59 €"
        " (900,00 € pour l’ensemble de la procédure, 3 factures)."
    )
    petition = make.escalated("2026-04-20", "370,59")
    assert "part de cette facture : principal 370,59 € (900,00 €" in told_beside(petition, whole)
    costs = procedure.Head(cents=1000, head="costs")
    several = told_beside(share, terms.Whole((*whole.heads, costs), 3))
    assert "(principal 900,00 € ; frais 10,00 € pour l’ensemble de la procédure, 3 factures)" in several


def test_a_proceeding_over_one_invoice_is_said_as_before() -> None:
    order = make.granted("2026-04-20", "900,00")
    plain = "Ordonnance portant injonction de payer, pour : principal 900,00 €."
    assert text(make.issued(), order)[1] == plain
    assert told_beside(order, terms.Whole(order.heads, 1)) == plain


def test_a_title_on_the_creditors_word_says_so() -> None:
    title_ = procedure.TitleEnforceable(basis="own_statement", on=day("2026-05-20"), proceeding=make.PROCEEDING)
    words = "Titre exécutoire selon la seule déclaration du créancier"
    assert text(make.issued(), title_)[1] == f"{words}, sans document qui l’établisse."
    assert text(make.issued(), title_.model_copy(update={"document": "cd" * 32}))[1] == f"{words}."
    certified = title_.model_copy(update={"basis": "no_opposition_certificate"})
    assert "déclaration" not in text(make.issued(), certified)[1]


def test_an_invoice_in_parts_names_each_due_day() -> None:
    lines = text(
        make.issued_in_parts(("600,00", "2026-01-31"), ("600,00", "2026-03-01")), make.fell_due("2026-03-01", 2)
    )
    assert (
        "payable en 2 échéances : 600,00 € au plus tard le 31 janvier 2026, 600,00 € au plus tard le 1er mars"
        in lines[0]
    )
    assert lines[1] == "Arrivée du terme de l’échéance n° 2."


def test_a_courtesy_is_no_reminder_and_a_server_is_no_reader() -> None:
    assert text(make.issued(), make.reminded("2026-01-20", 0))[1].startswith("Rappel de courtoisie avant échéance")
    sent = ServiceProgressed(act=f"{2:032x}", on=day("2026-02-03"), stage="handed_to_server")
    said = text(make.issued(), make.reminded("2026-02-02"), sent)[2]
    assert said.startswith("Relance du 2 février 2026 (entrée n° 2) : message remis au serveur")
    assert "n’établit pas sa lecture" in said


def test_the_way_of_a_letter_is_told_with_what_was_sent() -> None:
    leg = ServiceProgressed(act=f"{2:032x}", on=day("2026-03-04"), stage="received")
    told_of = "Mise en demeure du 1er mars 2026 (entrée n° 2) : "
    for form, said in (
        ("lrar", "pli reçu par le destinataire."),
        ("commissaire", "acte reçu par le destinataire."),
        ("email", "message reçu par le destinataire."),
    ):
        notice = make.notified("2026-03-01", "2026-03-21").model_copy(update={"form": form})
        assert text(make.issued(), notice, leg)[2] == told_of + said
    lost = leg.model_copy(update={"stage": "unknown_at_address"})
    notice = make.notified("2026-03-01", "2026-03-21").model_copy(update={"form": "lrar"})
    assert text(make.issued(), notice, lost)[2] == f"{told_of}pli non distribué, destinataire inconnu à l’adresse."
    unknown = leg.model_copy(update={"act": "ff" * 16})
    assert text(make.issued(), unknown)[1] == "Envoi : pli reçu par le destinataire."


def test_a_withdrawn_entry_stays_and_names_what_withdrew_it() -> None:
    lines = told(make.issued(), make.paid("2026-02-03"), make.withdrawn(2, "2026-06-01"))
    assert [(line.version, line.withdrawn_by) for line in lines] == [(1, None), (2, 3), (3, None)]
    assert lines[2].sentence.replace(NB, " ") == "Retrait de l’entrée n° 2, motif : erreur de saisie."


def test_a_conclusion_is_told_apart_and_comes_last_of_its_day() -> None:
    lines = told(make.issued(), make.settled("2026-02-03"), make.paid("2026-02-03"))
    assert [line.version for line in lines] == [1, 3, 2]
    assert [line.is_conclusion for line in lines] == [False, False, True]


def test_a_line_says_how_late_it_was_recorded() -> None:
    lines = told(make.issued(), make.paid("2026-06-01"), provenance="imported")
    assert [line.lag for line in lines] == [f"151{NB}j", "le jour même"]
    assert lines[0].provenance == "importé"


def test_a_deposit_counts_from_the_issue_and_keeps_its_own_day() -> None:
    line = told(make.issued(), make.paid("2025-12-20", "100,00"))[1]
    assert (line.on, line.effective_on) == (day("2025-12-20"), day("2026-01-01"))


def test_a_finding_is_said_with_its_article() -> None:
    at = dt.datetime(2026, 6, 1, 8, tzinfo=dt.UTC)
    breach = Breach("paid_under_stay", "c-com-art-l622-7-i-iii", "annullable")
    entries = [Recorded(1, 1, make.issued(), at, at.date(), "declared", breaches=(breach,))]
    found = timeline(entries, {})[0].findings[0]
    assert "C. com., art. L622-7, I, III" in found
    assert found.endswith("annulable.")


def test_no_blank_breaks_before_a_double_sign() -> None:
    assert (
        terms.typeset("le 1er mars 2026 : « oui » ; 12 %")
        == f"le 1er{NB}mars{NB}2026{NB}: «{NB}oui{NB}»{NNB}; 12{NNB}%"
    )


def test_a_piece_is_said_with_what_it_proves_and_whose_it_is() -> None:
    piece = invoicing.PieceAdded(
        document="d0" * 32, kind="delivery_note", media="pdf", of=1, on=day("2026-01-12"), origin="third_party", record="ca" * 32, size=12_345
    )  # fmt: skip
    line = told(make.issued(), piece)[1]
    assert line.sentence.replace(NB, " ").replace(NNB, " ") == (
        "Pièce versée au dossier : bon de livraison (se rapporte à l’entrée n° 1 ; émane d’un tiers, selon le déclarant ; PDF, 12 345 octets)."
    )
    assert line.documents == (("bon de livraison", "d0" * 32),)
