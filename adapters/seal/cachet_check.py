"""Judging the seal of a PDF, from its bytes alone: nothing is fetched, no clock is read, and whatever is not understood is not conform.

The certificates are judged at the instant of the last stamp, so that the verdict is the same in 2040: they had to stand when the stamp was
made, not when it is read. A seal without stamp (B-B) is judged at the instant that the signer says, which nothing proves.
"""

import asyncio
import datetime as dt
import logging
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final, Literal

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning

from adapters.seal.chains import path_of
from adapters.seal.containers import (
    certificates_in,
    is_covered,
    is_sealed_whole,
    message_of,
    stamps_beside,
    stated_digest,
)
from domain.errors import EvidenceBroken

Level = Literal["B-B", "B-T", "B-LTA"]
#: How far the clock of who signs and that of the authority may be apart.
TOLERANCE: Final = dt.timedelta(minutes=5)
_USAGE: Final = ("digital_signature", "non_repudiation")

# A library whose log has no handler writes to the standard error of whoever uses it; what matters is raised here.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class Found:
    """A seal that is conform.

    `trusted` says that the certificates lead to the roots that were given; without roots the seal shows that the file is whole and
    was sealed by the holder of that certificate, not who that is.
    """

    level: Level
    signer: str
    certificate_sha256: str
    signed_at: dt.datetime
    stamped_at: dt.datetime | None
    judged_at: dt.datetime
    covers_whole: bool
    trusted: bool


def checked(pdf: bytes, roots: Sequence[x509.Certificate]) -> Found:
    """Judge the seal of a PDF.

    1. one signature, then document stamps only, in a file that is read strictly;
    2. the signature and every stamp cover all that stands before them, the last one the whole file;
    3. the file has the digest that each is about, and nothing stands in the last container that no signature covers;
    4. nothing was changed after each that a seal does not allow;
    5. the stamps are of this signature and of this file, and their instants follow each other;
    6. each signature is valid by the ETSI algorithm (EN 319 102-1): its certificates lead to the roots, stood at that instant and may be
       used so, which for B-LTA the lists in the file show.

    Args:
        pdf: the file.
        roots: whom the reader trusts, for the seal and for its stamps; none: the file's own roots stand in for them, untrusted.

    Raises:
        EvidenceBroken: it is not conform.
    """
    try:
        with warnings.catch_warnings():
            # A certificate with an odd number is judged by its signature, not by a word on the standard error.
            warnings.simplefilter("ignore", CryptographyDeprecationWarning)
            return _checked(pdf, roots)
    except EvidenceBroken:
        raise
    except Exception as error:  # noqa: BLE001 - a reader that fails on a file has not found it conform
        raise EvidenceBroken(f"the seal cannot be read ({type(error).__name__}: {error})") from None


def _checked(pdf: bytes, roots: Sequence[x509.Certificate]) -> Found:
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 - heavy: only a seal needs it

    reader = PdfFileReader(BytesIO(pdf), strict=True)
    found = list(reader.embedded_signatures)
    # 1
    kinds = [str(each.sig_object_type) for each in found]
    if not found or kinds != ["/Sig", *["/DocTimeStamp"] * (len(kinds) - 1)]:
        raise EvidenceBroken(
            f"one seal is wanted, then stamps only: this file holds {', '.join(kinds) or 'no signature'}"
        )
    # 2
    for each in found:
        is_covered(pdf, each)
    _, _, *last = found[-1].byte_range
    end = sum(last)
    if end != len(pdf):
        raise EvidenceBroken(f"{len(pdf) - end} bytes stand after what the last signature covers: the file was changed after it was sealed")  # fmt: skip
    # 3
    for each in found:
        if each.compute_digest() != stated_digest(each):
            raise EvidenceBroken("the file was changed after it was sealed: it has not the digest that was signed")
    seal, stamps = found[0], found[1:]
    tokens = _tokens(seal)
    level: Level = "B-LTA" if stamps else "B-T" if tokens else "B-B"
    if stamps and not tokens:
        raise EvidenceBroken(
            "the file is stamped and its signature is not: this is no level of PAdES that relance makes"
        )
    stored = _stored(reader)
    known = [*roots, *stored.certificates, *certificates_in(seal.signed_data)]
    last_one = message_of(found[-1])
    for message in (last_one, *(stamps_beside(last_one) if level == "B-T" else ())):
        is_sealed_whole(message, known)
    # 4
    for each in found:
        each.compute_integrity_info()
        if each.summarise_integrity_info()["docmdp_ok"] is not True:
            raise EvidenceBroken("the file was changed after it was sealed, in a way that the seal does not allow")
    # 5
    signed_at = seal.self_reported_timestamp
    if signed_at is None or signed_at.tzinfo is None:
        raise EvidenceBroken("the seal does not say when it was made")
    instants = [_instant(each) for each in (*tokens, *(stamp.signed_data for stamp in stamps))]
    if instants != sorted(instants) or (instants and signed_at > instants[0] + TOLERANCE):
        raise EvidenceBroken("the instants of the seal and of its stamps do not follow each other")
    # 6
    anchors = list(roots) or _own_roots([seal.signed_data, *tokens, *(each.signed_data for each in stamps)], stored)
    judged_at = instants[-1] if instants else signed_at
    asyncio.run(_judged(seal, tokens, stamps, anchors, stored, judged_at))
    certificate = x509.load_der_x509_certificate(seal.signer_cert.dump())
    return Found(
        level=level,
        signer=certificate.subject.rfc4514_string(),
        certificate_sha256=str(seal.signer_cert.sha256.hex()),
        signed_at=signed_at.astimezone(dt.UTC),
        stamped_at=instants[0] if instants else None,
        judged_at=judged_at.astimezone(dt.UTC),
        covers_whole=end == len(pdf),
        trusted=bool(roots),
    )


