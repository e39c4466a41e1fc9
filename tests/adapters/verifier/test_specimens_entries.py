"""Specimens of FORMAT.md, sections 3 to 5: entries, inclusion, chain; each rule broken alone, the container made anew."""

import pytest

from tests.adapters.verifier import forge_log
from tests.adapters.verifier.forge import (
    DEBTOR,
    EVENTS,
    FIRST,
    OTHERS,
    SECOND,
    THIRD,
    Bundle,
    Json,
    Story,
    canonical,
    small,
)
from tests.adapters.verifier.judged import changed, only, refused, sealed, set_in, with_first

# 3. The entries


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("actor", "x"), ("actor", "A" * 32), ("actor", None), ("command", 5), ("done_by", "a" * 31), ("internal", "a" * 63), ("internal", "é" * 64),
        ("provenance", "guessed"), ("recorded_at", "2026-03-01T10:00:00Z"), ("recorded_at", "2026-02-30T10:00:00.000000Z"),
        ("recorded_at", "2026-03-01T24:00:00.000000Z"), ("recorded_at", "2026-03-01T10:00:00.000000Z\n"), ("type", "PaymentReceived"),
        ("type", "relance.PaymentReceived.0"), ("type", "relance.payment.1"), ("v", 2), ("v", True), ("v", "1"), ("extra", 1),
        ("fact", {"cents": 1}), ("fact", {"on": "2026-02-30"}), ("fact", {"on": 20260201}), ("fact", "x"), ("fact", {"on": "2026-02-01", "x": None}),
        ("fact", {"on": "2026-02-01", "x": [{"y": ""}]}), ("fact", {"on": "2026-02-01", "x": []}), ("fact", {"on": "2026-02-01", "x": {"y": {}}}),
        ("fact", {"on": "2026-02-01", "x": 1.5}), ("fact", {"on": "2026-02-01", "x": 2**53}), ("act", "x"), ("cause", "x"),
        ("cause", f"{FIRST}/0"), ("cause", f"{FIRST}/1/1"), ("law", "x"), ("findings", []), ("findings", {"rule": "x"}), ("findings", ["x"]),
        ("findings", [{"rule": "x", "prose": "y"}]), ("findings", [{"rule": 1}]),
    ],
)  # fmt: skip
def test_3_a_malformed_envelope_is_refused(story: Story, key: str, value: object) -> None:
    story.events[7].leaf[key] = value
    with_first(sealed(story).pack(), "3-leaves")


@pytest.mark.parametrize(
    "key", ["actor", "command", "done_by", "fact", "internal", "provenance", "recorded_at", "type", "v"]
)
def test_3_a_missing_key_of_the_envelope_is_refused(story: Story, key: str) -> None:
    story.events[7].leaf.pop(key)
    with_first(sealed(story).pack(), "3-leaves")


@pytest.mark.parametrize(("key", "value"), [("version", 0), ("version", "2"), ("prev", "x")])
def test_3_a_malformed_place_in_the_chain_is_refused(story: Story, key: str, value: object) -> None:
    story.touched = lambda leaf: set_in(leaf, key, value) if leaf["type"] == "relance.PaymentReceived.1" else None
    with_first(sealed(story).pack(), "3-leaves")


def test_3_the_last_entry_has_a_day_that_exists(story: Story) -> None:
    story.close()
    story.events[-1].leaf["recorded_at"] = "2026-04-31T10:00:00.000000Z"
    assert "3-leaves" in refused(story.seal().pack())


def test_3_every_optional_key_is_permitted(story: Story) -> None:
    story.events[7].leaf |= {
        "act": "a" * 32,
        "cause": f"{DEBTOR}/12",
        "law": "b" * 64,
        "findings": [{"consequence": "c", "reference": "r", "rule": "x"}],
    }
    assert refused(sealed(story).pack()) == []


