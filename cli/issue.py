"""`issue` and `withdraw`: what founds a history, and what corrects it."""

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

import click

from cli.session import Day, Euros, Session, common, guarded, with_session

REASONS = ("error", "duplicate", "misallocated", "wrong_invoice", "document")


@click.command()
@click.argument("number")
@click.option("--debtor", metavar="CODE", required=True, help="The customer, by code or SIREN.")
@click.option("--creditor", metavar="REF", help="The creditor, when several are registered.")
@click.option("--due", type=Day(), help="Due day of the whole.")
@click.option("--total", type=Euros(), help="Total, VAT included.")
@click.option(
    "--instalment",
    "parts",
    multiple=True,
    metavar="EUR=DATE",
    help="A part of the price and its due day, in place of --due and --total; give it again for each.",
)
@click.option("--vat", type=Euros(), help="VAT within the total.")
@click.option("--performed", type=Day(), help="Day the goods were received or the service was performed.")
@click.option(
    "--terms", metavar="TERMS", help="Terms as printed, in place of --due: 30d, 45d-eom, '60 jours', 'fin de mois'."
)
@click.option(
    "--method",
    type=click.Choice(("add-then-eom", "eom-then-add")),
    help="How end-of-month terms are counted: the contract says which.",
)
@click.option(
    "--nature", type=click.Choice(("goods", "services", "works", "carriage", "rent", "other")), help="What was sold."
)
@click.option(
    "--clause",
    "clauses",
    multiple=True,
    type=click.Choice(
        (
            "retention_of_title",
            "acceleration",
            "notice_by_maturity",
            "jurisdiction",
            "prior_conciliation",
            "capitalisation",
        )
    ),
    help="A clause of the contract; give it again for each.",
)
@click.option("--penalty-rate", metavar="PERCENT", help="Rate of the penalty clause, a year.")
@click.option(
    "--penalty-basis",
    type=click.Choice(("fixed", "legal-multiple", "ecb-plus")),
    help="What --penalty-rate is: a percentage (by default), a multiple of the legal rate, or points above the ECB's.",
)
@click.option(
    "--correct",
    type=click.Choice(REASONS),
    help="Replace the invoice of that number and day: its amount or due day was wrong.",
)
@guarded
@with_session
def issue(
    session: Session, number: str, debtor: str, creditor: str | None, due: dt.date | None, total: int | None, parts: tuple[str, ...],
    vat: int | None, performed: dt.date | None, terms: str | None, method: Any, nature: Any, clauses: tuple[str, ...],
    penalty_rate: str | None, penalty_basis: Any, correct: str | None, **how: Any,
) -> None:  # fmt: skip
    """Record an invoice, issued on the business day (--on).

    The same invoice again adds nothing. Another amount or due day needs --correct; a wrong number or issue day is another invoice.

    \b
    Example:
      relance issue F-2026-014 --debtor C042 --on 2026-01-05 --due 2026-02-04 --total "1 200,00" --vat 200
      relance issue F-2026-015 --debtor C042 --on 2026-01-05 --instalment "600=2026-02-04" --instalment "600=2026-03-06"
    """  # noqa: D301
    from adapters import invoicing  # noqa: PLC0415
    from cli.output import report  # noqa: PLC0415
    from domain.errors import Misuse  # noqa: PLC0415

    office = session.office
    order = session.order(**how)
    of = office.registry.creditor(creditor) if creditor else None
    id = office.registry.debtor(debtor, of)
    party = office.registry.party(f"debtor:{id}")
    owner = next(
        fact.creditor
        for fact in [office.app.stream_or_fail(f"debtor:{id}").envelopes[0].fact]
        if hasattr(fact, "creditor")
    )
    method = method and method.replace("-", "_")
    instalments = [_part(part) for part in parts]
    remarks: list[str] = []
    code: str | None = None
    if terms and (due or parts):
        raise Misuse("--terms stands in place of --due and of --instalment")
    if method and not terms:
        raise Misuse("--method says how --terms are counted: give both")
    if penalty_basis and not penalty_rate:
        raise Misuse("--penalty-basis says what --penalty-rate is: give both")
    if not instalments:
        if total is None or not (due or terms or performed):
            raise Misuse(
                "an invoice has --total and --due (or --terms, or --performed for the term of the law),"
                " or one --instalment EUR=DATE for each part"
            )
        if due is None:
            due, code, remarks = _due(session, order.on, terms, method, performed, party.kind)
        instalments = [(total, due)]
    draft = invoicing.Draft(
        number=number, creditor=owner, debtor=id, issued_on=order.on, instalments=instalments, debtor_kind=party.kind,
        creditor_kind=office.registry.party(f"creditor:{owner}").kind, performed_on=performed, vat_cents=vat, penalty_rate=rate_text(penalty_rate) if penalty_rate else None,
        penalty_basis=penalty_basis and penalty_basis.replace("-", "_"), terms=code, method=method, nature=nature, clauses=clauses,
    )  # fmt: skip
    if vat is not None and vat > sum(cents for cents, _ in instalments):
        raise Misuse("the VAT is above the total it lies within")
    remarks += [f"The due day {day} comes before the issue day." for _, day in instalments if day and day < order.on]
    report(
        session,
        "issue",
        [invoicing.issue(office, draft, order, correct=correct)],
        dry_run=order.dry_run,
        remarks=remarks,
    )


