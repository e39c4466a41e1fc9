"""The pieces as a court receives them: stamped copies, their list, and lots for electronic filing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from adapters.documents.compact import page_count
from adapters.documents.filing import lots, reduced
from adapters.documents.pages import heading
from adapters.documents.piece_pages import Communicated, Listed, bordereau, stamped
from adapters.documents.raster import NotShown, Seen, Shown, shown_all
from adapters.dossier.container import plain_json
from adapters.dossier.exhibits import Piece
from adapters.dossier.subject import Subject
from projections.wording.pieces import KIND, ORIGIN

LIST = "data/pieces/bordereau.pdf"
#: A name of work, how much is done, of how much.
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Copies:
    """The files, whose word each piece is by its number, and what could not be done as wanted."""

    files: dict[str, bytes]
    origins: dict[int, str]
    remarks: tuple[str, ...]


def copies(about: Subject, tell: Tell | None = None) -> Copies:
    """Stamp and list the pieces; nothing is listed where there is none."""
    if not about.pieces:
        return Copies({}, {}, ())
    numbers = {each.exhibit.stream: each.exhibit.number for each in about.told}
    told = [_communicated(piece, numbers) for piece in about.pieces]
    every = []
    for seen in shown_all([(each.content, each.media) for each in told]):
        every.append(seen)
        if tell:
            tell("pieces", len(every), len(told))
    files, listed, remarks = {}, [], []
    for piece, each, seen in zip(about.pieces, told, every, strict=True):
        pdf = _stamped(about, each, seen)
        files[f"data/pieces/{piece.stem}.pdf"] = pdf
        listed.append(Listed(each, seen, page_count(pdf)))
        if isinstance(seen, NotShown):
            remarks.append(f"piece {each.number} ({each.file}) cannot be shown as pages ({seen.why.replace('_', ' ')}): its copy says so, its original is joined untouched")  # fmt: skip
        elif seen.cut:
            remarks.append(f"piece {each.number} ({each.file}) is not shown whole: its copy says so, its original is joined untouched")  # fmt: skip
    files[LIST] = bordereau(
        listed,
        creditor=about.parties.creditor.name,
        debtor=about.parties.debtor.name,
        cabinet=about.wanted.cabinet,
        lawyer=about.wanted.cabinet,
        at=about.generated_at,
        sandbox=about.sandbox,
    )
    files["data/pieces/bordereau.json"] = plain_json(
        [_row(piece, each, files) for piece, each in zip(about.pieces, listed, strict=True)]
    )
    if about.wanted.kind == "dossier":
        filed, above = _lots(about, told, every, files)
        files |= filed
        remarks += above
    return Copies(files, {each.number: ORIGIN[each.third_party] for each in told}, tuple(remarks))


def _communicated(piece: Piece, numbers: dict[str, str]) -> Communicated:
    first = piece.first
    return Communicated(
        number=piece.number,
        title=first.title,
        kind=first.fact.kind,
        on=first.fact.on,
        sha256=piece.sha256,
        size=first.fact.size,
        file=first.file,
        original=piece.original,
        media=first.fact.media,
        third_party=first.fact.origin == "third_party",
        invoices=tuple((numbers[each.stream], each.version, each.fact.of) for each in piece.added),
        content=piece.content,
    )


def _stamped(about: Subject, piece: Communicated, seen: Seen) -> bytes:
    return stamped(
        piece,
        seen,
        cabinet=about.wanted.cabinet,
        heading=heading(about.parties.creditor, about.parties.debtor),
        at=about.generated_at,
        sandbox=about.sandbox,
    )


def _row(piece: Piece, listed: Listed, files: dict[str, bytes]) -> dict[str, object]:
    """A row of the list, for machines: number, title, day, digest, the entries that added it."""
    copy = f"data/pieces/{piece.stem}.pdf"
    assert copy in files
    return {
        "copy": copy,
        "entries": [{"of": each.fact.of, "stream": each.stream, "version": each.version} for each in piece.added],
        "file": piece.first.file,
        "kind": piece.first.fact.kind,
        "kind_fr": KIND[piece.first.fact.kind],
        "number": piece.number,
        "on": piece.first.fact.on.isoformat(),
        "original": piece.original,
        "pages": listed.pages,
        "sha256": piece.sha256,
        "size": piece.first.fact.size,
        "third_party": piece.first.fact.origin == "third_party",
        "title": piece.first.title,
    }


def _lots(
    about: Subject, told: Sequence[Communicated], every: Sequence[Seen], files: dict[str, bytes]
) -> tuple[dict[str, bytes], list[str]]:
    """Copies for filing, list first, each lot under the limit; a piece is made coarser before it is left above."""
    limit, remarks = about.wanted.lot, []
    filed = [("bordereau.pdf", files[LIST])]
    for piece, each, seen in zip(about.pieces, told, every, strict=True):
        pdf = files[f"data/pieces/{piece.stem}.pdf"]
        if len(pdf) >= limit and isinstance(seen, Shown):
            coarser = reduced(
                each,
                limit,
                cabinet=about.wanted.cabinet,
                heading=heading(about.parties.creditor, about.parties.debtor),
                at=about.generated_at,
                sandbox=about.sandbox,
            )
            pdf = coarser or pdf
        if len(pdf) >= limit:
            remarks.append(f"piece {each.number} ({each.file}) is {len(pdf) / 1e6:.1f} MB, above the {limit / 1e6:g} MB of a lot: it is filed whole, alone in its lot (--lot-limit)")  # fmt: skip
        filed.append((f"{piece.stem}.pdf", pdf))
    return {
        f"data/rpva/lot-{n:02d}/{name}": data for n, lot in enumerate(lots(filed, limit), start=1) for name, data in lot
    }, remarks
