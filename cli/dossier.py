"""`dossier`: the evidence of invoices as one sealed file."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.session import Session, common, with_session

if TYPE_CHECKING:
    from adapters.dossier.export import Exported
    from adapters.dossier.subject import Wanted
    from adapters.seal.cachet_key import Cachet
    from projections.gaps import Gap

SHOWN_GAPS = 12


@click.command()
@click.argument("invoices", nargs=-1, metavar="[INVOICE]...")
@click.option("--debtor", metavar="CODE", help="In place of invoices: all those of a debtor.")
@click.option("--overdue", is_flag=True, help="With --debtor: only what is overdue.")
@click.option("--proceeding", is_flag=True, help="Add every invoice of the last proceeding of those named.")
@click.option(
    "--output", type=click.Path(path_type=Path), help="The file to make (.asice); an existing one is never overwritten."
)
@click.option(
    "--kind",
    type=click.Choice(("dossier", "declaration", "handover")),
    default="dossier",
    help="For a judge; a declaration of claim, for the mandataire; for a commissaire de justice.",
)
@click.option("--gaps", "only_gaps", is_flag=True, help="Tell what is not on file, and how to add it; export nothing.")
@click.option(
    "--export",
    "position",
    type=click.IntRange(1, 2**53),
    metavar="N",
    help="Give an earlier export again, with the same bytes: N is its position.",
)
@click.option("--redact", is_flag=True, help="Name nobody but the parties on the pages; pieces keep what they hold.")
@click.option("--court", default="", metavar="TEXT", help="The court seised, in full, for the draft petition.")
@click.option("--transfer-court", default="", metavar="TEXT", help="The court asked for on opposition (CPC 1408).")
@click.option(
    "--representative", default="", metavar="TEXT", help="The organ that represents the creditor: name and quality."
)
@click.option(
    "--cabinet",
    default="",
    metavar="TEXT",
    help="Name and toque of the lawyer, for the stamp of the pieces and the list.",
)
@click.option(
    "--mention",
    "mentions",
    multiple=True,
    metavar="CODE=TEXT",
    help="Fill a mention of a draft, the record notwithstanding; the codes are told at the export.",
)
@click.option(
    "--lot-limit",
    type=click.FloatRange(0.2, 1000),
    default=4.0,
    show_default=True,
    metavar="MB",
    help="Size of a lot of filing copies.",
)
@click.option(
    "--certificate",
    type=click.Path(path_type=Path),
    envvar="RELANCE_CERTIFICATE",
    metavar="P12",
    help="Seal the pages (PAdES); the password comes from RELANCE_CERTIFICATE_PASSWORD.",
)
@click.option(
    "--certificate-chain",
    type=click.Path(path_type=Path),
    envvar="RELANCE_CERTIFICATE_CHAIN",
    metavar="PEM",
    help="Issuers that the P12 does not hold.",
)
@click.option(
    "--crl",
    "crls",
    multiple=True,
    type=click.Path(path_type=Path),
    envvar="RELANCE_CERTIFICATE_CRLS",
    metavar="FILE",
    help="Revocation lists, for PAdES B-LTA.",
)
@click.option("--reading", "readings", multiple=True, metavar="POINT=CODE", help="How to read a contested point.")
@common
@with_session
def dossier(
    session: Session, invoices: tuple[str, ...], debtor: str | None, overdue: bool, proceeding: bool, output: Path | None, kind: Any,
    only_gaps: bool, position: int | None, redact: bool, court: str, transfer_court: str, representative: str, cabinet: str,
    mentions: tuple[str, ...], lot_limit: float, certificate: Path | None, certificate_chain: Path | None, crls: tuple[Path, ...],
    readings: tuple[str, ...],
) -> None:  # fmt: skip
    """Export the evidence of one or more invoices of a debtor: one sealed file, for a judge and for an expert.

    It holds French pages (claim line by line, chronology, what it proves and what not), the pieces stamped and untouched, a draft petition,
    the events as stored with their proofs, and a verifier. The export is recorded on each invoice: that closes what it shows. Pieces
    keep their numbers in every later export. Confidential entries are withheld and counted.

    \b
    Example:
      relance dossier F-2026-014 --gaps
      relance dossier F-2026-014 --output F-2026-014.asice
      relance dossier --export 1207 --output again.asice
    """  # noqa: D301
    from adapters.dossier.subject import Wanted  # noqa: PLC0415
    from cli.claim import named_readings  # noqa: PLC0415
    from domain.errors import Misuse  # noqa: PLC0415

    if position is not None:
        if output is None or _others_given():
            raise Misuse("--export N gives an export again, as it was made: name it alone, with --output FILE")
        _again(session, position, output)
        return
    if session.on != session.office.app.today:
        raise Misuse("a dossier shows the day it is made; use `replay --as-of` for another day")
    streams = session.office.select(invoices, debtor=debtor, overdue=overdue, on=session.on)
    if proceeding:
        streams = _whole_proceeding(session, streams)
    wanted = Wanted(
        kind=kind, redact=redact, cabinet=cabinet, representative=representative, court=court, transfer_court=transfer_court,
        lot=round(lot_limit * 1e6), chosen=named_readings(readings), mentions=_mentions(mentions),
    )  # fmt: skip
    if only_gaps:
        if output or certificate:
            raise Misuse("--gaps tells what is not on file and makes none: leave --output and --certificate out")
        _tell_gaps(session, streams, wanted)
        return
    if (crls or certificate_chain) and not certificate:
        raise Misuse("--crl and --certificate-chain go with --certificate FILE")
    if output is None:
        raise Misuse("where to? --output FILE names the file to make, or --gaps only tells what is not on file")
    _export(session, streams, output, wanted, _cachet(certificate, certificate_chain, crls))


def _others_given() -> bool:
    """Whether anything but --export and --output was typed."""
    context = click.get_current_context()
    typed = click.core.ParameterSource.COMMANDLINE
    return any(
        context.get_parameter_source(name) is typed for name in context.params if name not in {"position", "output"}
    )


def _mentions(words: tuple[str, ...]) -> dict[str, str]:
    from domain.errors import Misuse  # noqa: PLC0415
    from projections.wording.court import BLANKS, OPTIONS  # noqa: PLC0415

    found = {}
    for word in words:
        code, _, text = word.partition("=")
        if code not in {**BLANKS, **OPTIONS} or not text.strip():
            raise Misuse(
                f"--mention {word!r}: write CODE=TEXT, the code one of {', '.join(sorted({**BLANKS, **OPTIONS}))}"
            )
        found[code] = text.strip()
    return found


def _cachet(certificate: Path | None, chain: Path | None, crls: tuple[Path, ...]) -> "Cachet | None":
    if certificate is None:
        return None
    import os  # noqa: PLC0415

    from adapters.clock import SystemClock  # noqa: PLC0415 - a certificate is valid at the machine's hour
    from adapters.seal.cachet_key import read_cachet  # noqa: PLC0415

    password = os.environ.get("RELANCE_CERTIFICATE_PASSWORD")
    now = SystemClock().now()
    return read_cachet(certificate, now=now, password=password.encode() if password else None, chain=chain, crls=crls)


def _whole_proceeding(session: Session, streams: list[str]) -> list[str]:
    from adapters.dossier.export import with_proceeding  # noqa: PLC0415

    return with_proceeding(session.office, streams)


def _export(session: Session, streams: list[str], output: Path, wanted: "Wanted", cachet: "Cachet | None") -> None:
    from dataclasses import replace  # noqa: PLC0415

    from adapters.dossier.export import export  # noqa: PLC0415
    from adapters.on_account import money_on_account  # noqa: PLC0415
    from cli.progress import watching  # noqa: PLC0415
    from domain.money import plain  # noqa: PLC0415

    with watching(session) as tell:
        made = export(session.office, streams, output, replace(wanted, cachet=cachet), tell=tell)
    assert made.made
    _show(session, made, made.made.gaps)
    for words in made.made.remarks:
        session.remark(f"{words[0].upper()}{words[1:]}.")
    if made.made.blanks:
        session.remark(
            f"The draft leaves {len(made.made.blanks)} mentions to complete, marked [à compléter] in it: {', '.join(made.made.blanks)}."
            " --mention CODE=TEXT fills one."
        )
    waiting = money_on_account(session.office, streams, session.on, made.about["position"])
    if waiting:
        session.remark(
            f"{plain(waiting)} EUR of the debtor are on account, given to no invoice: the dossier says so and does not count them;"
            " `relance claim` imputes them as the law does."
        )
    _remark_gaps(session, made.made.gaps)


def _again(session: Session, position: int, output: Path) -> None:
    from adapters.dossier.export import again  # noqa: PLC0415

    made = again(session.office, position, output)
    _show(session, made, ())
    if made.stamped_since:
        session.remark(
            f"{made.stamped_since} stamps came since: files of their own, that `relance log stamp --save FOLDER` writes."
        )


def _show(session: Session, made: "Exported", gaps: "tuple[tuple[str, Gap], ...]") -> None:
    from cli.gaps_words import row  # noqa: PLC0415

    about, level = made.about, made.made.level if made.made else ""
    value = {
        "path": str(made.path), "sha256": made.sha256, "export": made.closed.position, "kind": about["kind"], "position": about["position"],
        "content_sha256": made.content, "invoices": about["streams"], "numbers": list(made.numbers), "proceedings": about["proceedings"], "events": made.events,
        "withheld": about["withheld"], "pieces": about["pieces"], "checkpoint": made.checkpoint, "stamps": made.stamps,
        "stamps_waiting": [name for name, _ in made.waiting], "cachet": level or None, "sandbox": about["sandbox"],
        "gaps": [row(gap, invoice) for invoice, gap in gaps] if made.made else None, "blanks": list(made.made.blanks) if made.made else None,
    }  # fmt: skip

    def show() -> None:
        invoices, pieces = len(about["streams"]), about["pieces"]
        named = f" ({', '.join(made.numbers[:3])}{', …' if invoices > 3 else ''})"  # noqa: PLR2004 - as many as a line holds
        click.echo(
            f"{made.path}: {invoices} invoice{'s' if invoices > 1 else ''}{named}, {made.events} events, {pieces} piece{'s' if pieces != 1 else ''},"
            f" as known at @{about['position']}."
        )
        click.echo(f"Export @{made.closed.position}, sealed by the checkpoint of {made.checkpoint} entries.")
        click.echo(f"SHA-256 {made.sha256}")

    session.emit(value, show)
    if about["withheld"]:
        entries = "entry is" if about["withheld"] == 1 else "entries are"
        session.remark(f"{about['withheld']} confidential {entries} withheld; the dossier says how many, not what.")
    if not made.stamps and not made.waiting and made.made:
        session.remark("No timestamping authority is configured: nobody else attests the date (relance log stamp).")
    for name, why in made.waiting:
        session.remark(
            f"The stamp of {name} is not there yet: {why}. `relance log stamp` asks again; it will be a file of its own."
        )
    if about["sandbox"]:
        session.remark("This is a sandbox store: every page says that it is a simulation.")


def _tell_gaps(session: Session, streams: list[str], wanted: "Wanted") -> None:
    from adapters.dossier.export import lacking  # noqa: PLC0415
    from cli.gaps_words import fill, row, text  # noqa: PLC0415

    found = lacking(session.office, streams, wanted)
    rows = [row(gap, invoice) for invoice, gap in found]

    def show() -> None:
        if not found:
            click.echo("Nothing that is looked for is missing from the file.")
        for invoice, gap in found:
            click.echo(f"{invoice}: {text(gap)}{f' [{gap.reference}]' if gap.reference else ''}.")
            click.echo(f"    {fill(gap, invoice)}")

    session.emit({"gaps": rows}, show, rows=rows)


def _remark_gaps(session: Session, gaps: "tuple[tuple[str, Gap], ...]") -> None:
    from cli.gaps_words import remark  # noqa: PLC0415

    if gaps:
        session.remark(f"Not on file, and said so in the dossier ({len(gaps)}):")
    for invoice, gap in gaps[:SHOWN_GAPS]:
        session.remark(f"  {remark(gap, invoice)}")
    if len(gaps) > SHOWN_GAPS:
        session.remark(f"  and {len(gaps) - SHOWN_GAPS} more: --gaps tells them all.")