async def _judged(
    seal: Any, tokens: list[Any], stamps: list[Any], anchors: list[x509.Certificate], stored: "_Stored", at: dt.datetime
) -> None:
    from pyhanko.sign.validation import ades, generic_cms  # noqa: PLC0415 - heavy: only a seal needs it
    from pyhanko.sign.validation.policy_decl import PdfSignatureValidationSpec  # noqa: PLC0415

    spec = _spec(anchors, stored, wants_lists=bool(stamps))
    imprint = generic_cms.message_imprint_checker(seal.signer_info)
    for token in tokens:
        _passes(await ades.ades_timestamp_validation(token, spec, imprint, timing_info=_timing(_instant(token))))
    for stamp in stamps:
        instant = _timing(_instant(stamp.signed_data))
        _passes(
            await ades.ades_timestamp_validation(stamp.signed_data, spec, stamp.compute_digest, timing_info=instant)
        )
    if stamps:
        archived = await ades.ades_lta_validation(seal, PdfSignatureValidationSpec(spec), timing_info=_timing(at))
        if archived.oldest_evidence_record_timestamp is None:
            raise EvidenceBroken("the chain of the stamps does not hold")
        _passes(archived.signature_timestamp_status)
        _passes(archived)
    else:
        judge = ades.ades_with_time_validation if tokens else ades.ades_basic_validation
        result = await judge(seal.signed_data, spec, timing_info=_timing(at), raw_digest=seal.compute_digest())
        _passes(result)


def _passes(result: Any) -> None:
    from pyhanko.sign.ades.report import AdESPassed  # noqa: PLC0415 - heavy: only a seal needs it

    status = result.api_status if result else None
    if not status or result.ades_subindic != AdESPassed.OK or not status.intact or not status.valid:
        said = f"{result.ades_subindic}: {result.failure_msg or 'no path of certificates that holds'}" if result else ""
        raise EvidenceBroken(f"a signature of the seal does not hold ({said})")


def _spec(anchors: list[x509.Certificate], stored: "_Stored", *, wants_lists: bool) -> Any:
    """Nothing is fetched; what the file holds and the anchors are all there is."""
    from asn1crypto.x509 import Certificate  # noqa: PLC0415 - heavy, with what follows: only a seal needs it
    from pyhanko.sign.validation import policy_decl  # noqa: PLC0415
    from pyhanko.sign.validation.settings import KeyUsageConstraints  # noqa: PLC0415
    from pyhanko_certvalidator.context import CertValidationPolicySpec  # noqa: PLC0415
    from pyhanko_certvalidator.policy_decl import NO_REVOCATION, REQUIRE_REVINFO, CertRevTrustPolicy  # noqa: PLC0415
    from pyhanko_certvalidator.registry import SimpleTrustManager  # noqa: PLC0415
    from pyhanko_certvalidator.revinfo.archival import CRLContainer  # noqa: PLC0415

    trusted = [Certificate.load(each.public_bytes(Encoding.DER)) for each in anchors]
    return policy_decl.SignatureValidationSpec(
        CertValidationPolicySpec(
            trust_manager=SimpleTrustManager.build(trust_roots=trusted),
            revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO if wants_lists else NO_REVOCATION),
        ),
        revinfo_gathering_policy=policy_decl.RevocationInfoGatheringSpec(
            policy_decl.RevinfoOnlineFetchingRule.LOCAL_ONLY,
            certificate_fetching_rule=policy_decl.CertificateFetchingRule.NEVER_FETCH,
        ),
        local_knowledge=policy_decl.LocalKnowledge(
            known_crls=[CRLContainer(each) for each in stored.lists],
            known_certs=[Certificate.load(each.public_bytes(Encoding.DER)) for each in stored.certificates],
        ),
        key_usage_settings=KeyUsageConstraints(key_usage=_USAGE),
    )


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the file holds to judge it by."""

    certificates: list[x509.Certificate]
    lists: list[Any]


def _stored(reader: Any) -> _Stored:
    from asn1crypto.crl import CertificateList  # noqa: PLC0415 - heavy, with what follows: only a seal needs it
    from pyhanko.pdf_utils.decode_limits import DecodePurpose  # noqa: PLC0415
    from pyhanko.sign.validation.dss import DocumentSecurityStore  # noqa: PLC0415
    from pyhanko.sign.validation.errors import NoDSSFoundError  # noqa: PLC0415

    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return _Stored([], [])
    return _Stored(
        [x509.load_der_x509_certificate(each.dump()) for each in store.load_certs()],
        [CertificateList.load(each.get_object().read_data(DecodePurpose.CRL)) for each in store.crls],
    )


def _own_roots(containers: list[Any], stored: _Stored) -> list[x509.Certificate]:
    """The ends of the chains that the file itself holds."""
    known = [*stored.certificates, *(each for one in containers for each in certificates_in(one))]
    return list(dict.fromkeys(path_of(each, known)[-1] for each in known))


def _tokens(seal: Any) -> list[Any]:
    from pyhanko.sign.validation.generic_cms import extract_tst_data_iter  # noqa: PLC0415 - heavy

    return list(extract_tst_data_iter(seal.signer_info, signed=False))


def _instant(token: Any) -> dt.datetime:
    found: dt.datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
    return found.astimezone(dt.UTC)


def _timing(at: dt.datetime) -> Any:
    from pyhanko_certvalidator.ltv.types import ValidationTimingInfo  # noqa: PLC0415 - heavy

    return ValidationTimingInfo(validation_time=at, best_signature_time=at, point_in_time_validation=True)
