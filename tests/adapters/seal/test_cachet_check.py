"""Judging a seal: each level found, every change of a sealed file found, and the same verdict when the certificates have ended."""

import dataclasses
import datetime as dt
import random
import re
import socket
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import keys, pem, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pyhanko.pdf_utils.generic import TextStringObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from adapters.seal import cachet as cachet_module
from adapters.seal.authority import Authority
from adapters.seal.cachet import signed
from adapters.seal.cachet_check import Found, checked
from adapters.seal.cachet_key import Cachet
from domain.errors import EvidenceBroken, InvalidInput
from tests.adapters.seal import pki, tsa
from tests.adapters.seal.sealed import LEVELS, NOW, asked, authority, cachet, house, opened, pdf, sealed, server

__all__ = ["authority", "cachet", "house", "pdf", "sealed", "server"]


def is_refused(pdf: bytes) -> bool:
    try:
        checked(pdf, [])
    except EvidenceBroken:
        return True
    return False


def container(pdf: bytes, which: int = -1) -> tuple[int, int]:
    """Where the digits of a signature stand."""
    return [found.span(1) for found in re.finditer(rb"/Contents <([0-9A-F]{2000,})>", pdf)][which]


def refilled(pdf: bytes, change: Callable[[bytearray], object], which: int = -1) -> bytes:
    """The file with what is in a container changed."""
    start, end = container(pdf, which)
    held = bytearray.fromhex(pdf[start:end].decode())
    change(held)
    return pdf[:start] + held.hex().upper().encode() + pdf[end:]


@pytest.mark.parametrize("level", LEVELS)
def test_each_level_is_found_by_its_reader(sealed: dict[str, bytes], house: pki.Pki, level: str) -> None:
    found = checked(sealed[level], [])
    assert found == Found(
        level=found.level,
        signer=house.seal.certificate.subject.rfc4514_string(),
        certificate_sha256=house.seal.certificate.fingerprint(hashes.SHA256()).hex(),
        signed_at=found.signed_at,
        stamped_at=found.stamped_at,
        judged_at=found.judged_at,
        covers_whole=True,
        trusted=False,
    )
    assert found.level == level
    assert abs(found.signed_at - NOW()) < dt.timedelta(minutes=5)
    assert (found.stamped_at is None) == (level == "B-B")
    assert found.judged_at == (found.stamped_at or found.signed_at) or level == "B-LTA"


@pytest.mark.parametrize("level", LEVELS)
def test_a_certificate_of_ones_own_shows_that_the_file_is_whole_and_roots_show_who_sealed_it(
    sealed: dict[str, bytes], house: pki.Pki, level: str, tmp_path: Path
) -> None:
    assert not checked(sealed[level], []).trusted
    assert checked(sealed[level], house.roots).trusted
    with pytest.raises(EvidenceBroken, match="does not hold"):
        checked(sealed[level], pki.make(tmp_path / "stranger", NOW()).roots)
    if level != "B-B":
        with pytest.raises(EvidenceBroken, match="does not hold"):
            checked(sealed[level], house.roots[:1])  # nobody vouches for the stamps


@pytest.mark.parametrize("level", LEVELS)
def test_a_flipped_bit_anywhere_is_found(sealed: dict[str, bytes], level: str) -> None:
    # Everywhere, also in the containers: their digits have one case, their zeros are zeros, their certificates are issued.
    draw = random.Random(level)
    whole = sealed[level]
    for _ in range(200 if level == "B-LTA" else 60):
        changed = bytearray(whole)
        at = draw.randrange(len(whole))
        changed[at] ^= 1 << draw.randrange(8)
        assert is_refused(bytes(changed)), f"a bit of byte {at} of {len(whole)}"


