"""`party`: creditors and debtors."""

from typing import Any

import click

from cli.session import Session, common, with_session

KINDS = ("trader", "professional", "consumer", "public")


@click.group()
def party() -> None:
    """Register and show creditors, and the customers of each.

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
@click.option("--legal-form", default="", help="Legal form and capital: SARL au capital de 10 000 €.")
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
    value = {"id": stream.partition(":")[2], "role": stream.partition(":")[0], **registry.party(stream).record()}

    def display() -> None:
        for key, cell in value.items():
            if cell:
                click.echo(f"{key.replace('_', ' '):>12}  {', '.join(cell) if isinstance(cell, list) else cell}")

    session.emit(value, display)
