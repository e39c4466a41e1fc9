"""Advice kept out: relance states rules, facts and figures; the user qualifies and signs.

Reads every sentence that a screen or a document may show: the strings of the source, docstrings of commands among them, the
templates, the data of the law, the policies, the golden files, the README. To tell somebody that his claim meets the conditions,
what he is entitled to, what to do or how it will end is legal advice, reserved to those whom the law names.

Law: loi n° 71-1130 du 31 décembre 1971, art. 54 et 66-2.
"""

import ast
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import HERE

ROOT = HERE.parent
PACKAGES = ("domain", "projections", "adapters", "cli")

#: The steps of a claim, as an adviser would tell a client to take them.
_TO_ACT = r"(?:sue|file|petition|serve|claim|go to court|take .{1,20} to court|escalate)"
_AGIR = r"(?:assigner|saisir|poursuivre|agir en justice|déposer|engager|déclarer)"

FORBIDDEN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # The claim, or the client, is qualified.
        r"\byour (?:claim|invoice|debt|case|file|petition)s? (?:qualif|meets?\b|satisf|fulfil|is (?:admissible|well[- ]founded|valid|certain))",
        r"\b(?:the|this) (?:claim|invoice|case) (?:qualifies|is eligible|is well[- ]founded)\b",
        r"\byou (?:do |now |clearly )?(?:qualify|meet (?:all )?the (?:condition|requirement))",
        r"\b(?:in)?eligib(?:le|ility)\b",
        r"\bvo(?:tre|s) (?:créance|facture|dossier|demande|requête)s? (?:rempli|satisfai|répond|réuni|est (?:recevable|fondée|certaine|valable))",
        r"\b(?:la|cette) (?:créance|demande) (?:remplit|satisfait à|réunit) (?:les|toutes|bien)\b",
        r"\bvous (?:remplissez|réunissez|satisfaisez)\b",
        r"\b(?:in)?éligib(?:le|ilité)s?\b",
        # A right is granted to the client.
        r"\b(?:you are|you're) (?:legally |fully )?entitled\b",
        r"\byou have (?:a|the|every) right to\b",
        r"\bvous (?:avez (?:bien )?(?:le )?droit|êtes (?:bien )?(?:en droit|fondée?s?))\b",
        # The client is told what to do.
        r"\byou (?:really |probably )?(?:should|ought to|had better)\b",
        rf"\byou (?:must|need to|have to|can safely) {_TO_ACT}\b",
        r"\bwe (?:strongly |would )?(?:recommend|advise|suggest)\b",
        r"\bit is (?:strongly )?(?:recommended|advisable|advised|best|better|wise|in your interest) (?:to|that)\b",
        r"\b(?:our|my) (?:advice|recommendation)\b",
        r"\b(?:best|recommended|right) (?:route|procedure|course of action)\b",
        r"\bvous (?:devriez|feriez (?:mieux|bien)|avez (?:tout )?intérêt|auriez (?:tout )?intérêt)\b",
        rf"\bvous (?:devez|pouvez sans crainte) {_AGIR}\b",
        r"\bnous (?:vous )?(?:conseillons|recommandons|préconisons|suggérons)\b",
        r"\bil (?:vous )?est (?:vivement |fortement )?(?:conseillé|recommandé|préférable|préconisé|judicieux|opportun)\b",
        r"\b(?:notre|mon) (?:recommandation|préconisation)\b",
        r"\b(?:meilleure|bonne) (?:voie|procédure|stratégie)\b",
        # The outcome is foretold.
        r"\b(?:is |are )?guaranteed to\b",
        r"\byou (?:will|shall|would|'ll|are (?:sure|certain|bound|likely) to) (?:surely |certainly )?(?:win|succeed|prevail|recover|obtain)\b",
        r"\b(?:risk[- ]free|without (?:any )?risk|no risk)\b",
        r"\bthe (?:court|judge) (?:will|is (?:sure|bound|likely) to) (?:grant|rule|find|order|accept|agree)\b",
        r"\bchances? of (?:success|winning|recovery)\b",
        r"\bvous (?:gagnerez|obtiendrez|êtes (?:sûr|certain|assuré)e?s?)\b",
        r"\bsans (?:aucun )?risque\b",
        r"\b(?:garanti|assuré|certain)e?s? de (?:gagner|recouvrer|réussir|succès)\b",
        r"\ble (?:tribunal|juge) (?:fera droit|accueillera|vous donnera raison)\b",
        r"\bchances? de (?:succès|gagner|recouvrement)\b",
    )
)


def as_read(text: str) -> str:
    """A text as the eye reads it: one line, plain blanks and apostrophes, no mark-up."""
    plain = unicodedata.normalize("NFC", text).replace("’", "'").replace("~", " ").replace("\u00ad", "")
    return " ".join(re.sub(r"[*`\\]", "", plain).split())


def strings(source: str) -> Iterator[str]:
    """Every string of a Python file; of an f-string, its words with an ellipsis for each value."""
    tree = ast.parse(source)
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node.value


