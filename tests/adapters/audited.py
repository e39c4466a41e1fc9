"""A store with something of everything that an auditor looks at, and ways to tamper with a copy of it."""

import hashlib
import shutil
import sqlite3
from pathlib import Path

from adapters import acts, invoicing, payments, procedure
from adapters.application import Change, Context, new_id, plain
from adapters.bootstrap import Office
from adapters.clock import FixedClock
from adapters.payments import Payment
from adapters.store.folder import KEYS, LOG, open_folder
from adapters.verify import verify_and_note
from adapters.views.file import NAME as VIEWS
from domain.facts.fact import Fact
from domain.facts.invoicing import PromiseKept
from domain.facts.parties import PolicyAdopted
from domain.facts.procedure import Head, OrdonnanceGranted, OrdonnanceServed
from domain.policy import shipped_policy
from tests.adapters.office import Firm
from tests.builders import day, instant, promised

END = "2026-06-01"
NOW = "2026-06-01T12:00:00+00:00"


def audited(folder: Path) -> None:
    """Three customers, seven invoices: paid, paid in part, promised, disputed, written off in part, petitioned for together."""
    firm = Firm(folder)
    office = firm.office
    adopt(firm, b"")
    adopt(firm, b"\n[readings]\n")
    first, second = firm.invoice("F-001"), firm.invoice("F-002", "600,00", due="2026-02-10")
    third, fourth = (firm.invoice(f"F-00{n}", "500,00", due="2026-02-20", debtor="C043") for n in (3, 4))
    fifth = firm.invoice("F-005", "900,00", due="2026-02-15", debtor="C044")
    firm.invoice("F-006", "300,00", due="2026-07-15", debtor="C044")
    corrected = firm.invoice("F-007", "80,00", due="2026-01-20", debtor="C044")
    firm.sleep_until("2026-01-08")
    parts = [(9_000, day("2026-01-20"))]
    draft = invoicing.Draft("F-007", firm.creditor, firm.debtor("C044"), day("2026-01-05"), parts, "trader")
    assert invoicing.issue(office, draft, firm.order(), correct="error").stream == corrected
    firm.sleep_until("2026-02-06")
    acts.remind(office, [first], firm.order(), channel="email")
    firm.sleep_until("2026-02-16")
    payments.pay(office, first, firm.order(), Payment(20_000))
    observe(firm, fifth, promised("2026-02-16", "2026-02-28"))
    firm.sleep_until("2026-03-02")
    acts.dispute(office, fourth, firm.order(), cents=10_000, reason="quality")
    payments.pay_debtor(office, firm.debtor("C043"), firm.order(), Payment(70_000), [third])
    payments.pay(office, fifth, firm.order("2026-02-27"), Payment(30_000))
    observe(firm, fifth, PromiseKept(due_on=day("2026-02-28"), on=firm.today))
    firm.sleep_until("2026-03-10")
    acts.notify(office, [first, second], forced(firm), form="lrar")
    acts.remind(office, [fifth], forced(firm), channel="email")
    letter = max(each.version for each in office.app.stream(fifth).envelopes if each.fact.move == "remind")
    acts.withdraw(office, fifth, firm.order(), version=letter, reason="error")
    payments.credit(office, fifth, firm.order(), cents=5_000, number="A-001", reason="price")
    acts.write_off(office, [fifth], forced(firm), cents=1_000, reason="small_balance")
    firm.sleep_until("2026-04-10")
    procedure.escalate(office, [first, second], forced(firm), court="tc-angers", principal_only=True)
    firm.sleep_until("2026-04-20")

    def granted(id: str, heads: tuple[Head, ...]) -> OrdonnanceGranted:
        return OrdonnanceGranted(heads=heads, on=firm.today, proceeding=id)

    procedure.order_step(office, first, firm.order(), granted, "order granted")
    procedure.order_step(
        office, first, firm.order(), lambda of, _: OrdonnanceServed(mode="home", on=firm.today, proceeding=of), "order served"
    )  # fmt: skip
    firm.sleep_until("2026-05-04")
    payments.reverse(office, first, firm.order(), cents=None, reason="sepa_return")
    firm.sleep_until(END)
    office.views.catch_up()
    verify_and_note(office.app)
    office.close()


def forced(firm: Firm) -> acts.Order:
    return acts.Order(firm.today, override="creditor_asked")


def observe(firm: Firm, stream: str, *facts: Fact) -> None:
    acts.perform(firm.office, [stream], firm.order(), "record", acts.seeing(lambda _: facts, "record"))


def adopt(firm: Firm, more: bytes) -> None:
    """The creditor adopts the standard policy, or that with more."""
    text = shipped_policy("standard") + more
    digest = hashlib.sha256(text).hexdigest()
    change = Change(
        firm.office.app.stream(f"creditor:{firm.creditor}"),
        plain([PolicyAdopted(name="standard", on=firm.today, policy=digest)]),
    )
    firm.office.app.append([change], Context(command=new_id(), rulebooks=[(digest, "policy", text)]))


class Specimen:
    """A copy of the store, in the hands of somebody who tampers with it."""

    def __init__(self, template: Path, folder: Path) -> None:
        shutil.copytree(template, folder)
        self.folder = folder
        self.office = self.opened()

    def opened(self, now: str = NOW) -> Office:
        return Office(open_folder(self.folder), FixedClock(instant(now)), "auditor")

    def sql(self, *statements: str, file: str = LOG) -> None:
        """Triggers dropped, rows changed."""
        db = sqlite3.connect(self.folder / file, isolation_level=None)
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            assert db.execute(statement).rowcount != 0, statement
        db.close()

    def views(self, *statements: str) -> None:
        self.sql(*statements, file=VIEWS)

    def keys(self, *statements: str) -> None:
        self.sql(*statements, file=KEYS)

    def erase(self, owner: str) -> None:
        """Destroy the key of a party, its records and its names, as an erasure does."""
        for file, statement in (
            (KEYS, "UPDATE keys SET wrapped = x'' WHERE owner = ?"),
            (LOG, "DELETE FROM vault WHERE owner = ?"),
            (LOG, "DELETE FROM names WHERE stream = 'debtor:' || ?"),
        ):
            db = sqlite3.connect(self.folder / file, isolation_level=None)
            assert db.execute(statement, (owner,)).rowcount
            db.close()

    def stream(self, number: str) -> str:
        return self.office.registry.invoice(number)

    def forge(self, *changes: tuple[str, Fact], act: str | None = None) -> None:
        """Append facts that no command would."""
        done = [Change(self.office.app.stream(stream), plain([fact])) for stream, fact in changes]
        self.office.signed_in().app.append(done, Context(command=new_id(), act=act))

    @property
    def proceeding(self) -> str:
        (found,) = {
            stream for _, stream in self.rows("SELECT 1, stream FROM log WHERE stream LIKE 'proceeding:%'")
        }  # fmt: skip
        return found

    def rows(self, question: str) -> list[tuple[int, str]]:
        db = sqlite3.connect(self.folder / LOG)
        found = db.execute(question).fetchall()
        db.close()
        return found
