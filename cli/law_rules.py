"""`law rules`: what judges each step."""

from typing import Any

import click

from cli.session import Session, common, with_session

#: Steps that have rules, and no command yet.
PLANNED = {
    "SmallClaimStarted": "small-claim", "CommandmentServed": "commandment", "SuedOnTheMerits": "sue", "InterimPaymentSought": "sue",
    "InvoiceHandedOver": "hand-over", "ConservatoryMeasureTaken": "seize", "EnforcementActDone": "enforce", "ClaimDeclared": "declare",
}  # fmt: skip


@click.command()
@click.argument("step", required=False)
@common
@with_session
def rules(session: Session, step: str | None) -> None:
    """List the rules of each step, or of one: what kind of no each can say, and its text. STEP is a command, such as escalate.

    A fact or a legal rule refuses an act and cannot be forced; a policy rule can. On what happens to you they are findings.

    \b
    Example:
      relance law rules escalate
    """  # noqa: D301
    from cli.output import table  # noqa: PLC0415
    from domain.errors import NotFound  # noqa: PLC0415
    from domain.lifecycle import STILL_RULES, rules_of  # noqa: PLC0415
    from domain.moves import MOVES  # noqa: PLC0415
    from domain.rules.observations import FINDINGS  # noqa: PLC0415
    from domain.words import command  # noqa: PLC0415

    rows: list[dict[str, Any]] = []
    for move in dict.fromkeys([*MOVES, *STILL_RULES, *FINDINGS]):
        for rule in (*rules_of(move), *FINDINGS.get(move, ())):
            row = {
                "id": rule.code, "step": PLANNED.get(move) or command(move), "kind": rule.kind, "text": rule.text, "reference": rule.reference,
                "consequence": rule.consequence,
            }  # fmt: skip
            if row not in rows:
                rows.append(row)
    rows.sort(key=lambda row: row["step"])
    steps = sorted({row["step"] for row in rows})
    if step is not None:
        rows = [row for row in rows if row["step"] == step]
        if not rows:
            raise NotFound(f"no rule judges {step!r}; rules judge {', '.join(steps)}")
    columns = [("step", "left"), ("rule", "left"), ("kind", "left"), ("text", "left"), ("reference", "left")]
    session.emit(
        {"rules": rows},
        lambda: table(columns, [[row[key] for key in ("step", "id", "kind", "text", "reference")] for row in rows]),
        rows=rows,
    )
