"""Sealing a PDF: the level that can be reached, the file that stays what it was, and whatever an authority may do."""

import base64
import datetime as dt
import re
import time
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from adapters.seal import cachet as cachet_module
from adapters.seal.authority import Authority
from adapters.seal.cachet import LOCATION, REASON, Signed, signed
from adapters.seal.cachet_check import checked
from adapters.seal.cachet_key import Cachet, read_cachet
from tests.adapters.seal import pki, tsa
from tests.adapters.seal.sealed import LEVELS, NOW, asked, authority, cachet, house, opened, pdf, sealed, server

__all__ = ["authority", "cachet", "house", "pdf", "sealed", "server"]


@pytest.mark.parametrize("level", LEVELS)
def test_the_file_stays_what_it_was_and_pdf_a(sealed: dict[str, bytes], pdf: bytes, level: str) -> None:
    assert pdf.endswith(b"%%EOF"), "Typst ends with a line feed now: the seal need not add it"
    assert sealed[level].startswith(pdf + b"\n")
    assert not re.search(rb"%%EOF[^\r\n]", sealed[level])
    with pikepdf.open(BytesIO(sealed[level])) as opened:
        assert opened.check_pdf_syntax() == []
        with opened.open_metadata() as meta:
            assert (meta["pdfaid:part"], meta["pdfaid:conformance"], meta["pdfuaid:part"]) == ("3", "A", "1")
        assert opened.pdf_version == "1.7"
        assert "/Version" not in opened.Root
        assert list(opened.attachments) == ["resume.json"]
        assert set(opened.Root.Perms) == {"/DocMDP"}
        page = opened.pages[0]
        assert page.Tabs == "/S"
        fields = [each for each in page.Annots if each.Subtype == "/Widget"]
        assert len(fields) == (2 if level == "B-LTA" else 1)
        for field in fields:
            # Printed, not hidden (PDF/A-3, 6.3.2), of no size and off the page (PDF/UA-1, 7.18.1), with a name to be read out.
            assert (int(field.F) & 0b100111, {int(each) for each in list(field.Rect)}, bool(field.TU)) == (
                0b100,
                {-9999},
                True,
            )
        seal = opened.Root.Perms.DocMDP
        assert (str(seal.Reason), str(seal.Location), str(seal.Name)) == (REASON, LOCATION, pki.SEALER)
        assert seal.Reference[0].TransformParams.P == 1
        # PDF/A-3, 6.4.3: with DocMDP, a reference has none of these.
        assert not {"/DigestMethod", "/DigestValue", "/DigestLocation"} & set(seal.Reference[0])


def test_everything_that_shows_that_the_certificates_stood_is_in_the_file(sealed: dict[str, bytes]) -> None:
    with pikepdf.open(BytesIO(sealed["B-LTA"])) as opened:
        assert (len(opened.Root.DSS.Certs), len(opened.Root.DSS.CRLs)) == (5, 3)
        last = opened.Root.AcroForm.Fields[-1].V
        assert last.Type == "/DocTimeStamp"
        assert sum(int(each) for each in list(last.ByteRange)[2:]) == len(sealed["B-LTA"])


def test_no_authority_gives_b_b_and_says_so(pdf: bytes, cachet: Cachet) -> None:
    made = signed(pdf, cachet, [], NOW())
    assert (made.level, made.why) == ("B-B", "no timestamping authority is configured")


def test_a_dead_authority_delays_nothing(pdf: bytes, cachet: Cachet) -> None:
    dead = Authority(1, "morte", f"{tsa.HTTP}127.0.0.1:9/tsr", cachet.root.public_bytes(Encoding.PEM))
    start = time.monotonic()
    made = signed(pdf, cachet, [dead], NOW())
    assert time.monotonic() - start < cachet_module.PATIENCE
    assert made.level == "B-B"
    assert "morte does not answer" in made.why
    assert checked(made.pdf, [cachet.root]).level == "B-B"


@pytest.mark.parametrize("mood", ["error", "html", "empty", "refusal", "long", "flip"])
def test_what_an_authority_answers_is_verified(
    pdf: bytes, cachet: Cachet, server: tsa.Authority, authority: Authority, mood: str
) -> None:
    server.mood = mood
    made = signed(pdf, cachet, [authority], NOW())
    assert made.level == "B-B"
    assert "ours" in made.why
    assert checked(made.pdf, []).level == "B-B"


def test_a_stamp_of_another_request_or_another_instant_is_refused(
    pdf: bytes, cachet: Cachet, server: tsa.Authority, authority: Authority
) -> None:
    assert signed(pdf, cachet, [authority], NOW()).level == "B-LTA"
    server.mood = "replay"
    replayed = signed(pdf, cachet, [authority], NOW())
    server.mood = "honest"
    late = signed(pdf, cachet, [authority], NOW() + dt.timedelta(hours=1))
    assert (replayed.level, late.level) == ("B-B", "B-B")
    assert "Nonce mismatch" in replayed.why
    assert "one of the clocks is wrong" in late.why


