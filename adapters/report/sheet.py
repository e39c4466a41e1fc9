"""The pages of invoices: what each comes to, what is owed in law, and its timeline with both times of every entry.

There are as many pages as invoices: their strings are put together here, without a template engine, inside the frame that
every page shares. Nothing of the internal part of an entry is read, nor who recorded it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import FileIO
from pathlib import Path
from typing import Final

from adapters.bootstrap import Office
from adapters.dossier.subject import wholes
from adapters.on_account import on_account
from adapters.report import stages
from adapters.report.deadlines import Ahead
from adapters.report.frame import Frame
from adapters.report.histories import Histories
from adapters.report.markup import DEBTORS, INVOICES, count, counted, day, file_of, instant, name, said
from adapters.report.rows import Row, row_of
from adapters.report.situation import Situation
from domain.account import Movement
from domain.claim import INDEMNITY, of_invoice
from domain.errors import LawMissing
from domain.facts.invoicing import CreditNoteApplied
from domain.facts.procedure import EscalatedToInjonction, OrdonnanceGranted
from domain.history import Entry, History, replay
from domain.invoice import Invoice
from domain.law.readings import Readings
from projections.timeline import Line, Recorded, timeline
from projections.wording import statement as words
from projections.wording.terms import amount, typeset

DEPTH: Final = 2
_PROCEEDINGS: Final = (EscalatedToInjonction, OrdonnanceGranted)
Sums = Sequence[tuple[str, int | str]]


class Sheets:
    """Writes the pages of invoices of one store."""

    def __init__(self, office: Office, situation: Situation, folder: Path) -> None:
        self._office, self._at, self._folder = office, situation, folder / INVOICES
        self._histories = Histories(office.app.store.path, situation.position)
        self._frame = Frame(situation).around(DEPTH, "factures")
        self._deadlines = Ahead(office.app, office.law, situation.corner)
        self._readings: dict[str, Readings] = {}
        self._accounts: dict[str, Mapping[str, Sequence[Movement]]] = {}

    def write(self, streams: Iterable[tuple[str, str]]) -> list[Row]:
        """Write the page of each (stream, debtor) that was issued by the day and known at the position."""
        asked = list(streams)
        entries = self._histories.of([stream for stream, _ in asked])
        return [row for stream, debtor in asked if (row := self._written(stream, debtor, entries.get(stream, ())))]

    def _written(self, stream: str, debtor: str, entries: Sequence[Recorded]) -> Row | None:
        history = tuple(Entry(each.version, each.fact, each.position, each.act) for each in entries)
        invoice = replay(history, as_of=self._at.as_of)
        if invoice is None:
            return None
        id = stream.partition(":")[2]
        number = self._label(id, debtor)
        row = self._row(id, number, invoice, history)
        numbers = {invoice.issued.number: number, **self._notes(history, debtor)}
        app, position = self._office.app, self._at.position
        parts = wholes(app, history, position) if any(isinstance(each.fact, _PROCEEDINGS) for each in history) else None
        lines = timeline(entries, numbers, parts)
        debtor_name = self._office.registry.card(debtor)[1]
        main = "".join(self._page(row, debtor_name, invoice, history, lines))
        title = f"Facture {said(number)} – {said(debtor_name)}"
        with FileIO(f"{self._folder}/{file_of(id, self._at.length)}", "w") as file:
            file.write(self._frame.page(title, main).encode())
        return row

    def _label(self, id: str, debtor: str) -> str:
        return self._office.registry.label(id, debtor) or f"(effacé {id[:8]})"

    def _notes(self, history: History, debtor: str) -> dict[str, str]:
        """The numbers of the credit notes."""
        notes = [each.fact.number for each in history if isinstance(each.fact, CreditNoteApplied)]
        return {each: label for each in notes if (label := self._office.registry.label(each, debtor))}

    def _row(self, id: str, number: str, invoice: Invoice, history: History) -> Row:
        issued, on = invoice.issued, self._at.as_of
        residual = invoice.book_residual_cents
        unpaid = invoice.unpaid() if invoice.unsettled_cents > 0 else ()
        due = unpaid[0][0] if unpaid else max((part.due for part in issued.instalments if part.due), default=None)
        overdue = sum(cents for day, cents in unpaid if day is not None and day < on)
        return row_of(
            id, issued.debtor, number, issued.on.toordinal(), due.toordinal() if due else 0, invoice.total_cents, residual, overdue,
            min(invoice.disputed_cents, max(residual, 0)), stages.in_words(invoice, history, on, overdue),
            stages.stages(invoice, overdue), self._deadlines.of(invoice, history, self._read(issued.creditor)),
        )  # fmt: skip

    def close(self) -> None:
        """Close what was opened."""
        self._histories.close()

    # The page

    def _page(self, row: Row, debtor: str, invoice: Invoice, history: History, lines: Sequence[Line]) -> Iterator[str]:
        link = f"../../{DEBTORS}/{file_of(row.debtor, self._at.length)}"
        yield f'<p class="kicker">Débiteur&nbsp;: <a href="{link}">{name(debtor)}</a></p><h1>Facture n° {row.label}</h1>'
        yield f'<p class="etat">{said(row.state)}</p>{_sums(self._books(row, invoice))}'
        yield _dues(invoice)
        if invoice.unsettled_cents > 0:
            yield from self._claim(row, invoice, history)
        last = self._at.as_of
        for title, some in (
            ("Chronologie", [each for each in lines if each.effective_on <= last]),
            (
                f"Connu depuis, hors situation au {day(last.toordinal())}",
                [each for each in lines if each.effective_on > last],
            ),
        ):
            if some:
                yield f'<h2>{title}</h2><ol class="chrono">{"".join(map(_entry, some))}</ol>'

    @staticmethod
    def _books(row: Row, invoice: Invoice) -> Sums:
        """The account of the invoice in the books."""
        rows: list[tuple[str, int]] = [("Montant TTC", row.total), ("Payé", invoice.paid_cents)]
        rows += [("Avoirs", invoice.credited_cents)] if invoice.credited_cents else []
        rows += [("Passé en pertes", invoice.written_off_cents)] if invoice.written_off_cents else []
        rows += [("Solde comptable", row.residual)]
        rows += [("dont échu", row.overdue)] if row.overdue else []
        rows += [("dont contesté", row.disputed)] if row.disputed else []
        return rows

    def _claim(self, row: Row, invoice: Invoice, history: History) -> Iterator[str]:
        """What is owed in law: the heads, or the value for want of which they are not computed."""
        on, readings = self._at.as_of, self._read(invoice.issued.creditor)
        moves = self._drawn(row.debtor).get(f"invoice:{row.id}", ())
        yield f"<h2>Décompte au {day(on.toordinal())}</h2>"
        try:
            claim = of_invoice(self._office.law, history, on, readings=readings, on_account=moves)
        except LawMissing as missing:
            yield f'<p class="note">{said(typeset(words.missing(missing.label, missing.on)))}</p>'
            return
        assert claim is not None, "an invoice that stands has a claim"
        stated = claim.statement
        rows: list[tuple[str, int | str]] = [
            ("Principal", stated.principal_cents), ("Intérêts de retard", stated.interest_cents),
            ("Indemnité forfaitaire", stated.head_cents(INDEMNITY)),
        ]  # fmt: skip
        others = stated.other_heads_cents(INDEMNITY)
        rows += [("Autres chefs", others)] if others else []
        yield _sums([*rows, ("Total", stated.total_cents)])
        if moves:
            yield '<p class="note">Des sommes reçues du débiteur, non affectées dans les livres, y sont imputées (C. civ., art. 1342-10).</p>'

    def _read(self, creditor: str) -> Readings:
        """How the policy of the day reads contested points."""
        if creditor not in self._readings:
            self._readings[creditor] = self._office.readings(creditor, self._at.as_of, self._at.position)
        return self._readings[creditor]

    def _drawn(self, debtor: str) -> Mapping[str, Sequence[Movement]]:
        """What the law draws from the account of a debtor for each of its invoices."""
        if debtor not in self._at.waiting:
            return {}
        if debtor not in self._accounts:
            self._accounts[debtor] = on_account(self._office, debtor, self._at.as_of, self._at.position)
        return self._accounts[debtor]


def _sums(rows: Sums) -> str:
    cells = [
        f"<div><dt>{label}</dt><dd>{amount(value) if isinstance(value, int) else value}</dd></div>"
        for label, value in rows
    ]
    return f'<dl class="sommes">{"".join(cells)}</dl>'


def _dues(invoice: Invoice) -> str:
    issued = day(invoice.issued.on.toordinal())
    parts = invoice.issued.instalments
    if len(parts) == 1:
        due = parts[0].due
        return f"<p>Émise le {issued}, {f'échéance le {day(due.toordinal())}' if due else 'échéance non connue'}.</p>"
    each = "".join(
        f"<li>{amount(part.cents)}, {f'le {day(part.due.toordinal())}' if part.due else 'date non connue'}</li>"
        for part in parts
    )
    return f"<p>Émise le {issued}, payable en {counted(len(parts), 'échéance')}&nbsp;:</p><ul>{each}</ul>"


def _entry(line: Line) -> str:
    """One entry: what happened and when, then when and how it was recorded, and what it breached."""
    on = line.effective_on
    kinds = " ".join((*(("w",) if line.withdrawn_by else ()), *(("c",) if line.is_conclusion else ())))
    text = said(line.sentence)
    if line.withdrawn_by:
        text = f"<del>{text}</del> Retirée par l’entrée n°&nbsp;{line.withdrawn_by}."
    if line.effective_on != line.on:
        text += f" Datée du {day(line.on.toordinal())}, prise en compte à la date d’émission."
    source = "conclusion du journal" if line.is_conclusion else line.provenance
    found = "".join(f'<p class="f">{said(each)}</p>' for each in line.findings)
    late = "le jour même" if line.lag_days == 0 else f"{counted(line.lag_days, 'jour')} après"
    marked = f' class="{kinds}"' if kinds else ""
    return (
        f'<li{marked}><time datetime="{on}">{day(on.toordinal())}</time><p>{text}</p>{found}'
        f'<p class="m">Enregistré le {instant(line.recorded_at)}, {late} · {source} · entrée n°&nbsp;{line.version}, position&nbsp;{count(line.position)}</p></li>'
    )
