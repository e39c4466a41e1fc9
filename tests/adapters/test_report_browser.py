"""The report in a real browser, from the disk: fits its width, complains of nothing, is found and read without a mouse."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.bootstrap import Settings
from adapters.report import markup
from adapters.report.report import report
from projections.corner import Corner
from tests.adapters.browser import CHROMIUM, DRIVER, ENTER, TAB, Browser, browser
from tests.adapters.strange import NUMBERS, Strange
from tests.builders import day

WIDTHS = (1280, 390)
FIRST = "return [document.activeElement.tagName, document.activeElement.className, document.activeElement.id]"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Strange]]:
    folder = tmp_path_factory.mktemp("report")
    firm = Strange(folder / "store")
    at = Corner(day("2025-06-30"), firm.office.app.store.position())
    settings = Settings(firm.office.folder.path, "Camille", None, firm.clock.at)
    yield report(firm.office, settings, at, folder / "rapport d’été #1").path, firm
    firm.office.close()


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if not (DRIVER and CHROMIUM):
        pytest.skip("chromium absent")  # said in red in the summary; .ci/run installs it
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture
def shown(window: Browser, written: tuple[Path, Strange]) -> tuple[Browser, Path, Strange]:
    window.media()
    window.size(WIDTHS[0])
    return window, *written


def every_kind(folder: Path, firm: Strange) -> list[Path]:
    """A page of each kind: those of the longest names."""
    debtor = folder / "debiteurs" / markup.file_of(firm.debtors[5], markup.SHORT)
    longest = max((folder / "factures").glob("??/*.html"), key=lambda file: file.stat().st_size)
    number = folder / "factures" / markup.file_of(firm.streams[2].partition(":")[2], markup.SHORT)
    top = [
        folder / name
        for name in ("index.html", "echeances.html", "methode.html", "debiteurs/index.html", "factures/index.html")
    ]
    return [*top, debtor, longest, number, *(folder / "etapes").glob("*.html")]


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_fits_its_width_and_the_console_stays_empty(
    shown: tuple[Browser, Path, Strange], width: int
) -> None:
    window, folder, firm = shown
    window.size(width)
    for page in every_kind(folder, firm):
        window.open(page)
        held, seen = window.js("return [document.scrollingElement.scrollWidth, innerWidth]")
        assert seen == width
        assert held <= width, page
        assert window.js("return getComputedStyle(document.body).marginLeft") != "8px", "the style sheet is there"
    assert window.errors() == []


def test_no_name_ran_as_a_script(shown: tuple[Browser, Path, Strange]) -> None:
    window, folder, firm = shown
    for page in every_kind(folder, firm):
        window.open(page)
        assert window.js("return document.querySelectorAll('script:not([src]), img, style, iframe').length") == 0
        scripts = window.js("return [...document.scripts].map(each => each.getAttribute('src'))")
        assert all(each.endswith(("rapport.js", "recherche.js")) for each in scripts)


def test_the_policy_of_the_page_lets_nothing_else_in(shown: tuple[Browser, Path, Strange]) -> None:
    window, folder, _ = shown
    window.open(folder / "index.html")
    window.js(
        "const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.head.append(s);"
        "const i = document.createElement('img'); i.src = '//example.invalid/x.png'; document.body.append(i);"
        "document.body.setAttribute('onclick', 'window.ran = 2'); document.body.click();"
    )
    assert window.js("return window.ran === undefined")
    refused = window.errors()
    assert len([each for each in refused if "Content Security Policy" in each]) >= 2


def test_the_keyboard_reaches_the_content_and_the_search_box(shown: tuple[Browser, Path, Strange]) -> None:
    window, folder, _ = shown
    window.open(folder / "index.html")
    window.keys(TAB)
    assert window.js(FIRST)[:2] == ["A", "evite"]
    assert window.js("return document.activeElement.getBoundingClientRect().top >= 0"), "it is seen once reached"
    assert window.js("return parseFloat(getComputedStyle(document.activeElement).outlineWidth)") >= 2
    window.keys(ENTER)
    assert window.js(FIRST)[2] == "contenu"
    window.keys(TAB)
    assert window.js(FIRST)[2] == "recherche", "the box is the first thing of the content"


def test_a_number_typed_is_found_and_enter_opens_its_page(shown: tuple[Browser, Path, Strange]) -> None:
    window, folder, _ = shown
    window.open(folder / "index.html", "#recherche")
    assert window.js(FIRST)[2] == "recherche"
    window.keys(*"f-2-1")
    told = window.js("return document.getElementById('reponse').textContent")
    assert told == "1 résultat."
    window.keys(ENTER)
    assert window.js("return document.querySelector('h1').textContent") == "Facture n° F-2-1"
    assert "/factures/" in window.url


def test_a_debtor_is_found_without_accents_or_case_and_tab_goes_on_to_the_results(
    shown: tuple[Browser, Path, Strange],
) -> None:
    window, folder, _ = shown
    window.open(folder / "index.html", "#recherche")
    window.keys(*"CAFE elan")
    assert window.js("return [...document.querySelectorAll('.resultats a')].map(each => each.textContent)") == [
        "Café 😀 «Élan» – l’Été – débiteur C4"
    ]
    window.keys(TAB, ENTER)
    assert window.js("return document.querySelector('h1').textContent").startswith("Café")


def test_hostile_names_are_found_as_text(shown: tuple[Browser, Path, Strange]) -> None:
    window, folder, _ = shown
    window.open(folder / "index.html", "#recherche")
    window.keys(*NUMBERS[0])
    assert window.js("return document.querySelector('.resultats a').textContent").startswith(f"Facture n° {NUMBERS[0]}")
    window.js("document.getElementById('recherche').value = ''; return 0")
    window.keys(*"zzz")
    assert window.js("return document.getElementById('reponse').textContent") == "Aucun résultat."


def test_tables_sort_by_their_heads(shown: tuple[Browser, Path, Strange]) -> None:
    window, folder, _ = shown
    window.open(folder / "debiteurs" / "index.html")
    owed = "return [...document.querySelectorAll('tbody tr')].map(row => Number(row.cells[1].dataset.k))"
    assert window.js(owed) != sorted(window.js(owed))
    for ascending in (True, False):
        window.click("thead th:nth-child(2) button")
        assert window.js(owed) == sorted(window.js(owed), reverse=not ascending)
        sort = window.js("return document.querySelector('thead th:nth-child(2)').getAttribute('aria-sort')")
        assert sort == ("ascending" if ascending else "descending")
    window.click("thead th:nth-child(1) button")
    names = window.js("return [...document.querySelectorAll('tbody th bdi:first-child')].map(each => each.textContent)")
    assert names.index("Café 😀 «Élan» – l’Été") < names.index("gnirts live Société")


def test_the_dark_is_dark_and_words_stay_legible(shown: tuple[Browser, Path, Strange]) -> None:
    window, folder, firm = shown
    for page in every_kind(folder, firm)[:7]:
        for dark in (False, True):
            window.media(dark=dark)
            window.open(page)
            ground = luminance(window.js("return getComputedStyle(document.documentElement).backgroundColor"))
            assert (ground < 0.05) == dark
            for colour in set(window.js(_COLOURS)):
                assert contrast(luminance(colour), ground) >= 4.5, (page, dark, colour)


#: The colours of everything that holds words of its own.
_COLOURS = """return [...document.querySelectorAll('body *')].filter(each => each.checkVisibility() && [...each.childNodes]
    .some(node => node.nodeType === 3 && node.data.trim())).map(each => each.closest('svg') ? getComputedStyle(each).fill
    : getComputedStyle(each).color)"""


def luminance(colour: str) -> float:
    """Of `rgb(…)`, as WCAG counts it."""
    channels = [int(each) / 255 for each in colour.partition("(")[2].rstrip(")").split(",")[:3]]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def test_paper_has_no_navigation_and_no_blue(shown: tuple[Browser, Path, Strange]) -> None:
    window, folder, firm = shown
    window.media("print", dark=True)
    for page in every_kind(folder, firm):
        window.open(page)
        hidden = "return [...document.querySelectorAll('nav, .evite, form, .pages')].filter(each => each.checkVisibility()).length"
        assert window.js(hidden) == 0
        colours = window.js(
            "return [...document.querySelectorAll('main td a')].map(each => getComputedStyle(each).color)"
        )
        assert set(colours) <= {"rgb(0, 0, 0)"}
        assert luminance(window.js("return getComputedStyle(document.documentElement).backgroundColor")) == 1


def test_the_lists_do_the_work_without_a_script(shown: tuple[Browser, Path, Strange]) -> None:
    window, folder, _ = shown
    window.devtools("Emulation.setScriptExecutionDisabled", value=True)
    try:
        window.open(folder / "index.html")
        assert window.js("return document.getElementById('trouver').checkVisibility()") is False
        window.click("main a[href='factures/index.html']")
        window.click("tbody th a")
        assert window.js("return document.querySelector('h1').textContent").startswith("Facture n°")
    finally:
        window.devtools("Emulation.setScriptExecutionDisabled", value=False)
