"""The one list of allowed steps: eight regions that move apart, each edge beside its rules.

The chart runs when a command decides. Replay uses the table compiled from it, kept in `domain.moves` so that reading
commands need not import the library; a test holds the two equal.
"""

from collections import deque
from functools import cache
from threading import local
from typing import Any, Final

from statemachine import State, StateChart
from statemachine.exceptions import TransitionNotAllowed
from statemachine.orderedset import OrderedSet
from statemachine.transition_list import TransitionList

from domain.errors import RelanceError
from domain.facts.vocabulary import OF_STREAM
from domain.invoice import NoEdge, Regions
from domain.rules.acts import CALL, COURTESY, NOTIFY, REMIND, WRITE_OFF
from domain.rules.petition import ESCALATE
from domain.rules.routes import COMMANDMENT, DECLARE, ENFORCE, HAND_OVER, SECURE, SMALL_CLAIM, SUE
from domain.rules.rule import Case, Rule


def _stay(*states: State, rules: tuple[Rule, ...] = ()) -> TransitionList:
    """Each of the states to itself."""
    edges = TransitionList()
    for state in states:
        edges |= state.to(state, validators=[rule.validator() for rule in rules])
    return edges


def _go(target: State, *sources: State, rules: tuple[Rule, ...] = ()) -> TransitionList:
    """Each of the sources to the target."""
    edges = TransitionList()
    for source in sources:
        edges |= source.to(target, validators=[rule.validator() for rule in rules])
    return edges


class Progression(StateChart[Any]):
    """The life of one invoice. Events bear the names of the facts' moves."""

    allow_event_without_transition = False
    catch_errors_as_events = False
    atomic_configuration_update = True

    class invoice(State.Parallel):
        """The regions."""

        class ladder(State.Compound):
            """The highest rung reached; never lowered."""

            issued = State(initial=True)
            due = State()
            reminded = State()
            called = State()
            formally_notified = State()

            InvoiceFellDue = _go(due, issued) | _stay(due, reminded, called, formally_notified)
            courtesy = _stay(issued, due, reminded, called, formally_notified, rules=COURTESY)
            remind = _go(reminded, due, rules=REMIND) | _stay(issued, reminded, called, formally_notified, rules=REMIND)
            DebtorCalled = _go(called, due, reminded, rules=CALL) | _stay(issued, called, formally_notified, rules=CALL)
            DebtorFormallyNotified = _go(formally_notified, due, reminded, called, rules=NOTIFY) | _stay(
                issued, formally_notified, rules=NOTIFY
            )

        class procedure(State.Compound):
            """The road to a title."""

            no_procedure = State(initial=True)
            small_claim = State()
            commandment = State()
            petitioned = State()
            ordered = State()
            served = State()
            opposed = State()
            sued = State()
            judged = State()
            enforceable = State()
            ended = State()

            SmallClaimStarted = _go(small_claim, no_procedure, ended, rules=SMALL_CLAIM)
            SmallClaimAgreed = _stay(small_claim)
            SmallClaimFailed = _go(ended, small_claim)
            CommandmentServed = _go(commandment, no_procedure, ended, rules=COMMANDMENT)
            CommandmentContested = _go(ended, commandment)
            NonContestationRecorded = _stay(commandment)
            NonContestationMadeExecutory = _stay(commandment)
            NonContestationServed = _stay(commandment)
            EscalatedToInjonction = _go(petitioned, no_procedure, ended, rules=ESCALATE)
            FeesConsigned = _stay(petitioned, opposed)
            RequestLapsed = _go(ended, petitioned, opposed)
            OrdonnanceGranted = _go(ordered, petitioned)
            OrdonnanceRefused = _go(ended, petitioned)
            OrdonnanceDeclined = _go(ended, ordered)
            OrdonnanceServed = _go(served, ordered) | _stay(served, opposed, enforceable)
            OrdonnanceLapsed = _go(ended, ordered, served)
            OppositionLodged = _go(opposed, ordered, served, enforceable) | _stay(opposed)
            NoOppositionCertified = _stay(served, enforceable)
            TitleEnforceable = _go(enforceable, served, judged, small_claim, commandment) | _stay(enforceable, opposed)
            InterimPaymentSought = _go(sued, no_procedure, ended, rules=SUE) | _stay(sued, rules=SUE)
            SuedOnTheMerits = _go(sued, no_procedure, ended, rules=SUE) | _stay(sued, rules=SUE)
            LawyerAppointed = _stay(opposed, sued, judged)
            ProceedingWithdrawn = _go(ended, petitioned, opposed, sued)
            ProceedingLapsed = _go(ended, petitioned, opposed, sued)
            ProceedingStruck = _stay(opposed, sued)
            JudgmentGiven = _go(judged, opposed, sued, enforceable) | _stay(judged)
            JudgmentServed = _stay(judged, enforceable)
            AppealLodged = _stay(judged, enforceable)

        class settlement(State.Compound):
            """Whether the price is covered."""

            owed = State(initial=True)
            paid = State()
            cancelled = State()

            InvoicePaid = _go(paid, owed)
            PaymentReversed = _go(owed, paid) | _stay(owed, cancelled)
            InvoiceCancelled = _go(cancelled, owed)

        class books(State.Compound):
            """How the accounts carry the claim."""

            live = State(initial=True)
            doubtful = State()
            written_off = State()

            ClassedDoubtful = _go(doubtful, live) | _stay(doubtful)
            write_off_part = _stay(live, doubtful, written_off, rules=WRITE_OFF)
            write_off_whole = _go(written_off, live, doubtful, rules=WRITE_OFF) | _stay(written_off, rules=WRITE_OFF)

        class custody(State.Compound):
            """Who pursues."""

            in_house = State(initial=True)
            paused = State()
            handed_over = State()

            RecoveryPaused = _go(paused, in_house) | _stay(paused)
            RecoveryResumed = _go(in_house, paused)
            InvoiceHandedOver = _go(handed_over, in_house, paused, rules=HAND_OVER)
            InvoiceTakenBack = _go(in_house, handed_over)

        class dispute(State.Compound):
            """What the debtor contests. One open dispute at a time."""

            undisputed = State(initial=True)
            partly_disputed = State()
            disputed = State()

            dispute_part = _go(partly_disputed, undisputed, disputed) | _stay(partly_disputed)
            dispute_whole = _go(disputed, undisputed, partly_disputed) | _stay(disputed)
            DisputeSettled = _go(undisputed, partly_disputed, disputed)

        class arrangement(State.Compound):
            """What the debtor undertook."""

            no_arrangement = State(initial=True)
            promised = State()
            instalments = State()

            PaymentPromised = _go(promised, no_arrangement) | _stay(promised, instalments)
            PromiseKept = _go(no_arrangement, promised) | _stay(no_arrangement, instalments)
            PromiseBroken = _go(no_arrangement, promised) | _stay(no_arrangement, instalments)
            InstalmentPlanAgreed = _go(instalments, no_arrangement, promised) | _stay(instalments)
            InstalmentPlanKept = _go(no_arrangement, instalments)
            InstalmentPlanBroken = _go(no_arrangement, instalments)

        class standing(State.Compound):
            """Whether the law lets the creditor proceed alone."""

            free = State(initial=True)
            enforcement_barred = State()
            stayed = State()

            StayedByInsolvency = _go(stayed, free, enforcement_barred) | _stay(stayed)
            StayLifted = _go(free, stayed)
            GraceGranted = _go(enforcement_barred, free) | _stay(enforcement_barred, stayed)
            GraceEnded = _go(free, enforcement_barred) | _stay(stayed, free)


