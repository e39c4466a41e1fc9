"""Dossiers of real entries, sealed and packed by a forger who knows the format: whatever is changed, all the rest is made to fit."""

import copy
import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapters.application import Change, Context, Relance, new_id, plain
from adapters.clock import FixedClock
from adapters.documents.stated import block, stated
from adapters.documents.summary import Exhibit, summary
from adapters.evidence import Event as Read
from adapters.evidence import Verification, history, read_event
from adapters.lawbook import rulebook
from adapters.registry import Party, Registry
from adapters.seal.note import read_key
from adapters.store.envelope import canonical, leaf_hash
from adapters.store.folder import create, open_folder
from adapters.verification.bundle import BundleVerification, verify_bundle
from adapters.verifier import verify as by_itself
from domain.decided import Decided, Desk
from domain.decisions import observe
from domain.facts.fact import Fact
from domain.facts.invoicing import PieceAdded
from domain.law.readings import Readings
from domain.law.tables import shipped
from domain.policy import standard
from tests.adapters.verifier import forge
from tests.adapters.verifier.forge import CREDITOR, DEBTOR, Bundle, Event, Story, digest, number
from tests.adapters.verifier.forge_log import NEW, WITNESS
from tests.builders import (
    PROCEEDING,
    called,
    credited,
    day,
    escalated,
    granted,
    instant,
    issued,
    notified,
    order_served,
    paid,
    promised,
    reminded,
    reversed_,
    withdrawn,
    written_off,
)

Json = dict[str, Any]
ON = "2026-06-20"
GENERATED_AT = "2026-06-20T12:00:00.000000Z"
CREDITOR_PARTY = Party(
    "AT", "Atelier Térébinthe", "trader", "732829320", ("12, rue de l’Œuvre", "69003 Lyon"), "", "SARL"
)
DEBTOR_PARTY = Party(
    "C-1", "Établissements Lefèvre & Fils", "trader", "552100554", ("1, place du Marché", "75001 Paris")
)
PDF = b"%PDF-1.7 pages"
CARD = "data/fiches/piece-01.json"
ORIGINAL = "data/originaux/piece-01.pdf"
LOG_KEY, WITNESS_KEY = read_key(NEW.vkey), read_key(WITNESS.vkey)


@dataclass
class Dossier(Story):
    """A log of real entries, and an export of it still to be made.

    Attributes:
        rulebooks: the texts of the laws that entries name, and of the one that judges.
        judge: the digest of the latter.
        numbers: the invoices' numbers in clear.
        summed: changes `resume.json` once it is made.
        closed: changes each closing fact once it is made.
    """

    rulebooks: dict[str, bytes] = field(default_factory=dict)
    judge: str = ""
    numbers: dict[str, str] = field(default_factory=dict)
    summed: Callable[[Json], object] = lambda _: None
    closed: Callable[[Json], object] = lambda _: None

    def close(self) -> None:
        """Make the summary, the description of the export and the closings, as an exporter would."""
        position = len(self.events)
        made_at = instant("2026-06-20T12:00:00+00:00")
        shown = self._shown()
        exhibits = [
            Exhibit(stream, self.numbers[stream], history(shown[stream])[0], shown[stream][-1].leaf)
            for stream in self.streams
        ]
        resume = summary(
            exhibits, creditor=CREDITOR[9:], debtor=DEBTOR[7:], generated_at=GENERATED_AT, on=made_at.date(), position=position, sandbox=True
        )  # fmt: skip
        law, readings = shipped(), Readings({})
        claims = [stated(each, made_at.date(), law, readings) for each in exhibits]
        resume["claim"] = block(exhibits, claims, self.judge, readings)
        self.summed(resume)
        self.files.setdefault("data/resume.json", f"{forge.canonical(resume)}\n".encode())
        self.files |= {f"data/regles/{digest}.json": text for digest, text in self.rulebooks.items()}
        self.export = {"generated_at": GENERATED_AT, "on": ON, "sandbox": True} | self.export
        before = len(self.events)
        super().close()
        for event in self.events[before:]:
            event.leaf["recorded_at"] = event.leaf["recorded_at"].replace("2026-03-01T10", "2026-06-20T12")
            event.leaf["fact"] |= {"kind": "dossier", "on": ON}
            self.closed(event.leaf["fact"])

    def _shown(self) -> Mapping[str, list[Read]]:
        """The events of each stream, chained as they will be, without those withheld."""
        heads: dict[str, tuple[int, str]] = {}
        found: dict[str, list[Read]] = {}
        for position, event in enumerate(self.events, start=1):
            stream = event.leaf["stream"]
            version, prev = heads.get(stream, (0, ""))
            stored = canonical(event.leaf | {"version": version + 1, "prev": prev})
            heads[stream] = (version + 1, leaf_hash(stored))
            if stream in self.streams and not event.withheld:
                found.setdefault(stream, []).append(read_event(position, stored))
        return found

    def of(self, kind: str) -> Event:
        """The first entry of a type."""
        return next(event for event in self.events if event.leaf["type"].split(".")[1] == kind)


