"""The file of a seal: who may read it, what it must hold, and what is said when nothing can be sealed with it."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12

from adapters.seal.cachet_key import read_cachet
from domain.errors import InvalidInput
from tests.adapters.seal import pki

NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> pki.Pki:
    return pki.make(tmp_path_factory.mktemp("pki") / "ours", NOW)


def test_a_cachet_holds_its_chain_up_to_the_root(house: pki.Pki) -> None:
    read = read_cachet(house.p12, now=NOW, password=pki.PASSWORD, crls=house.crls)
    assert read.certificate == house.seal.certificate
    assert read.chain == (house.intermediate.certificate, house.root.certificate)
    assert read.root == house.root.certificate
    assert len(read.crls) == 3
    assert read.key.public_key() == house.seal.certificate.public_key()


def test_issuers_may_stand_in_a_file_of_their_own_and_lists_in_pem(house: pki.Pki, tmp_path: Path) -> None:
    alone = pki.pkcs12_file(tmp_path / "alone.p12", house.seal, password=None)
    with pytest.raises(
        InvalidInput, match=r"alone\.p12: the chain stops at Société .*CN=Intermédiaire.* is missing; give it"
    ):
        read_cachet(alone, now=NOW)
    issuers = tmp_path / "issuers.pem"
    issuers.write_bytes(house.root.pem() + house.stamps_root.pem() + house.intermediate.pem())
    listed = tmp_path / "list.pem"
    listed.write_bytes(x509.load_der_x509_crl(house.crls[0].read_bytes()).public_bytes(Encoding.PEM))
    read = read_cachet(alone, now=NOW, chain=issuers, crls=[listed])
    assert (read.root, len(read.crls)) == (house.root.certificate, 1)


def test_a_certificate_that_signs_itself_is_its_own_root(tmp_path: Path) -> None:
    own = pki.holder("Tout seul", None, NOW)
    read = read_cachet(pki.pkcs12_file(tmp_path / "own.p12", own), now=NOW, password=pki.PASSWORD)
    assert (read.chain, read.root) == ((), own.certificate)


def _chained(path: Path, house: pki.Pki, seal: pki.Holder) -> Path:
    return pki.pkcs12_file(path, seal, [house.intermediate, house.root])


def _open_to_all(path: Path, house: pki.Pki) -> Path:
    _chained(path, house, house.seal).chmod(0o640)
    return path


def _not_pkcs12(path: Path, _house: pki.Pki) -> Path:
    path.write_bytes(b"-----BEGIN CERTIFICATE-----\n")
    path.chmod(0o600)
    return path


def _cut(path: Path, house: pki.Pki) -> Path:
    path.write_bytes(house.p12.read_bytes()[:-9])
    path.chmod(0o600)
    return path


def _no_key(path: Path, house: pki.Pki) -> Path:
    more = [house.seal.certificate, house.intermediate.certificate]
    how = BestAvailableEncryption(pki.PASSWORD)
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"none", None, None, more, how))
    path.chmod(0o600)
    return path


def _of_key(key: pki.Key) -> Callable[[Path, pki.Pki], Path]:
    return lambda path, house: _chained(path, house, pki.holder("Faible", house.intermediate, NOW, key=key))


def _of_usage(*usages: str) -> Callable[[Path, pki.Pki], Path]:
    return lambda path, house: _chained(path, house, pki.holder("Autre usage", house.intermediate, NOW, usages=usages))


def _of_days(start: int, end: int) -> Callable[[Path, pki.Pki], Path]:
    def make(path: Path, house: pki.Pki) -> Path:
        seal = pki.holder("Daté", house.intermediate, NOW, start=start * pki.DAY, end=end * pki.DAY)
        return _chained(path, house, seal)

    return make


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path, _: path, "cannot be read"),
        (_open_to_all, "others than its owner can read this key.*chmod 600"),
        (_not_pkcs12, r"no PKCS#12 file"),
        (_cut, r"no PKCS#12 file"),
        (_no_key, "holds no private key"),
        (_of_key(rsa.generate_private_key(65_537, 1_024)), "too short"),  # noqa: S505 - that it is refused is the point
        (_of_key(ed25519.Ed25519PrivateKey.generate()), "of a kind"),
        (_of_key(ec.generate_private_key(ec.SECP256K1())), "of a kind"),
        (_of_usage("key_encipherment"), "Autre usage has neither digitalSignature nor nonRepudiation"),
        (_of_days(-30, -1), "Daté is valid from 2026-05-02 to 2026-05-31, not on 2026-06-01"),
        (_of_days(1, 30), "Daté is valid from 2026-06-02 to 2026-07-01, not on 2026-06-01"),
    ],
)  # fmt: skip
def test_what_nothing_can_be_sealed_with_is_told(
    house: pki.Pki, tmp_path: Path, make: Callable[[Path, pki.Pki], Path], words: str
) -> None:
    path = make(tmp_path / "bad.p12", house)
    with pytest.raises(InvalidInput, match=rf"^{path}: .*{words}"):
        read_cachet(path, now=NOW, password=pki.PASSWORD)


@pytest.mark.parametrize("password", [b"autre", b"", None])
def test_a_wrong_password_is_told(house: pki.Pki, password: bytes | None) -> None:
    with pytest.raises(InvalidInput, match="the password is not that of this file") as caught:
        read_cachet(house.p12, now=NOW, password=password)
    assert pki.PASSWORD.decode() not in str(caught.value)


def test_a_revoked_certificate_seals_no_more(house: pki.Pki, tmp_path: Path) -> None:
    for issuer, revoked, name in (
        (house.intermediate, house.seal, pki.SEALER),
        (house.root, house.intermediate, "Intermédiaire"),
    ):
        listed = tmp_path / "revoked.crl"
        listed.write_bytes(pki.revocation_list(issuer, NOW, [revoked]))
        with pytest.raises(InvalidInput, match=f"the certificate of {name} is revoked"):
            read_cachet(house.p12, now=NOW, password=pki.PASSWORD, crls=[listed])


def test_what_is_no_list_and_no_chain_is_told(house: pki.Pki, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"-----BEGIN NOTHING-----")
    with pytest.raises(InvalidInput, match="no revocation list"):
        read_cachet(house.p12, now=NOW, password=pki.PASSWORD, crls=[other])
    with pytest.raises(InvalidInput, match="no certificate in PEM form"):
        read_cachet(house.p12, now=NOW, password=pki.PASSWORD, chain=other)
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_cachet(house.p12, now=NOW, password=pki.PASSWORD, crls=[tmp_path / "absent"])
