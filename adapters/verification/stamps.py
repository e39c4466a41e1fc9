"""Check 11: what authorities stamped, and when. FORMAT.md, section 11."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from adapters.verification import container
from adapters.verification.dossier import Authority, Dossier
from domain.errors import EvidenceBroken

if TYPE_CHECKING:
    from cryptography import x509

_SELF: Final = "; the certificates are those of the file itself, none was given (--authority-root)"
#: A response that says that the token was granted: what stands before a bare token to make a response of it.
_GRANTED: Final = bytes.fromhex("3003020100")
_SEQUENCE: Final = 0x30
_SHORT: Final = 0x80
#: What is said of a stamp that an authority just gave, and is not asked here.
_KEPT: Final = re.compile(r"[.:] it is not kept$", re.IGNORECASE)


def check_stamps(dossier: Dossier, roots: "Sequence[x509.Certificate]") -> str:
    """Check 11: every stamp is of these bytes, by an authority that the file names.

    Args:
        dossier: the file.
        roots: certificates got from elsewhere; the stamps must lead to them.
    """
    stamps = {int(match[1]): name for name in dossier.members if (match := container.STAMP.fullmatch(name))}
    unknown = set(stamps) - {each.number for each in dossier.authorities}
    if unknown:
        raise EvidenceBroken(f"{stamps[min(unknown)]} is by no authority that export.json names")
    told = []
    for each in dossier.authorities:
        if not each.certificates.startswith("data/") or each.certificates not in dossier.members:
            raise EvidenceBroken(f"the certificates of authority {each.number} are not in the file")
        if each.number not in stamps:
            told.append(f"{each.name}: stamp pending")
            continue
        at = _verified(
            dossier, each, dossier.content(container.CHECKPOINT), dossier.content(stamps[each.number]), roots
        )
        told.append(f"{each.name}: checkpoint stamped at {at:%Y-%m-%d %H:%M:%S} UTC")
    if container.STAMP_OF_ALL in dossier.members:
        told.append(f"whole file stamped at {_container(dossier, roots):%Y-%m-%d %H:%M:%S} UTC")
    if not told:
        told.append("no timestamp: no authority is named")
    is_stamped = bool(stamps) or container.STAMP_OF_ALL in dossier.members
    if roots and not is_stamped and not dossier.has_cachet:
        raise EvidenceBroken(f"a root certificate was given, and nothing leads to it ({'; '.join(told)})")
    return "; ".join(told) + (_SELF if is_stamped and not roots else "")


def _container(dossier: Dossier, roots: "Sequence[x509.Certificate]") -> dt.datetime:
    """The instant of the token over the manifest of the container: of the first authority whose certificates it leads to."""
    answer = granted(dossier.content(container.STAMP_OF_ALL))
    faults = []
    for each in dossier.authorities:
        try:
            return _verified(dossier, each, dossier.content(container.ASIC), answer, roots)
        except EvidenceBroken as error:
            faults.append(str(error))
    raise EvidenceBroken(f"the stamp of the whole file is by no authority named: {'; '.join(faults) or 'none is'}")


def granted(token: bytes) -> bytes:
    """The response (TimeStampResp) that carries a bare token.

    Raises:
        EvidenceBroken: it is not one whole DER sequence.
    """
    if not _is_sequence(token):
        raise EvidenceBroken("the stamp of the whole file is not a token: another form, cut, or followed by something")
    return _sequence(_GRANTED + token)


def _sequence(content: bytes) -> bytes:
    size = len(content)
    if size < _SHORT:
        return bytes([_SEQUENCE, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([_SEQUENCE, _SHORT | len(length)]) + length + content


def _is_sequence(raw: bytes) -> bool:
    return any(_sequence(raw[head:])[:head] == raw[:head] for head in range(2, 7))


def _verified(
    dossier: Dossier, authority: Authority, message: bytes, answer: bytes, roots: "Sequence[x509.Certificate]"
) -> dt.datetime:
    """The instant that a stamp says, its signature followed up to the certificates of the authority.

    Raises:
        EvidenceBroken: it does not hold.
    """
    from cryptography import x509  # noqa: PLC0415 - slow to import: a file without stamps needs none of it
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415

    from adapters.seal import authority as asked  # noqa: PLC0415

    if not authority.certificates.startswith("data/") or authority.certificates not in dossier.members:
        raise EvidenceBroken(f"the certificates of {authority.name} are not there")
    pem = dossier.content(authority.certificates)
    if roots:
        between = [each for each in x509.load_pem_x509_certificates(pem) if each.issuer != each.subject]
        pem = b"".join(each.public_bytes(Encoding.PEM) for each in (*roots, *between))
    try:
        return asked.verify(asked.Authority(authority.number, authority.name, "", pem), message, answer)
    except EvidenceBroken as error:
        raise EvidenceBroken(_KEPT.sub("", error.reason)) from None
