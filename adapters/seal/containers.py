"""The containers of the signatures of a PDF (CMS): what no signature covers has one form only, so that no bit of it can change unseen."""

from collections.abc import Sequence
from typing import Any

from cryptography import x509

from adapters.seal.chains import common_name, is_issued
from domain.errors import EvidenceBroken


def is_covered(pdf: bytes, signature: Any) -> None:
    """A signature covers all bytes but its container, which has upper-case digits, DER, then zeros.

    Raises:
        EvidenceBroken: it does not.
    """
    if len(signature.byte_range) != 4 or signature.byte_range[0] != 0:  # noqa: PLR2004 - two ranges
        raise EvidenceBroken("the byte range of a signature is not that of a whole file")
    _, before, after, _ = signature.byte_range
    content = signature.pkcs7_content
    if pdf[before:after] != b"<" + content.hex().upper().encode() + b">":
        raise EvidenceBroken("the byte range of a signature leaves out more than its container")
    if any(content[_end_of_value(content, 0, len(content)) :]):
        raise EvidenceBroken("something stands after the signature in its container")


def _end_of_value(data: bytes, at: int, limit: int) -> int:
    """Where a value in DER ends; its lengths are of the shortest form, and what it holds fills it: nothing hides in slack."""
    tag, first = data[at], data[at + 1]
    at += 2
    count = first & 0x7F if first & 0x80 else 0
    length = int.from_bytes(data[at : at + count]) if count else first
    at += count
    end = at + length
    shortest = 0 if length < 0x80 else (length.bit_length() + 7) // 8  # noqa: PLR2004 - X.690, 8.1.3
    if tag & 0x1F in {0x00, 0x1F} and tag < 0x80 or count != shortest or first == 0x80 or end > limit:  # noqa: PLR2004, RUF021 - as above
        raise EvidenceBroken("the container of a signature is not written in DER")
    while tag & 0x20 and at < end:
        at = _end_of_value(data, at, end)
    return end


def stated_digest(signature: Any) -> bytes:
    """The digest of the file that a signature, or the token of a stamp, was made about."""
    from pyhanko.sign.general import find_unique_cms_attribute  # noqa: PLC0415 - heavy: only a seal needs it

    content = signature.signed_data["encap_content_info"]
    if content["content_type"].native == "tst_info":
        return bytes(content["content"].parsed["message_imprint"]["hashed_message"].native)
    return bytes(find_unique_cms_attribute(signature.signer_info["signed_attrs"], "message_digest").native)


def message_of(signature: Any) -> Any:
    """What a container holds."""
    from asn1crypto.cms import ContentInfo  # noqa: PLC0415 - heavy: only a seal needs it

    return ContentInfo.load(signature.pkcs7_content)


def stamps_beside(message: Any) -> list[Any]:
    """The stamps beside a signature, which none but themselves signs."""
    (info,) = message["content"]["signer_infos"]
    return [value for each in info["unsigned_attrs"] for value in each["values"]]


def _is_filled(value: Any) -> bool:
    """Whether the members that are known make up all of it: what is left over would be passed by in silence."""
    return bool(b"".join(value[name].dump() for name in value) == value.contents)


def is_sealed_whole(message: Any, known: Sequence[x509.Certificate]) -> None:
    """What a container holds besides what it signs: version and digests that follow from the rest, issued certificates, stamps.

    Raises:
        EvidenceBroken: something else.
    """
    signed = message["content"]
    (info,) = signed["signer_infos"]
    beside = list(info["unsigned_attrs"])
    is_token = signed["encap_content_info"]["content_type"].native == "tst_info"
    digests = [each.native for each in signed["digest_algorithms"]]
    certificates = certificates_in(signed)
    # The name of the issuer is compared as it is written: as names go, « eclair » would do for « Eclair ».
    named = info["sid"].chosen["issuer"].dump(), info["sid"].chosen["serial_number"].native
    is_own = [(each.chosen.issuer.dump(), each.chosen.serial_number) == named for each in signed["certificates"]]
    others = [each for each, own in zip(certificates, is_own, strict=True) if not own]
    if (
        signed["version"].native != ("v3" if is_token else "v1")
        or info["version"].native != "v1"
        or info["sid"].name != "issuer_and_serial_number"
        or digests != [info["digest_algorithm"].native]
        or is_own.count(True) != 1
        or len(signed["crls"])
        or len(beside) > (0 if is_token else 1)
        or any(each["type"].native != "signature_time_stamp_token" or len(each["values"]) != 1 for each in beside)
        or not all(_is_filled(each) for each in (message, signed, info, signed["encap_content_info"], *beside))
    ):
        raise EvidenceBroken("the container of a signature holds what no signature covers")
    for each in others:
        if not any(is_issued(each, issuer) for issuer in (*certificates, *known)):
            raise EvidenceBroken(f"nobody vouches for the certificate of {common_name(each)} in a container")


def certificates_in(signed: Any) -> list[x509.Certificate]:
    """The certificates that came with a signature."""
    return [x509.load_der_x509_certificate(each.chosen.dump()) for each in signed["certificates"]]