def _due(
    session: Session, on: dt.date, words: str | None, method: Any, performed: dt.date | None, kind: str
) -> tuple[dt.date, str | None, list[str]]:
    """The due day that the terms give, their code, and the computation."""
    from domain.payment_terms import due as due_of  # noqa: PLC0415
    from domain.payment_terms import parse_terms  # noqa: PLC0415

    terms = parse_terms(words) if words else None
    debtor: Any = kind if kind in {"consumer", "public"} else "b2b"
    found = due_of(session.law, on, terms, method, performed, debtor)
    return (
        found.due_on,
        None if terms is None or terms.on else terms.code,
        [f"Due: {step}" for step in (*found.steps, *found.warnings)],
    )


def rate_text(word: str) -> str:
    """A rate in its one spelling: 10.00 and 10 are one."""
    try:
        rate = Decimal(word.strip().removesuffix("%").strip().replace(",", "."))
    except InvalidOperation:
        raise click.BadParameter(f"{word!r} is not a rate: write 10 or 12.5, in percent a year") from None
    if not rate.is_finite() or not 0 <= rate < 1000:  # noqa: PLR2004 - beyond any clause
        raise click.BadParameter(f"{word!r} is not a rate in percent a year")
    return f"{rate.normalize():f}"


def _part(word: str) -> tuple[int, dt.date | None]:
    amount, _, when = word.partition("=")
    return Euros().convert(amount, None, None), Day().convert(when, None, None)


@click.command()
@click.argument("invoice")
@click.argument("version", type=int)
@click.option("--reason", type=click.Choice(REASONS), required=True, help="Why the entry is withdrawn.")
@click.option("--dry-run", is_flag=True, help="Print what would be recorded, record nothing.")
@common
@with_session
def withdraw(session: Session, invoice: str, version: int, reason: str, dry_run: bool) -> None:
    """Withdraw an entry made in error, by its version (see `history`): from now on it never was; before, it still was.

    What belongs to the same real act (a transfer, a letter, a petition) is withdrawn with it, on every invoice it touched.

    \b
    Example:
      relance withdraw F-2026-014 3 --reason wrong_invoice
    """  # noqa: D301
    from adapters.acts import withdraw as withdrawing  # noqa: PLC0415
    from cli.output import report  # noqa: PLC0415

    office = session.office
    order = session.order(dry_run=dry_run)
    done = withdrawing(office, office.registry.invoice(invoice), order, version=version, reason=reason)
    report(session, "withdraw", done, dry_run=dry_run)
