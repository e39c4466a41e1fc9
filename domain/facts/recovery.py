"""Facts of the amicable ladder and of custody: reminded, called, formally notified, served, paused, handed over."""

from typing import Literal

from domain.facts.fact import Clock, Day, Digest, Fact, Id, Level

ReminderChannel = Literal["email", "letter", "registered", "sms", "message", "visit"]
NoticeForm = Literal["lrar", "lre", "commissaire", "letter", "email", "hand", "by_contract", "by_suit"]
CallResult = Literal["reached", "voicemail", "no_answer", "wrong_number", "refused", "promised", "disputed", "callback"]
ContactRole = Literal["accounts", "manager", "owner", "switchboard", "buyer", "other"]
ServiceStage = Literal[
    "prepared",
    "deposited",
    "presented",
    "received",
    "refused",
    "unclaimed",
    "unknown_at_address",
    "moved",
    "bounced",
    "handed_to_server",
]
NextStep = Literal["reminder", "call", "formal_notice", "injonction", "suit"]


class DebtorReminded(Fact, role="act"):
    """A reminder was sent; level 0 is a courtesy before the due day."""

    announced: NextStep | None = None
    announced_on: Day | None = None
    cash_known_until: Day | None = None
    channel: ReminderChannel
    document: Digest | None = None
    level: Level
    on: Day
    party: Id | None = None

    @property
    def move(self) -> str:
        """`courtesy` for level 0, else `remind`."""
        return "remind" if self.level else "courtesy"


class DebtorCalled(Fact, role="act", revision=2):
    """The debtor was called; `at` is the hour in Paris."""

    at: Clock | None = None
    contact: ContactRole | None = None
    on: Day
    recap: Digest | None = None
    result: CallResult


class DebtorFormallyNotified(Fact, role="act"):
    """A formal notice (mise en demeure) was given, in any form: the law has none; `deadline_on` is the last day given to pay.

    `consented_on`: the day a consumer consented to electronic registered letters (C. postes et comm. élec., art. L100).

    Law: C. civ., art. 1344.
    """

    consented_on: Day | None = None
    deadline_on: Day
    document: Digest | None = None
    form: NoticeForm
    on: Day
    party: Id | None = None


class ServiceProgressed(Fact):
    """A letter or an act moved on its way to the debtor; `act` is the id of the act it belongs to."""

    act: Id
    on: Day
    party: Id | None = None
    proof: Digest | None = None
    stage: ServiceStage


class RecoveryPaused(Fact, role="act", draft=True):
    """The creditor holds its own recovery until a day."""

    on: Day
    reason: Literal["commercial", "checking", "negotiation", "management"]
    until: Day | None = None


class RecoveryResumed(Fact, role="act", draft=True):
    """The creditor takes its recovery up again."""

    on: Day


class InvoiceHandedOver(Fact, role="act", draft=True):
    """The claim was handed to a third-party collector.

    Law: CPCE, art. R124-3.
    """

    mandate: Digest | None = None
    on: Day
    to: Literal["agency", "commissaire", "lawyer"]


class InvoiceTakenBack(Fact, role="act", draft=True):
    """The claim came back from the collector."""

    on: Day


class ClaimTransferred(Fact, draft=True):
    """The claim went to another owner."""

    kind: Literal["assignment", "dailly", "factor", "insurer"]
    notified_on: Day | None = None
    on: Day
    party: Id


class ClaimReturned(Fact, draft=True):
    """The claim came back to the creditor."""

    on: Day


class ObligorSubstituted(Fact, draft=True):
    """Another person took the debtor's place: merger, transfer of assets, death."""

    kind: Literal["merger", "asset_transfer", "death"]
    on: Day
    party: Id
