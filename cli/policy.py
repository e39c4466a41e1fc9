"""`policy`: the creditor's plan."""

import hashlib
from pathlib import Path

import click

from cli.session import Session, common, with_session


@click.group()
def policy() -> None:
    """Show and adopt recovery policies. None of what they ask is required by law.

    \b
    Example:
      relance policy show standard
    """  # noqa: D301


@policy.command("list")
@common
@with_session
def list_(session: Session) -> None:
    """List the policies that ship with relance.

    \b
    Example:
      relance policy list
    """  # noqa: D301
    from importlib import resources  # noqa: PLC0415

    names = sorted(
        file.name.removesuffix(".toml")
        for file in resources.files("domain.policies").iterdir()
        if file.name.endswith(".toml")
    )
    session.emit({"policies": names}, lambda: click.echo("\n".join(names)), rows=[{"policy": name} for name in names])


@policy.command()
@click.argument("name", default="standard")
@common
@with_session
def show(session: Session, name: str) -> None:
    """Print a shipped policy.

    \b
    Example:
      relance policy show standard
    """  # noqa: D301
    from domain.policy import parse_policy, shipped_policy  # noqa: PLC0415

    text = shipped_policy(name)
    session.emit(
        parse_policy(text).model_dump(mode="json", exclude_none=True), lambda: click.echo(text.decode(), nl=False)
    )


@policy.command()
@click.argument("name")
@click.option("--creditor", metavar="REF", help="Which creditor adopts it.")
@common
@with_session
def adopt(session: Session, name: str, creditor: str | None) -> None:
    """Adopt a shipped policy, or one of your own in a TOML file.

    \b
    Example:
      relance policy adopt standard
      relance policy adopt ./mine.toml
    """  # noqa: D301
    from adapters.application import Change, Context, new_id, plain  # noqa: PLC0415
    from domain.facts.parties import PolicyAdopted  # noqa: PLC0415
    from domain.policy import parse_policy, shipped_policy  # noqa: PLC0415

    text = Path(name).read_bytes() if name.endswith(".toml") else shipped_policy(name)
    parsed = parse_policy(text, file=name)
    office = session.office.signed_in()
    id = office.registry.creditor(creditor)
    digest = hashlib.sha256(text).hexdigest()
    if office.followed(id) != digest:
        change = Change(
            office.app.stream_or_fail(f"creditor:{id}"),
            plain([PolicyAdopted(name=parsed.name, on=session.on, policy=digest)]),
        )
        office.app.append([change], Context(command=new_id(), rulebooks=[(digest, "policy", text)]))
    value = {"policy": parsed.name, "digest": digest}
    session.emit(value, lambda: click.echo(f"{office.registry.card(id)[1]} follows the policy {parsed.name}."))