class House:
    """A store under way: an hour passes at each entry."""

    def __init__(self, app: Relance) -> None:
        self.app, self.registry = app, Registry(app)
        self.creditor = self.registry.register(CREDITOR_PARTY, on=day("2026-01-01"))
        self.debtor = self.registry.register(DEBTOR_PARTY, on=day("2026-01-01"), creditor=self.creditor)

    def record(self, stream: str, *facts: Fact) -> None:
        """Record facts with their conclusions."""
        loaded = self.app.stream(stream)
        decided = observe(loaded.history, facts, Desk(self.app.today, standard()), step="record")
        self.append(stream, decided)

    def append(self, stream: str, decided: Sequence[Decided]) -> None:
        """Append what is decided."""
        self.app.append([Change(self.app.stream(stream), decided)], Context(command=new_id()))
        assert isinstance(self.app.clock, FixedClock)
        self.app.clock.at += dt.timedelta(hours=1)

    def invoice(self, number: str, total: str) -> str:
        """Issue an invoice."""
        owner = {
            "creditor": self.creditor,
            "debtor": self.debtor,
            "number": self.registry.number_key(self.creditor, number).hex(),
        }
        fact = issued(total).model_copy(update=owner)
        stream = f"invoice:{self.registry.invoice_id(self.creditor, number, fact.on)}"
        self.record(stream, fact)
        return stream

    def story(self, number: str) -> str:
        """An invoice with a long history: version 7 (the formal notice) is withdrawn."""
        stream = self.invoice(number, "1 200,00")
        told = (
            [reminded("2026-02-02")], [called("2026-02-10")], [promised("2026-02-10", "2026-02-20")], [paid("2026-02-21", "200,00")],
            [notified("2026-03-01", "2026-03-21")], [withdrawn(7, self.app.today.isoformat())], [credited("2026-03-05", "50,00")],
            [reversed_("2026-03-06", "200,00")], [escalated("2026-04-10", "1 100,00"), granted("2026-04-20", "1 100,00")],
            [order_served("2026-05-02")], [written_off("2026-05-10", "100,00", whole=False)],
        )  # fmt: skip
        for facts in told:
            self.record(stream, *facts)
        return stream


def material(folder: Path, pieces: int = 1) -> Dossier:
    """Two invoices with their histories, a proceeding, a piece; another invoice that is not exported."""
    create(folder, sandbox=True)
    opened = open_folder(folder)
    app = Relance(opened, FixedClock(instant("2026-06-01T08:00:00+00:00")), new_id())
    house = House(app)
    first, second = house.story("F-1"), house.invoice("F-2", "300,00")
    house.invoice("F-3", "10,00")
    house.record(second, paid("2026-03-01", "300,00"))
    house.record(second, called("2026-03-02"))
    for each in range(1, pieces + 1):
        house.record(first, _piece(each))
    house.append(f"proceeding:{PROCEEDING}", plain([escalated("2026-04-10", "1 100,00")]))
    app.clock = FixedClock(instant("2026-06-20T08:00:00+00:00"))
    house.record(first)
    house.record(second, reminded("2026-06-19"))
    story = taken(app, house, [first, second], {first: "F-1", second: "F-2"})
    opened.close()
    return story


def _piece(number: int) -> PieceAdded:
    return PieceAdded(
        document=f"{number:064x}",
        kind="invoice",
        media="pdf",
        on=day("2026-01-01"),
        record=f"{number + 99:064x}",
        size=9,
    )


