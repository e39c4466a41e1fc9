"""What the bundle's verifier reads and says: FORMAT.md's vectors, the signatures, the stamps, its command line."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.verifier import verify
from tests.adapters.verifier import forge
from tests.adapters.verifier.forge import small, small_story
from tests.adapters.verifier.forge_log import NEW, OLD, ORIGIN, WITNESS, Signer
from tests.adapters.verifier.judged import failed, pinned

PROGRAM = Path(verify.__file__)


def run(*words: str | Path) -> tuple[int, str]:
    return verify.run([str(word) for word in words])


# The verdict


def test_a_bundle_of_the_format_is_conform_when_the_log_is_pinned() -> None:
    report = verify.verify(small().pack(), pinned(NEW))
    assert (report.verdict, failed(report)) == ("conform", [])
    assert [check.id for check in report.checks] == [
        "1-archive", "2-manifests", "3-leaves", "4-inclusion", "5-chain", "6-closing", "7-openings", "8-checkpoint",
        "9-consistency", "10-heads", "11-stamps",
    ]  # fmt: skip


def test_without_a_pinned_key_of_the_log_it_is_never_better_than_unpinned() -> None:
    archive = small().pack()
    assert verify.verify(archive).verdict == "conform_unpinned"
    assert verify.verify(archive, pinned(WITNESS)).verdict == "conform_unpinned"


def test_an_old_key_is_followed_through_its_change() -> None:
    archive = small().pack()
    assert verify.verify(archive, pinned(OLD, NEW, WITNESS)).verdict == "conform"


def test_a_change_of_key_is_followed_through_another() -> None:
    third, story = Signer("third"), small_story()
    size = story.announce(NEW, third)
    story.signers, story.earlier = (third,), [(9, "rotation", (OLD, NEW)), (size, "rotation", (NEW, third))]
    story.close()
    assert verify.verify(story.seal().pack(), pinned(OLD)).verdict == "conform"


def test_a_signature_added_to_a_public_checkpoint_vouches_for_nobody() -> None:
    """Whoever holds a dossier can sign its checkpoint too, and go on from it: the key before never said so."""
    forger, story = Signer("forger"), small_story()
    story.signers, story.earlier = (forger,), [(9, "rotation", (OLD, NEW, forger))]
    story.close()
    assert failed(verify.verify(story.seal().pack(), pinned(OLD))) == ["8-checkpoint"]
    size = story.announce(OLD, forger)  # said in the forger's own log only, which the old key did not sign
    lying = small_story()
    lying.announce(OLD, forger)
    lying.signers, lying.earlier = (forger,), [(9, "rotation", (OLD, NEW)), (size, "rotation", (forger, NEW))]
    lying.close()
    assert failed(verify.verify(lying.seal().pack(), pinned(OLD)))


def test_a_lost_key_leads_nowhere() -> None:
    story = small_story()
    third = Signer("third")
    size = story.announce(NEW, third, "lost")
    story.signers, story.earlier = (third,), [(size, "rotation", (NEW, third))]
    story.close()
    assert "9-consistency" in failed(verify.verify(story.seal().pack(), pinned(NEW)))


@pytest.mark.parametrize("key", [Signer("stranger"), Signer("w", "temoin.example", 4), Signer("new", "relance/other")])
def test_a_pinned_key_that_has_not_signed_breaks(key: Signer) -> None:
    assert failed(verify.verify(small().pack(), pinned(key))) == ["8-checkpoint"]


def test_an_export_is_no_change_of_key() -> None:
    archive = small(earlier=[(9, "export", (OLD, NEW))]).pack()
    assert failed(verify.verify(archive, pinned(OLD))) == ["8-checkpoint"]
    assert verify.verify(archive, pinned(NEW)).verdict == "conform"


def test_the_checks_say_what_they_found() -> None:
    report = verify.verify(small().pack(), pinned(NEW))
    said = {check.id: check.detail for check in report.checks}
    assert said["3-leaves"] == "entrées : 10, dont retenues : 1 ; annexes : 2"
    assert said["9-consistency"] == "exports antérieurs : 1 ; changements de clé : 1"
    assert "cosigné par temoin.example le 02/03/2026 à 09:00:00 UTC" in said["8-checkpoint"]
    assert NEW.vkey in said["8-checkpoint"]
    assert said["11-stamps"] == "aucun horodatage"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 40])
def test_a_bundle_of_one_invoice_and_any_length_is_conform(size: int) -> None:
    story = forge.Story(streams=[forge.FIRST], proceedings=[], log_keys=(NEW,))
    story.files = {"data/00-dossier.pdf": b"%PDF", "data/noms.json": b"{}\n"}
    for at in range(size):
        story.record(forge.FIRST, "PaymentReceived", cents=at)
    story.earlier = [(at, "export", (NEW,)) for at in (*range(1, size + 1), size + 2)]
    story.close()
    assert verify.verify(story.seal().pack(), pinned(NEW)).verdict == "conform"


# The command line


def test_the_program_runs_alone_in_french_and_in_utf_8(file: Path) -> None:
    words = [sys.executable, "-I", "-S", "-W", "error", str(PROGRAM), "--cle", NEW.vkey, str(file)]
    done = subprocess.run(
        words, capture_output=True, check=True, env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}, cwd=file.parent
    )
    said = done.stdout.decode()
    assert said.splitlines()[-1] == "VERDICT\u00a0: CONFORME"
    assert "à la position 11 du journal" in said
    assert "entrées retenues (confidentielles)\u00a0: 1" in said
    assert len(re.findall(r"(?m)^\d+-[a-z]+ +OK ", said)) == 11
    assert "Les clés viennent du dossier" not in said
    assert done.stderr == b""
    assert sorted(file.parent.iterdir()) == [file]


def test_unpinned_is_said_loudly(file: Path) -> None:
    code, said = run(file)
    assert code == 0
    assert "*** Les clés viennent du dossier lui-même\u00a0: " in said
    assert said.endswith("VERDICT\u00a0: CONFORME, CLÉS NON ÉPINGLÉES\n")


def test_broken_says_which_check_and_leaves_with_5(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content.replace(b"12000", b"12001", 1))
    code, said = run(file, "--cle", NEW.vkey)
    assert code == 5
    assert "1-archive      NON CONFORME  data/journal/evenements.jsonl" in said
    assert said.endswith("VERDICT\u00a0: NON CONFORME\n")


def test_json_holds_the_verdict_and_the_eleven_checks(file: Path) -> None:
    code, said = run(file, "--json", "--cle", NEW.vkey, "--temoin", WITNESS.vkey)
    found = json.loads(said)
    assert (code, found["verdict"], len(found["checks"])) == (0, "conform", 11)
    assert found["checks"][0].keys() == {"id", "ok", "detail"}


def test_a_sandbox_and_a_redacted_copy_are_said_loudly(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(small(export={"sandbox": True, "redacted": True}).pack())
    said = run(tmp_path / "a")[1]
    assert "*** BAC À SABLE\u00a0: DONNÉES D’ESSAI" in said
    assert "Copie masquée" in said


def test_what_a_hostile_bundle_says_cannot_command_the_terminal(tmp_path: Path) -> None:
    bundle = small().edit(forge.CHECKPOINT, ORIGIN, "relance/\x1b[2J\u202e")
    bundle.edit(forge.KEYS, "temoin temoin.example", "temoin \x1b]0;x\x07")
    (tmp_path / "a").write_bytes(bundle.pack())
    said = run(tmp_path / "a")[1]
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e]", said)


@pytest.mark.parametrize(
    "words",
    [
        [], ["--no"], ["--cle"], ["a", "b"], ["--cle", "x", "FILE"], ["--cle", WITNESS.vkey, "FILE"], ["--temoin", NEW.vkey, "FILE"],
        ["--cle", NEW.vkey[:-1] + "A", "FILE"], ["--cl", NEW.vkey, "FILE"], ["FOLDER"],
    ],
)  # fmt: skip
def test_a_command_not_understood_leaves_with_2_and_says_how(words: list[str], file: Path) -> None:
    code, said = run(*({"FILE": file, "FOLDER": file.parent}.get(word, word) for word in words))
    assert code == 2
    assert said.startswith("Commande non comprise")
    assert "python3 -I -S data/verifier/verify.py" in said


def test_help_is_no_fault() -> None:
    assert run("-h") == run("--help") == (0, verify.USAGE)


def test_a_missing_file_leaves_with_3(file: Path) -> None:
    assert run(file.parent / "none")[0] == 3
    assert run("--ca", file.parent / "none", file)[0] == 3
    assert run("/dev/null")[0] == 5


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"PK\3\4", b"not a zip", b"PK\5\6" + bytes(18), b"PK\3\4" + b"\xff" * 26]
)
def test_what_is_no_zip_breaks_every_check(content: bytes) -> None:
    report = verify.verify(content)
    assert (report.verdict, len(failed(report))) == ("broken", 11)
    assert report.about == ["Ce que le dossier dit de lui-même est illisible."]


def test_an_unforeseen_error_is_a_fault_and_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: verify.Bundle) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(verify.Bundle, "check_heads", fails)
    report = verify.verify(small().pack())
    assert (report.verdict, failed(report)) == ("broken", ["10-heads"])
    assert report.checks[9].detail == "illisible (ZeroDivisionError)"


def test_too_many_signatures_are_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "MOST_SIGNATURES", 3)
    assert "9-consistency" in failed(verify.verify(small().pack()))
