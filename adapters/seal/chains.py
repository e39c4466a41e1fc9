"""Who issued whom: the way from a certificate to its root."""

from collections.abc import Iterable

from cryptography import x509
from cryptography.x509.oid import NameOID


def common_name(certificate: x509.Certificate) -> str:
    """The common name of who holds a certificate, or all of the name where there is none."""
    found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else certificate.subject.rfc4514_string()


def path_of(leaf: x509.Certificate, known: Iterable[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """From a certificate, itself first, to the last issuer that is known."""
    path, left = [leaf], list(known)
    while not is_issued(path[-1], path[-1]):
        issuer = next((each for each in left if is_issued(path[-1], each)), None)
        if issuer is None or issuer in path:
            break
        path.append(issuer)
    return tuple(path)


def is_issued(child: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether a certificate was issued by another, or by itself."""
    if child.issuer != issuer.subject:
        return False
    try:
        child.verify_directly_issued_by(issuer)
    except Exception:  # noqa: BLE001 - whatever the reason is, that one did not issue it
        return False
    return True
