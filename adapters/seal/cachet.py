"""The electronic seal (cachet) of a PDF: PAdES, from B-B to B-LTA.

The seal certifies the file and allows no change after it. When an authority answers, its stamp says by when the signature existed; when
the revocation lists of every certificate are at hand too, they are put into the file and a stamp over all of it comes last (B-LTA), so
that the seal can be judged years later without asking anybody. An authority that is silent, or lies, costs the level and nothing else.
"""

import asyncio
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from rfc3161_client import decode_timestamp_response

from adapters.seal.authority import Authority, AuthoritySilent, ask, certificates
from adapters.seal.cachet_check import Level, checked
from adapters.seal.cachet_key import Cachet, is_revoked
from adapters.seal.chains import common_name, path_of
from domain.errors import EvidenceBroken, InvalidInput

if TYPE_CHECKING:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

PATIENCE: Final = 5.0
REASON: Final = "Scellement du dossier de recouvrement"
LOCATION: Final = "France"
_MD: Final = "sha256"
#: Bytes kept free for the token of an authority, before it is known how long it is.
_ROOM: Final = 8_192
_MARGIN: Final = 1_024
#: Silence, a lie, and a token that one library reads and the other does not.
_COSTS_THE_LEVEL: Final = (AuthoritySilent, EvidenceBroken, ValueError)


@dataclass(frozen=True, slots=True)
class Signed:
    """A sealed PDF; `why` says why it is not B-LTA, and is empty when it is."""

    pdf: bytes = field(repr=False)
    level: Level
    why: str = ""


def signed(
    pdf: bytes, cachet: Cachet, authorities: Sequence[Authority], at: dt.datetime, *, patience: float = PATIENCE
) -> Signed:
    """Seal a PDF at the highest level that can be reached now; what is given was verified as its reader will.

    Args:
        pdf: a PDF without signature.
        cachet: who seals.
        authorities: whom to ask for stamps, in this order, until one gives a stamp that holds.
        at: the machine's clock: a stamp of another instant is refused.
        patience: seconds for each answer.

    Raises:
        InvalidInput: it is no PDF, or is sealed already.
        EvidenceBroken: the seal does not verify.
    """
    # Typst writes no line feed after the last %%EOF: what is appended would stand on its line, against PDF/A (ISO 19005-3, 6.1.9).
    whole = pdf if pdf.endswith(b"\n") else pdf + b"\n"
    silent = []
    for authority in authorities:
        roots = [cachet.root, *(each for each in certificates(authority.certificates) if each.issuer == each.subject)]
        try:
            sealed, token = _stamped(whole, cachet, authority, at, patience)
            way = _way_of_stamper(token, authority, cachet.crls)
            try:
                archived = _archived(sealed, cachet, authority, way, len(token), at, patience)
                checked(archived, roots)
            except _COSTS_THE_LEVEL as error:
                checked(sealed, roots)
                return Signed(sealed, "B-T", str(error))
        except _COSTS_THE_LEVEL as error:
            silent.append(str(error))
        else:
            return Signed(archived, "B-LTA")
    sealed, _ = _sealed(whole, cachet, at)
    checked(sealed, [cachet.root])
    return Signed(sealed, "B-B", "; ".join(silent) or "no timestamping authority is configured")


def _stamped(pdf: bytes, cachet: Cachet, authority: Authority, at: dt.datetime, patience: float) -> tuple[bytes, bytes]:
    """Sealed with a stamp of the signature, and that stamp."""
    room = _ROOM
    while True:
        sealed, token = _sealed(pdf, cachet, at, authority, patience, room)
        if len(token) <= room:
            return sealed, token
        room = len(token) + _MARGIN


def _sealed(
    pdf: bytes, cachet: Cachet, at: dt.datetime, authority: Authority | None = None, patience: float = 0, room: int = 0
) -> tuple[bytes, bytes]:
    """Sealed, with a stamp where an authority is given; the file is not whole when the stamp is longer than its room."""
    from asn1crypto import cms, keys  # noqa: PLC0415 - heavy, with what follows: only a seal needs it
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter  # noqa: PLC0415
    from pyhanko.sign.signers.cms_embedder import SigMDPSetup  # noqa: PLC0415
    from pyhanko.sign.signers.pdf_byterange import SignatureObject  # noqa: PLC0415
    from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, SimpleSigner  # noqa: PLC0415
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415

    store: Any = SimpleCertificateStore
    issuers = store()
    issuers.register_multiple([_asn1(each) for each in cachet.chain])
    private = cachet.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = SimpleSigner(
        signing_cert=_asn1(cachet.certificate),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=issuers,
    )
    weight = sum(len(each.public_bytes(Encoding.DER)) for each in (cachet.certificate, *cachet.chain))
    placeholder = SignatureObject(
        timestamp=at,
        subfilter=SigSeedSubFilter.PADES,
        name=common_name(cachet.certificate),
        location=LOCATION,
        reason=REASON,
        bytes_reserved=2 * (weight + 2 * _MARGIN + room),
    )
    certifies = SigMDPSetup(md_algorithm=_MD, certify=True, docmdp_perms=MDPPerm.NO_CHANGES)
    digest, output = _prepared(_writer(pdf, is_first=True), "Cachet", "Cachet électronique", placeholder, certifies)
    made = asyncio.run(
        signer.async_sign(digest.document_digest, _MD, use_pades=True, signed_attr_settings=PdfCMSSignedAttributes())
    )
    token = b""
    if authority:
        signature = made["content"]["signer_infos"][0]
        token = _token(authority, signature["signature"].native, at, patience)
        stamp = {"type": "signature_time_stamp_token", "values": [cms.ContentInfo.load(token)]}
        signature["unsigned_attrs"] = cms.CMSAttributes([cms.CMSAttribute(stamp)])
    if len(token) <= room:
        digest.fill_with_cms(output, made)
    return output.getvalue(), token


