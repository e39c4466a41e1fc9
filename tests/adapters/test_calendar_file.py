"""The calendar: read back by another reading of RFC 5545 than the one that wrote it, and by the library."""

import datetime as dt
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from icalendar import Calendar

from adapters import deadlines
from adapters.acts import Order, remind
from adapters.calendar_file import Dated, uid, write, written
from adapters.registry import Party
from domain.deadline import KINDS, Deadline, Kind, ReadingName, Remark
from domain.errors import Misuse, NotFound
from tests.adapters.office import Firm
from tests.builders import day

HOSTILE = 'Été; "Cœur, & Fils" \\ 株式会社 ' + "é" * 80


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    made = Firm(tmp_path / "store")
    yield made
    made.office.close()


def lines(content: bytes) -> list[str]:
    """Content lines, unfolded by hand (RFC 5545, 3.1)."""
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    for line in content.split(b"\r\n"):
        assert len(line) <= 75, line
        line.decode()  # no character is cut in two by the folding
    return content.decode().replace("\r\n ", "").split("\r\n")[:-1]


def unescaped(text: str) -> str:
    """A text value (RFC 5545, 3.3.11)."""
    out, letters = "", iter(text)
    for letter in letters:
        if letter == "\\":
            after = next(letters)
            out += "\n" if after in "nN" else after
        else:
            assert letter not in ",;", f"not escaped: {text}"
            out += letter
    return out


def events(content: bytes) -> list[dict[str, str]]:
    """The properties of each event, those of its alarm apart."""
    found: list[dict[str, str]] = []
    nested: list[str] = []
    for line in lines(content):
        name, _, value = line.partition(":")
        if name == "BEGIN":
            nested.append(value)
            if value == "VEVENT":
                found.append({})
        elif name == "END":
            assert nested.pop() == value
        elif nested[-1:] == ["VEVENT"]:
            found[-1][name] = value
        elif nested[-1:] == ["VALARM"]:
            found[-1][f"ALARM {name}"] = value
    assert nested == []
    return found


def of_everything(firm: Firm, stream: str, debtor: str) -> list[Dated]:
    """One deadline of each kind, and remarks of every sort."""
    remarks = (Remark("disputed", cents=123_456), Remark("far_creditor", day("2026-07-01")))
    return [
        Dated(
            stream,
            debtor,
            Deadline(kind, firm.today + dt.timedelta(days=n), "CPC, art. 1411", None, 120_000, remarks=remarks),
        )
        for n, kind in enumerate(KINDS)
    ]


def test_each_event_is_a_whole_day_with_an_alarm_and_french_words(firm: Firm) -> None:
    stream = firm.invoice("F-2026/é;1", due="2026-02-04", performed="2026-01-05")
    found = deadlines.deadlines(firm.office, firm.today)
    (prudent, arguable) = events(written(firm.office, found))
    assert prudent["DTSTART;VALUE=DATE"] == "20310105"
    assert prudent["DTEND;VALUE=DATE"] == "20310106"
    assert unescaped(prudent["SUMMARY"]) == "Prescription (date prudente) – F-2026/é;1 – Client C042"
    assert arguable["DTSTART;VALUE=DATE"] == "20310204"
    described = unescaped(prudent["DESCRIPTION"]).split("\n")
    assert described[0] == "Facture F-2026/é;1, débiteur Client C042 (C042)."
    assert "Passé ce jour, le débiteur peut opposer la prescription." in described
    assert "Reste impayé du prix\u00a0: 1\u202f200,00\u00a0€." in described
    assert "Texte\u00a0: C. com., art. L110-4, I." in described
    assert (prudent["ALARM TRIGGER"], prudent["ALARM ACTION"]) == ("-P7D", "DISPLAY")
    assert prudent["UID"] != arguable["UID"]
    assert stream.partition(":")[2] not in prudent["UID"]


