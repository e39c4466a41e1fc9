"""Checks 3 to 7: one specimen for each rule of the entries, of their chain, of what closes them and of what they open."""

from collections.abc import Callable
from typing import Any

import pytest

from adapters.verification.bundle import BundleVerification
from adapters.verification.journal import pointed
from domain.errors import EvidenceBroken
from tests.adapters.verification.stories import CARD, ORIGINAL, Dossier, detail, failing, sealed
from tests.adapters.verifier.forge import CREDITOR, EVENTS, OTHERS, Bundle, Event, digest, number
from tests.adapters.verifier.forge_log import leaf_hash

Json = dict[str, Any]
Verify = Callable[..., BundleVerification]


def on_line(change: Callable[[Json], object], name: str = EVENTS, at: int = 0) -> Callable[[Bundle], object]:
    """Change a line of the journal."""

    def apply(bundle: Bundle) -> None:
        lines = bundle.lines(name)
        change(lines[at])
        bundle.put(name, lines)

    return apply


def on_text(old: str, new: str, name: str = EVENTS) -> Callable[[Bundle], object]:
    return lambda bundle: bundle.edit(name, old, new)


def on_leaf(old: str, new: str) -> Callable[[Bundle], object]:
    """Change the text of the first leaf."""

    def change(line: Json) -> None:
        assert old in line["leaf"]
        line["leaf"] = line["leaf"].replace(old, new, 1)

    return on_line(change)


def rewritten(name: str, change: Callable[[bytes], bytes]) -> Callable[[Bundle], object]:
    return lambda bundle: bundle.members.update({name: change(bundle.members[name])})


def nested(_: bytes) -> bytes:
    return b"[" * 200_000 + b"]" * 200_000 + b"\n"


def withheld_annex(line: Json) -> None:
    line.update(leaf_hash=leaf_hash(line["leaf"].encode()).hex(), stream=CREDITOR, version=1, withheld=True)
    del line["leaf"], line["openings"]


def not_withheld(line: Json) -> None:
    withheld_annex(line)
    line["withheld"] = False


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (on_text('{"index"', '{ "index"'), "one form"),
        (rewritten(EVENTS, lambda text: text[:-1]), "cut"),
        (rewritten(EVENTS, lambda _: b""), "empty"),
        (rewritten(EVENTS, lambda text: b"\n" + text), "not JSON"),
        (rewritten(EVENTS, lambda text: text.replace(b"\n", b"\r\n", 1)), "one form"),
        (rewritten(EVENTS, lambda text: b"\xff" + text), "not JSON"),
        (rewritten(EVENTS, nested), "not JSON"),
        (rewritten(EVENTS, lambda _: b"9" * 100_000 + b"\n"), "too large"),
        (rewritten(EVENTS, lambda _: b"1" * 20 + b"\n"), "too large"),
        (rewritten(EVENTS, lambda _: b"null\n"), "has not the members"),
        (rewritten(EVENTS, lambda _: b"[]\n"), "has not the members"),
        (rewritten(EVENTS, lambda _: b'{"a":1,"a":1}\n'), "twice"),
        (rewritten(EVENTS, lambda _: b'{"index":1.0}\n'), "not whole"),
        (rewritten(EVENTS, lambda _: b'{"index":1e3}\n'), "not whole"),
        (rewritten(EVENTS, lambda _: b'{"index":NaN}\n'), "not whole"),
        (rewritten(EVENTS, lambda _: b'{"index":"\\ud800"}\n'), "not JSON"),
        (on_line(lambda line: line.update(more=1)), "has not the members"),
        (on_line(lambda line: line.pop("openings")), "has not the members"),
        (on_line(lambda line: line.update(index=True)), "another type"),
        (on_line(lambda line: line.update(index=-1)), "not a number from 0"),
        (on_line(lambda line: line.update(index=2**53)), "too large"),
        (on_line(lambda line: line.update(proof=["AB" * 32])), "a hash of"),
        (on_line(lambda line: line.update(proof=[1])), "a hash of"),
        (on_line(lambda line: line.update(openings=[["/fact", "00"]])), "an opening"),
        (on_line(lambda line: line.update(openings=[["/fact", "00", 1]])), "an opening"),
        (on_line(not_withheld), "withheld is false"),
        (on_line(withheld_annex, OTHERS), "withheld"),
        (on_line(lambda line: line.update(index=0), OTHERS, 1), "do not rise"),
        (on_leaf('"v":1', '"v":2'), "envelope"),
        (on_leaf('"v":1', '"v":true'), "envelope"),
        (on_leaf('"version":1', '"version":0'), "number from 1"),
        (on_leaf('"version":1}', '"version":1,"z":1}'), "envelope"),
        (on_leaf('"version":1}', '"version":1,"z":null}'), "canonical"),
        (on_leaf('"version":1}', '"version":1.0}'), "not whole"),
        (on_leaf('{"actor"', '{"act":[],"actor"'), "canonical"),
        (on_leaf('{"actor"', '{"act":"x","actor"'), "identifier"),
        (on_leaf('{"actor"', '{"actor":"","actor"'), "twice"),
        (on_leaf('"actor":"', '"actor":"\\u0041'), "one form"),
        (on_leaf('"actor":"', '"actor":"Jeanne'), "identifier"),
        (on_leaf('"command"', '"cause":"invoice:x/1","command"'), "cause"),
        (on_leaf('"internal":"', '"internal":"0'), "identifier"),
        (on_leaf('"provenance":"declared"', '"provenance":"known"'), "envelope"),
        (on_leaf('00Z"', '00"'), "canonical"),
        (on_leaf('"recorded_at":"2026-06', '"recorded_at":"2026-13'), "month"),
        (on_leaf('"type":"relance.InvoiceIssued.1"', '"type":"relance.InvoiceBurnt.1"'), "does not know"),
        (on_leaf('"type":"relance.InvoiceIssued.1"', '"type":"relance.RecoveryResumed.1"'), "does not know"),
        (on_leaf('"stream":"invoice:', '"stream":"debtor:'), "no place"),
        (on_leaf('"stream":"invoice:', '"stream":"facture:'), ""),
        (on_leaf('"cents":120000', '"cents":-120000'), "not a relance"),
        (on_leaf('"on":"2026-01-01"', '"on":"2026-02-30"'), "not a relance"),
        (on_leaf("{", "\\"), "not JSON"),
        (on_leaf("}", "}\n"), "one form"),
    ],
)  # fmt: skip
def test_an_entry_of_another_form_is_broken(
    bundle: Bundle, verify: Verify, change: Callable[[Bundle], object], words: str
) -> None:
    change(bundle)
    found = verify(bundle)
    assert failing(found)[0] == "3-leaves"
    assert words in detail(found, "3-leaves"), detail(found, "3-leaves")
    assert {"4-inclusion", "5-chain", "7-openings", "13-figures"} <= set(failing(found))


