"""Facts of the debtor's failure as they touch one invoice: stayed, declared, admitted, grace."""

from typing import Literal

from domain.facts.fact import Cents, CentsOrNone, Day, Digest, Fact, Id

InsolvencyKind = Literal["sauvegarde", "redressement", "liquidation"]


class StayedByInsolvency(Fact):
    """Individual action for this earlier claim is stopped; `on` is the day of the opening judgment.

    Law: C. com., art. L622-21.
    """

    cents: CentsOrNone
    kind: InsolvencyKind
    on: Day
    party: Id
    published_on: Day | None = None


class ClaimDeclared(Fact, role="act", draft=True):
    """The claim was declared to the mandataire.

    Law: C. com., art. L622-24.
    """

    cents: Cents
    document: Digest | None = None
    on: Day


class ClaimContested(Fact, draft=True):
    """The mandataire contested the declared claim.

    Law: C. com., art. L622-27.
    """

    on: Day


class ClaimAdmitted(Fact, draft=True):
    """The claim was admitted."""

    cents: Cents
    on: Day


class ClaimRejected(Fact, draft=True):
    """The claim was rejected."""

    on: Day


class ForeclosureReliefSought(Fact, draft=True):
    """Relief from the missed declaration was asked for.

    Law: C. com., art. L622-26.
    """

    on: Day


class ForeclosureReliefGranted(Fact, draft=True):
    """Relief from the missed declaration was granted."""

    on: Day


class PlanAdopted(Fact, draft=True):
    """The court adopted a plan."""

    on: Day


class DividendReceived(Fact, draft=True):
    """A dividend of the plan or of the liquidation came."""

    cents: Cents
    on: Day
    receipt: Id


class StayLifted(Fact, draft=True):
    """The stay of individual action ended."""

    on: Day


class GraceGranted(Fact, draft=True):
    """A judge deferred or spread the debt, or over-indebtedness bars enforcement.

    Law: C. civ., art. 1343-5; C. conso., art. L722-2.
    """

    on: Day
    until: Day | None = None


class GraceEnded(Fact, draft=True):
    """The deferral ended."""

    on: Day