def test_a_calendar_program_reads_the_same(firm: Firm) -> None:
    firm.invoice("F-1", due="2026-02-04")
    content = written(firm.office, deadlines.deadlines(firm.office, firm.today))
    calendar = Calendar.from_ical(content)
    assert isinstance(calendar, Calendar)
    assert (calendar["VERSION"], calendar["PRODID"]) == ("2.0", "-//relance//echeances//FR")
    assert "METHOD" not in calendar
    (event,) = calendar.walk("VEVENT")
    assert event.decoded("DTSTART") == day("2031-02-04")
    assert event.errors == []
    (ours,) = events(content)
    assert str(event["DESCRIPTION"]) == unescaped(ours["DESCRIPTION"])


def test_the_stamp_is_the_newest_instant_of_the_log_and_the_bytes_are_the_same_again(firm: Firm) -> None:
    firm.invoice("F-1", due="2026-02-04")
    first = written(firm.office, deadlines.deadlines(firm.office, firm.today))
    assert events(first)[0]["DTSTAMP"] == "20260105T080000Z"
    firm.sleep_until("2026-01-20")
    assert written(firm.office, deadlines.deadlines(firm.office, firm.today)) == first
    firm.sleep_until("2026-02-10")
    remind(firm.office, [firm.office.registry.invoice("F-1")], Order(firm.today), channel="email")
    (later,) = events(written(firm.office, deadlines.deadlines(firm.office, firm.today)))
    assert later["DTSTAMP"] == "20260210T080000Z"
    assert later["UID"] == events(first)[0]["UID"]


def test_an_identifier_is_of_the_invoice_the_kind_the_reading_and_the_due_day(firm: Firm) -> None:
    one, two = firm.invoice("F-1"), firm.invoice("F-2")
    debtor = firm.office.registry.debtor("C042")
    kinds: tuple[Kind, ...] = ("limitation", "order_service")
    readings: tuple[ReadingName, ...] = ("prudent", "arguable")
    made = {
        uid(firm.office, Dated(stream, debtor, Deadline(kind, firm.today, "", None, 1, reading, due=due)))
        for stream, kind, reading, due in itertools.product(
            (one, two), kinds, readings, (None, day("2026-02-04"), day("2026-03-04"))
        )
    }  # fmt: skip
    assert len(made) == 2 * 2 * 2 * 3
    row = Deadline("limitation", firm.today, "", None, 1, "both")
    moved = row._replace(on=day("2031-01-01"), cents=7, reading="prudent")
    assert uid(firm.office, Dated(one, debtor, row)) == uid(firm.office, Dated(one, debtor, moved))


def test_hostile_names_stay_inside_their_lines(tmp_path: Path) -> None:
    firm = Firm(tmp_path / "other")
    stream = firm.invoice("F-1", due="2026-02-04")
    registry = firm.office.registry
    registry.register(Party("C042", HOSTILE, "trader"), on=firm.today, creditor=firm.creditor)
    found = of_everything(firm, stream, registry.debtor("C042"))
    read = events(written(firm.office, found))
    firm.office.close()
    assert len(read) == len(KINDS)
    for event in read:
        assert unescaped(event["SUMMARY"]).endswith(" ".join(HOSTILE.split()))
        assert "1\u202f234,56\u00a0€ sont contestés" in unescaped(event["DESCRIPTION"])


def test_a_day_that_is_not_known_is_in_no_calendar(firm: Firm) -> None:
    stream = firm.invoice("F-1")
    unknown = Deadline("limitation", None, "", None, 1)
    assert events(written(firm.office, [Dated(stream, firm.office.registry.debtor("C042"), unknown)])) == []


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "dates.ics"
    write(file, b"one", force=False)
    with pytest.raises(Misuse, match="--force"):
        write(file, b"two", force=False)
    assert file.read_bytes() == b"one"
    write(file, b"two", force=True)
    assert file.read_bytes() == b"two"

    def no_space(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", no_space)
    with pytest.raises(OSError, match="No space"):
        write(file, b"three", force=True)
    assert file.read_bytes() == b"two"
    assert [each.name for each in tmp_path.iterdir()] == ["dates.ics"]
    with pytest.raises(NotFound, match="no folder"):
        write(tmp_path / "nowhere" / "dates.ics", b"", force=False)