def test_an_entry_in_both_files_is_broken(bundle: Bundle, verify: Verify) -> None:
    first = bundle.lines(EVENTS)[0]
    bundle.put(OTHERS, [*bundle.lines(OTHERS), first])
    assert failing(verify(bundle))[0] == "3-leaves"


def test_instants_that_fall_are_broken(story: Dossier, verify: Verify) -> None:
    story.of("DebtorReminded").leaf["recorded_at"] = "2026-01-01T00:00:00.000000Z"
    assert "before the line above" in detail(verify(sealed(story)), "3-leaves")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (EVENTS, lambda line: line["proof"].pop()),
        (EVENTS, lambda line: line["proof"].append("00" * 32)),
        (EVENTS, lambda line: line.update(proof=[])),
        (EVENTS, lambda line: line["proof"].reverse()),
        (EVENTS, lambda line: line.update(index=line["index"] - 1)),
        (EVENTS, lambda line: line.update(leaf=line["leaf"].replace("120000", "110000"))),
        (OTHERS, lambda line: line["proof"].__setitem__(0, "00" * 32)),
    ],
)
def test_an_entry_that_is_not_in_the_log_is_broken(
    bundle: Bundle, verify: Verify, name: str, change: Callable[[Json], object]
) -> None:
    on_line(change, name)(bundle)
    found = verify(bundle)
    assert "4-inclusion" in failing(found)
    assert found.position is not None


def test_a_withheld_entry_is_held_to_the_log_too(story: Dossier, verify: Verify) -> None:
    story.of("DebtorCalled").withheld = True
    bundle = sealed(story)
    assert verify(bundle).verdict == "conform"
    at = next(number for number, line in enumerate(bundle.lines(EVENTS)) if "withheld" in line)
    on_line(lambda line: line.update(leaf_hash="00" * 32), at=at)(bundle)
    assert failing(verify(bundle))[:2] == ["4-inclusion", "5-chain"]


def twice(leaf: Json) -> None:
    """The second version of each stream says that it is the third."""
    leaf["version"] += leaf["version"] >= 2


def unlinked(leaf: Json) -> None:
    if leaf["version"] == 3:
        leaf["prev"] = "00" * 32


