"""A PDF like a dossier, sealed at each level by an infrastructure and an authority of our own."""

import dataclasses
import datetime as dt
from collections.abc import Iterator

import pytest
import typst

from adapters.clock import SystemClock
from adapters.seal.authority import Authority
from adapters.seal.cachet import signed
from adapters.seal.cachet_key import Cachet, read_cachet
from tests.adapters.seal import pki, tsa

NOW = SystemClock().now
DOSSIER = """
#set document(title: "Dossier de recouvrement", author: "Éclair & Fils", keywords: ("créance",))
#set text(lang: "fr")
#set page(header: [Dossier], footer: context counter(page).display())
#outline()
= Créance
Établissements Lefèvre & Fils doivent 1 200,00 €.
#table(columns: 2, table.header([Date], [Montant]), ..range(60).map(each => ([#each], [#(each * 100) €])).flatten())
#pagebreak()
= Chronologie
#lorem(300)
#pdf.attach("resume.json", bytes("{}"), relationship: "data", mime-type: "application/json", description: "résumé")
"""
LEVELS = ("B-B", "B-T", "B-LTA")


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return typst.compile(
        DOSSIER.encode(), format="pdf", ignore_system_fonts=True, pdf_standards=["a-3a", "ua-1"], timestamp=0
    )


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> pki.Pki:
    assert tsa.OPENSSL, "openssl is wanted to play the authority (Debian: openssl)"
    return pki.make(tmp_path_factory.mktemp("pki") / "ours", NOW())


@pytest.fixture(scope="module")
def server(house: pki.Pki) -> Iterator[tsa.Authority]:
    with tsa.serving(house.folder) as running:
        yield running


@pytest.fixture
def authority(server: tsa.Authority) -> Iterator[Authority]:
    server.kept.clear()
    yield asked(server)
    server.mood = "honest"


@pytest.fixture(scope="module")
def cachet(house: pki.Pki) -> Cachet:
    return opened(house)


@pytest.fixture(scope="module")
def sealed(pdf: bytes, cachet: Cachet, server: tsa.Authority) -> dict[str, bytes]:
    """The same file at each level."""
    made = {
        "B-B": signed(pdf, cachet, [], NOW()),
        "B-T": signed(pdf, dataclasses.replace(cachet, crls=()), [asked(server)], NOW()),
        "B-LTA": signed(pdf, cachet, [asked(server)], NOW()),
    }
    assert {level: each.level for level, each in made.items()} == {level: level for level in LEVELS}
    return {level: each.pdf for level, each in made.items()}


def asked(server: tsa.Authority, name: str = "ours") -> Authority:
    return Authority(1, name, server.url, (server.folder / "ca.pem").read_bytes())


def opened(house: pki.Pki, now: dt.datetime | None = None) -> Cachet:
    return read_cachet(house.p12, now=now or NOW(), password=pki.PASSWORD, crls=house.crls)
