"""The root command: global options, commands imported when they are asked for, errors made exit codes in one place."""

import importlib
import os
import sys
from pathlib import Path
from typing import Any

import click

from cli.session import Session

#: Command -> where it lives. A module is imported only when its command runs or is listed.
COMMANDS = {
    "init": ("cli.setup:init", "Make a store in a new folder."),
    "party": ("cli.party:party", "Register and show creditors and debtors."),
    "policy": ("cli.policy:policy", "Show and adopt recovery policies."),
    "import": ("cli.importing:import_", "Bring in invoices and payments from a CSV file."),
    "issue": ("cli.issue:issue", "Record an invoice, or correct one."),
    "remind": ("cli.ladder:remind", "Record a reminder."),
    "call": ("cli.ladder:call", "Record a telephone call."),
    "notify": ("cli.ladder:notify", "Record a formal notice (mise en demeure)."),
    "service": ("cli.ladder:service", "Record how a letter fared on its way."),
    "promise": ("cli.debtor:promise", "Record a promise to pay."),
    "acknowledge": ("cli.debtor:acknowledge", "Record that the debtor acknowledged the debt."),
    "dispute": ("cli.debtor:dispute", "Record that the debtor disputes."),
    "settle": ("cli.debtor:settle", "Record how a dispute ended."),
    "insolvency": ("cli.debtor:insolvency", "Record insolvency proceedings and stay what they stay."),
    "pay": ("cli.money:pay", "Record a payment of an invoice, or a transfer over several."),
    "reverse": ("cli.money:reverse", "Record that a payment came back."),
    "credit": ("cli.money:credit", "Record a credit note."),
    "write-off": ("cli.money:write_off", "Record that the books give a claim up."),
    "attach": ("cli.attach:attach", "Attach documents to an invoice; list them, or give one back."),
    "withdraw": ("cli.issue:withdraw", "Withdraw an entry made in error."),
    "escalate": ("cli.order:escalate", "Record a petition for an injonction de payer."),
    "order": ("cli.order:order", "Record what became of the order: granted, served, opposed, lapsed, enforceable…"),
    "run": ("cli.run:run", "Play the daily pass of the policy."),
    "todo": ("cli.todo:todo", "Say what is to be done on a day, most urgent first, and why."),
    "deadlines": ("cli.deadlines:deadlines", "Print the deadlines of every invoice that is unpaid."),
    "can": ("cli.look:can", "Say which steps are allowed, and why not the others."),
    "show": ("cli.look:show", "Show an invoice as it stands."),
    "history": ("cli.look:history", "Show every entry of an invoice."),
    "replay": ("cli.look:replay", "Show an invoice on a day, as it was known on another."),
    "chart": ("cli.look:chart", "Print the lifecycle, from the class itself."),
    "claim": ("cli.claim:claim", "State what is owed in law on a day, line by line."),
    "ageing": ("cli.ageing:ageing", "Print the aged balance."),
    "dso": ("cli.dso:dso", "Print the days sales outstanding, by a named method."),
    "d4416": ("cli.d4416:d4416", "Print the statutory table of late customer invoices (C. com., art. D441-6)."),
    "payers": ("cli.payers:payers", "Print how each debtor pays, the worst first."),
    "statement": ("cli.statement:statement", "State the account of a customer; as a French letter with --output."),
    "report": ("cli.report:report", "Write what stood on a day as a folder of HTML pages, in French."),
    "dossier": ("cli.dossier:dossier", "Export the evidence of one or more invoices."),
    "verify": ("cli.verify:verify", "Verify an exported file, or the whole log."),
    "check-invoice": (
        "cli.check_invoice:check_invoice",
        "Hold what is recorded of an invoice against its mandatory mentions.",
    ),
    "check": ("cli.check:check", "Hold the store against itself: named checks."),
    "sample": ("cli.sample:sample", "Draw an audit sample of open invoices that anyone can draw again."),
    "receipts": ("cli.receipts:receipts", "List what was received after a closing date."),
    "numbering": ("cli.numbering:numbering", "Find gaps, repeats and broken order in invoice numbers."),
    "log": ("cli.log:log", "Seal the log: checkpoints, their verification, keys, timestamps, static files."),
    "views": ("cli.views:views", "Say where the views stand, or build them anew."),
    "law": ("cli.law:law", "Ask what the law is on a day."),
    "demo": ("cli.demo:demo", "Play a year of recovery in a new folder."),
}
GROUPS = {
    "Set up": ("init", "party", "policy", "import", "views"),
    "Act": (
        "issue", "remind", "call", "notify", "service", "promise", "acknowledge", "dispute", "settle", "pay", "reverse", "credit",
        "write-off", "attach", "withdraw", "insolvency", "escalate", "order", "run",
    ),
    "Look": ("todo", "deadlines", "can", "show", "history", "replay", "claim", "ageing", "dso", "d4416", "payers", "statement", "report", "chart"),
    "Prove": ("dossier", "verify", "check", "sample", "receipts", "numbering", "log"),
    "Know": ("law", "check-invoice"),
    "Try": ("demo",),
}  # fmt: skip
CONTEXT = {"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "RELANCE", "max_content_width": 100}


class Root(click.Group):
    """A group that imports a command when it is needed, and lists them by what they are for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of the groups."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        found: click.Command = getattr(importlib.import_module(module), name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        for title, names in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(name, COMMANDS[name][1]) for name in names])


@click.group(cls=Root, context_settings=CONTEXT, invoke_without_command=False)
@click.option(
    "--store", type=click.Path(path_type=Path), default=Path("relance"), show_default=True, help="Folder of the store."
)
@click.option("--as", "actor", metavar="ACTOR", default="", help="Who records; the machine's user by default.")
@click.option(
    "--on", "on", metavar="DATE", default=None, help="Business day, YYYY-MM-DD; today by default, never later."
)
@click.option("--now", metavar="INSTANT", default=None, help="Recording clock of a sandbox store, ISO with zone.")
@click.option(
    "--master-key",
    type=click.Path(path_type=Path),
    envvar="RELANCE_MASTER_KEY_FILE",
    allow_from_autoenv=False,  # RELANCE_MASTER_KEY is the key itself, never a path
    default=None,
    help="File of the master key, when it is not in the store.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON with stable keys.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@click.option("--debug", is_flag=True, help="Print tracebacks.")
@click.version_option(package_name="relance", message="relance %(version)s")
@click.pass_context
def cli(
    ctx: click.Context, store: Path, actor: str, on: str | None, now: str | None, master_key: Path | None,
    as_json: bool, as_csv: bool, debug: bool,
) -> None:  # fmt: skip
    """Recover unpaid French invoices, step by lawful step, and prove what was done.

    Every option may come from the environment: RELANCE_STORE, RELANCE_ON, and so on.

    \b
    Example:
      relance init
      relance party add --creditor ACME --name "Acme SARL"
      relance party add --debtor C042 --name "Durand SAS"
      relance issue F-2026-014 --debtor C042 --on 2026-01-05 --due 2026-02-04 --total "1 200,00"
      relance can F-2026-014

    \b
    Exit codes: 0 done; 1 refused by a rule, or a check found something; 2 misuse; 3 not found;
    4 conflict; 5 evidence broken; 6 unreadable input; 130 interrupted.
    """  # noqa: D301 - \b is click's mark
    ctx.obj = Session(store, actor, on, now, master_key, as_json, as_csv, debug)
    ctx.call_on_close(ctx.obj.close)


def main(args: list[str] | None = None) -> None:
    """Run a command and leave with its exit code."""
    sys.exit(run(args))


def run(args: list[str] | None = None) -> int:
    """Run a command; what it raises becomes one message on stderr and one exit code."""
    words = sys.argv[1:] if args is None else args
    debug = "--debug" in words or bool(os.environ.get("RELANCE_DEBUG"))
    try:
        result: Any = cli.main(words, prog_name="relance", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Interrupted.", err=True)
        return 130
    except KeyboardInterrupt:
        click.echo("Interrupted.", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if debug:
            raise
        from cli.failures import exit_code, message  # noqa: PLC0415 - only when something went wrong

        click.echo(message(error), err=True)
        return exit_code(error)
    return result if isinstance(result, int) else 0


if __name__ == "__main__":
    main()
