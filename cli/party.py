"""`party`: creditors and debtors."""

import datetime as dt
from typing import TYPE_CHECKING, Any, get_args

import click

from cli.session import Session, common, with_session
from domain.facts.parties import ErasureGround

if TYPE_CHECKING:
    from adapters.erasure import Erased

GROUNDS = get_args(ErasureGround)
KINDS = ("trader", "professional", "consumer", "public")


@click.group()
def party() -> None:
    """Register and show creditors, and the customers of each; erase the personal data of one.

    \b
    Example:
      relance party list
    """  # noqa: D301


@party.command()
@click.option("--creditor", metavar="REF", help="Register this creditor; with --debtor, whose customer it is.")
@click.option("--debtor", metavar="CODE", help="Register this customer of a creditor.")
@click.option("--name", required=True, help="Name, as letters and the court will have it.")
@click.option(
    "--kind", type=click.Choice(KINDS), default="trader", show_default=True, help="What the law sees in the party."
)
@click.option("--siren", default="", help="SIREN, checked.")
@click.option("--address", multiple=True, help="A line of the address; give it again for each line.")
@click.option("--email", default="", help="Address for e-mails.")
@click.option(
    "--legal-form", default="", help="Legal form and capital; EI for an individual: SARL au capital de 10 000 €."
)
@click.option("--registry", default="", help="Registration: RCS Angers.")
@common
@with_session
def add(
    session: Session, creditor: str | None, debtor: str | None, name: str, kind: Any, siren: str, address: tuple[str, ...],
    email: str, legal_form: str, registry: str,
) -> None:  # fmt: skip
    """Register a party; the same one again with other details records the change.

    \b
    Example:
      relance party add --creditor ACME --name "Acme SARL"
      relance party add --debtor C042 --name "Durand SAS" --siren 404833048 --address "1 rue du Port" --address "49000 Angers"
    """  # noqa: D301
    from adapters.registry import Party  # noqa: PLC0415
    from domain.errors import Misuse  # noqa: PLC0415

    if not creditor and not debtor:
        raise Misuse("name a party: --creditor REF, or --debtor CODE")
    office = session.office.signed_in()
    of = office.registry.creditor(creditor) if debtor else None
    given = Party(debtor or creditor or "", name, kind, siren, address, email, legal_form, registry)
    before = office.app.store.position()
    id = office.registry.register(given, on=session.on, creditor=of)
    news = office.app.store.position() > before
    role = "debtor" if debtor else "creditor"
    value = {"id": id, "role": role, "code": given.code, "name": name, "recorded": news}
    session.emit(
        value,
        lambda: click.echo(
            f"{role.capitalize()} {given.code} ({name}) {'is registered' if news else 'was registered already'}."
        ),
    )


@party.command("list")
@click.option("--creditor", metavar="REF", help="Only the customers of this creditor.")
@common
@with_session
def list_(session: Session, creditor: str | None) -> None:
    """List creditors and their customers.

    \b
    Example:
      relance party list
    """  # noqa: D301
    from cli.output import table  # noqa: PLC0415

    registry = session.office.registry
    rows: list[dict[str, Any]] = []
    for id in [registry.creditor(creditor)] if creditor else registry.creditors():
        code, name = registry.card(id)
        rows.append({"role": "creditor", "creditor": code, "code": code, "name": name})
        cards = sorted(registry.card(debtor) for debtor in registry.debtors(id))
        rows += [{"role": "debtor", "creditor": code, "code": each[0], "name": each[1]} for each in cards]
    columns = [("role", "left"), ("creditor", "left"), ("code", "left"), ("name", "left")]
    session.emit({"parties": rows}, lambda: table(columns, [list(row.values()) for row in rows]), rows=rows)


