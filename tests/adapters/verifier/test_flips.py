"""One bit of a byte flipped, in the raw file or inside a member with the container made anew: all are refused."""

import functools
from collections.abc import Iterator

from adapters.verifier import verify
from tests.adapters.verifier.forge import Bundle, small
from tests.adapters.verifier.judged import PINNED


@functools.cache
def tiny() -> bytes:
    """The bundle whose bytes are flipped."""
    return small().pack()


def raw_flips(step: int) -> Iterator[int]:
    """Places of the file where a flipped bit is not refused; none."""
    good = tiny()
    archive = bytearray(good)
    for at in range(0, len(good), step):
        archive[at] ^= 1 << at // step % 8
        if verify.verify(bytes(archive), PINNED, openssl="").verdict != "broken":
            yield at
        archive[at] = good[at]


def member_flips(step: int) -> Iterator[tuple[str, int]]:
    """Places of members where a flipped bit, with everything around made anew, is not refused; none."""
    good = small()
    whole = good.contained()
    seen = 0
    for name, content in whole.items():
        tampered = Bundle(dict(good.members))
        for at in range(len(content)):
            seen += 1
            if seen % step:
                continue
            tampered.members[name] = content[:at] + bytes([content[at] ^ 1 << seen // step % 8]) + content[at + 1 :]
            if verify.verify(tampered.pack(), PINNED, openssl="").verdict != "broken":
                yield name, at


def test_the_bundle_that_is_flipped_is_conform() -> None:
    assert verify.verify(tiny(), PINNED, openssl="").verdict == "conform"


def test_flips_of_the_raw_file_are_all_refused() -> None:
    assert list(raw_flips(7)) == []


def test_flips_inside_members_with_the_container_made_anew_are_all_refused() -> None:
    assert list(member_flips(11)) == []


if __name__ == "__main__":  # every byte, some minutes: python -m tests.adapters.verifier.test_flips
    assert list(raw_flips(1)) == []
    assert list(member_flips(1)) == []
