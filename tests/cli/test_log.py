"""`log` at the terminal: signing, verifying, exporting, keys, witnesses and stamps, and the exit codes of what goes wrong."""

import hashlib
import os
import shlex
import shutil
import sqlite3
from pathlib import Path

import pytest

from adapters.seal.checkpoint import position_of
from adapters.seal.note import WITNESS, Signer, read_key
from adapters.seal.witness import Witness
from tests.adapters.seal import tsa
from tests.cli.conftest import Terminal

SEEN = Signer.of("witness.example", bytes(range(32)), WITNESS)


def tampered(store: Path, *statements: str) -> None:
    db = sqlite3.connect(store / "relance.db", isolation_level=None)
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        db.execute(statement)
    db.close()


def test_a_checkpoint_is_printed_and_written(relance: Terminal, tmp_path: Path) -> None:
    note = relance.well("log checkpoint").out
    value = relance.well(f"log checkpoint --json --output {tmp_path / 'checkpoint.txt'}").json
    assert value["note"] == note == (tmp_path / "checkpoint.txt").read_text()
    assert note.split("\n")[:2] == [value["origin"], str(value["size"])]
    assert position_of(tmp_path / "checkpoint.txt") == value["size"] == relance.well("views --json").json["head"]
    assert value["signed_at"] == "2026-06-01T08:00:00Z"
    assert (relance.store / "relance.checkpoint").read_text() == note
    said = relance.well(f"log checkpoint --output {tmp_path / 'again.txt'}")
    assert said.out == f"{tmp_path / 'again.txt'}: the checkpoint, {value['size']} entries, root {value['root']}.\n"


def test_the_heads_are_sealed_once_a_change(relance: Terminal) -> None:
    before = relance.well("views --json").json["head"]
    assert relance.well("log checkpoint --heads --json").json["size"] == before + 1
    said = relance.well("log checkpoint --heads --json")
    assert said.json["size"] == before + 1
    assert "Nothing was recorded since" in said.err
    assert "heads sealed 1 times" in relance.well("log fsck").out
    relance.well("verify --log")
    relance.well("check")
    relance.well("views rebuild")


def test_the_key_is_shown_and_changed(relance: Terminal) -> None:
    relance.refused("log key", 3, "relance log checkpoint draws it")
    relance.well("log checkpoint")
    key = relance.well("log key --json").json["key"]
    assert read_key(key).name == relance.well("log checkpoint --json").json["origin"]
    assert hashlib.sha256(key.encode()).hexdigest() in relance.well("log key").out
    said = relance.well("log key --rotate --json")
    assert "announced in the log" in said.err
    assert [each["current"] for each in said.json["keys"]] == [False, True]
    assert said.json["keys"][0]["key"] == key
    assert len(relance.well("log checkpoint --json").json["signatures"]) == 2
    assert relance.well("log fsck --json").json["verdict"] == "sound"
    relance.refused("log key --lost", 2, "goes with --rotate")
    (relance.store / "relance.logkey").unlink()
    relance.well("pay F-1 --amount 5")
    relance.refused("log checkpoint", 3, "put it back from where it is kept")
    relance.well("log key --rotate --lost")
    relance.well("log fsck")


def test_fsck_names_the_first_broken_position(relance: Terminal) -> None:
    relance.well("log checkpoint")
    tampered(relance.store, "UPDATE log SET bytes = replace(CAST(bytes AS TEXT), '60000', '60001') WHERE 0")
    assert relance.well("log fsck --json").json["verdict"] == "sound"
    tampered(relance.store, "UPDATE log SET bytes = x'7b7d' WHERE position = 4")
    said = relance("log fsck")
    assert said.code == 5
    assert said.err.startswith("position 4: the stored bytes are not those that were sealed.")
    assert "BROKEN  1-leaves" in said.out
    found = relance("log fsck --json")
    assert (found.code, found.json["verdict"], found.json["position"]) == (5, "broken", 4)
    assert [each["id"] for each in found.json["checks"] if not each["ok"]] == ["1-leaves", "3-roots"]
    assert relance("log fsck --csv").out.startswith("id,ok,detail,position\n")


def test_a_backup_put_back_refuses_to_sign(relance: Terminal, tmp_path: Path) -> None:
    relance.well("log checkpoint")
    shutil.copytree(relance.store, tmp_path / "backup")
    relance.well("pay F-1 --amount 5")
    relance.well("log checkpoint")
    for name in ("relance.db-wal", "relance.db-shm"):
        (relance.store / name).unlink(missing_ok=True)
    shutil.copy(tmp_path / "backup" / "relance.db", relance.store / "relance.db")
    relance.refused("log checkpoint", 5, "put back to an older state")
    relance.well("ageing")  # it can still be read
    assert relance("log fsck").code == 5