@party.command()
@click.argument("code")
@click.option("--creditor", metavar="REF", help="Whose customer, when several creditors have one of that code.")
@common
@with_session
def show(session: Session, code: str, creditor: str | None) -> None:
    """Show what is known of a party.

    \b
    Example:
      relance party show C042
    """  # noqa: D301
    from domain.errors import NotFound  # noqa: PLC0415
    from projections.wording.erased import in_english  # noqa: PLC0415

    registry = session.office.registry
    try:
        stream = f"debtor:{registry.debtor(code, registry.creditor(creditor) if creditor else None)}"
    except NotFound:
        try:
            stream = f"creditor:{registry.creditor(code)}"
        except NotFound:
            raise NotFound(
                f"neither a debtor nor a creditor {code!r} is registered: relance party list shows those that are"
            ) from None
    record = {
        key: in_english(cell) if isinstance(cell, str) else cell
        for key, cell in registry.party(stream).record().items()
    }
    value = {"id": stream.partition(":")[2], "role": stream.partition(":")[0], **record}

    def display() -> None:
        for key, cell in value.items():
            if cell:
                click.echo(f"{key.replace('_', ' '):>12}  {', '.join(cell) if isinstance(cell, list) else cell}")

    session.emit(value, display)


@party.command()
@click.argument("code", metavar="DEBTOR")
@click.option("--creditor", metavar="REF", help="Whose customer, when several creditors have one of that code.")
@click.option(
    "--reason", "ground", type=click.Choice(GROUNDS), required=True, help="Why, as a code that the log keeps."
)
@click.option("--force", is_flag=True, help="Go past what is usage only (never past the law).")
@click.option(
    "--year-end", metavar="MM-DD", help="Close of the creditor's financial year; without it, as late as it can be."
)
@click.option("--dry-run", is_flag=True, help="Say what would go and what refuses; destroy nothing.")
@common
@with_session
def erase(
    session: Session, code: str, creditor: str | None, ground: Any, force: bool, year_end: str | None, dry_run: bool
) -> None:
    """Destroy the personal data of a debtor for good: names, addresses, numbers, documents. The log stands, without them.

    It is refused while a claim can still be exercised, and while an accounting voucher must be kept. Nothing brings the data back;
    what was exported before, and the backups, are not touched: delete them too.

    \b
    Example:
      relance party erase C042 --reason request --dry-run
    """  # noqa: D301
    from adapters import erasure  # noqa: PLC0415
    from adapters.acts import Order  # noqa: PLC0415

    office = session.office
    debtor = office.registry.debtor(code, office.registry.creditor(creditor) if creditor else None)
    order = Order(session.on, ground if force else None, dry_run=dry_run)
    found = erasure.erase(office, debtor, ground, order, year_end=_month_and_day(year_end))
    session.emit(_value(found, dry_run=dry_run), lambda: _tell(found, dry_run=dry_run))
    if found.left_open:
        session.remark(
            "Another program has the store open: the key is destroyed, and what it opened is unreadable; the next command clears it away."
        )


def _month_and_day(word: str | None) -> tuple[int, int] | None:
    """Month and day of a close, as `12-31`.

    Raises:
        click.BadParameter: it is none.
    """
    if word is None:
        return None
    try:
        found = dt.datetime.strptime(f"2000-{word}", "%Y-%m-%d").date()  # noqa: DTZ007 - a day of a leap year
    except ValueError:
        raise click.BadParameter(f"{word!r} is not a month and a day: write MM-DD, such as 12-31") from None
    return found.month, found.day


def _value(found: "Erased", *, dry_run: bool) -> dict[str, Any]:
    return {
        "id": found.debtor, "code": found.label, "erased": found.recorded, "done_already": found.done_already, "dry_run": dry_run,
        "invoices": [{"number": number, "stream": stream} for number, stream in found.invoices], "records": dict(found.held or {}),
        "refusals": [
            {"code": no.code, "kind": no.kind, "reason": no.reason, "reference": no.reference, "allowed_from_on": no.allowed_from_on}
            for no in found.refusals
        ],
    }  # fmt: skip


def _tell(found: "Erased", *, dry_run: bool) -> None:
    if found.done_already:
        click.echo(f"{found.debtor} was erased already.")
        return
    records = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in (found.held or {}).items())
    if dry_run:
        click.echo(f"{found.label}: would be destroyed with its key: {records or 'no record'}.")
        for number, stream in found.invoices:
            click.echo(f"  {number} would answer to {stream.partition(':')[2][:8]} only")
        for refusal in found.refusals:
            click.echo(f"Against it: {refusal}.")
        click.echo("Dry run: nothing was destroyed.")
        return
    click.echo(f"Erased debtor {found.debtor}: its key is destroyed, and with it {records or 'no record'}.")
    for _, stream in found.invoices:
        click.echo(f"  an invoice answers to {stream.partition(':')[2][:8]}")