def _way_of_stamper(
    token: bytes, authority: Authority, crls: Sequence[x509.CertificateRevocationList]
) -> tuple[x509.Certificate, ...]:
    """From the certificate that signed a stamp to its root.

    Raises:
        EvidenceBroken: one of them is revoked.
    """
    from asn1crypto import cms  # noqa: PLC0415 - heavy: only a seal needs it
    from pyhanko.sign.general import extract_certificate_info  # noqa: PLC0415 - heavy

    shown = extract_certificate_info(cms.ContentInfo.load(token)["content"])
    held = [x509.load_der_x509_certificate(each.dump()) for each in shown.other_certs]
    stamper = x509.load_der_x509_certificate(shown.signer_cert.dump())
    way = path_of(stamper, [*held, *certificates(authority.certificates)])
    for each in way:
        if is_revoked(each, crls):
            raise EvidenceBroken(f"the certificate {common_name(each)} of {authority.name} is revoked by its issuer's list: ask another authority")  # fmt: skip
    return way


def _archived(
    sealed: bytes,
    cachet: Cachet,
    authority: Authority,
    way: Sequence[x509.Certificate],
    length: int,
    at: dt.datetime,
    patience: float,
) -> bytes:
    """With the chains, the revocation lists, and a last stamp over all of it, about as long as the first.

    Raises:
        AuthoritySilent: the authority is silent now.
        EvidenceBroken: a list is missing; or the authority lies now.
    """
    from asn1crypto import crl  # noqa: PLC0415 - heavy, with what follows: only a seal needs it
    from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp  # noqa: PLC0415
    from pyhanko.sign.validation.dss import DocumentSecurityStore  # noqa: PLC0415

    needed = dict.fromkeys([cachet.certificate, *cachet.chain, *way])
    lists = _lists(needed, cachet.crls, at)
    writer = _writer(sealed)
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=[_asn1(each) for each in needed],
        crls=[crl.CertificateList.load(each.public_bytes(Encoding.DER)) for each in lists],
    )
    document_stamp: Any = DocumentTimestamp
    placeholder = document_stamp(bytes_reserved=2 * (length + _MARGIN))
    digest, output = _prepared(writer, "Horodatage", "Horodatage du cachet électronique", placeholder)
    content = output.getvalue()
    covered = content[: digest.reserved_region_start] + content[digest.reserved_region_end :]
    last = _token(authority, covered, at, patience)
    if len(last) > length + _MARGIN:
        raise EvidenceBroken(f"the second stamp of {authority.name} is {len(last)} bytes long, its first {length}")
    digest.fill_with_cms(output, last)
    return bytes(output.getvalue())


def _lists(
    needed: Iterable[x509.Certificate], crls: Sequence[x509.CertificateRevocationList], at: dt.datetime
) -> list[x509.CertificateRevocationList]:
    """The lists that show, as of that instant, that each certificate stands; a root has nobody above it to say so."""
    current = [crl for crl in crls if crl.last_update_utc <= at and crl.next_update_utc and at <= crl.next_update_utc]
    below = [each for each in needed if each.issuer != each.subject]
    for each in below:
        if not any(crl.issuer == each.issuer for crl in current):
            raise EvidenceBroken(f"no revocation list of {each.issuer.rfc4514_string()} that holds on {at:%Y-%m-%d} was given, so nothing would show later that the certificate of {common_name(each)} stood")  # fmt: skip
    return [crl for crl in current if any(crl.issuer == each.issuer for each in below)]


def _prepared(
    writer: "IncrementalPdfFileWriter", name: str, title: str, placeholder: Any, certifies: Any = None
) -> tuple[Any, BytesIO]:
    """The file with room for a signature, and the digest that it signs. The field is off the page: PDF/UA wants no untagged one on it."""
    from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec  # noqa: PLC0415 - heavy
    from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup  # noqa: PLC0415 - heavy

    spec = SigFieldSpec(name, invis_sig_settings=InvisSigSettings(box_out_of_bounds=True), readable_field_name=title)
    steps = PdfCMSEmbedder(new_field_spec=spec).write_cms(field_name=name, writer=writer)
    next(steps)
    steps.send(SigObjSetup(sig_placeholder=placeholder, mdp_setup=certifies))
    digest, output = steps.send(SigIOSetup(md_algorithm=_MD, output=BytesIO()))
    return digest, output


def _writer(pdf: bytes, *, is_first: bool = False) -> "IncrementalPdfFileWriter":
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415 - heavy
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415
    from pyhanko.sign.signers.constants import ESIC_EXTENSION_1  # noqa: PLC0415

    try:
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        is_sealed = is_first and any(writer.prev.embedded_signatures)
    except (PdfError, ValueError) as error:
        raise InvalidInput(f"this PDF cannot be sealed: {error}") from None
    if is_sealed:
        raise InvalidInput("this PDF is signed already: seal the file as it was before")
    writer.register_extension(ESIC_EXTENSION_1)
    return writer


def _token(authority: Authority, message: bytes, at: dt.datetime, patience: float) -> bytes:
    response = ask(authority, message, at, patience).response
    return decode_timestamp_response(response).time_stamp_token()


def _asn1(certificate: x509.Certificate) -> Any:
    from asn1crypto.x509 import Certificate  # noqa: PLC0415 - heavy: only a seal needs it

    return Certificate.load(certificate.public_bytes(Encoding.DER))
