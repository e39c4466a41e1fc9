"""A firm whose customers bear names that no page should trust, and whose accounts saw everything an account can see."""

import datetime as dt
import random
from pathlib import Path
from typing import Final

from adapters import acts, invoicing, payments
from adapters.acts import Order
from adapters.registry import Party
from domain.errors import Misuse, Refused
from domain.facts.invoicing import PartyKind
from tests.adapters.office import Firm

LONG: Final = "W" * 200
NAMES: Final = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert('x')> & Fils",
    "\u202egnirts live\u202c Société\u2066",
    "شركة التجارة الدولية",
    "Café 😀 «Élan» – l’Été",
    LONG,
    "{{ 7*7 }}{% raw %}</title><style>*{display:none}</style>",
    "e\u0301coute\u0007",
)
NUMBERS: Final = (
    "F/<b>&\"'",
    "../../../etc",
    "N" * 120,
    "F\u202e001",
    "الفاتورة-12",
    "F 1 2 3",
    "relanceIndex(`${1}`)",
    "-->",
)
REASON: Final = "demande_expresse"


class Strange(Firm):
    """The firm, with `invoices` drawn at random."""

    def __init__(self, folder: Path, *, each: int = 3, seed: int = 4) -> None:
        super().__init__(folder, "2025-01-06")
        self.draw = random.Random(seed)
        self.debtors = [
            self.office.registry.register(
                Party(f"C{n}" if n else "<i>C</i>", name, "trader", address=("1 rue de l’Œuvre", "75001 Paris")),
                on=self.today, creditor=self.creditor,
            )
            for n, name in enumerate(NAMES)
        ]  # fmt: skip
        self.streams: list[str] = []
        for turn in range(each):
            for n, debtor in enumerate(self.debtors):
                self._invoice(debtor, NUMBERS[n] if turn == 0 else f"F-{n}-{turn}", turn)
            if turn == 0:
                self._force()

    def _invoice(self, debtor: str, number: str, turn: int) -> None:
        on, draw = self.today, self.draw
        dues = [on + dt.timedelta(days=days) for days in ((30, 60) if turn % 3 == 1 else (draw.choice((30, 45)),))]
        draft = invoicing.Draft(
            number=number, creditor=self.creditor, debtor=debtor, issued_on=on, debtor_kind="trader", performed_on=None,
            instalments=[(draw.randrange(20_000, 900_000), due) for due in dues],
        )  # fmt: skip
        stream = invoicing.issue(self.office, draft, self.order()).stream
        self.streams.append(stream)
        for _ in range(2):
            self.pass_days(draw.randrange(1, 8))
            self._happen(stream, debtor, number)

    def _force(self) -> None:
        """Remind of an invoice twice on a day, past the policy."""
        on = str(self.today - dt.timedelta(days=40))
        forced = self.invoice("F-0", "750", on=on, due=str(self.today - dt.timedelta(days=5)), debtor="C3")
        self.streams.append(forced)
        for _ in range(2):
            acts.remind(self.office, [forced], Order(self.today, REASON), channel="email")

    def debtor(self, code: str = "C3", kind: PartyKind = "trader") -> str:
        del kind
        return self.office.registry.debtor(code)

    def pass_days(self, days: int) -> None:
        self.sleep_until(str(self.today + dt.timedelta(days=days)))

    def _happen(self, stream: str, debtor: str, number: str) -> None:
        office, order, draw = self.office, self.order(), self.draw
        try:
            match draw.randrange(9):
                case 0:
                    payments.pay(office, stream, order, payments.Payment(None, means="transfer"))
                case 1:
                    payments.pay(office, stream, order, payments.Payment(5_000, means="cheque"))
                case 2:
                    payments.pay(office, stream, order, payments.Payment(2_000_000))
                case 3:
                    payments.credit(office, stream, order, cents=1_500, number=f"A <u>{number[:9]}", reason="price")
                case 4:
                    acts.dispute(office, stream, order, cents=3_000, reason="quality")
                case 5:
                    payments.pay_debtor(office, debtor, order, payments.Payment(250_000))
                case 6:
                    acts.write_off(office, [stream], order, cents=2_000, reason="small_balance")
                case 7:
                    payments.pay(office, stream, order, payments.Payment(7_000))
                    payments.reverse(office, stream, order, cents=4_000, reason="returned_cheque")
                case _:
                    acts.remind(office, [stream], Order(self.today, REASON), channel="email")
        except (Refused, Misuse):
            pass  # what does not fit does not happen
