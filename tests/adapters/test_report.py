"""The report: what it shows equals what other questions answer, whatever the names; whole or not at all; the same bytes again."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import unquote, urlsplit

import pytest

from adapters import acts, deadlines, figures, reading
from adapters.acts import Order
from adapters.ageing import ageing
from adapters.bootstrap import Settings
from adapters.registry import Party
from adapters.report import markup, workers
from adapters.report.report import Reported, report
from adapters.report.rows import Row
from domain.calendar import add_months
from domain.errors import NotFound, RelanceError
from domain.money import french
from projections.ageing import SCHEMES
from projections.corner import Corner
from tests.adapters.office import Firm
from tests.adapters.pages import Page
from tests.adapters.strange import LONG, NAMES, NUMBERS, REASON, Strange
from tests.builders import day

AS_OF = "2025-06-30"


@pytest.fixture(scope="module")
def strange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Strange]:
    made = Strange(tmp_path_factory.mktemp("strange") / "store")
    yield made
    made.office.close()


def settings(firm: Firm) -> Settings:
    return Settings(firm.office.folder.path, "Camille", None, firm.clock.at)


def corner(firm: Firm, as_of: str = AS_OF) -> Corner:
    return Corner(day(as_of), firm.office.app.store.position())


def made(firm: Firm, output: Path, as_of: str = AS_OF, **options: Any) -> Reported:
    return report(firm.office, settings(firm), options.pop("at", corner(firm, as_of)), output, **options)


@pytest.fixture(scope="module")
def written(strange: Strange, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(strange, tmp_path_factory.mktemp("out") / "rapport").path


@pytest.fixture(scope="module")
def pages(written: Path) -> dict[str, Page]:
    return {str(file.relative_to(written)): Page(file) for file in sorted(written.rglob("*.html"))}


def of_invoice(pages: dict[str, Page], stream: str) -> Page:
    return pages[f"factures/{markup.file_of(stream.partition(':')[2], markup.SHORT)}"]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


# What it shows


def test_the_overview_shows_the_aged_balance(strange: Strange, pages: dict[str, Page]) -> None:
    totals = ageing(strange.office, SCHEMES["d4416"], corner(strange), by="total").totals.aged
    owed, late = sum(totals.cents[:6]), sum(totals.cents[2:6])
    assert owed > late > 0 > totals.cents[6]
    shown = pages["index.html"].sums()
    assert shown["Créances ouvertes"].startswith(spaced(french(owed)))
    assert shown["dont échu"].startswith(spaced(french(late)))
    rows = [[cell.text for cell in row.children] for row in pages["index.html"].every("table")[0].every("tr")]
    amounts = [row[1] for row in rows[1:]]
    assert amounts == [
        spaced(french(each)) for each in [*totals.cents[:6], owed, *totals.cents[6:], totals.total_cents]
    ]


def test_the_chart_draws_what_its_table_says(strange: Strange, pages: dict[str, Page]) -> None:
    totals = ageing(strange.office, SCHEMES["d4416"], corner(strange), by="total").totals.aged
    (chart,) = [
        each for each in pages["index.html"].every("svg") if "balance-g-t" in each.attributes.get("aria-labelledby", "")
    ]
    most = max(totals.cents[:6])
    widths = [each.attributes["width"] for each in chart.every("rect") if each.attributes["class"].startswith("b ")]
    assert widths == [
        f"{1000 * cents // most // 10}.{1000 * cents // most % 10}%" for cents in totals.cents[:6] if cents
    ]
    for cents in totals.cents[:6]:
        assert spaced(french(cents)) in chart.every("desc")[0].text


def test_the_days_of_sales_are_those_of_dso(strange: Strange, pages: dict[str, Page]) -> None:
    table = next(each for each in pages["index.html"].every("table") if "épuisement" in each.every("caption")[0].text)
    rows = [[cell.text for cell in row.children] for row in table.every("tr")[1:]]
    assert [row[0] for row in rows][-3:] == ["30 avril 2025", "31 mai 2025", "30 juin 2025"]
    assert len(rows) == 12
    for row, on in zip(rows[-3:], ("2025-04-30", "2025-05-31", "2025-06-30"), strict=True):
        found = figures.dso(strange.office, corner(strange, on), dt.date.min, figures.Choices(method="countback"))
        days = f"{float(found.found.days):.1f}".replace(".", ",")
        assert row[2].removeprefix("au moins ") == days
        assert row[1] == spaced(french(found.receivables.counted(found.choices)))
        assert row[2].startswith("au moins") == bool(found.found.remaining_cents)
    assert rows[0][1:] == ["–", "–"]


def test_every_invoice_has_a_page_with_what_replay_answers(strange: Strange, pages: dict[str, Page]) -> None:
    at, claimed = corner(strange), 0
    for stream in strange.streams:
        try:
            view = reading.view(strange.office, stream, at.as_of, at.position)
        except NotFound:
            assert f"factures/{markup.file_of(stream[8:], markup.SHORT)}" not in pages
            continue
        page, claim = of_invoice(pages, stream), view["claim"]
        shown = page.sums()
        assert shown["Solde comptable"] == spaced(french(view["book_residual_cents"]))
        assert shown["Payé"] == spaced(french(claim["paid_cents"]))
        assert shown.get("dont échu", "0,00 €") == spaced(french(view["overdue_cents"]))
        if "Principal" in shown:
            claimed += 1
            assert claim["invoiced_cents"] - claim["paid_cents"] - claim["credited_cents"] > 0
            assert shown["Principal"] == spaced(french(claim["principal_cents"]))
            assert shown["Intérêts de retard"] == spaced(french(claim["interest_cents"]))
            assert shown["Indemnité forfaitaire"] == spaced(french(claim["indemnity_cents"]))
            assert shown["Total"] == spaced(french(claim["total_cents"]))
    assert claimed > 3


def test_the_timeline_holds_every_entry_with_its_two_times(strange: Strange, pages: dict[str, Page]) -> None:
    at = corner(strange)
    for stream in strange.streams:
        envelopes = strange.office.app.stream(stream).envelopes
        if envelopes[0].fact.on > at.as_of:
            continue
        entries = [li for li in of_invoice(pages, stream).main.every("li") if li.every("time")]
        told = sorted(int(re.findall(r"entrée n° (\d+)", each.text)[-1]) for each in entries)
        assert told == [each.version for each in envelopes]
        for li in entries:
            assert re.search(r"Enregistré le \d", li.text)


def test_what_took_effect_after_the_day_stands_apart(strange: Strange, tmp_path: Path) -> None:
    stream = strange.streams[0]
    events = strange.office.app.stream(stream).envelopes
    middle = events[len(events) // 2].fact.on
    made(strange, tmp_path / "r", str(middle))
    page = Page(tmp_path / "r" / "factures" / markup.file_of(stream[8:], markup.SHORT))
    before, *after = [each for each in page.every("ol") if each.attributes["class"] == "chrono"]
    days = [time.attributes["datetime"] for time in before.every("time")]
    assert days
    assert all(on <= str(middle) for on in days)
    later = [time.attributes["datetime"] for each in after for time in each.every("time")]
    assert all(on > str(middle) for on in later)
    assert len(days) + len(later) == len(events)


def test_what_was_not_known_is_not_told(strange: Strange, tmp_path: Path) -> None:
    stream = strange.streams[2]
    events = strange.office.app.stream(stream).envelopes
    position = strange.office.app.store.end_of_command(events[0].position)
    made(strange, tmp_path / "r", at=Corner(day(AS_OF), position))
    page = Page(tmp_path / "r" / "factures" / markup.file_of(stream[8:], markup.SHORT))
    told = {int(re.findall(r"entrée n° (\d+)", li.text)[-1]) for li in page.main.every("li") if li.every("time")}
    assert told == {each.version for each in events if each.position <= position} < {each.version for each in events}
    view = reading.view(strange.office, stream, day(AS_OF), position)
    assert page.sums()["Solde comptable"] == spaced(french(view["book_residual_cents"]))


def test_the_stages_count_every_invoice(strange: Strange, pages: dict[str, Page]) -> None:
    at = corner(strange)
    tables = {each.every("caption")[0].text: each for each in pages["index.html"].every("table")}
    owed = paid = 0
    for stream in strange.streams:
        state = strange.office.app.stream(stream)
        if state.envelopes[0].fact.on <= at.as_of:
            view = reading.view(strange.office, stream, at.as_of, at.position)
            owed += view["state"]["settlement"] == "owed"
            paid += view["state"]["settlement"] == "paid"
    ladder = tables["Relance amiable des factures restant dues"].every("tr")[1:]
    assert sum(int(row.children[1].text) for row in ladder) == owed > 0
    closed = tables["Factures closes"].every("tr")[1:]
    assert [row.children[1].text for row in closed] == [str(paid)]
    for row in ladder:
        (link,) = row.every("a")
        listed = pages[link.attributes["href"]].every("tbody")[0].children
        assert len(listed) == int(row.children[1].text)


def test_the_deadlines_are_those_that_deadlines_answers(tmp_path: Path) -> None:
    firm = Strange(tmp_path / "store", each=2)
    notified = firm.invoice("F-N", "800", on="2025-03-03", due="2025-04-02", debtor="C3")
    firm.sleep_until("2029-08-20")
    acts.notify(firm.office, [notified], Order(firm.today, REASON), form="lrar", deadline=day("2029-09-10"))
    made(firm, tmp_path / "r", str(firm.today))
    until = add_months(firm.today, 12)
    expected = [
        (each.deadline, firm.office.registry.number(each.stream[8:], each.debtor))
        for each in deadlines.deadlines(firm.office, firm.today)
        if each.deadline.on is None or each.deadline.on <= until
    ]
    firm.office.close()
    assert {each.kind for each, _ in expected} >= {"limitation", "notice"}
    page = Page(tmp_path / "r" / "echeances.html")
    rows = [[cell.text for cell in row.children] for body in page.every("tbody") for row in body.children]
    assert len(expected) > 10
    assert sorted((row[0], row[2], row[4]) for row in rows) == sorted(
        (spaced(markup.day(each.on.toordinal() if each.on else 0)), markup.clean(number), spaced(french(each.cents)))
        for each, number in expected
    )
    assert rows[0][0] == "10 septembre 2029"


def test_debtors_and_their_invoices_add_up(strange: Strange, pages: dict[str, Page]) -> None:
    balance = ageing(strange.office, SCHEMES["d4416"], corner(strange), by="debtor")
    for id in strange.debtors:
        code, _ = strange.office.registry.card(id)
        row = next(each for each in balance.rows if each.key == code)
        page = pages[f"debiteurs/{markup.file_of(id, markup.SHORT)}"]
        assert page.sums()["Solde"] == spaced(french(row.aged.total_cents))
        assert page.sums()["Créances ouvertes"].startswith(spaced(french(sum(row.aged.cents[:6]))))
        (table,) = page.every("table")
        keys = [int(tr.children[4].attributes["data-k"]) for tr in table.every("tbody")[0].children]
        assert sum(keys) == row.aged.total_cents - row.aged.cents[7]


def test_a_disputed_part_counts_up_to_what_is_owed(strange: Strange, pages: dict[str, Page]) -> None:
    whole = ageing(strange.office, SCHEMES["d4416"], corner(strange), by="total").totals.disputed_cents
    assert whole > 0
    assert pages["index.html"].sums()["dont contesté"].startswith(spaced(french(whole)))


# Names


def test_no_name_enters_the_markup(pages: dict[str, Page]) -> None:
    allowed = {
        "html", "head", "meta", "title", "link", "script", "body", "a", "p", "strong", "header", "nav", "ul", "li", "main", "footer", "b",
        "bdi", "h1", "h2", "br", "dl", "div", "dt", "dd", "small", "form", "label", "input", "section", "figure", "figcaption", "svg",
        "desc", "text", "tspan", "rect", "line", "circle", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "ol", "time",
        "del", "span", "em", "code",
    }  # fmt: skip

    def check(element: Any) -> None:
        for each in element.children:
            assert each.tag in allowed, each.tag
            assert not [name for name in each.attributes if name.startswith("on") or name in {"style", "srcdoc"}], each
            if each.tag == "script":
                assert each.attributes["src"].lstrip("./") == "rapport.js"
                assert not each.text
            check(each)

    for page in pages.values():
        check(page.root)


def test_every_name_reads_as_it_is_without_what_turns_the_text_around(pages: dict[str, Page]) -> None:
    listed = {each.text for each in pages["debiteurs/index.html"].every("bdi")}
    for name in NAMES:
        assert " ".join(markup.clean(name).split()) in listed
    numbers = {each.text for each in pages["factures/index.html"].every("bdi")}
    for number in NUMBERS[:-1]:
        assert markup.clean(number) in numbers
    for page in pages.values():
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f\x00-\x08]", page.source)


def test_a_name_is_one_line_of_composed_letters() -> None:
    assert markup.clean("e\u0301\u202eabc\u202c\n\td\u0007\ufeff 😀 名") == "éabc  d 😀 名".replace("  ", "  ")
    assert markup.clean("plain") == "plain"
    assert markup.said('<&"') == "&lt;&amp;&quot;"


def test_nothing_internal_leaves(strange: Strange, written: Path) -> None:
    forced = [
        each
        for stream in strange.streams
        for each in strange.office.app.stream(stream).envelopes
        if REASON.encode() in each.internal
    ]
    assert forced, "an act of the story went past the policy"
    for name, data in contents(written).items():
        assert REASON.encode() not in data, name
        assert b"Camille" not in data, name
        for each in strange.office.app.stream(strange.streams[0]).envelopes:
            assert each.actor.encode() not in data, name


# Pages


def test_every_link_leads_to_a_page_of_the_folder(written: Path, pages: dict[str, Page]) -> None:
    for page in pages.values():
        places = [each.attributes["href"] for tag in ("a", "link") for each in page.every(tag)]
        places += [each.attributes["src"] for each in page.every("script")]
        for place in places:
            parts = urlsplit(place)
            assert not parts.scheme
            assert not parts.netloc
            target = (page.file.parent / unquote(parts.path)).resolve() if parts.path else page.file
            assert target.is_relative_to(written.resolve())
            assert target.is_file(), (page.file, place)
            if parts.fragment and parts.path in {"", "index.html", "../index.html", "../../index.html"}:
                assert f'id="{parts.fragment}"' in target.read_text(encoding="utf-8")


def test_no_page_can_reach_the_network(written: Path, pages: dict[str, Page]) -> None:
    for page in pages.values():
        (policy,) = [each.attributes["content"] for each in page.every("meta") if "http-equiv" in each.attributes]
        rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
        assert rules["default-src"] == "'none'"
        assert "unsafe" not in policy
        assert ("script-src" in rules) == bool(page.every("script"))
        assert "://" not in page.source
    for name in ("rapport.css", "rapport.js"):
        text = (written / name).read_text(encoding="utf-8")
        assert not re.search(r"://|fetch\(|import |@import|url\(|XMLHttp|eval\(|innerHTML", text)


def test_every_page_is_one_that_a_reader_of_screens_follows(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        assert page.every("html")[0].attributes["lang"] == "fr"
        assert page.h1
        assert page.every("title")[0].text or name
        skip = page.every("a")[0]
        assert (skip.attributes["href"], skip.text) == ("#contenu", "Aller au contenu")
        assert page.main.attributes["id"] == "contenu"
        levels = [int(each) for each in re.findall(r"<h(\d)", page.source)]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels)), name
        ids = re.findall(r' id="([^"]*)"', page.source)
        assert len(ids) == len(set(ids)), name
        for table in page.every("table"):
            assert table.every("caption"), name
            assert all("scope" in each.attributes for each in table.every("th")), name
        for chart in page.every("svg"):
            assert chart.attributes.get("aria-hidden") == "true" or (chart.every("title") and chart.every("desc"))
            for mark in chart.attributes.get("aria-labelledby", "").split():
                assert mark in ids


def test_every_page_says_of_which_day_it_speaks_and_what_was_known(strange: Strange, pages: dict[str, Page]) -> None:
    position = f"{corner(strange).position:,}".replace(",", " ")
    for page in pages.values():
        said = page.every("header")[0].text
        assert "Situation au 30 juin 2025" in said
        assert f"position {position} du journal" in said
        assert "d4416" in said
        assert "SIMULATION" in page.root.text
        assert "Acme SARL" in said


def test_long_lists_turn_and_lose_nobody(strange: Strange, tmp_path: Path) -> None:
    with patch("adapters.report.lists.PAGE", 5):
        made(strange, tmp_path / "r")
    seen: set[str] = set()
    file, count = "index.html", 0
    while file:
        page = Page(tmp_path / "r" / "factures" / file)
        seen |= {row.every("a")[0].attributes["href"] for row in page.every("tbody")[0].children}
        following = {each.attributes["href"] for each in page.every("a") if each.attributes.get("rel") == "next"}
        file, count = next(iter(following), ""), count + 1
    invoices = {
        f"../factures/{each.parent.name}/{each.name}" for each in (tmp_path / "r" / "factures").glob("??/*.html")
    }
    assert seen == invoices
    assert count == -(-len(invoices) // 5) > 2
    every = Page(tmp_path / "r" / "factures" / "pages.html")
    assert len(every.main.every("li")) == count


def test_the_index_of_the_search_box_names_every_invoice(written: Path, strange: Strange) -> None:
    text = (written / "recherche.js").read_text(encoding="ascii")
    index = json.loads(text.removeprefix("relanceIndex(").removesuffix(");\n"))
    lines = [line.split("\t") for line in index["f"].split("\n")]
    assert len(lines) == len(list((written / "factures").glob("??/*.html")))
    for number, debtor, page in lines:
        assert index["d"][int(debtor)][1] in {markup.clean(name) for name in NAMES}
        assert Page(written / "factures" / page).h1 == " ".join(f"Facture n° {number}".split())
    assert LONG in {name for _, name, _ in index["d"]}
    assert len(index["d"]) == len(strange.debtors)


# The same bytes


def test_the_same_store_and_options_give_the_same_bytes(strange: Strange, written: Path, tmp_path: Path) -> None:
    made(strange, tmp_path / "again")
    assert contents(tmp_path / "again") == contents(written)


def test_several_processes_give_the_same_bytes(strange: Strange, written: Path, tmp_path: Path) -> None:
    with patch.object(workers, "SLICE", 5):
        made(strange, tmp_path / "again", processes=2)
    assert contents(tmp_path / "again") == contents(written)


def test_an_error_in_a_process_is_told_and_leaves_nothing(strange: Strange, tmp_path: Path) -> None:
    lost = Settings(tmp_path / "nowhere", "", None, None)
    with patch.object(workers, "SLICE", 5), pytest.raises(NotFound, match="no store"):
        report(strange.office, lost, corner(strange), tmp_path / "r", processes=2)
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_is_killed_is_told(strange: Strange, tmp_path: Path) -> None:
    write = workers._Hand.write

    def killed(hand: workers._Hand, some: workers.Streams) -> list[Row]:
        hand._process.kill()
        hand._process.join()
        return write(hand, some)

    with (
        patch.object(workers, "SLICE", 5),
        patch.object(workers._Hand, "write", killed),
        pytest.raises(RelanceError, match="a process that wrote pages of the report was killed"),
    ):
        made(strange, tmp_path / "r", processes=2)
    assert list(tmp_path.iterdir()) == []


# One creditor of several


def test_one_creditor_is_shown_alone(tmp_path: Path) -> None:
    firm = Firm(tmp_path / "store", "2026-01-05")
    firm.invoice("F-1", "100")
    other = firm.office.registry.register(Party("AUTRE", "Autre SA", "trader"), on=firm.today)
    first, firm.creditor = firm.creditor, other
    firm.invoice("G-1", "900")
    made(firm, tmp_path / "both", str(firm.today))
    made(firm, tmp_path / "one", str(firm.today), creditor=first)
    firm.office.close()
    both, one = Page(tmp_path / "both" / "index.html"), Page(tmp_path / "one" / "index.html")
    assert both.sums()["Créances ouvertes"].startswith("1 000,00 €")
    assert one.sums()["Créances ouvertes"].startswith("100,00 €")
    assert "Autre SA" not in "".join(page.read_text(encoding="utf-8") for page in (tmp_path / "one").rglob("*.html"))
    assert "Autre SA" in (tmp_path / "both" / "debiteurs" / "index.html").read_text(encoding="utf-8")
