"""Asking a timestamping authority (RFC 3161) over HTTP, and holding what it answers to what was asked.

A token is good when its signature leads, at the instant that it says, to the certificates that were given for the authority; when it
is about our bytes and answers our request (nonce); and when the instant is the one at which it was asked.
"""

import datetime as dt
import http.client
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from domain.errors import EvidenceBroken, InvalidInput, Misuse, RelanceError

PATIENCE: Final = 15.0
MOST_BYTES: Final = 1_000_000
#: How far apart the clocks of the authority and of this machine may be.
TOLERANCE: Final = dt.timedelta(minutes=5)
_SHA256: Final = "2.16.840.1.101.3.4.2.1"
_OK: Final = 200


class AuthoritySilent(RelanceError):
    """The authority gave no answer that can be read: the stamp waits."""


@dataclass(frozen=True, slots=True)
class Authority:
    """Whom to ask, and the certificates it is held to (PEM)."""

    number: int
    name: str
    url: str
    certificates: bytes


@dataclass(frozen=True, slots=True)
class Token:
    """What an authority answered: the instant it says, our request, its answer."""

    at: dt.datetime
    request: bytes
    response: bytes


def certificates(pem: bytes, *, file: str = "") -> list[x509.Certificate]:
    """The certificates of a PEM file.

    Raises:
        InvalidInput: there is none.
    """
    try:
        found = x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise InvalidInput(f"no certificate in PEM form ({error})", file=file) from None
    return found


def checked_url(url: str) -> str:
    """A URL that can be asked.

    Raises:
        Misuse: it is none.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
        raise Misuse(f"{url!r} is not the address of an authority: http or https, a host, a path, no password")
    return url


def ask(authority: Authority, message: bytes, now: dt.datetime, patience: float = PATIENCE) -> Token:
    """Have a message stamped, and verify the token.

    Args:
        authority: who is asked.
        message: what is stamped.
        now: the machine's clock, the store's may be set.
        patience: seconds.

    Raises:
        AuthoritySilent: it does not answer, or refuses.
        EvidenceBroken: it answers something that is not a stamp of this message, now.
    """
    request = TimestampRequestBuilder().data(message).hash_algorithm(HashAlgorithm.SHA256).build()
    response = _posted(authority, request.as_bytes(), patience)
    at = verify(authority, message, response, request)
    if abs(at - now) > TOLERANCE:
        raise EvidenceBroken(
            f"{authority.name} says that it is {at:%Y-%m-%d %H:%M:%S} UTC, this machine {now:%Y-%m-%d %H:%M:%S}: one of the clocks is"
            " wrong. The stamp is not kept; set the clock right, or ask another authority"
        )
    return Token(at, request.as_bytes(), response)


def verify(
    authority: Authority, message: bytes, response: bytes, request: TimeStampRequest | None = None
) -> dt.datetime:
    """Verify a token; certificates are judged at the instant that it says, so a stamp outlives them.

    Returns:
        That instant.

    Raises:
        EvidenceBroken: it does not hold.
        AuthoritySilent: the authority answered that it does not stamp.
    """
    try:
        read = decode_timestamp_response(response)
    except ValueError as error:
        raise EvidenceBroken(
            f"what {authority.name} answered cannot be read as a timestamp ({error}): it is not kept"
        ) from None
    if read.status not in {0, 1}:
        said = "; ".join(read.status_string) or "without a reason"
        raise AuthoritySilent(f"{authority.name} refused to stamp (status {read.status}: {said})")
    builder = VerifierBuilder.from_request(request) if request else VerifierBuilder()
    for each in certificates(authority.certificates):
        is_root = each.issuer == each.subject
        builder = builder.add_root_certificate(each) if is_root else builder.add_intermediate_certificate(each)
    try:
        if read.tst_info.message_imprint.hash_algorithm.dotted_string != _SHA256:
            raise VerificationError("the digest is not SHA-256")
        builder.build().verify_message(read, message)
    except (VerificationError, ValueError) as error:
        said = str(error)
        if "ErrorStack" in said:
            said = "its signature leads to none of the certificates given for it"
        raise EvidenceBroken(f"the stamp of {authority.name} does not hold: {said}. It is not kept") from None
    return read.tst_info.gen_time.astimezone(dt.UTC)


def _posted(authority: Authority, request: bytes, patience: float) -> bytes:
    parts = urlsplit(authority.url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection = kind(parts.hostname or "", parts.port, timeout=patience)
        try:
            connection.request("POST", path, request, {"Content-Type": "application/timestamp-query"})
            answer = connection.getresponse()
            content = answer.read(MOST_BYTES + 1)
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise AuthoritySilent(
            f"{authority.name} does not answer at {authority.url} ({type(error).__name__}: {error})"
        ) from None
    if answer.status != _OK or not content or len(content) > MOST_BYTES:
        raise AuthoritySilent(
            f"{authority.name} answered {answer.status} {answer.reason} at {authority.url}, and no stamp"
        )
    return content
