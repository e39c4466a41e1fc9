"""Checks 8 to 10: who signed the log, that it goes on from what was signed before, where its streams end. FORMAT.md, sections 8 to 10."""

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.evidence import Event
from adapters.seal.note import Key
from adapters.seal.tree import Hash, is_consistent, is_included, leaf_of
from adapters.verification import container
from adapters.verification.dossier import ORIGIN, Dossier
from adapters.verification.entries import Shown, shown
from adapters.verification.journal import included
from adapters.verification.notes import Signed, cosigners, signed
from adapters.verification.reading import DIGEST, exactly, hashes, matching, natural, some
from domain.errors import EvidenceBroken

UNPINNED = (
    "KEYS NOT PINNED: the keys come from the file itself, so that whoever made it could have signed another log;"
    " a key of the log got from elsewhere (--key) decides"
)
_KINDS = ("export", "previous", "rotation")
_TWO_KEYS = 2


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier checkpoint that the file goes on from."""

    kind: str
    signed: Signed
    proof: list[Hash]
    changes: tuple[tuple[str, str], ...] = ()


def check_signatures(dossier: Dossier, keys: Sequence[Key], witnesses: Sequence[Key]) -> str:
    """Check 8: the checkpoint is signed, and by whom it was said that it would be."""
    found = dossier.signed
    cosigned = cosigners(dossier.content(container.WITNESSES), found.note, dossier.witness_keys, container.WITNESSES)
    if not found.by:
        raise EvidenceBroken("the checkpoint bears no signature")
    if list(cosigned) != dossier.witness_keys:
        raise EvidenceBroken("the cosignatures are not those of the witnesses named, in their order")
    for key in keys:
        if key not in found.by and not _leads(dossier, key):
            raise EvidenceBroken(f"the checkpoint is not signed by the key given, {key}, nor by one that it leads to")
    for key in witnesses:
        if key not in cosigned:
            raise EvidenceBroken(f"the checkpoint is not cosigned by the witness given, {key}")
    checkpoint = found.checkpoint
    told = f"{checkpoint.size} entries of {checkpoint.origin}, signed by {some(len(found.by), 'key')} of the log, {some(len(cosigned), 'witness', 'witnesses')}"
    if not keys:
        return f"{told}; {UNPINNED}"
    led = "" if all(key in found.by for key in keys) else ", by the changes of key that it signed"
    vouched = f"vouched for by {some(len(keys), 'key')} given{led}"
    return f"{told}; {vouched}" + (", and cosigned by the witnesses given" if witnesses else "")


def _leads(dossier: Dossier, key: Key) -> bool:
    """Whether changes of key lead from a key to one that signed the checkpoint: each announced in the tree that both signed.

    A signature that somebody adds to a checkpoint leads nowhere: the key before must have said in the log which one follows.
    """
    trusted, grown = {key}, {key}
    while grown:
        grown = {
            new
            for each in earlier(dossier)
            for before, after in each.changes
            for old in trusted & set(each.signed.by)
            for new in each.signed.by
            if old.digest == before and new.digest == after
        } - trusted
        trusted |= grown
    return bool(trusted & set(dossier.signed.by))


def earlier(dossier: Dossier) -> list[Earlier]:
    """The earlier checkpoints, each proven to be the beginning of the log of this one.

    Raises:
        EvidenceBroken: one is not.
    """
    value = exactly(dossier.json(container.CONSISTENCY), "coherence.json", checkpoints=list)
    now, found = dossier.checkpoint, list[Earlier]()
    for number, each in enumerate(value["checkpoints"], start=1):
        what = f"checkpoint {number} of coherence.json"
        is_change = isinstance(each, dict) and each.get("kind") == "rotation"
        exactly(each, what, kind=str, note=str, proof=list, **({"changes": list} if is_change else {}))
        was = signed(each["note"].encode(), dossier.export["origin"], dossier.log_keys, what)
        proof = hashes(each["proof"], what)
        if each["kind"] not in _KINDS:
            raise EvidenceBroken(f"{what} is of another kind")
        if not was.by or (is_change and len(was.by) < _TWO_KEYS):
            raise EvidenceBroken(f"{what} is not signed by an old key and a new one")
        if not is_consistent(was.checkpoint.size, now.size, proof, was.checkpoint.root, now.root):
            raise EvidenceBroken(
                f"the log does not go on from {what}, of {was.checkpoint.size} entries: it was forked or rewritten"
            )
        changes = tuple(_change(dossier, one, was, what) for one in each["changes"]) if is_change else ()
        if is_change and not changes:
            raise EvidenceBroken(f"{what} announces no change of key")
        found.append(Earlier(each["kind"], was, proof, changes))
    order = [(each.signed.checkpoint.size, each.kind) for each in found]
    if order != sorted(set(order)):
        raise EvidenceBroken("the checkpoints of coherence.json are not in their order")
    signers = {*dossier.signed.by, *(key for each in found for key in each.signed.by)}
    idle = [key for key in dossier.log_keys if key not in signers]
    if idle:
        raise EvidenceBroken(f"cles.txt names a key of the log that signed nothing here: {idle[0]}")
    return found


def _change(dossier: Dossier, value: object, was: Signed, what: str) -> tuple[str, str]:
    """The digests of the old key and of the new one that an entry of the log announces, in the tree of a checkpoint that both signed.

    Raises:
        EvidenceBroken: it is not such an entry.
    """
    entry = shown(exactly(value, f"a change of {what}", index=int, leaf=str, proof=list), f"a change of {what}")
    log = ORIGIN.fullmatch(dossier.export["origin"])
    if not entry.is_a("LogKeyRotated") or not log or entry.stream != f"log:{log[1]}":
        raise EvidenceBroken(f"what announces a change of key in {what} is not an entry of this log that does")
    if not is_included(entry.hash, entry.index, was.checkpoint.size, entry.proof, was.checkpoint.root):
        raise EvidenceBroken(f"the change of key of {what} is not in the log that it signs", position=entry.index + 1)
    fact = vars(entry.event.fact)
    if fact["reason"] != "planned":
        raise EvidenceBroken(f"the change of key of {what} is none that the old key signed", position=entry.index + 1)
    return fact["old"], fact["new"]


def check_consistency(dossier: Dossier) -> str:
    """Check 9: the log goes on from every earlier checkpoint that is joined. Rule: RFC 9162, section 2.1.4.2."""
    found = earlier(dossier)
    printed = dossier.export["previous"]
    named = [
        (each.signed.checkpoint.size, each.signed.checkpoint.root.hex()) for each in found if each.kind == "previous"
    ]
    if named != ([(printed["size"], printed["root"])] if printed else []):
        raise EvidenceBroken("the checkpoint that the pages print is not the one that coherence.json joins")
    newest = max((each.signed.checkpoint.size for each in found if each.kind == "export"), default=0)
    for entry in dossier.journal:
        is_export = isinstance(entry, Shown) and entry.is_a("DossierExported") and entry not in dossier.closings
        if is_export and entry.index >= newest:
            raise EvidenceBroken(
                f"the checkpoint of the earlier export @{entry.index + 1} is not joined", position=entry.index + 1
            )
    exports, changes = (sum(each.kind == kind for each in found) for kind in ("export", "rotation"))
    before = f", from the checkpoint of {printed['size']} entries that the pages print" if printed else ""
    return f"goes on from {some(exports, 'earlier export')}{before} and {some(changes, 'change')} of key"


def check_heads(dossier: Dossier) -> str:
    """Check 10: every stream ended, when the log sealed its heads, where the journal says."""
    value = exactly(dossier.json(container.HEADS), "tetes.json", heads=list, sealed=dict)
    exactly(value["sealed"], "sealed of tetes.json", index=int, leaf=str, proof=list)
    sealed = shown(value["sealed"], "sealed of tetes.json")
    log = ORIGIN.fullmatch(dossier.export["origin"])
    if not sealed.is_a("HeadsSealed") or not log or sealed.stream != f"log:{log[1]}":
        raise EvidenceBroken("what seals the heads is not an entry of this log that does", position=sealed.index + 1)
    included(dossier, sealed.hash, sealed.index, sealed.proof)
    fact = vars(sealed.event.fact)
    if sealed.index < fact["position"]:
        raise EvidenceBroken("the heads are said to be sealed before what they are heads of", position=sealed.index + 1)
    if len(value["heads"]) != len(dossier.streams):
        raise EvidenceBroken(f"tetes.json has {len(value['heads'])} heads, the dossier {len(dossier.streams)} streams")
    for stream, head in zip(dossier.streams, value["heads"], strict=True):
        _ends(dossier, stream, head, sealed.event, fact["position"])
    last = max(each.index + 1 for each in dossier.closings)
    told = (
        "after the closing" if fact["position"] >= last else "before the closing: they say nothing of what came after"
    )
    return f"{some(len(dossier.streams), 'stream')} ended where the heads sealed as of position {fact['position']} say ({told})"


def _ends(dossier: Dossier, stream: str, head: object, sealed: Event, position: int) -> None:
    found = exactly(head, f"the head of {stream}", index=int, leaf=str, path=list, stream=str, version=int)
    fact, what = vars(sealed.fact), f"the head of {stream}"
    until = [each for each in dossier.by_stream.get(stream, ()) if each.index + 1 <= position]
    if not until:
        raise EvidenceBroken(f"{stream} has no entry up to position {position}, where its head is sealed")
    last = until[-1]
    matching(DIGEST, found["leaf"], what)
    if (found["stream"], found["version"], found["leaf"]) != (stream, last.version, last.hash.hex()):
        raise EvidenceBroken(
            f"{stream} did not end at version {last.version} as of position {position}", position=last.index + 1
        )
    leaf = leaf_of(f"{stream}/{last.version} {last.hash.hex()}\n".encode())
    path, index = hashes(found["path"], what), natural(found["index"], what)
    if not is_included(leaf, index, fact["streams"], path, bytes.fromhex(fact["root"])):
        raise EvidenceBroken(f"{stream} is not among the heads that the log sealed", position=last.index + 1)