class Liar(tsa.Authority):
    """An authority that stamps something else than it was asked."""

    def stamp(self, request: bytes) -> bytes:
        changed = bytearray(request)
        changed[request.index(b"\x04\x20") + 2] ^= 1
        return super().stamp(bytes(changed))


class Tired(tsa.Authority):
    """An authority that falls silent after its first answer."""

    def answer(self, request: bytes) -> tuple[int, bytes]:
        self.mood = "error" if self.asked else "honest"
        return super().answer(request)


def test_a_stamp_of_something_else_is_refused_and_the_next_authority_is_asked(
    pdf: bytes, cachet: Cachet, house: pki.Pki, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tsa, "Authority", Liar)
    with tsa.serving(house.folder) as liar:
        alone = signed(pdf, cachet, [asked(liar, "menteuse")], NOW())
        both = signed(pdf, cachet, [asked(liar, "menteuse"), authority], NOW())
    assert (alone.level, both.level, both.why) == ("B-B", "B-LTA", "")
    assert "menteuse does not hold: Mismatch between messages" in alone.why


def test_an_authority_that_falls_silent_in_between_costs_the_last_level_only(
    pdf: bytes, cachet: Cachet, house: pki.Pki, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tsa, "Authority", Tired)
    with tsa.serving(house.folder) as tired:
        made = signed(pdf, cachet, [asked(tired)], NOW())
    assert (made.level, checked(made.pdf, house.roots).level) == ("B-T", "B-T")
    assert "answered 500" in made.why


@pytest.mark.parametrize(
    ("missing", "whose"), [("root", "Racine"), ("intermediate", "Intermédiaire"), ("stamps", "Racine d’horodatage")]
)
def test_without_a_list_that_holds_there_is_no_b_lta(
    pdf: bytes, house: pki.Pki, authority: Authority, missing: str, whose: str, tmp_path: Path
) -> None:
    holders = {"root": house.root, "intermediate": house.intermediate, "stamps": house.stamps_root}
    stale = tmp_path / "stale.crl"
    stale.write_bytes(pki.revocation_list(holders[missing], NOW(), start=-9 * pki.DAY, end=-2 * pki.DAY))
    lists = [stale if each.stem == missing else each for each in house.crls]
    made = signed(pdf, read_cachet(house.p12, now=NOW(), password=pki.PASSWORD, crls=lists), [authority], NOW())
    assert made.level == "B-T"
    assert f"no revocation list of CN={whose}," in made.why


def test_a_list_that_its_issuer_did_not_sign_shows_nothing(
    pdf: bytes, house: pki.Pki, authority: Authority, tmp_path: Path
) -> None:
    forger = pki.Holder(house.stamper.key, house.intermediate.certificate)
    (tmp_path / "forged.crl").write_bytes(pki.revocation_list(forger, NOW()))
    lists = [tmp_path / "forged.crl", *(each for each in house.crls if each.stem != "intermediate")]
    made = signed(pdf, read_cachet(house.p12, now=NOW(), password=pki.PASSWORD, crls=lists), [authority], NOW())
    assert made.level == "B-T"


def test_a_revoked_authority_is_not_relied_on(pdf: bytes, house: pki.Pki, authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "r.crl").write_bytes(pki.revocation_list(house.stamps_root, NOW(), [house.stamper]))
    lists = [*house.crls, tmp_path / "r.crl"]
    made = signed(pdf, read_cachet(house.p12, now=NOW(), password=pki.PASSWORD, crls=lists), [authority], NOW())
    assert made.level == "B-B"
    assert "the certificate Horodatage of ours is revoked" in made.why


def test_a_stamp_longer_than_the_room_kept_for_it_is_asked_for_again(
    pdf: bytes, cachet: Cachet, authority: Authority, server: tsa.Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cachet_module, "_ROOM", 100)
    before = server.asked
    assert signed(pdf, cachet, [authority], NOW()).level == "B-LTA"
    assert server.asked - before == 3


def test_rsa_seals_as_well(pdf: bytes, tmp_path: Path) -> None:
    house = pki.make(tmp_path / "rsa", NOW(), key=rsa.generate_private_key(65_537, 2_048))
    with tsa.serving(house.folder) as running:
        made = signed(pdf, opened(house), [asked(running)], NOW())
    assert (made.level, checked(made.pdf, house.roots).trusted) == ("B-LTA", True)


def test_the_key_is_never_printed(cachet: Cachet) -> None:
    private = cachet.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    printed = f"{cachet!r} {cachet}"
    assert "key=" not in printed
    assert not any(form in printed for form in (private.hex(), base64.b64encode(private).decode(), repr(private)))
    assert "%PDF" not in repr(Signed(b"%PDF", "B-B", "why"))