def test_3_time_never_goes_back(story: Story) -> None:
    story.events[7].leaf["recorded_at"] = story.events[3].leaf["recorded_at"]
    with_first(sealed(story).pack(), "3-leaves")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{"index":2,', '{"index": 2,'), ('{"index":2,', '{"index":2,"index":2,'), ('{"index":2,', '{"indek":2,'), ('"index":2,', '"index":true,'),
        ('"index":2,', '"index":-2,'), ('"index":2,', '"index":2.0,'), ('"openings":[]', '"openings":{}'), ('"openings":[]', '"openings":["x"]'),
        ('"openings":[]', '"openings":[["/x","y"]]'), ('"openings":[]', '"openings":[["/x","y",1]]'), ('"proof":["', '"proof":["A","'),
        ('"proof":["', '"proof":"["'), ('"withheld":true', '"withheld":false'), ('"withheld":true', '"withheld":true,"x":1'), ('"withheld":true', '"withheld":1'),
        ('"leaf_hash":"', '"leaf_hash":"0'), ('"stream":"invoice:', '"stream":"case:'), ('\\"cents\\":120000', '\\"cents\\":120000,\\"cents\\":120000'), ("\n", "\n\n"), ("}\n", "}\r\n"),
        ("}\n", "} \n"), ('"index":2,"leaf":', '"leaf":'), ('\\"cents\\"', '\\"\\\\u0063ents\\"'), ("services", "s\\u0065rvices"),
    ],
)  # fmt: skip
def test_3_a_malformed_line_is_refused(bundle: Bundle, old: str, new: str) -> None:
    with_first(bundle.edit(EVENTS, old, new).pack(), "3-leaves")


def test_3_lines_are_in_the_order_of_the_log_and_end(bundle: Bundle) -> None:
    lines = bundle.members[EVENTS].splitlines(keepends=True)
    for bad in (
        [*lines[1:2], *lines[:1], *lines[2:]],
        [*lines[:1], *lines],
        [*lines[:-1], lines[-1][:-1]],
        [*lines, b"\n"],
        [b"\xff\n", *lines],
    ):
        bundle.members[EVENTS] = b"".join(bad)
        with_first(bundle.pack(), "3-leaves")


def test_3_an_entry_is_not_in_both_files(bundle: Bundle) -> None:
    with_first(changed(bundle, OTHERS, lambda lines: lines.append(bundle.lines(EVENTS)[0])), "3-leaves")


def test_3_a_party_is_never_withheld(bundle: Bundle) -> None:
    withheld = next(line for line in bundle.lines(EVENTS) if "withheld" in line)
    with_first(changed(bundle, OTHERS, lambda lines: lines.append(withheld)), "3-leaves")


def test_3_no_party_at_all_is_permitted(story: Story) -> None:
    story.files = {name: content for name, content in story.files.items() if "/parties/" not in name}
    bundle = sealed(story)
    bundle.members[OTHERS] = b""
    assert refused(bundle.pack()) == []


def test_3_depth_and_length_without_end_are_refused(bundle: Bundle) -> None:
    for bad in (b"[" * 500_000, b'{"a":' * 200_000, b"9" * 500_000, b'{"index":' + b"9" * 500_000 + b"}"):
        bundle.members[EVENTS] = bad + b"\n"
        with_first(bundle.pack(), "3-leaves")


# 4. Inclusion


@pytest.mark.parametrize("name", [EVENTS, OTHERS])
def test_4_each_proof_is_verified_and_no_hash_is_in_excess(name: str) -> None:
    for at, line in enumerate(small().lines(name)):
        changes: tuple[list[str], ...] = (
            [*line["proof"], "0" * 64],
            line["proof"][:-1],
            line["proof"][::-1],
            ["0" * 64, *line["proof"][1:]],
            [],
        )
        for proof in changes:
            lines = small().lines(name)
            lines[at]["proof"] = proof
            only(small().put(name, lines).pack(), "4-inclusion")


def test_4_a_rank_out_of_the_tree_is_refused(bundle: Bundle) -> None:
    with_first(changed(bundle, EVENTS, lambda lines: set_in(lines[-1], "index", 2**40)), "4-inclusion")


# 5. The chain


def test_5_a_gap_or_another_order_of_versions_is_refused(story: Story) -> None:
    def skip(leaf: Json) -> None:
        if leaf["stream"] == SECOND and leaf["version"] == 2:
            leaf["version"] = 3

    story.touched = skip
    assert "5-chain" in refused(sealed(story).pack())


@pytest.mark.parametrize("prev", ["0" * 64, None])
def test_5_prev_is_the_entry_before(story: Story, prev: str | None) -> None:
    def touch(leaf: Json) -> None:
        if leaf["stream"] == SECOND and leaf["version"] == 2:
            leaf.pop("prev")
            leaf.update({"prev": prev} if prev else {})

    story.touched = touch
    only(sealed(story).pack(), "5-chain")


def test_5_the_first_has_no_prev(story: Story) -> None:
    story.touched = lambda leaf: (
        set_in(leaf, "prev", "0" * 64) if leaf["version"] == 1 and leaf["stream"] == SECOND else None
    )
    only(sealed(story).pack(), "5-chain")


def test_5_the_entry_after_a_withheld_one_is_chained_to_it(bundle: Bundle) -> None:
    lines = bundle.lines(EVENTS)
    at = next(at for at, line in enumerate(lines) if "withheld" in line)
    foreign = next(rank for rank in range(lines[at]["index"]) if rank == 4)
    lines[at] |= {
        "index": foreign,
        "leaf_hash": bundle.leaves[foreign].hex(),
        "proof": forge_log.inclusion(bundle.leaves, foreign),
    }
    lines.sort(key=lambda line: int(line["index"]))
    assert "5-chain" in refused(bundle.put(EVENTS, lines).pack())


def test_5_the_first_entry_is_never_withheld(story: Story) -> None:
    story.events[3].withheld = True
    only(sealed(story).pack(), "5-chain")


@pytest.mark.parametrize("withheld", [0, 2])
def test_5_the_count_of_withheld_entries_is_the_one_said(withheld: int) -> None:
    only(small(export={"withheld": withheld}).pack(), "5-chain")


@pytest.mark.parametrize(
    ("key", "value"), [("streams", [FIRST]), ("streams", [FIRST, SECOND, THIRD]), ("proceedings", [])]
)
def test_5_the_streams_are_those_of_the_export(key: str, value: list[str]) -> None:
    assert "5-chain" in refused(small(export={key: value}).pack())


@pytest.mark.parametrize("rank", [4, 8])
def test_5_the_annexes_are_of_the_parties(bundle: Bundle, rank: int, story: Story) -> None:
    story.close()
    texts = story.seal()
    assert texts.leaves == bundle.leaves
    line = {
        "index": rank,
        "leaf": canonical(story.events[rank].leaf),
        "openings": [],
        "proof": forge_log.inclusion(bundle.leaves, rank),
    }
    only(changed(bundle, OTHERS, lambda lines: lines.append(line)), "5-chain")


@pytest.mark.parametrize(("at", "type"), [(1, "relance.MoneyReceived.1"), (0, "relance.PolicyAdopted.1")])
def test_5_the_annexes_are_of_three_types(story: Story, at: int, type: str) -> None:
    story.events[at].leaf["type"] = type
    only(sealed(story).pack(), "5-chain")


@pytest.mark.parametrize("key", ["debtor", "creditor"])
def test_5_the_annexes_are_of_the_parties_of_the_export(key: str) -> None:
    only(small(export={key: "7" * 32}).pack(), "5-chain")