@pytest.mark.parametrize("level", LEVELS)
def test_a_flipped_bit_of_what_the_last_container_holds_is_found(sealed: dict[str, bytes], level: str) -> None:
    draw = random.Random(level)
    start, end = container(sealed[level])
    length = len(bytes.fromhex(sealed[level][start:end].decode()).rstrip(b"\0"))
    for at in [*range(8), *draw.sample(range(length), 40), length, (end - start) // 2 - 1]:
        mask = 1 << draw.randrange(8)

        def flip(held: bytearray, at: int = at, mask: int = mask) -> None:
            held[at] ^= mask

        assert is_refused(refilled(sealed[level], flip)), f"a bit of byte {at} of {length}"


def test_a_container_has_one_form_only(sealed: dict[str, bytes]) -> None:
    start, end = container(sealed["B-B"])
    lower = sealed["B-B"][:start] + sealed["B-B"][start:end].lower() + sealed["B-B"][end:]
    with pytest.raises(EvidenceBroken, match="leaves out more"):
        checked(lower, [])

    def reach(held: bytearray) -> None:
        held[3] += 2  # the outermost length reaches into the zeros

    with pytest.raises(EvidenceBroken, match="DER"):
        checked(refilled(sealed["B-B"], reach), [])

    start, end = container(sealed["B-T"])
    stamp = bytes.fromhex(sealed["B-T"][start:end].decode()).index(b"\xa1\x82", 1_500)

    def pass_by(held: bytearray) -> None:
        held[stamp] ^= 4  # [5], where the stamps would be [1]: readers pass by what they do not know

    with pytest.raises(EvidenceBroken, match="holds what no signature covers"):
        checked(refilled(sealed["B-T"], pass_by), [])

    def hide(held: bytearray) -> None:
        held[-1] = 7

    with pytest.raises(EvidenceBroken, match="something stands after"):
        checked(refilled(sealed["B-B"], hide), [])


@pytest.mark.parametrize("level", LEVELS)
def test_what_is_appended_is_found(sealed: dict[str, bytes], level: str) -> None:
    whole = sealed[level]
    for more in (b"\n", b"%", b"\0", whole):
        assert is_refused(whole + more)
    writer: Any = IncrementalPdfFileWriter(BytesIO(whole))
    writer.root[pdf_name("/Lang")] = TextStringObject("en")
    writer.update_root()
    output = BytesIO()
    writer.write(output)
    assert output.getvalue().startswith(whole)
    with pytest.raises(EvidenceBroken, match="bytes stand after what the last signature covers"):
        checked(output.getvalue(), [])


def test_a_change_between_the_seal_and_a_stamp_of_all_of_it_is_found(
    sealed: dict[str, bytes], cachet: Cachet, house: pki.Pki, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:

    usual = cachet_module._writer

    def forged(pdf: bytes, *, is_first: bool = False) -> Any:
        writer = usual(pdf, is_first=is_first)
        page = writer.root["/Pages"]["/Kids"][0]
        page[pdf_name("/Contents")] = writer.add_object(TextStringObject("autre"))
        writer.update_container(page)
        return writer

    monkeypatch.setattr(cachet_module, "_writer", forged)
    way = [house.stamper.certificate, house.stamps_root.certificate]
    made = cachet_module._archived(sealed["B-T"], cachet, authority, way, 2_000, NOW(), 5)
    with pytest.raises(EvidenceBroken, match="changed after it was sealed, in a way"):
        checked(made, [])


@pytest.mark.parametrize("level", LEVELS)
def test_a_truncated_file_is_found_unless_what_is_left_is_the_whole_seal_of_a_lower_level(
    sealed: dict[str, bytes], pdf: bytes, level: str
) -> None:
    whole = sealed[level]
    draw = random.Random(level)
    for length in [0, 1, len(pdf), len(pdf) + 1, len(whole) - 1, *draw.sample(range(len(whole)), 25)]:
        assert is_refused(whole[:length]), f"{length} of {len(whole)} bytes"
    if level == "B-LTA":
        # What stood before the last stamp was a seal by itself: its level, which is told, is lower.
        first = next(found.end() for found in re.finditer(rb"%%EOF\n", whole) if found.end() > len(pdf) + 1)
        assert checked(whole[:first], []).level == "B-T"


def test_what_is_not_sealed_is_told(pdf: bytes) -> None:
    with pytest.raises(EvidenceBroken, match="no signature"):
        checked(pdf, [])
    for other in (b"", b"%PDF-1.7\n", b"PK\x03\x04", b"<html>"):
        assert is_refused(other)


def test_one_seal_only(sealed: dict[str, bytes], pdf: bytes, cachet: Cachet, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidInput, match="signed already"):
        signed(sealed["B-B"], cachet, [], NOW())
    with pytest.raises(InvalidInput, match="cannot be sealed"):
        signed(b"<html>", cachet, [], NOW())
    usual, prepared = cachet_module._writer, cachet_module._prepared
    monkeypatch.setattr(cachet_module, "_writer", lambda pdf, **_: usual(pdf))
    monkeypatch.setattr(
        cachet_module, "_prepared", lambda writer, name, *more: prepared(writer, f"{name} 2", more[0], more[1])
    )
    twice, _ = cachet_module._sealed(sealed["B-B"], cachet, NOW())
    with pytest.raises(EvidenceBroken, match="one seal is wanted, then stamps only: this file holds /Sig, /Sig"):
        checked(twice, [])
    plain, _ = cachet_module._sealed(pdf + b"\n", cachet, NOW())
    assert checked(plain, []).level == "B-B"


class Past(tsa.Authority):
    """An authority of another year: pyHanko's own, which says the instant that it is told."""

    at = dt.datetime(2010, 6, 1, 12, 0, 1, tzinfo=dt.UTC)

    def stamp(self, request: bytes) -> bytes:
        parts = [pem.unarmor((self.folder / name).read_bytes())[2] for name in ("tsa.pem", "tsa.key")]
        certificate, key = asn1_x509.Certificate.load(parts[0]), keys.PrivateKeyInfo.load(parts[1])
        answer: Any = DummyTimeStamper(certificate, key, fixed_dt=self.at)
        return bytes(answer.request_tsa_response(tsp.TimeStampReq.load(request)).dump())


def test_a_seal_outlives_its_certificates(pdf: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Sealed in 2010 with certificates and lists that ended in 2013: to it, today is what 2040 is to a seal of today.
    then = dt.datetime(2010, 6, 1, 12, tzinfo=dt.UTC)
    house = pki.make(tmp_path / "past", then, stamps_key=rsa.generate_private_key(65_537, 2_048))
    monkeypatch.setattr(tsa, "Authority", Past)
    with tsa.serving(house.folder) as running:
        made = signed(pdf, opened(house, then), [asked(running)], then)
    assert (made.level, made.why) == ("B-LTA", "")
    found = checked(made.pdf, house.roots)
    assert (found.level, found.trusted, found.stamped_at) == ("B-LTA", True, Past.at)
    assert house.seal.certificate.not_valid_after_utc < NOW()
    assert is_refused(made.pdf[:-1])


def test_a_seal_made_when_its_certificate_had_ended_is_refused(pdf: bytes, tmp_path: Path) -> None:
    then = dt.datetime(2010, 6, 1, 12, tzinfo=dt.UTC)
    house = pki.make(tmp_path / "past", then)
    late = opened(house, then)
    for at in (NOW(), then - 400 * pki.DAY):
        with pytest.raises(EvidenceBroken, match="does not hold"):
            signed(pdf, late, [], at)


def test_a_certificate_that_may_not_sign_is_refused_by_the_reader_too(
    pdf: bytes, house: pki.Pki, cachet: Cachet
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    cipher = pki.holder("Chiffrement", house.intermediate, NOW(), usages=("key_encipherment",), key=key)
    with pytest.raises(EvidenceBroken, match="does not hold"):
        signed(pdf, dataclasses.replace(cachet, key=key, certificate=cipher.certificate), [], NOW())


def test_another_key_than_the_certificates_is_found(pdf: bytes, cachet: Cachet) -> None:
    with pytest.raises(EvidenceBroken):
        signed(pdf, dataclasses.replace(cachet, key=ec.generate_private_key(ec.SECP256R1())), [], NOW())


def test_nothing_is_fetched(pdf: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with tsa.serving(tmp_path / "web") as web:
        house = pki.make(tmp_path / "web", NOW(), fetch=f"{web.url}.crl")
        made = signed(pdf, opened(house), [asked(web)], NOW())
        assert made.level == "B-LTA"
    tried: list[object] = []

    def connect(_socket: socket.socket, address: object) -> None:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    assert checked(made.pdf, house.roots).trusted
    assert signed(pdf, opened(house), [], NOW()).level == "B-B"
    assert tried == []
