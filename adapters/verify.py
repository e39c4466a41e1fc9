"""Verification: does this bundle, or this log, hold together? It changes nothing and trusts nothing it reads.

A bundle is checked in this order, and each check stands alone:

1. archive: the file is the one zip that its members make; nothing hidden, doubled, renamed, before or after.
2. manifest: every file has its digest, every digest its file.
3. leaves: each event parses, no key twice, is canonical, of a known type, and its fact reads.
4. chain: per stream versions 1..n, each `prev` the hash of the one before; positions rise, instants never fall.
5. path: each history is a path of the chart, and its conclusions follow from it.
6. figures: `resume.json` is what the events come to, on its day; its claims, what this program computes by the rulebook inside.
7. rulebooks: each law named by an event, or that judged the claims, is there, under its digest.
8. seal: this version signs nothing, so a good bundle is conform, unpinned.

A log is checked on the same points against its index columns, one event at a time.
"""

import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from adapters.clock import paris_day
from adapters.documents import bundle
from adapters.documents.stated import checked, differing
from adapters.documents.summary import Exhibit, as_first, summary
from adapters.evidence import Chain, Check, Event, Verification, first_fault, history, no_key_twice, placed
from adapters.log_reading import LogReading
from adapters.store.envelope import instant
from adapters.store.sqlite import SQLiteStore
from adapters.verified import write_note
from domain.errors import EvidenceBroken, NotFound
from domain.history import founding

if TYPE_CHECKING:
    from adapters.application import Relance

_PAGES_UNREAD: Final = f"{bundle.PDF}: its digest only, its text is not checked against the events"
_MAKERS_WORD: Final = (
    "invoice numbers, the names of the parties and the sandbox mark are the maker's word until the dossier is sealed"
)
_UNSEALED: Final = (
    "NOT SEALED: this version signs nothing, so nothing outside the file vouches for it;"
    " whoever made it could have made it otherwise, or left out the last events"
)

_LOG_UNSEALED: Final = (
    "NOT SEALED: this version signs nothing, so whoever holds the file could have written it whole;"
    " the last event of each stream hangs on nothing"
)


@dataclass(slots=True)
class _Bundle:
    """What the checks of one bundle have read so far."""

    file: bytes
    files: dict[str, bytes] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    position: int | None = None

    def streams(self) -> dict[str, list[Event]]:
        """The events by stream, in the order of the journal."""
        found: dict[str, list[Event]] = {}
        for event in self.events:
            found.setdefault(event.raw.stream, []).append(event)
        return found


def verify_bundle(path: Path, key: str | None = None) -> Verification:
    """Check a dossier by itself, offline.

    Args:
        path: the zip.
        key: a verifying key got from elsewhere; this version's bundles bear no signature, so a key is never satisfied.

    Raises:
        NotFound: no such file.
    """
    try:
        read = _Bundle(path.read_bytes())
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}") from None
    steps: tuple[tuple[str, Callable[[_Bundle], str]], ...] = (
        ("1-archive", _archive),
        ("2-manifest", _manifest),
        ("3-leaves", _leaves),
        ("4-chain", _chain),
        ("5-path", _path),
        ("6-figures", _figures),
        ("7-rulebooks", _rulebooks),
        ("8-seal", lambda _: _seal(key)),
    )
    checks = []
    for name, step in steps:
        try:
            checks.append(Check(name, ok=True, detail=step(read)))
        except EvidenceBroken as error:
            read.position = read.position or error.position or None
            checks.append(Check(name, ok=False, detail=str(error)))
        except Exception as error:  # noqa: BLE001 - whatever a mangled file provokes, the check is not passed
            checks.append(Check(name, ok=False, detail=f"{type(error).__name__}: {error}"[:300]))
    return Verification(tuple(checks), read.position)


def _archive(read: _Bundle) -> str:
    """Check 1."""
    with zipfile.ZipFile(io.BytesIO(read.file)) as archive:
        members = archive.infolist()
        names = [member.filename for member in members]
        if len(set(names)) != len(names):
            raise EvidenceBroken("a member stands twice in the archive")
        strange = [name for name in names if name not in bundle.FIXED and not bundle.RULEBOOK.fullmatch(name)]
        if strange:
            raise EvidenceBroken(f"the archive holds a file that no dossier has: {strange[0]!r}")
        absent = bundle.FIXED - set(names)
        if absent:
            raise EvidenceBroken(f"the archive lacks {', '.join(sorted(absent))}")
        if any(member.compress_type != zipfile.ZIP_STORED for member in members):
            raise EvidenceBroken("a member is compressed; a dossier stores")
        read.files = {name: archive.read(name) for name in names}
    if bundle.packed(read.files) != read.file:
        raise EvidenceBroken(
            "the archive is not the one that its files make: bytes before, after or between, or attributes"
        )
    return f"{len(read.files)} files, and the archive is the only one that they make"


def _manifest(read: _Bundle) -> str:
    """Check 2."""
    stated = read.files[bundle.MANIFEST]
    if stated != bundle.manifest(read.files):
        lines = set(bundle.manifest(read.files).splitlines()) ^ set(stated.splitlines())
        names = sorted({line.partition(b"  ")[2].decode(errors="replace") for line in lines})
        raise EvidenceBroken(f"the manifest does not fit: {', '.join(names)}"[:300])
    return f"SHA-256 of {len(read.files) - 1} files; {_PAGES_UNREAD}"