#: Facts of an invoice that move nothing.
STILL: Final = frozenset(
    {
        "AccessoriesClaimed",
        "AccessoriesWaived",
        "BadDebtVatNoticeSent",
        "ClaimAdmitted",
        "ClaimContested",
        "ClaimDeclared",
        "ClaimRejected",
        "ClaimReturned",
        "ClaimTransferred",
        "ConservatoryMeasureConverted",
        "ConservatoryMeasureLifted",
        "ConservatoryMeasureTaken",
        "CostIncurred",
        "CreditNoteApplied",
        "DebtAcknowledged",
        "DebtReduced",
        "DividendReceived",
        "DossierExported",
        "EnforcementActDone",
        "EntryWithdrawn",
        "ForeclosureReliefGranted",
        "ForeclosureReliefSought",
        "InvoiceDelivered",
        "ObligorSubstituted",
        "PaymentReceived",
        "PieceAdded",
        "PlanAdopted",
        "ServiceProgressed",
        "SettlementSigned",
        "TermExtended",
        "TermResumed",
        "TermSuspended",
    }
)

#: Rules of the acts of an invoice that move nothing.
STILL_RULES: Final[dict[str, tuple[Rule, ...]]] = {
    "ClaimDeclared": DECLARE,
    "ConservatoryMeasureTaken": SECURE,
    "EnforcementActDone": ENFORCE,
}

#: States in which a history may rest for ever: no edge leaves them.
TERMINAL: Final = frozenset({"cancelled", "formally_notified", "written_off"})


class ChartError(RelanceError):
    """The chart breaks one of its own rules of construction."""


@cache
def regions() -> dict[str, tuple[str, ...]]:
    """Each region with its states, the first one first."""
    return {
        region.id: tuple(state.id for state in region.states) for region in Progression.states_map["invoice"].states
    }


