"""One bit of a byte flipped, in the raw file or in a member with all around made anew: refused by both verifiers, the key pinned.

`python -m tests.adapters.verification.test_flips` flips every byte, which takes a while; the suite a sample.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from adapters.verification.bundle import verify_bundle
from adapters.verifier import verify as joined
from tests.adapters.verification.stories import LOG_KEY, WITNESS_KEY, Dossier, again, material, sealed
from tests.adapters.verifier.forge import Bundle

THEIRS = [joined.read_key(str(key)) for key in (LOG_KEY, WITNESS_KEY)]


def accepted(path: Path, archive: bytes) -> list[str]:
    """Which verifiers do not refuse it."""
    path.write_bytes(archive)
    ours = verify_bundle(path, [LOG_KEY], [WITNESS_KEY]).verdict
    theirs = joined.verify(archive, THEIRS, openssl="").verdict
    return [who for who, verdict in (("relance", ours), ("verify.py", theirs)) if verdict != "broken"]


def raw_flips(path: Path, good: bytes, step: int) -> Iterator[str]:
    """Places of the file where a flipped bit is accepted; none."""
    archive = bytearray(good)
    for at in range(0, len(good), step):
        archive[at] ^= 1 << at // step % 8
        for who in accepted(path, bytes(archive)):
            yield f"{who}: byte {at}"
        archive[at] = good[at]


def member_flips(path: Path, good: Bundle, step: int) -> Iterator[str]:
    """Places of members where a flipped bit, with everything around made anew, is accepted; none."""
    seen = 0
    for name, content in good.contained().items():
        tampered = Bundle(dict(good.members))
        for at in range(len(content)):
            seen += 1
            if seen % step == 0:
                bit = 1 << seen // step % 8
                tampered.members[name] = content[:at] + bytes([content[at] ^ bit]) + content[at + 1 :]
                for who in accepted(path, tampered.pack()):
                    yield f"{who}: byte {at} of {name}"


def test_flips_of_the_raw_file_are_all_refused(story: Dossier, tmp_path: Path) -> None:
    good = sealed(story).pack()
    assert accepted(tmp_path / "good", good) == ["relance", "verify.py"]
    assert list(raw_flips(tmp_path / "flipped", good, 1_009)) == []


def test_flips_inside_members_are_all_refused(story: Dossier, tmp_path: Path) -> None:
    assert list(member_flips(tmp_path / "flipped", sealed(story), 1_511)) == []


def main(step: int) -> int:
    """Every byte, or every so many."""
    with tempfile.TemporaryDirectory(prefix="relance-flips-", dir="/dev/shm") as folder:
        path = Path(folder) / "flipped"
        good = sealed(again(material(Path(folder) / "store")))
        wrong = [*raw_flips(path, good.pack(), step), *member_flips(path, good, step)]
        size = len(good.pack())
    sys.stdout.write(
        f"{size} bytes, every {step}: {wrong or 'each flip refused by both, raw and with all around made anew'}\n"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1))
