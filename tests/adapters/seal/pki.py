"""A public key infrastructure of our own: a root, an intermediate, a seal certificate, an authority for stamps, revocation lists."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from tests.adapters.seal import tsa

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
PASSWORD = b"mot de passe"
SEALER = "Société Éclair & Fils – cachet"
DAY = dt.timedelta(days=1)
SIGNS = ("digital_signature", "content_commitment")
ISSUES = ("key_cert_sign", "crl_sign")
EVERY_USAGE = (
    *SIGNS, *ISSUES, "key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only",
)  # fmt: skip


@dataclass(frozen=True)
class Holder:
    """A certificate with its key."""

    key: Key
    certificate: x509.Certificate

    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def named(common: str) -> x509.Name:
    parts = {NameOID.COUNTRY_NAME: "FR", NameOID.ORGANIZATION_NAME: "Éclair & Fils", NameOID.COMMON_NAME: common}
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts.items()])


def holder(
    common: str,
    issuer: Holder | None,
    now: dt.datetime,
    *,
    usages: Sequence[str] | None = SIGNS,
    is_for_stamps: bool = False,
    key: Key | None = None,
    start: dt.timedelta = -30 * DAY,
    end: dt.timedelta = 1000 * DAY,
    fetch: str = "",
) -> Holder:
    """A certificate by an issuer, or by itself; `fetch` is where it says that its issuer and its list can be had."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    signer = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(named(common))
        .issuer_name(issuer.certificate.subject if issuer else named(common))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + start)
        .not_valid_after(now + end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .add_extension(x509.BasicConstraints(ca=usages == ISSUES, path_length=None), critical=True)
    )
    if usages is not None:
        allowed = x509.KeyUsage(**{each: each in usages for each in EVERY_USAGE})
        builder = builder.add_extension(allowed, critical=True)
    if is_for_stamps:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    if fetch:
        where = [x509.UniformResourceIdentifier(fetch)]
        points = x509.CRLDistributionPoints([x509.DistributionPoint(where, None, None, None)])
        access = [x509.AccessDescription(oid, where[0]) for oid in (AuthorityInformationAccessOID.CA_ISSUERS, AuthorityInformationAccessOID.OCSP)]  # fmt: skip
        builder = builder.add_extension(points, critical=False)
        builder = builder.add_extension(x509.AuthorityInformationAccess(access), critical=False)
    return Holder(key, builder.sign(signer, hashes.SHA256()))


def revocation_list(
    issuer: Holder,
    now: dt.datetime,
    revoked: Sequence[Holder] = (),
    *,
    start: dt.timedelta = -DAY,
    end: dt.timedelta = 7 * DAY,
) -> bytes:
    """The list of an issuer, in DER."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.certificate.subject)
    builder = builder.last_update(now + start).next_update(now + end)
    for each in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(each.certificate.serial_number)
        builder = builder.add_revoked_certificate(entry.revocation_date(now - DAY).build())
    own = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
    builder = builder.add_extension(own, critical=False).add_extension(x509.CRLNumber(1), critical=False)
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def pkcs12_file(path: Path, of: Holder, chain: Sequence[Holder] = (), password: bytes | None = PASSWORD) -> Path:
    """A certificate with its key and its chain, for its owner only."""
    how = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    more = [each.certificate for each in chain]
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"cachet", of.key, of.certificate, more, how))
    path.chmod(0o600)
    return path


@dataclass(frozen=True)
class Pki:
    """All of it, in a folder."""

    folder: Path
    now: dt.datetime
    root: Holder
    intermediate: Holder
    seal: Holder
    stamps_root: Holder
    stamper: Holder

    @property
    def p12(self) -> Path:
        return self.folder / "cachet.p12"

    @property
    def crls(self) -> list[Path]:
        return sorted(self.folder.glob("*.crl"))

    @property
    def roots(self) -> list[x509.Certificate]:
        return [self.root.certificate, self.stamps_root.certificate]


def make(
    folder: Path, now: dt.datetime, *, key: Key | None = None, stamps_key: Key | None = None, fetch: str = ""
) -> Pki:
    """Draw it; the folder can be served by `tsa.serving`."""
    folder.mkdir(parents=True)
    root = holder("Racine", None, now, usages=ISSUES)
    intermediate = holder("Intermédiaire", root, now, usages=ISSUES)
    seal = holder(SEALER, intermediate, now, key=key, fetch=fetch)
    stamps_root = holder("Racine d’horodatage", None, now, usages=ISSUES)
    stamper = holder(
        "Horodatage", stamps_root, now, usages=("digital_signature",), is_for_stamps=True, key=stamps_key, fetch=fetch
    )
    pkcs12_file(folder / "cachet.p12", seal, [intermediate, root])
    for name, issuer in (("root", root), ("intermediate", intermediate), ("stamps", stamps_root)):
        (folder / f"{name}.crl").write_bytes(revocation_list(issuer, now))
    (folder / "ca.pem").write_bytes(stamps_root.pem())
    (folder / "tsa.pem").write_bytes(stamper.pem())
    private = stamper.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "tsa.key").write_bytes(private)
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(tsa.CONFIG.format(folder=folder))
    return Pki(folder, now, root, intermediate, seal, stamps_root, stamper)