@cache
def compiled() -> dict[str, tuple[int, dict[str, str]]]:
    """The table of the chart: move -> (index of its region, {source: target}).

    Raises:
        ChartError: an edge that the flat table could not say exactly, a state unreached or unlisted, a type without place.
    """
    layout = regions()
    names = [state for states in layout.values() for state in states]
    if len(set(names)) != len(names):
        msg = "two regions use one name of state"
        raise ChartError(msg)
    home = {state: index for index, states in enumerate(layout.values()) for state in states}
    table: dict[str, tuple[int, dict[str, str]]] = {}
    for state in Progression.states_map.values():
        for edge in state.transitions:
            if edge.event is None or not str(edge.event):
                continue
            move, target = str(edge.event), edge.target
            if (
                target is None
                or state.id not in home
                or target.id not in home
                or home[state.id] != home[target.id]
                or list(edge.cond)
            ):
                msg = f"{move} from {state.id}: an edge has one leaf source and one leaf target in one region, and no condition"
                raise ChartError(msg)
            region, edges = table.setdefault(move, (home[state.id], {}))
            if region != home[state.id] or edges.setdefault(state.id, target.id) != target.id:
                msg = f"{move} moves two regions, or has two targets from {state.id}"
                raise ChartError(msg)
    _check_states(layout, table)
    _check_types(table)
    return table


def _check_states(layout: dict[str, tuple[str, ...]], table: dict[str, tuple[int, dict[str, str]]]) -> None:
    """Each state is reached from the first one of its region, and is left or listed terminal."""
    for index, states in enumerate(layout.values()):
        edges = [
            (source, target) for region, moves in table.values() if region == index for source, target in moves.items()
        ]
        reached, queue = {states[0]}, deque(states[:1])
        while queue:
            here = queue.popleft()
            fresh = {target for source, target in edges if source == here} - reached
            reached |= fresh
            queue.extend(sorted(fresh))
        left = {source for source, target in edges if source != target}
        for state in states:
            if state not in reached:
                msg = f"state {state} is never reached"
                raise ChartError(msg)
            if (state in left) == (state in TERMINAL):
                msg = f"state {state} must be left by an edge or listed as terminal, not both"
                raise ChartError(msg)


def _check_types(table: dict[str, tuple[int, dict[str, str]]]) -> None:
    """Every fact of an invoice is in the chart, in STILL, or founds the history."""
    picked = {
        "DebtorReminded": {"courtesy", "remind"},
        "DisputeOpened": {"dispute_part", "dispute_whole"},
        "WrittenOff": {"write_off_part", "write_off_whole"},
    }
    known = set(STILL) | {"InvoiceIssued"}
    if known & set(table):
        msg = f"listed as still, and moving: {sorted(known & set(table))}"
        raise ChartError(msg)
    moves: set[str] = set()
    for fact in OF_STREAM["invoice"]:
        if fact.__name__ not in known:
            moves |= picked.get(fact.__name__, {fact.__name__})
    if moves != set(table):
        msg = f"facts and chart differ: {sorted(moves ^ set(table))}"
        raise ChartError(msg)


@cache
def rules_of(move: str) -> tuple[Rule, ...]:
    """The rules that stand beside a move's edges, or of an act that moves nothing, each once, in their order."""
    found: dict[Rule, None] = dict.fromkeys(STILL_RULES.get(move, ()))
    for state in Progression.states_map.values():
        for edge in state.transitions:
            if str(edge.event or "") == move:
                found.update(dict.fromkeys(spec.func.rule for spec in edge.validators))
    return tuple(found)


class _Machine(local):
    """One machine a thread: building one costs a thousand times a step."""

    def __init__(self) -> None:
        self.chart = Progression()


_MACHINE = _Machine()


def progress(case: Case) -> Regions:
    """Send a case's move through the chart, set to the state of its invoice; a still act meets its rules alone.

    Raises:
        NoEdge: the chart has no such step from there.
        Refused: a validator says no.
    """
    chart, before, move = _MACHINE.chart, case.invoice.regions, case.fact.move
    if move in STILL:
        for rule in rules_of(move):
            rule.validator()(case)
        return before
    names = Regions._fields
    chart.current_state_value = OrderedSet(
        ["invoice", *(value for pair in zip(names, before, strict=True) for value in pair)]
    )
    try:
        chart.send(move, case=case)
    except TransitionNotAllowed:
        raise NoEdge(move, before[compiled()[move][0]], case.on) from None
    active = {str(value) for value in chart.configuration_values}
    return Regions(*(next(state for state in states if state in active) for states in regions().values()))
