"""The folder of a report: whole or not at all, and only a report is ever replaced."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from adapters.report import folder
from domain.errors import Misuse, NotFound
from tests.adapters.office import Firm
from tests.adapters.test_report import contents, made


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Firm]:
    firm = Firm(tmp_path / "store", "2026-01-05")
    firm.invoice("F-1", "100")
    yield firm
    firm.office.close()


def test_only_an_older_report_is_replaced_and_only_when_forced(small: Firm, tmp_path: Path) -> None:
    place = tmp_path / "out"
    made(small, place, str(small.today))
    before = contents(place)
    with pytest.raises(Misuse, match="--force replaces it"):
        made(small, place, str(small.today))
    (place / "stray").write_text("x")
    small.invoice("F-2", "300")
    made(small, place, str(small.today), force=True)
    assert "stray" not in contents(place)
    assert contents(place) != before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["out", "store"]


@pytest.mark.parametrize("force", [False, True])
def test_what_is_no_report_is_never_replaced(small: Firm, tmp_path: Path, *, force: bool) -> None:
    place = tmp_path / "out"
    place.mkdir()
    (place / "mine").write_text("precious")
    (place / folder.MARKER).write_text("{}" if force else "[")
    with pytest.raises(Misuse, match="no report of relance"):
        made(small, place, str(small.today), force=force)
    file = tmp_path / "file"
    file.write_text("x")
    with pytest.raises(Misuse, match="is a file"):
        made(small, file, str(small.today), force=force)
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Misuse, match="is a link"):
        made(small, link, str(small.today), force=force)
    assert (place / "mine").read_text() == "precious"


def test_an_empty_folder_is_filled(small: Firm, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    made(small, tmp_path / "out", str(small.today))
    assert (tmp_path / "out" / "index.html").is_file()


@pytest.mark.parametrize("name", ["index.html", "rapport.css", folder.MARKER])
def test_a_full_disk_leaves_the_older_report_as_it_was(small: Firm, tmp_path: Path, name: str) -> None:
    place = tmp_path / "out"
    made(small, place, str(small.today))
    before, write = contents(place), Path.write_text

    def full(path: Path, *words: Any, **how: Any) -> int:
        if path.name == name:
            raise OSError(28, "No space left on device")
        return write(path, *words, **how)

    with patch.object(Path, "write_text", full), pytest.raises(OSError, match="No space left"):
        made(small, place, str(small.today), force=True)
    assert contents(place) == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["out", "store"]


def test_what_a_killed_run_left_beside_goes_at_the_next_one(small: Firm, tmp_path: Path) -> None:
    left = tmp_path / ".out.relance-left"
    left.mkdir()
    (left / "page.html").write_text("half")
    other = tmp_path / ".out.else"
    other.mkdir()
    with folder.made(tmp_path / "out", force=False) as building:  # one that is at work is left alone
        (building / "page.html").write_text("")
        made(small, tmp_path / "other", str(small.today))
        folder._sweep((tmp_path / "out").absolute())
        assert building.is_dir()
    assert not left.exists()
    assert other.is_dir()


def test_two_folders_change_places_or_the_older_one_comes_back(tmp_path: Path) -> None:
    for exchange in (True, False):
        old, new = tmp_path / "old", tmp_path / "new"
        old.mkdir()
        new.mkdir()
        (old / "a").write_text("old")
        (new / "a").write_text("new")
        with patch.object(folder, "_exchanged", folder._exchanged if exchange else lambda _one, _other: False):
            folder._put(new, old)
        assert (old / "a").read_text() == "new"
        assert [each.name for each in tmp_path.iterdir()] == ["old"]
        shutil.rmtree(old)


def test_a_store_without_invoice_has_nothing_to_report(tmp_path: Path) -> None:
    firm = Firm(tmp_path / "store", "2026-01-05")
    with pytest.raises(NotFound, match="nothing to report"):
        made(firm, tmp_path / "out", str(firm.today))
    firm.invoice("F-1", "100")
    with pytest.raises(NotFound, match="no invoice was issued by 4 January 2026"):
        made(firm, tmp_path / "out", "2026-01-04")
    firm.office.close()
    assert [each.name for each in tmp_path.iterdir()] == ["store"]


def test_invoices_that_share_the_start_of_their_ids_keep_a_file_each(small: Firm, tmp_path: Path) -> None:
    with patch("adapters.report.report.SHORT", 0):
        small.invoice("F-2", "100")
        made(small, tmp_path / "out", str(small.today))
    names = [file.name for file in (tmp_path / "out" / "factures").glob("??/*.html")]
    assert len(names) == 2
    assert all(len(name) == len("0" * 30 + ".html") for name in names)


def test_pages_can_be_read_by_others(small: Firm, tmp_path: Path) -> None:
    made(small, tmp_path / "out", str(small.today))
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o755