def no_link(leaf: Json) -> None:
    if leaf["version"] == 3:
        del leaf["prev"]


def linked_first(leaf: Json) -> None:
    leaf.setdefault("prev", "00" * 32)


@pytest.mark.parametrize("touched", [twice, unlinked, no_link, linked_first])
def test_a_chain_that_does_not_hold_is_broken(story: Dossier, verify: Verify, touched: Callable[[Json], None]) -> None:
    story.touched = touched
    assert failing(verify(sealed(story)))[0] == "5-chain"


def test_an_entry_left_out_is_broken(bundle: Bundle, verify: Verify) -> None:
    for at in range(len(bundle.lines(EVENTS))):
        changed = Bundle(dict(bundle.members))
        lines = changed.lines(EVENTS)
        changed.put(EVENTS, lines[:at] + lines[at + 1 :])
        assert {"5-chain", "6-closing"} & set(failing(verify(changed)))


def hidden_founding(story: Dossier) -> None:
    next(event for event in story.events if event.leaf["stream"] == story.proceedings[0]).withheld = True


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda story: story.export.update(streams=[*story.streams, f"invoice:{'9' * 32}"]), "same streams"),
        (lambda story: story.export.update(streams=story.streams[:1]), "same streams"),
        (lambda story: story.export.update(proceedings=[]), "same streams"),
        (lambda story: story.export.update(streams=[story.streams[0], *story.streams]), "twice"),
        (lambda story: story.export.update(streams=[story.proceedings[0]]), "names"),
        (lambda story: story.export.update(withheld=1), "withheld"),
        (hidden_founding, "first entry"),
        (lambda story: story.export.update(debtor="9" * 32), "registers neither party"),
    ],
)
def test_a_journal_of_other_streams_is_broken(
    story: Dossier, verify: Verify, change: Callable[[Dossier], object], words: str
) -> None:
    change(story)
    found = verify(sealed(story))
    assert "5-chain" in failing(found)
    assert words in detail(found, "5-chain")


def test_an_annex_that_registers_nobody_is_broken(story: Dossier, verify: Verify) -> None:
    fact = {"kind": "trader", "on": "2026-06-19", "mandate": "00" * 32}
    found = story.of("DebtorRegistered").leaf
    story.events.append(
        Event(found | {"type": "relance.CreditGranted.1", "fact": fact, "recorded_at": "2026-06-20T11:30:00.000000Z"})
    )
    bundle = sealed(story)
    text = detail(verify(bundle), "3-leaves") + detail(verify(bundle), "5-chain")
    assert "CreditGranted" in text or "registers neither party" in text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda story: setattr(story, "closed", lambda fact: fact.update(content="00" * 32)), "another content"),
        (lambda story: setattr(story, "closing", {"command": None}), ""),
        (lambda story: story.export.update(generated_at="2026-06-20T12:00:01.000000Z"), "generated_at"),
        (lambda story: story.export.update(position=3), "position"),
        (lambda story: story.export.update(sandbox=False), "sandbox"),
        (lambda story: story.export.update(sandbox=1), "type"),
        (lambda story: story.export.update(format="other"), "format"),
        (lambda story: story.export.update(schema=2), "format"),
        (lambda story: story.export.update(kind="other"), "format"),
        (lambda story: story.export.update(more=1), "members"),
        (lambda story: story.export.update(origin="other/1"), "origin"),
        (lambda story: story.export.update(on="20 juin"), "day"),
        (lambda story: story.export.update(previous={"root": "x"}), "previous"),
    ],
)
def test_an_export_that_is_closed_otherwise_is_broken(
    story: Dossier, verify: Verify, change: Callable[[Dossier], object], words: str
) -> None:
    change(story)
    found = verify(sealed(story))
    assert set(failing(found)) & {"6-closing", "3-leaves"}
    assert words in detail(found, "6-closing"), detail(found, "6-closing")


def test_a_file_changed_after_the_closing_is_broken(bundle: Bundle, verify: Verify) -> None:
    for name in [each for each in bundle.members if not each.startswith(("data/preuves/", "data/journal/"))]:
        changed = Bundle(bundle.members | {name: bundle.members[name] + b"\n"})
        assert "6-closing" in failing(verify(changed)), name
    added = Bundle(bundle.members | {"data/pieces/piece-09.pdf": b"%PDF"})
    assert "6-closing" in failing(verify(added))


