"""How the tests of tampered bundles judge them, the log's key being pinned."""

from collections.abc import Callable

from adapters.verifier import verify
from adapters.verifier.verify import Report
from tests.adapters.verifier.forge import Bundle, Json, Story
from tests.adapters.verifier.forge_log import NEW, Signer

PINNED = [verify.read_key(NEW.vkey)]
PIECE, EXPORT, SUMMARY = "data/originaux/piece-01.pdf", "data/export.json", "data/resume.json"


def refused(archive: bytes) -> list[str]:
    """The numbers of the checks that fail, the log's key being pinned."""
    report = verify.verify(archive, PINNED, openssl="")
    assert (report.verdict == "broken") == any(not check.ok for check in report.checks)
    return [check.id for check in report.checks if not check.ok]


def only(archive: bytes, check: str) -> None:
    """Only that check fails."""
    assert refused(archive) == [check]


def with_first(archive: bytes, check: str) -> None:
    """That check is the first that fails; those that rest upon the same file fail too."""
    assert refused(archive)[:1] == [check]


def sealed(story: Story) -> Bundle:
    story.close()
    return story.seal()


def changed(bundle: Bundle, name: str, change: Callable[[list[Json]], object]) -> bytes:
    """The archive, with the JSON lines of a member changed."""
    lines = bundle.lines(name)
    change(lines)
    return bundle.put(name, lines).pack()


def set_in(place: Json, key: str, value: object) -> None:
    place[key] = value


def pinned(*signers: Signer) -> list[verify.Key]:
    """The keys of these, as a verifier takes them."""
    return [verify.read_key(signer.vkey) for signer in signers]


def failed(report: Report) -> list[str]:
    """The checks that fail."""
    return [check.id for check in report.checks if not check.ok]
