"""What a file is, by its content alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from adapters.media import media_of

MAIL = b"Return-Path: <a@b.fr>\r\nReceived: from x\r\n\tby y; Mon\r\nFrom: a@b.fr\r\nSubject: Relance\r\n\r\n%PDF-1.4 quoted\r\n"


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "pdf"),
        (b"\n\n%PDF-1.4\n", "pdf"),
        (b"\x00\x00junk%PDF-1.4", "pdf"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00", "png"),
        (b"II*\x00\x08", "tiff"),
        (b"MM\x00*\x00", "tiff"),
        (MAIL, "eml"),
        (b"From a@b.fr Mon Jan 5\nFrom: a@b.fr\nTo: c@d.fr\n\nx", "eml"),
        (b'<?xml version="1.0"?><Invoice/>', "xml"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Invoice/>', "xml"),
        ('<?xml version="1.0"?><Facture/>'.encode("utf-16"), "xml"),
        ("Reçu en bon état\n".encode(), "text"),
        ("Reçu en bon état\n".encode("cp1252"), "text"),
        (b"Note: nothing here is a mail\n\nbody", "text"),
        (b"<html>", "text"),
        (b"PK\x03\x04\x14\x00", "other"),
        (b"MZ\x90\x00", "other"),
        (b"\x00", "other"),
    ],
)
def test_a_file_is_what_it_holds(content: bytes, media: str) -> None:
    assert media_of(content) == media


@given(some.binary(max_size=2_000))
def test_any_bytes_have_a_kind(content: bytes) -> None:
    assert media_of(content) in {"pdf", "jpeg", "png", "tiff", "eml", "xml", "text", "other"}
