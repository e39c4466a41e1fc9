"""Specimens of FORMAT.md, sections 6 and 7: closing and openings; each rule broken alone, the container made anew."""

import base64
import copy
from collections.abc import Callable

import pytest

from tests.adapters.verifier import forge
from tests.adapters.verifier.forge import EVENTS, FIRST, OTHERS, PROCEEDING, SECOND, Bundle, Json, Story, small
from tests.adapters.verifier.forge_log import NEW, OLD, ORIGIN
from tests.adapters.verifier.judged import EXPORT, PIECE, SUMMARY, changed, only, refused, sealed, set_in, with_first

# 6. The closing


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", "autre"), ("schema", 2), ("schema", True), ("kind", "autre"), ("generated_at", "hier"), ("generated_at", "2026-02-30T"), ("on", "2026-13-01"),
        ("on", None), ("position", "1"), ("position", -1), ("position", True), ("sandbox", 0), ("redacted", None), ("creditor", "x"), ("debtor", None),
        ("streams", [PROCEEDING]), ("streams", [FIRST, FIRST, SECOND]), ("streams", FIRST), ("proceedings", [FIRST]), ("origin", "autre/" + "0" * 32),
        ("origin", ORIGIN + "\n"), ("previous", {}), ("previous", {"root": 1, "size": 1}), ("previous", []), ("authorities", {}), ("authorities", [{}]),
        ("authorities", [{"name": "x", "certificates": None}]), ("pieces", None), ("made_by", []), ("withheld", "1"), ("extra", 1),
    ],
)  # fmt: skip
def test_6_a_malformed_export_is_refused(key: str, value: object) -> None:
    assert "6-closing" in refused(small(export={key: value}).pack())


def with_previous(root: str | None = None, joined: str = "previous") -> bytes:
    """A bundle whose pages print the checkpoint of six entries."""
    note = small().lines("data/preuves/coherence.json")[0]["checkpoints"][0]["note"]
    said = {"root": root or base64.b64decode(note.split("\n")[2]).hex(), "size": 6}
    return small(export={"previous": said}, earlier=[(6, joined, (OLD,)), (9, "rotation", (OLD, NEW))]).pack()


def test_9_the_checkpoint_that_the_pages_print_is_joined() -> None:
    assert refused(with_previous()) == []


def test_9_another_checkpoint_than_that_of_the_pages_is_refused() -> None:
    assert refused(with_previous("ab" * 32)) == ["9-consistency"]
    assert refused(with_previous(joined="export")) == ["9-consistency"]
    printed = small(earlier=[(6, "previous", (OLD,)), (9, "rotation", (OLD, NEW))])
    assert refused(printed.pack()) == ["9-consistency"]


@pytest.mark.parametrize("missing", ["/fact/document", "/fact/record"])
def test_7_a_piece_that_stands_is_joined(story: Story, missing: str) -> None:
    added = story.record(FIRST, "PieceAdded", opens={"document": PIECE, "record": "data/fiches/annulation.txt"})
    whole = copy.deepcopy(story)
    assert refused(sealed(whole).pack()) == []
    del added.opened[missing]
    assert "7-openings" in refused(sealed(story).pack())


def test_7_of_a_masked_copy_the_card_of_a_piece_is_not_wanted(story: Story) -> None:
    story.record(FIRST, "PieceAdded", opens={"document": PIECE})
    story.export = {"redacted": True}
    assert refused(sealed(story).pack()) == []


def test_7_a_withdrawn_piece_is_not_wanted(story: Story) -> None:
    story.record(FIRST, "PieceAdded", document="0" * 64)
    story.record(FIRST, "EntryWithdrawn", withdrawn=5)
    assert refused(sealed(story).pack()) == []


def test_7_as_many_originals_as_pieces_are_said() -> None:
    assert "7-openings" in refused(small(export={"pieces": 2}).pack())


@pytest.mark.parametrize("name", ["data/PIECES/piece-01.pdf", "data/pieces/piece-01.pdf/x"])
def test_1_names_that_would_be_one_once_unpacked_are_refused(bundle: Bundle, name: str) -> None:
    bundle.members[name] = b"x"
    assert "1-archive" in refused(bundle.pack())


@pytest.mark.parametrize("name", [EXPORT, SUMMARY, "data/noms.json"])
@pytest.mark.parametrize(
    "change", [lambda text: text[:-1], lambda text: b" " + text, lambda text: text + b"\n", lambda _: b""]
)
def test_6_a_file_of_the_content_has_one_form(story: Story, name: str, change: Callable[[bytes], bytes]) -> None:
    story.files[name] = change(small().members[name])
    assert "6-closing" in refused(sealed(story).pack())