def _leaves(read: _Bundle) -> str:
    """Check 3. What it reads, the next ones use: nothing is kept of a journal that does not read whole."""
    journal = read.files[bundle.EVENTS]
    if not journal.endswith(b"\n"):
        raise EvidenceBroken("the journal is empty, or its last line is cut")
    found = []
    for number, line in enumerate(journal[:-1].split(b"\n"), start=1):
        value = no_key_twice(line)
        at, leaf = value["position"], value["leaf"].encode()
        if type(at) is not int or bundle.event_line(at, leaf) != line + b"\n":
            raise EvidenceBroken(f"line {number} of the journal is not in its one form")
        event = placed(at, leaf)
        if not event.raw.stream.startswith("invoice:"):
            raise EvidenceBroken("a dossier holds events of invoices only", position=at)
        found.append(event)
    read.events = found
    return f"{len(found)} events, each in the one form its bytes can have"


def _chain(read: _Bundle) -> str:
    """Check 4."""
    links = Chain()
    before = 0
    for event in _events(read):
        if event.position <= before:
            raise EvidenceBroken("positions do not rise", position=event.position)
        before = event.position
        fault = links.fault(event.raw, event.leaf)
        if fault:
            raise EvidenceBroken(fault, position=event.position)
    return f"{len(links.heads)} histories, each without a gap from its first version"


def _events(read: _Bundle) -> list[Event]:
    if not read.events:
        raise EvidenceBroken("not checked: the journal does not read")
    return read.events


def _path(read: _Bundle) -> str:
    """Check 5."""
    _events(read)
    for events in read.streams().values():
        fault = first_fault(events)
        if fault:
            raise EvidenceBroken(f"{events[0].raw.stream}: {fault[1]}", position=fault[0])
    return "every history is a path of the chart, its conclusions follow from it"


def _figures(read: _Bundle) -> str:
    """Check 6. Numbers and names in clear hang on nothing: the log holds keyed hashes and opaque identifiers."""
    _events(read)
    streams = read.streams()
    text = read.files[bundle.SUMMARY]
    resume = no_key_twice(text)
    if bundle.plain_json(resume) != text:
        raise EvidenceBroken("resume.json is not in its one form")
    claims = resume.pop("claim", None)
    order = [each["stream"] for each in resume["invoices"]]
    if sorted(order) != sorted(streams):
        raise EvidenceBroken("resume.json and the journal do not name the same invoices")
    exhibits = [
        Exhibit(name, str(each["number"]), history(streams[name])[0], streams[name][-1].leaf)
        for name, each in zip(order, resume["invoices"], strict=True)
    ]
    made_at = dt.datetime.fromisoformat(resume["generated_at"])
    owners = {(issue.creditor, issue.debtor) for each in exhibits if (issue := founding(each.history))}
    (creditor, debtor) = owners.pop()
    if owners:
        raise EvidenceBroken("the journal holds invoices of several debtors")
    expected = summary(
        exhibits,
        creditor=creditor,
        debtor=debtor,
        generated_at=instant(made_at),
        on=paris_day(made_at),
        position=resume["position"],
        sandbox=resume["sandbox"],
    )
    is_first = resume["schema"] == 1
    if is_first:
        expected = as_first(expected)
    if expected != resume:
        raise EvidenceBroken(f"resume.json is not what the events come to: {differing(expected, resume)}")
    last = max(event.position for event in read.events)
    if type(resume["position"]) is not int or type(resume["sandbox"]) is not bool or resume["position"] < last:
        raise EvidenceBroken("resume.json stands before the events it sums up", position=last)
    parties = no_key_twice(read.files[bundle.PARTIES])
    if (parties["creditor"]["id"], parties["debtor"]["id"]) != (creditor, debtor):
        raise EvidenceBroken("parties.json does not name the parties of the invoices")
    trial = "; SIMULATION: drawn from a sandbox store" if resume["sandbox"] else ""
    told = f"figures of {len(exhibits)} invoices on {resume['as_of_on']}, position {resume['position']}{trial}"
    if is_first and claims is None:
        return f"{told}; no claim in it: made before claims were computed; {_MAKERS_WORD}"
    return f"{told}; {checked(claims, exhibits, paris_day(made_at), read.files)}; {_MAKERS_WORD}"


def _rulebooks(read: _Bundle) -> str:
    """Check 7."""
    named = {event.raw.law for event in _events(read) if event.raw.law}
    resume = no_key_twice(read.files[bundle.SUMMARY])
    if "claim" in resume:
        named.add(resume["claim"]["law"])
    there = {match[1]: read.files[name] for name in read.files if (match := bundle.RULEBOOK.fullmatch(name))}
    for digest, text in there.items():
        if hashlib.sha256(text).hexdigest() != digest:
            raise EvidenceBroken(f"the rulebook {digest} is not the text of that digest")
    if named != there.keys():
        raise EvidenceBroken(f"rulebooks named and rulebooks there differ: {', '.join(sorted(named ^ there.keys()))}")
    return f"{len(there)} rulebooks, each under its digest and named by an event or by the claims"


def _seal(key: str | None) -> str:
    """Check 8."""
    if key is not None:
        raise EvidenceBroken(f"a key was given, and the bundle bears no signature. {_UNSEALED}")
    return _UNSEALED


def verify_log(source: "Relance | SQLiteStore") -> Verification:
    """Check every row of a log, one event at a time."""
    read = LogReading(source if isinstance(source, SQLiteStore) else source.store)
    read.read(read.rows, read.paths)
    checks = [
        Check(name, ok=name not in read.faults, detail=str(read.faults.get(name) or words))
        for name, words in read.said().items()
    ]
    broken = min((fault.position for fault in read.faults.values()), default=None)
    return Verification((*checks, Check("8-seal", ok=True, detail=_LOG_UNSEALED)), broken)


def verify_and_note(app: "Relance") -> Verification:
    """Check every row of a log; where it is whole, leave a note of the position that it had reached when the check began."""
    upto = app.store.position()
    found = verify_log(app)
    if found.verdict != "broken":
        write_note(app.folder.path, app.store, upto, app.clock.now())
    return found
