"""The words of the gaps: every code in both languages, French that is typeset and neutral, commands that the program has."""

import re
import shlex
from pathlib import Path
from typing import get_args

import click
import pytest

from cli import gaps_words as english
from cli.main import cli
from cli.session import Session
from domain.checklists import NAMES, read_checklist
from domain.facts.invoicing import PieceKind
from projections import gaps
from projections.gaps import Gap, GapCode
from projections.wording import gaps as french
from projections.wording.terms import NARROW, NO_BREAK, typeset
from tests.builders import day

STREAM = "invoice:" + "f0" * 16
CODES: tuple[GapCode, ...] = get_args(GapCode)
_OF_THE_FILE = {"order_document", "delivery_note", "performance_proof", "agreed_terms", "mention", "no_notice", "no_notice_interest"}  # fmt: skip
_ABOUT = {
    "agreed_terms": tuple(gaps.CLAUSES),
    "dispatch_proof": ("notice",),
    "reception_proof": ("reminder",),
    "own_word": ("title",),
}
_WORDS = {"FILE": "bon.pdf", "FORM": "lrar", "OUTCOME": "agreed", "DAY": "2026-03-01", "KIND": "other"}


def gap(code: GapCode) -> Gap:
    if code == "mention":
        item = next(item for item in read_checklist("petition").items if "'" in item.texte)
        return Gap(code, STREAM, reference=item.reference, mention=item, document="petition")
    reference, about = gaps.REFERENCES.get(code, ""), _ABOUT.get(code, ())
    if code in _OF_THE_FILE:
        return Gap(code, STREAM, reference=reference, about=about)
    return Gap(code, STREAM, 6, day("2026-03-01"), reference, about)


def test_every_code_has_its_words_and_its_command() -> None:
    assert set(CODES) == set(french.SENTENCES) == set(english.TEXTS) == set(english.FILLS)
    assert set(gaps.CLAUSES) == set(french.CLAUSE) == set(english.CLAUSES)
    assert set(french.ACT) == set(english.ACTS)
    assert set(NAMES) == set(french.DOCUMENT) == set(english.DOCUMENTS)


@pytest.mark.parametrize("code", CODES)
def test_a_french_sentence_is_whole_typeset_and_neutral(code: GapCode) -> None:
    said = french.sentence(gap(code))
    assert said == typeset(said)
    assert said[0].isupper()
    assert said.endswith(".")
    assert not re.search(r"['{}]|  | [;:!?%»]|« ", said)
    assert not re.search(r"\b(?:art\.|doit|faut|manque|insuffisan|absence|défaut|judiciaire compétent)", said)
    if code not in {*_OF_THE_FILE, "invoice_document"}:
        assert f"1er{NO_BREAK}mars{NO_BREAK}2026" in said
        assert f"(entrée n°{NO_BREAK}6)" in said


def test_the_french_list_reads_as_a_judge_would_have_it() -> None:
    flat = [
        text.replace(NO_BREAK, " ").replace(NARROW, " ")
        for text in french.absent([gap("order_document"), gap("dispatch_proof"), gap("agreed_terms"), gap("order_document")])
    ]  # fmt: skip
    assert flat == [
        "Aucun bon de commande ni contrat n’est versé au dossier.",
        "Aucune preuve de dépôt ni de réception de la mise en demeure du 1er mars 2026 (entrée n° 6) n’est versée au dossier.",
        (
            "Ni conditions générales ni contrat ne sont versés au dossier ; clauses consignées : taux des pénalités de retard ; délai de paiement"
            " fin de mois ; réserve de propriété ; capitalisation des intérêts ; déchéance du terme ; mise en demeure par la seule échéance"
            " du terme."
        ),
    ]


@pytest.mark.parametrize("code", CODES)
def test_an_english_line_is_short_and_names_its_entry(code: GapCode) -> None:
    said = english.text(gap(code))
    assert "{" not in said
    assert len(said) < 130 or code in {"mention", "agreed_terms"}
    if code not in {*_OF_THE_FILE, "invoice_document"}:
        assert "1 March 2026 (v6)" in said


@pytest.mark.parametrize("code", CODES)
def test_the_command_that_fills_a_gap_is_one_the_program_takes(code: GapCode) -> None:
    line = english.fill(gap(code), "F 2026/014")
    program, *words = shlex.split(line.partition(" (")[0])
    assert program == "relance"
    command: click.Command = cli
    session = Session(Path("relance"), "", None, None, None, False, False, False)
    context = click.Context(cli, obj=session)
    while isinstance(command, click.Group):
        name = words.pop(0)
        found = command.get_command(context, name)
        assert found is not None, name
        command = found
    taken = command.make_context(command.name, [_WORDS.get(word, word) for word in words], parent=context)
    assert taken.params.get("invoice", "F 2026/014") == "F 2026/014"
    assert taken.params.get("of") in {None, 6}


def test_another_way_that_a_command_names_is_taken_too() -> None:
    kinds = {found for line in english.FILLS.values() for found in re.findall(r"--kind ([a-z_]+)", line)}
    assert kinds <= set(get_args(PieceKind))


def test_a_line_for_a_person_and_a_row_for_a_program() -> None:
    found = gap("notice_letter")
    assert english.remark(found, "F-1") == (
        "F-1: the text of the formal notice of 1 March 2026 (v6) is not on file [C. civ., art. 1344]. "
        "Fill: relance attach F-1 --kind notice --of 6 --on 2026-03-01 FILE"
    )
    assert english.row(found, "F-1") == {
        "code": "notice_letter", "invoice": "F-1", "version": 6, "on": day("2026-03-01"),
        "text": "the text of the formal notice of 1 March 2026 (v6) is not on file",
        "fill": "relance attach F-1 --kind notice --of 6 --on 2026-03-01 FILE", "reference": "C. civ., art. 1344",
    }  # fmt: skip


def test_the_absence_of_a_notice_is_said_alike_for_a_petition_and_a_declaration() -> None:
    for code in ("no_notice", "no_notice_interest"):
        assert "injonction" not in english.TEXTS[code]


def test_the_mention_of_an_invoice_is_looked_up_on_the_invoice() -> None:
    item = read_checklist("invoice").items[0]
    found = Gap("mention", STREAM, reference=item.reference, mention=item, document="invoice")
    assert english.fill(found, "F-1").startswith("relance check-invoice F-1 ")
