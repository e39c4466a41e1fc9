"""The key and the certificate of a seal, read from a PKCS#12 file that only its owner can read."""

import datetime as dt
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from adapters.seal.authority import certificates
from adapters.seal.chains import common_name, path_of
from domain.errors import InvalidInput

_RSA_BITS: Final = 2_048
_CURVES: Final = ("secp256r1", "secp384r1", "secp521r1")


@dataclass(frozen=True, slots=True)
class Cachet:
    """The means of a seal; `chain` leads from the issuer of the certificate to its root. The key is never printed."""

    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = field(repr=False)
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    crls: tuple[x509.CertificateRevocationList, ...] = field(repr=False)

    @property
    def root(self) -> x509.Certificate:
        """The end of the chain: the certificate itself where it signs itself."""
        return (self.certificate, *self.chain)[-1]


def read_cachet(
    path: Path,
    *,
    now: dt.datetime,
    password: bytes | None = None,
    chain: Path | None = None,
    crls: Sequence[Path] = (),
) -> Cachet:
    """Read the key, the certificate and its chain from a PKCS#12 file.

    Args:
        path: the file, readable by its owner only.
        now: the instant at which the certificates must be valid.
        password: of the file; none when it has none.
        chain: issuers that the file does not hold (PEM), up to the root.
        crls: revocation lists of the issuers, of the authorities' issuers too (DER or PEM); B-LTA wants them.

    Raises:
        InvalidInput: nothing can be sealed with it; says why and what can be done now.
    """
    file = str(path)
    if stat.S_IMODE(_status(path)) & 0o077:
        raise InvalidInput(f"others than its owner can read this key, and seal in its name: chmod 600 {path}, and have the certificate revoked if somebody may have taken it", file=file)  # fmt: skip
    opened = _opened(path.read_bytes(), password, file)
    key, found = opened.key, opened.cert
    if key is None or found is None:
        raise InvalidInput("it holds no private key with its certificate: export both from where the certificate was drawn", file=file)  # fmt: skip
    if not _is_strong(key):
        raise InvalidInput("the key is of a kind that PDF/A readers do not know, or too short: RSA of 2,048 bits, or EC P-256, P-384 or P-521, is wanted", file=file)  # fmt: skip
    assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    more = certificates(_content(chain), file=str(chain)) if chain else []
    way = path_of(found.certificate, [*(each.certificate for each in opened.additional_certs), *more])
    if way[-1].issuer != way[-1].subject:
        raise InvalidInput(f"the chain stops at {common_name(way[-1])}: the certificate of its issuer, {way[-1].issuer.rfc4514_string()}, is missing; give it in a PEM file", file=file)  # fmt: skip
    for each in way:
        if not each.not_valid_before_utc <= now <= each.not_valid_after_utc:
            raise InvalidInput(f"the certificate of {common_name(each)} is valid from {each.not_valid_before_utc:%Y-%m-%d} to {each.not_valid_after_utc:%Y-%m-%d}, not on {now:%Y-%m-%d}: seal with one that is valid", file=file)  # fmt: skip
    if not _may_sign(found.certificate):
        raise InvalidInput(f"the key usage of {common_name(found.certificate)} has neither digitalSignature nor nonRepudiation: it is no certificate to seal with", file=file)  # fmt: skip
    lists = tuple(crl for each in crls for crl in _crls(each))
    for each in way:
        if is_revoked(each, lists):
            raise InvalidInput(f"the certificate of {common_name(each)} is revoked by the list of {each.issuer.rfc4514_string()}: seal with another", file=file)  # fmt: skip
    return Cachet(key, found.certificate, way[1:], lists)


def is_revoked(each: x509.Certificate, crls: Sequence[x509.CertificateRevocationList]) -> bool:
    """Whether a list of the issuer of a certificate names it."""
    of_issuer = (crl for crl in crls if crl.issuer == each.issuer)
    return any(crl.get_revoked_certificate_by_serial_number(each.serial_number) is not None for crl in of_issuer)


def _status(path: Path) -> int:
    try:
        return path.stat().st_mode
    except OSError as error:
        raise InvalidInput(f"cannot be read ({error.strerror}): give the PKCS#12 file of the seal", file=str(path)) from None  # fmt: skip


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"cannot be read ({error.strerror})", file=str(path)) from None


def _opened(data: bytes, password: bytes | None, file: str) -> pkcs12.PKCS12KeyAndCertificates:
    try:
        return pkcs12.load_pkcs12(data, password)
    except (ValueError, UnsupportedAlgorithm) as error:
        if not _is_pkcs12(data):
            raise InvalidInput("it is no PKCS#12 file (.p12, .pfx): export the certificate with its key in that form", file=file) from None  # fmt: skip
        if isinstance(error, UnsupportedAlgorithm):
            raise InvalidInput(f"it is enciphered in a way that is not read any more ({error}): export it again, with AES-256", file=file) from None  # fmt: skip
        raise InvalidInput("the password is not that of this file, or the file was changed: give its password (the command reads RELANCE_CERTIFICATE_PASSWORD)", file=file) from None  # fmt: skip


def _is_pkcs12(data: bytes) -> bool:
    from asn1crypto.pkcs12 import Pfx  # noqa: PLC0415 - heavy: only a seal needs it

    try:
        found = Pfx.load(data, strict=True)
        return bool(found["version"].native == "v3" and found["auth_safe"]["content_type"].native)
    except (ValueError, TypeError):
        return False


def _is_strong(key: object) -> bool:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.key_size >= _RSA_BITS
    return isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _CURVES


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return usage.digital_signature or usage.content_commitment


def _crls(path: Path) -> list[x509.CertificateRevocationList]:
    data = _content(path)
    try:
        if b"-----BEGIN" in data:
            return [x509.load_pem_x509_crl(data)]
        return [x509.load_der_x509_crl(data)]
    except ValueError as error:
        raise InvalidInput(f"it is no revocation list in DER or PEM form ({error})", file=str(path)) from None
