"""The pages around the invoices: overview, debtors, lists, method, and the index that the search box reads."""

import json
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, Final

from adapters.report import chart, lists, stages
from adapters.report.deadlines import MONTHS, Rows, Whose, by_day
from adapters.report.figures import BUCKETS, MONTHS_SHOWN, Debtor, Figures, bars
from adapters.report.frame import SCRIPT, STYLE, Around, Frame, asset, rendered
from adapters.report.markup import DEBTORS, INVOICES, clean, counted, day, file_of, name, said
from adapters.report.rows import Row, in_order
from adapters.report.situation import SCHEME, Situation
from domain.calendar import add_months, end_of_month
from projections.ratio import fixed
from projections.wording.terms import amount

TOP: Final = 10
SHOWN: Final = 10
INDEX: Final = "recherche.js"
STAGES: Final = "etapes"
#: States whose invoices are not listed apart: there are as many as in the whole list.
_UNLISTED: Final = frozenset({"paid"})
_WORDS: Final = {key: (words, file) for group in stages.GROUPS for key, words, file in group.states}


class Site:
    """Writes the pages of one report into its folder."""

    def __init__(self, folder: Path, at: Situation, figures: Figures) -> None:
        self._folder, self._at, self._figures = folder, at, figures
        self._frames = Frame(at)
        self._names = {each.id: each.name for each in figures.debtors}
        self._links = lists.Links(at.length, self._names)
        self._several = len(at.creditors) > 1
        self.pages = 0

    def write(self, tell: Callable[[int], None]) -> None:
        """Every page but those of the invoices."""
        for file in (STYLE, SCRIPT):
            (self._folder / file).write_text(asset(file), encoding="utf-8")
        self._lists()
        self._of_debtors(tell)
        self._index_of_search()
        self._method()
        self._overview(self._deadlines())

    def _put(self, frame: Around, path: str, title: str, template: str, /, **values: Any) -> None:
        self._written(frame, path, title, rendered(template, **values))

    def _written(self, frame: Around, path: str, title: str, main: str) -> None:
        file = self._folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(frame.page(title, main), encoding="utf-8")
        self.pages += 1

    # Lists of invoices

    def _lists(self) -> None:
        """All invoices by number, and those of each state."""
        rows = self._figures.rows
        drawn = {row.id: self._links.invoice(row) for row in rows}
        every = [(row.number, drawn[row.id]) for row in rows]
        intro = f"{counted(len(rows), 'facture')}, par numéro."
        self._list(INVOICES, "index", "Factures", intro, every, active="factures")
        for key, some in self._figures.stages.items():
            if key not in _UNLISTED:
                words, file = _WORDS[key]
                title = f"Factures : {words}"
                found = [
                    (row.number, drawn[row.id]) for row in sorted(some, key=lambda row: (row.due, row.number, row.id))
                ]
                self._list(
                    STAGES, file, title, f"{counted(len(some), 'facture')}, la plus ancienne échéance d’abord.", found
                )

    def _list(
        self, folder: str, stem: str, title: str, intro: str, rows: Sequence[tuple[str, str]], *, active: str = ""
    ) -> None:
        frame = self._frames.around(1, active)
        cut = lists.pages(stem, rows)
        every = "pages.html" if active and len(cut) > 1 else ""
        for page in cut:
            self._put(
                frame, f"{folder}/{page.file}", _paged(title, page.n, len(cut)), "liste.html.j2", title=title,
                intro=intro if page.n == 1 else "", caption=f"{title}, page {page.n} sur {len(cut)}" if len(cut) > 1 else title,
                page=page, **_turning(cut, page), every=every,
            )  # fmt: skip
        if every:
            self._put(frame, f"{folder}/pages.html", f"{title}, toutes les pages", "pages.html.j2",
                      title=f"{title}, toutes les pages", pages=cut)  # fmt: skip

    # Debtors

    def _of_debtors(self, tell: Callable[[int], None]) -> None:
        by_name = sorted(self._figures.debtors, key=lambda each: (in_order(each.name), each.code, each.id))
        rows = [(each.name, self._debtor_row(each)) for each in by_name]
        frame = self._frames.around(1, "debiteurs", scripted=True)
        cut = lists.pages("index", rows)
        every = "pages.html" if len(cut) > 1 else ""
        for page in cut:
            self._put(
                frame, f"{DEBTORS}/{page.file}", _paged("Débiteurs", page.n, len(cut)), "debiteurs.html.j2", page=page,
                buckets=BUCKETS, total=len(rows), several=self._several, every=every,
                **_turning(cut, page),
            )  # fmt: skip
        if every:
            title = "Débiteurs, toutes les pages"
            self._put(frame, f"{DEBTORS}/pages.html", title, "pages.html.j2", title=title, pages=cut)
        own: dict[str, list[Row]] = {}
        for row in self._figures.rows:
            own.setdefault(row.debtor, []).append(row)
        frame = self._frames.around(2, "debiteurs", scripted=True)
        for each in self._figures.debtors:
            self._debtor(frame, each, own.get(each.id, []))
            tell(1)

    def _debtor_row(self, each: Debtor) -> str:
        cells = [f'<td class="r" data-k="{each.owed}">{amount(each.owed)}</td>']
        cells += [
            f'<td class="r l" data-k="{cents}">{amount(cents) if cents else "–"}</td>' for cents in each.row.cents[:-2]
        ]
        credit = sum(each.row.cents[-2:])
        cells.append(f'<td class="r l" data-k="{credit}">{amount(credit) if credit else "–"}</td>')
        whose = f'<td class="l">{name(each.creditor)}</td>' if self._several else ""
        return (
            f'<tr><th scope="row"><a href="{file_of(each.id, self._at.length)}">{name(each.name)}</a>'
            f' <span class="code">{name(each.code)}</span></th>{whose}{"".join(cells)}</tr>'
        )

    def _debtor(self, frame: Around, each: Debtor, own: list[Row]) -> None:
        """The page of a debtor: what is still owed first, the oldest due day before the others."""
        ordered = sorted(
            own, key=lambda row: (not row.residual, row.due if row.residual else -row.issued, row.number, row.id)
        )
        path = file_of(each.id, self._at.length)
        stem = path.removesuffix(".html").partition("/")[2]
        cut = lists.pages(stem, [(row.number, self._links.of_debtor(row)) for row in ordered])
        drawn = chart.bars(
            "anciennete", f"Ancienneté de ce que doit {clean(each.name)}", _told(each.row.cents[:-2]), each.bars
        )
        for page in cut:
            self._put(
                frame, f"{DEBTORS}/{path[:2]}/{page.file}", _paged(said(each.name), page.n, len(cut)), "debiteur.html.j2",
                debtor=each, chart=drawn, whole=self._figures.owed, several=self._several, page=page,
                **_turning(cut, page),
            )  # fmt: skip

    # Search, deadlines, method, overview

    def _index_of_search(self) -> None:
        """Debtors and invoices as one line of script: pages opened from a disk cannot fetch anything else."""
        place = {each.id: n for n, each in enumerate(self._figures.debtors)}
        found = {
            "d": [[each.code, each.name, file_of(each.id, self._at.length)] for each in self._figures.debtors],
            "f": "\n".join(
                f"{clean(row.number)}\t{place[row.debtor]}\t{file_of(row.id, self._at.length)}"
                for row in self._figures.rows
            ),
        }
        text = json.dumps(found, ensure_ascii=True, separators=(",", ":"))
        (self._folder / INDEX).write_text(f"relanceIndex({text});\n", encoding="ascii")

    def _deadlines(self) -> list[Whose]:
        """The deadlines ahead, in the order of their days."""
        at, frame = self._at, self._frames.around(0, "echeances")
        found = by_day(
            Whose(each, row.id, row.number, row.debtor) for row in self._figures.rows for each in row.deadlines
        )
        rows = Rows(at.length, self._names)
        cut = lists.pages("echeances", [("", rows.markup([each])) for each in found])
        for page in cut:
            self._put(
                frame, page.file, _paged("Échéances à venir", page.n, len(cut)), "echeances.html.j2", page=page, total=len(found),
                as_of=at.as_of.toordinal(), until=add_months(at.as_of, MONTHS).toordinal(), **_turning(cut, page),
            )  # fmt: skip
        return found

    def _method(self) -> None:
        at = self._at
        self._put(
            self._frames.around(0, "methode"), "methode.html", "Méthode et limites", "methode.html.j2", as_of=at.as_of.toordinal(),
            position=at.position, recorded_at=at.recorded_at, scheme=SCHEME, buckets=BUCKETS, sandbox=at.sandbox,
        )  # fmt: skip

    def _overview(self, deadlines: Sequence[Whose]) -> None:
        at, figures = self._at, self._figures
        drawn = chart.bars(
            "balance-g", "Créances ouvertes par ancienneté", _told(figures.total.cents[:-2]), bars(figures.total)
        )
        last = figures.months[-1].point.days
        self._put(
            self._frames.around(0, "vue", scripted=True), "index.html",
            f"Rapport de recouvrement au {day(at.as_of.toordinal())}", "index.html.j2", as_of=at.as_of.toordinal(),
            creditors=at.creditors, figures=figures, open=sum(1 for row in figures.rows if row.residual > 0),
            disputed=sum(row.disputed for row in figures.disputed), days=None if last is None else days_of(last), bars=drawn,
            buckets=bars(figures.total), top=figures.top(TOP), line=self._line(), partial=at.as_of != end_of_month(at.as_of),
            groups=self._groups(), deadlines=Rows(at.length, self._names).markup(deadlines[:SHOWN]),
            all_deadlines=len(deadlines), shown_deadlines=min(SHOWN, len(deadlines)), shown_disputed=figures.disputed[:SHOWN],
            shown_apart=figures.apart[:SHOWN], names=self._names, strip=chart.strip, days_of=days_of,
            file_of=partial(file_of, length=at.length),
        )  # fmt: skip

    def _line(self) -> str:
        months = self._figures.months
        known = [
            f"{day(each.on.toordinal())} : {days_of(each.point.days)}" for each in months if each.point.days is not None
        ]
        title = f"Délai moyen de règlement des {MONTHS_SHOWN} derniers mois"
        return chart.line("delai-g", title, f"En jours. {' ; '.join(known)}.", [each.point for each in months])

    def _groups(self) -> list[dict[str, Any]]:
        """The states that hold an invoice, group by group."""
        found = []
        for group in stages.GROUPS:
            rows = [
                {
                    "words": words[:1].upper() + words[1:], "link": "" if key in _UNLISTED else f"{STAGES}/{file}.html",
                    "count": len(held), "cents": sum(row.residual for row in held),
                }
                for key, words, file in group.states
                if (held := self._figures.stages.get(key))
            ]  # fmt: skip
            if rows:
                found.append({"title": group.title, "rows": rows})
        return found


def days_of(days: Fraction) -> str:
    """Days with one decimal, in French: `62,4`."""
    return fixed(days, 1).replace(".", ",").replace("-", "−")


def _paged(title: str, n: int, count: int) -> str:
    return title if n == 1 else f"{title}, page {n} sur {count}"


def _turning(cut: Sequence[lists.Page], page: lists.Page) -> dict[str, Any]:
    """A page's neighbours, and how many there are."""
    return {
        "before": cut[page.n - 2] if page.n > 1 else None,
        "after": cut[page.n] if page.n < len(cut) else None,
        "count": len(cut),
    }


def _told(cents: Sequence[int]) -> str:
    """A row of buckets in words, for who cannot see its bars."""
    return " ; ".join(f"{label} : {amount(each)}" for label, each in zip(BUCKETS, cents, strict=True)) + "."