def test_streams_closed_by_several_acts_are_broken(story: Dossier, verify: Verify) -> None:
    acts = iter("abc")

    def apart(leaf: Json) -> None:
        if "DossierExported" in leaf["type"]:
            leaf["act"] = next(acts) * 32

    story.touched = apart
    found = verify(sealed(story))
    assert failing(found) == ["6-closing"]
    assert "one act" in detail(found, "6-closing")


def test_an_entry_after_the_closing_is_broken(story: Dossier, verify: Verify) -> None:
    story.close()
    last = story.of("DebtorCalled").leaf
    story.events.append(Event(last | {"recorded_at": "2026-06-20T13:00:00.000000Z"}))
    found = verify(story.seal())
    assert "6-closing" in failing(found)
    assert found.position


@pytest.mark.parametrize(
    ("opening", "words"),
    [
        (["/fact/document", "00" * 16, ORIGINAL], "not what was sealed"),
        (["/fact/document", "00" * 15, ORIGINAL], "salt"),
        (["/fact/document", "AA" * 16, ORIGINAL], "salt"),
        (["/fact/nothing", "00" * 16, ORIGINAL], "points at nothing"),
        (["/fact", "00" * 16, ORIGINAL], "points at"),
        (["/fact/on", "00" * 16, ORIGINAL], "points at"),
        (["fact/document", "00" * 16, ORIGINAL], "pointer"),
        (["/fact/document~2", "00" * 16, ORIGINAL], "pointer"),
        (["", "00" * 16, ORIGINAL], "points at"),
        (["/internal", "00" * 16, ORIGINAL], "internal"),
        (["/fact/document", "00" * 16, "data/originaux/none.pdf"], "not there"),
        (["/fact/document", "00" * 16, "mimetype"], "not there"),
    ],
)
def test_an_opening_that_opens_nothing_is_broken(
    bundle: Bundle, verify: Verify, opening: list[str], words: str
) -> None:
    at = next(each for each, line in enumerate(bundle.lines(EVENTS)) if line.get("openings"))
    on_line(lambda line: line["openings"].append(opening), at=at)(bundle)
    found = verify(bundle)
    assert failing(found) == ["7-openings"]
    assert words in detail(found, "7-openings")


def test_the_internal_part_is_never_opened_even_rightly(story: Dossier, verify: Verify) -> None:
    story.files["data/pieces/notes.json"] = b"{}"
    event = story.of("DebtorCalled")
    stream = event.leaf["stream"]
    event.opened["/internal"] = "data/pieces/notes.json"
    event.leaf["internal"] = digest(bytes.fromhex(number(f"{stream}naldata/pieces/notes.json")), b"{}")
    bundle = sealed(story)
    assert failing(verify(bundle)) == ["7-openings"]
    assert "internal" in detail(verify(bundle), "7-openings")


@pytest.mark.parametrize("name", ["data/originaux/more.pdf", "data/fiches/more.json", "data/parties/more.json"])
def test_an_original_that_nothing_sealed_is_broken(story: Dossier, verify: Verify, name: str) -> None:
    story.files[name] = b"{}"
    found = verify(sealed(story))
    assert "7-openings" in failing(found)
    assert name in detail(found, "7-openings")


def test_an_original_whose_opening_is_left_out_is_broken(bundle: Bundle, verify: Verify) -> None:
    at = next(each for each, line in enumerate(bundle.lines(EVENTS)) if line.get("openings"))
    on_line(lambda line: line.update(openings=line["openings"][:1]), at=at)(bundle)
    assert CARD in detail(verify(bundle), "7-openings")


def test_a_pointer_goes_through_lists_and_escapes() -> None:
    value = {"a/b": [{"~": "x"}], "": "empty"}
    assert pointed(value, "/a~1b/0/~0") == "x"
    assert pointed(value, "/") == "empty"
    for wrong in ("/a~1b/00", "/a~1b/-", "/a~1b/1", "/a~1b/0/~1", "a", "/~"):
        with pytest.raises(EvidenceBroken):
            pointed(value, wrong)


def test_two_withheld_in_a_row_are_tied_by_what_follows(story: Dossier, verify: Verify) -> None:
    stream = story.streams[0]
    mine = [event for event in story.events if event.leaf["stream"] == stream]
    for event in mine[1:3]:
        event.withheld = True
    bundle = sealed(story)
    lines = bundle.lines(EVENTS)
    hidden = [line for line in lines if line.get("withheld")]
    assert [line["version"] for line in hidden] == [2, 3]
    hidden[1]["version"] = 4
    bundle.put(EVENTS, lines)
    assert "5-chain" in failing(verify(bundle))