def taken(app: Relance, house: House, streams: Sequence[str], numbers: Mapping[str, str]) -> Dossier:
    """The log of a store as a story, its parties and pieces sealed with salts that are known."""
    names = {house.creditor: CREDITOR[9:], house.debtor: DEBTOR[7:]}
    judge, book = rulebook(app.law)
    story = Dossier(streams=list(streams), proceedings=[f"proceeding:{PROCEEDING}"], numbers=dict(numbers), judge=judge)
    story.signers = (NEW,)
    story.files = {
        "data/00-dossier.pdf": PDF, "data/noms.json": b"{}\n",
        "data/parties/creancier.json": canonical(CREDITOR_PARTY.record()),
        "data/parties/debiteur.json": canonical(DEBTOR_PARTY.record()),
    }  # fmt: skip
    pieces = 0
    for *_, stored, _internal in app.store.index_rows():
        text = stored.decode()
        for ours, theirs in names.items():
            text = text.replace(ours, theirs)
        leaf = json.loads(text)
        leaf.pop("version"), leaf.pop("prev", None)
        event = Event(leaf)
        kind = leaf["type"].split(".")[1]
        if kind in {"CreditorRegistered", "DebtorRegistered"}:
            seal(story, event, "record", f"data/parties/{'creancier' if kind[0] == 'C' else 'debiteur'}.json")
        if kind == "PieceAdded":
            pieces += 1
            for name, path in (
                ("document", f"data/originaux/piece-{pieces:02d}.pdf"),
                ("record", f"data/fiches/piece-{pieces:02d}.json"),
            ):
                story.files[path] = f"{name} of piece {pieces}".encode()
                seal(story, event, name, path)
        if leaf.get("law"):
            text_of = app.store.rulebook(leaf["law"])
            assert text_of
            story.rulebooks[leaf["law"]] = text_of
        story.events.append(event)
    story.rulebooks[judge] = book
    return story


def seal(story: Story, event: Event, name: str, path: str) -> None:
    """Have a member of the fact seal a file."""
    event.leaf["fact"][name] = digest(bytes.fromhex(number(f"{event.leaf['stream']}{name}{path}")), story.files[path])
    event.opened[f"/fact/{name}"] = path


def sealed(story: Story) -> Bundle:
    """The bundle of a story."""
    story.close()
    return story.seal()


def resealed(bundle: Bundle, text: str, name: str = forge.CHECKPOINT) -> Bundle:
    """Put another checkpoint text in place, signed anew."""
    bundle.members[name] = f"{text}\n{NEW.line(text)}".encode()
    return bundle


def verified(
    path: Path, bundle: Bundle | bytes, *, pinned: bool = True, beyond: str = "11-stamps"
) -> BundleVerification:
    """Write a bundle and verify it, under the keys of its log and of its witness or without any.

    The verifier that goes with each dossier must find the same, but for one check that goes beyond what it can know: the signature of
    a stamp, as it is asked without openssl here; in some specimens, whether a fact reads.
    """
    path.write_bytes(bundle if isinstance(bundle, bytes) else bundle.pack())
    found = verify_bundle(path, [LOG_KEY], [WITNESS_KEY]) if pinned else verify_bundle(path)
    keys = [by_itself.read_key(str(key)) for key in (LOG_KEY, WITNESS_KEY)] if pinned else []
    theirs = by_itself.verify(path.read_bytes(), keys, openssl="")
    common = [each for each in found.checks if each.id in {one.id for one in theirs.checks}]
    assert len(common) == len(theirs.checks)
    failing = [each.id for each in common if not each.ok]
    refused = [each.id for each in theirs.checks if not each.ok]
    assert bool(failing) == bool(refused) or (not refused and failing[0] == beyond), f"they part: {theirs}, {common}"
    return found


def failing(found: Verification) -> list[str]:
    """The checks that broke."""
    assert (found.verdict == "broken") == any(not check.ok for check in found.checks)
    return [check.id for check in found.checks if not check.ok]


def detail(found: Verification, id: str) -> str:
    """What a check says."""
    return next(check.detail for check in found.checks if check.id == id)


def again(story: Dossier) -> Dossier:
    """A story of its own."""
    return copy.deepcopy(story)