def advice(text: str) -> list[str]:
    """The turns of phrase of an adviser that a text holds."""
    read = as_read(text)
    return [found[0] for pattern in FORBIDDEN for found in pattern.finditer(read)]


def _python() -> list[Path]:
    return sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))


def _texts() -> list[Path]:
    shipped = (file for package in PACKAGES for file in (ROOT / package).rglob("*") if file.is_file())
    data = [file for file in shipped if file.suffix not in {".py", ".pyc"}]
    golden = [file for file in (HERE / "golden").rglob("*") if file.is_file()]
    return sorted([*data, *golden, ROOT / "README.md"])


def _id(file: Path) -> str:
    return str(file.relative_to(ROOT))


@pytest.mark.parametrize("file", _python(), ids=_id)
def test_no_string_of_the_program_advises(file: Path) -> None:
    found = [each for text in strings(file.read_text(encoding="utf-8")) for each in advice(text)]
    assert found == [], "state the rule and what is recorded; whoever signs qualifies"


@pytest.mark.parametrize("file", _texts(), ids=_id)
def test_no_document_and_no_data_advises(file: Path) -> None:
    assert advice(file.read_text(encoding="utf-8", errors="replace")) == [], (
        "state the rule and what is recorded; whoever signs qualifies"
    )


@pytest.mark.parametrize(
    "phrase",
    [
        "Your claim qualifies for a payment order.",
        "Your invoice meets every condition.",
        "The claim qualifies.",
        "You qualify for the simplified procedure.",
        "You meet all the conditions of article 1405.",
        "This debt is eligible.",
        "Eligibility: yes",
        "You are entitled to 40 EUR.",
        "You have the right to sue.",
        "You should send a formal notice first.",
        "You must sue before 1 March.",
        "You need to file a petition.",
        "We recommend the injonction de payer.",
        "We strongly advise a formal notice.",
        "It is advisable to wait.",
        "Our advice: go on.",
        "The best route is L126.",
        "An order is guaranteed to be granted.",
        "You will win.",
        "You are likely to recover the whole.",
        "A risk-free procedure.",
        "The judge will grant it.",
        "Chances of success: 80 %",
        "Votre créance remplit les conditions de l'article 1405.",
        "Votre demande est recevable.",
        "Cette créance réunit toutes les conditions.",
        "Vous remplissez les conditions.",
        "La créance est éligible à la procédure.",
        "Vous avez droit à 40 €.",
        "Vous êtes en droit de réclamer des pénalités.",
        "Vous devriez mettre en demeure.",
        "Vous avez intérêt à agir vite.",
        "Vous devez assigner avant le 1er mars.",
        "Nous vous conseillons d'attendre.",
        "Nous recommandons l'injonction.",
        "Il est conseillé d'envoyer une lettre.",
        "Il est vivement recommandé d'agir.",
        "La meilleure voie est l'injonction.",
        "Vous obtiendrez gain de cause.",
        "Une procédure sans risque.",
        "Le juge fera droit à la requête.",
        "Vos chances de succès sont grandes.",
        "you\n        should",
        "*vous~devriez*",
        "Vous n’êtes pas seul : vous avez\u00a0droit à tout",
        "Votre cre\u0301ance remplit les conditions",
    ],
)
def test_the_words_of_an_adviser_are_caught(phrase: str) -> None:
    assert advice(phrase)


@pytest.mark.parametrize(
    "phrase",
    [
        "Condition met: the amount is determined (CPC, art. 1405).",
        "To be qualified by whoever signs.",
        "ni signature, ni horodatage qualifié",
        "A qualified timestamp is presumed accurate.",
        "The law requires no reminder before a payment order.",
        "The claim is declared within two months.",
        "Lettre recommandée avec demande d'avis de réception",
        "Envoi recommandé électronique",
        "Nous vous mettons en demeure de payer la somme de 1 200 €.",
        "Nous vous prions de régler avant le 15 mars 2026.",
        "Vous pouvez former opposition dans le mois de la signification.",
        "À défaut, vous devez vous attendre à une action en justice.",
        "Le juge peut accorder un délai de deux ans.",
        "Vous disposez d'un délai d'un mois.",
        "The guarantor is bound within his limit.",
        "earlier: not extended (what you must do); later: what you wait for",
        "The court ordered 1 200 EUR.",
        "The record stands against it: what is recorded should not be changed.",
        "Conseil national des administrateurs judiciaires",
        "the risk of a late payment",
    ],
)
def test_what_states_a_rule_or_a_fact_is_not(phrase: str) -> None:
    assert advice(phrase) == []


def test_a_sentence_is_read_across_lines_values_and_pieces() -> None:
    source = (
        'def f(n):\n    """You\n    should do it."""\n    return f"You are entitled to {n} EUR" "; we " f"advise {n}"\n'
    )
    assert [each for text in strings(source) for each in advice(text)] == [
        "You should",
        "You are entitled",
        "we advise",
    ]
    assert list(strings('# you should\nx = "a" f"{x}b"')) == ["a…b"]