def test_a_store_older_than_the_tree_is_built(relance: Terminal) -> None:
    head = relance.well("views --json").json["head"]
    tampered(
        relance.store,
        *(
            f"DROP TABLE {name}"
            for name in ("leaf", "subtree", "log_key", "checkpoint", "cosignature", "authority", "stamp_asked", "stamp")
        ),
    )
    relance.well("ageing")
    said = relance("log fsck")
    assert said.code == 1
    assert f"{head} entries have no leaf yet: relance log fsck --build" in said.err
    relance.refused("log export tiles", 3, "no checkpoint is signed yet")
    assert relance.well("log fsck --build").out.startswith(f"{head} leaves built.\n")
    relance.well("log checkpoint")
    assert relance.well("log fsck --json").json["behind"] == 0


def test_it_is_exported_as_static_files(relance: Terminal, tmp_path: Path) -> None:
    relance.well("log checkpoint")
    said = relance.well("log export tiles --json")
    assert said.json["files"] == 3
    assert "amounts" in said.err
    assert (tmp_path / "tiles" / "checkpoint").read_bytes() == (relance.store / "relance.checkpoint").read_bytes()
    relance.refused("log export tiles", 2, "new or empty")


def test_a_witness_is_asked_by_files(relance: Terminal, tmp_path: Path) -> None:
    request, answer = tmp_path / "request.txt", tmp_path / "answer.txt"
    relance.well(f"log checkpoint --since 0 --output {request}")
    origin, key = (
        relance.well(f"{line} --json").json[name] for line, name in (("log checkpoint", "origin"), ("log key", "key"))
    )
    witness = Witness(SEEN, {origin: [read_key(key)]}, lambda: 1_780_000_000)
    answer.write_text(witness.add_checkpoint(request.read_text()))
    vkey = shlex.quote(str(SEEN.key))
    said = relance.well(f"log checkpoint --witness {answer} --witness-key {vkey} --json")
    assert said.json["witnesses"] == ["witness.example"]
    assert "Kept the cosignature of witness.example" in said.err
    assert answer.read_text() in said.json["note"]
    assert "kept already" in relance.well(f"log checkpoint --witness {answer} --witness-key {vkey}").err
    size = said.json["size"]
    relance.well("pay F-1 --amount 5")
    asked = relance.well(f"log checkpoint --since {size}").out
    assert asked.startswith(f"old {size}\n")
    witness.add_checkpoint(asked)
    relance.well("log fsck")
    relance.refused(f"log checkpoint --witness {answer}", 2, "go together")
    relance.refused(f"log checkpoint --heads --witness {answer} --witness-key {vkey}", 2, "signs nothing")
    relance.refused(f"log checkpoint --witness {answer} --witness-key {key}", 2, "not the key of a witness")
    relance.refused(f"log checkpoint --witness nothing.txt --witness-key {vkey}", 3, "no file")
    relance.refused("log checkpoint --since 99", 2, "cannot have seen 99")
    answer.write_text("Dear sir\n")
    relance.refused(f"log checkpoint --witness {answer} --witness-key {vkey}", 6, "answer.txt: not a signed note")


def test_a_checkpoint_is_stamped_or_waits(relance: Terminal, tmp_path: Path) -> None:
    assert tsa.OPENSSL, "openssl is wanted to play the authority (Debian: openssl)"
    ca = tsa.make(tmp_path / "tsa")
    relance.refused("log stamp", 3, "no authority is kept")
    assert "ours is kept" in relance.well(f"log stamp --authority ours --url {tsa.HTTP}x/ --ca {ca}").out
    relance.well("log checkpoint")
    with tsa.serving(tmp_path / "tsa") as authority:
        relance.well(f"log stamp --authority ours --url {authority.url} --ca {ca}")
        relance.well("pay F-1 --amount 5")
        relance.well("log checkpoint")
    said = relance("log stamp --json")  # it is gone
    assert said.code == 1
    assert "ours does not answer" in said.err
    assert "relance log stamp --pending" in said.err
    assert [len(said.json["stamps"]), len(said.json["pending"])] == [1, 1]
    relance.well("pay F-1 --amount 5")  # and nothing else waits for it
    with tsa.serving(tmp_path / "tsa") as authority:
        came = relance.well(f"log stamp --authority ours --url {authority.url} --ca {ca}").out
        assert "entries: stamped by ours at " in came
        assert "Nothing waits; 2 stamps are kept." in relance.well("log stamp --pending").out
    assert "2 stamps, each holds" in relance.well("log fsck").out
    relance.refused(f"log stamp --url {tsa.HTTP}x/", 2, "go together")
    relance.refused(f"log stamp --pending --authority a --url {tsa.HTTP}x/ --ca {ca}", 2, "keep an authority apart")
    relance.refused(f"log stamp --authority a --url ftp{tsa.HTTP[4:]}x/ --ca {ca}", 2, "not the address")
    relance.refused(f"log stamp --authority a --url {tsa.HTTP}x/ --ca nothing.pem", 3, "no file")


@pytest.mark.parametrize("line", ["log checkpoint", "log key --rotate", "log fsck --build"])
def test_a_store_that_can_only_be_read_is_not_sealed(
    relance: Terminal, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    relance.well("log checkpoint")
    real = os.access
    monkeypatch.setattr("os.access", lambda path, mode: mode != os.W_OK and real(path, mode))
    relance.refused(line, 2, "cannot be written here")
    relance.well("log fsck")
    relance.well("log key")