@pytest.mark.parametrize(
    ("key", "value"), [("generated_at", "2026-03-03T08:00:00Z"), ("position", 12), ("sandbox", True), ("sandbox", 0)]
)
def test_6_the_summary_repeats_the_export(key: str, value: object) -> None:
    only(small(summary={key: value}).pack(), "6-closing")


def test_6_a_stream_that_goes_on_after_the_export_is_refused(story: Story) -> None:
    story.close()
    story.record(FIRST, "PaymentReceived", cents=1)
    with_first(story.seal().pack(), "6-closing")


def test_6_an_entry_of_another_type_does_not_close(story: Story) -> None:
    story.close()
    for event in story.events[-3:]:
        event.leaf["type"] = "relance.DossierShown.1"
    only(story.seal().pack(), "6-closing")


def test_6_a_withheld_closing_is_refused(story: Story) -> None:
    story.export = {"withheld": 2}
    story.close()
    story.events[-2].withheld = True
    only(story.seal().pack(), "6-closing")


@pytest.mark.parametrize(("key", "value"), [("act", "b" * 32), ("command", "c" * 32)])
def test_6_the_closings_are_of_one_act_and_one_command(story: Story, key: str, value: str) -> None:
    story.close()
    story.events[-1].leaf[key] = value
    only(story.seal().pack(), "6-closing")


def test_6_a_closing_without_act_is_refused(story: Story) -> None:
    story.close()
    for event in story.events[-3:]:
        event.leaf.pop("act")
    only(story.seal().pack(), "6-closing")


@pytest.mark.parametrize("name", ["data/00-dossier.pdf", "data/noms.json", "data/pieces/piece-01.pdf", EXPORT])
def test_6_every_file_of_the_content_is_sealed(bundle: Bundle, name: str) -> None:
    bundle.members[name] = bundle.members[name].replace(b"1", b"2")
    assert "6-closing" in refused(bundle.pack())


# 7. The openings


def opening(line: Json) -> list[str]:
    found: list[str] = line["openings"][0]
    return found


@pytest.mark.parametrize(
    ("part", "value"),
    [
        (0, "/fact/on"), (0, "/prev"), (0, "/fact"), (0, ""), (0, "/fact/document/"), (0, "fact/document"), (0, "/fact/~document"), (1, "0" * 32),
        (1, "0" * 30), (1, "x" * 32), (2, "data/absent.pdf"), (2, "bagit.txt"), (2, "data/pieces/piece-01.pdf"), (2, ""),
    ],
)  # fmt: skip
def test_7_a_false_opening_is_refused(bundle: Bundle, part: int, value: str) -> None:
    def change(lines: list[Json]) -> None:
        line = next(line for line in lines if line.get("openings"))
        opening(line)[part] = value

    only(changed(bundle, EVENTS, change), "7-openings")


def test_7_a_salt_has_one_form(bundle: Bundle) -> None:
    salt = opening(next(line for line in bundle.lines(EVENTS) if line.get("openings")))[1]
    assert salt != salt.upper()
    only(bundle.edit(EVENTS, salt, salt.upper()).pack(), "7-openings")


def test_7_the_internal_part_is_never_opened(story: Story) -> None:
    story.files["data/interne.json"] = b"{}"
    story.events[7].leaf["internal"] = forge.digest(bytes(16), b"{}")
    bundle = sealed(story)
    line = next(line for line in bundle.lines(EVENTS) if line["index"] == 7)
    assert refused(bundle.pack()) == []
    line["openings"] = [["/internal", "0" * 32, "data/interne.json"]]
    only(
        changed(
            bundle,
            EVENTS,
            lambda lines: lines.__setitem__(slice(None), [line if each["index"] == 7 else each for each in lines]),
        ),
        "7-openings",
    )


def test_7_what_is_opened_is_a_file_of_data(story: Story) -> None:
    story.events[7].leaf["fact"]["document"] = forge.digest(bytes(16), b"application/vnd.etsi.asic-e+zip")
    bundle = sealed(story)
    lines = bundle.lines(EVENTS)
    next(line for line in lines if line["index"] == 7)["openings"] = [["/fact/document", "0" * 32, "mimetype"]]
    only(bundle.put(EVENTS, lines).pack(), "7-openings")


@pytest.mark.parametrize("folder", ["originaux", "fiches", "parties"])
def test_7_a_file_that_no_entry_bears_is_refused(story: Story, folder: str) -> None:
    story.files[f"data/{folder}/intrus.pdf"] = b"?"
    only(sealed(story).pack(), "7-openings")


def test_7_an_opening_left_out_is_refused(bundle: Bundle) -> None:
    only(changed(bundle, OTHERS, lambda lines: set_in(lines[0], "openings", [])), "7-openings")
