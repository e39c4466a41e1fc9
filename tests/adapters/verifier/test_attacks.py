"""The attacks of an exporter, an opponent or a stranger, everything around the change made anew: each is refused, and by which check."""

import json

from adapters.verifier import verify
from tests.adapters.verifier import forge_log
from tests.adapters.verifier.forge import (
    CHECKPOINT,
    EVENTS,
    FIRST,
    HEADS,
    SECOND,
    Bundle,
    Story,
    canonical,
    small,
    small_story,
)
from tests.adapters.verifier.forge_log import NEW, OLD, Signer
from tests.adapters.verifier.judged import PIECE, only, refused, sealed, with_first


def test_attack_a_changed_amount(bundle: Bundle) -> None:
    assert "4-inclusion" in refused(bundle.edit(EVENTS, "120000", "990000").pack())


def test_attack_a_replaced_piece(bundle: Bundle) -> None:
    bundle.members[PIECE] = b"%PDF another letter"
    assert refused(bundle.pack()) == ["6-closing", "7-openings"]


def test_attack_a_replaced_summary(bundle: Bundle) -> None:
    bundle.members["data/00-dossier.pdf"] = b"%PDF-1.7 DOSSIER"
    only(bundle.pack(), "6-closing")


def test_attack_an_entry_dropped_in_the_middle(bundle: Bundle) -> None:
    lines = bundle.lines(EVENTS)
    for at, line in enumerate(lines):
        if '"cents"' in line.get("leaf", "") or "withheld" in line:
            assert "5-chain" in refused(small().put(EVENTS, lines[:at] + lines[at + 1 :]).pack())


def test_attack_the_last_entries_dropped(bundle: Bundle) -> None:
    lines = bundle.lines(EVENTS)
    for kept in range(len(lines) - 4, len(lines)):
        assert {"5-chain", "6-closing"} & set(refused(bundle.put(EVENTS, lines[:kept]).pack()))


def test_attack_the_last_entries_dropped_and_the_heads_with_them(bundle: Bundle) -> None:
    lines = bundle.lines(EVENTS)
    kept = [line for line in lines if not ("PaymentReceived" in line.get("leaf", "") and SECOND in line["leaf"])]
    assert len(kept) == len(lines) - 1
    assert "5-chain" in refused(bundle.put(EVENTS, kept).pack())


def test_attack_a_payment_hidden_by_a_second_export_that_the_heads_contradict(story: Story) -> None:
    # The operator closes the stream, records a payment, seals the heads, and ships the lines up to the closing only.
    story.close()
    story.record(FIRST, "PaymentReceived", cents=120000)
    bundle = story.seal()
    lines = [
        line
        for line in bundle.lines(EVENTS)
        if '\\"version\\":6' not in canonical(line) or FIRST not in canonical(line)
    ]
    assert len(lines) == len(bundle.lines(EVENTS)) - 1
    heads = bundle.lines(HEADS)
    heads[0]["heads"][0] |= {
        "version": 5,
        "leaf": next(leaf.hex() for at, leaf in enumerate(bundle.leaves) if at == 11),
    }
    only(bundle.put(EVENTS, lines).put(HEADS, heads).pack(), "10-heads")


def test_attack_a_leaf_rewritten_in_another_form(bundle: Bundle) -> None:
    lines = bundle.lines(EVENTS)
    lines[0]["leaf"] = json.dumps(json.loads(lines[0]["leaf"]), sort_keys=True, ensure_ascii=False)
    with_first(bundle.put(EVENTS, lines).pack(), "3-leaves")


def test_attack_a_log_rewritten_and_signed_by_its_own_key(bundle: Bundle) -> None:
    other = small_story()
    other.events[2].leaf["fact"]["cents"] = 999999
    forged = sealed(other)
    forged.members[CHECKPOINT] = bundle.members[CHECKPOINT]
    assert "4-inclusion" in refused(forged.pack())


def test_attack_an_extra_file(bundle: Bundle) -> None:
    bundle.members["data/pieces/piece-02.pdf"] = b"%PDF forged"
    only(bundle.pack(), "6-closing")


def test_attack_a_strangers_key_for_the_log() -> None:
    stranger = Signer("stranger")
    archive = small(signers=(stranger,), log_keys=(stranger,), earlier=[(6, "export", (stranger,))]).pack()
    only(archive, "8-checkpoint")
    assert verify.verify(archive).verdict == "conform_unpinned"


def test_attack_the_strangers_key_beside_the_true_one() -> None:
    stranger = Signer("stranger")
    archive = small(signers=(stranger,), log_keys=(OLD, NEW, stranger)).pack()
    with_first(archive, "8-checkpoint")


def test_attack_a_duplicate_key_of_json(bundle: Bundle) -> None:
    with_first(bundle.edit(EVENTS, '\\"cents\\":120000', '\\"cents\\":1,\\"cents\\":120000').pack(), "3-leaves")


def test_attack_a_tag_file_that_nothing_holds(bundle: Bundle) -> None:
    bundle.members["bag-info.txt"] = bundle.contained()["bag-info.txt"] + b"Contact-Name: X\n"
    only(bundle.pack(), "2-manifests")


def test_attack_entries_in_another_order(bundle: Bundle) -> None:
    lines = bundle.lines(EVENTS)
    lines[2]["leaf"], lines[3]["leaf"] = lines[3].get("leaf", lines[2]["leaf"]), lines[2]["leaf"]
    assert refused(bundle.put(EVENTS, lines).pack())


def test_attack_entries_exchanged_with_their_proofs(bundle: Bundle) -> None:
    lines = bundle.lines(EVENTS)
    lines[0]["index"], lines[1]["index"] = lines[1]["index"], lines[0]["index"]
    lines[0], lines[1] = lines[1], lines[0]
    assert "4-inclusion" in refused(bundle.put(EVENTS, lines).pack())


def test_attack_a_whole_stream_left_out_of_the_export(story: Story) -> None:
    story.export = {"streams": [FIRST]}
    bundle = sealed(story)
    lines = [line for line in bundle.lines(EVENTS) if SECOND not in canonical(line)]
    heads = bundle.lines(HEADS)
    heads[0]["heads"] = [head for head in heads[0]["heads"] if head["stream"] != SECOND]
    assert refused(bundle.put(EVENTS, lines).put(HEADS, heads).pack()) == [], (
        "fewer invoices is another dossier, honest"
    )


def test_attack_a_dossier_of_one_log_in_the_name_of_another(bundle: Bundle) -> None:
    for name in bundle.members:
        bundle.members[name] = bundle.members[name].replace(forge_log.LOG_ID.encode(), b"f" * 32)
    assert "8-checkpoint" in refused(bundle.pack())
