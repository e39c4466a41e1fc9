"""The draft petition for an order for payment (requête en injonction de payer), its statements and its request for transfer.

Law: CPC, art. 54, 57, 1405 to 1408.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from adapters.documents.court.case_file import CaseFile, Draft, PieceRef
from adapters.documents.court.demand import Demand, Share, demand
from adapters.documents.court.mentions import TO_COMPLETE, Mentions, Nature, Said, control
from adapters.documents.court.sheets import annex, shell, story
from adapters.documents.stated import Missing
from adapters.documents.typeset import rendered
from adapters.procedure import interest_of
from domain.account import Segment
from domain.claim import INDEMNITY, Claim, debt_of
from domain.facts.invoicing import PieceKind
from domain.facts.procedure import HeadName, RateKind
from projections.wording import court as words
from projections.wording.procedure import court_of
from projections.wording.statement import missing, reference, short
from projections.wording.terms import amount, day, typeset

#: The kinds of pieces that support each row of the form.
_PROOF: Final[dict[str, tuple[PieceKind, ...]]] = {
    "principal": ("invoice", "order_form", "delivery_note", "contract", "terms"),
    "interest": ("invoice", "contract", "terms", "notice", "lrar_receipt", "lre_proof"),
    "costs": ("invoice", "contract", "terms"),
}
#: The texts that make interest due, where no statement cites them.
_INTEREST: Final[dict[RateKind, str]] = {
    "legal": "C. civ., art. 1231-6 et 1344-1",
    "contract": "clause de pénalités ; C. com., art. L441-10, II",
    "b2b": "C. com., art. L441-10, II",
}
#: The items of the checklist that are of another kind of creditor; where none is known, both are to be completed.
_SKIPPED: Final[dict[Nature, tuple[str, ...]]] = {
    "natural": ("creditor_company",),
    "legal": ("creditor_person",),
    "unknown": (),
}
_STATES: Final[dict[Nature, dict[str, str]]] = {
    "natural": {}, "legal": {}, "unknown": dict.fromkeys(("creditor_person", "creditor_company"), TO_COMPLETE),
}  # fmt: skip
_INDEMNITY: Final = "C. com., art. L441-10, II ; C. com., art. D441-5"


def petition(case: CaseFile) -> Draft:
    """Draft the petition over what is due, or again the one on record, with the statement of each invoice behind it.

    Raises:
        Misuse: nothing of any invoice may be claimed by a petition.
    """
    claimed, says = demand(case), Mentions(case)
    filed = claimed.filed
    is_coded = filed is not None and not case.court
    court = says.court("court", court_of(filed.court)) if filed and is_coded else says.say("court", case.court)
    named = court.removesuffix(f" {words.BY_SIGNATORY}") if isinstance(court, str) else ""
    creditor, debtor = says.creditor(case), says.debtor(case.debtor)
    streams = [share.told.exhibit.stream for share in claimed.shares]
    running = _running(claimed)
    gaps = [share for share in claimed.shares if isinstance(share.claim, Missing) and filed is None]
    shown = {
        **shell(case, "Requête en injonction de payer"),
        "agent": says.option("agent", case.cabinet),
        "addressed": typeset(words.addressed(named)),
        "annex": annex([share.shown() for share in claimed.shares], case),
        "claimed_on": typeset(day(claimed.on)),
        "contract": _contract(claimed, says),
        "costs": typeset(words.COSTS),
        "court": court,
        "creditor": creditor,
        "debtor": debtor,
        "electronic": says.option("electronic"),
        "exhibits": says.exhibits(case.pieces),
        "facts": story(case, dict.fromkeys(streams, claimed.on), apart=filed.proceeding if filed else ""),
        "filed": typeset(words.filed(filed.on, court_of(filed.court))) if filed else "",
        "forms": typeset(words.forms(named or (court_of(filed.court) if filed else ""))),
        "greffe_number": says.option("greffe_number"),
        "heads": _rows(claimed, says, case.pieces, is_gapped=bool(gaps)),
        "invoices": [_invoice(share) for share in claimed.shares],
        "law": [{"reference": typeset(reference(at)), "text": typeset(text)} for at, text in _law(claimed)],
        "left_out": [{"number": number, "reason": typeset(reason)} for number, reason in claimed.left_out],
        "missing": [
            {"number": share.number, "text": typeset(missing(share.claim.label, share.claim.on))}
            for share in gaps if isinstance(share.claim, Missing)
        ],
        "object": typeset(words.object_of(claimed.cents(), is_running=bool(running))),
        "running": [typeset(text) for text in running],
        "sums": {
            "costs": amount(claimed.cents("indemnity", "costs", "penal_clause", "other")),
            "interest": amount(claimed.cents("penalties")),
            "principal": amount(claimed.cents("principal")),
            "total": amount(claimed.cents()),
        },
        "transfer": {"court": says.option("transfer_court", case.transfer_court), "text": typeset(words.TRANSFER)},
        "signing": says.signing(case),
    }  # fmt: skip
    gone = says.settled()
    shown["control"] = control(
        "petition", gone, words.ITEM_OF, _SKIPPED[says.creditor_nature], _STATES[says.creditor_nature]
    )
    return Draft(rendered("requete.typ", shown, case.generated_at), gone)


def _contract(claimed: Demand, says: Mentions) -> list[Said]:
    """The nature of the contracts as far as it is on record; their dates are not."""
    natures = dict.fromkeys(
        words.KINDS[share.invoice.issued.nature] for share in claimed.shares if share.invoice.issued.nature
    )
    known = f"Nature enregistrée : {', '.join(natures)}. " if natures else ""
    return [typeset(known), says.say("contract")] if known else [says.say("contract")]


# The rows of the form


def _rows(claimed: Demand, says: Mentions, pieces: Sequence[PieceRef], *, is_gapped: bool) -> list[dict[str, Any]]:
    """Every row of the Cerfa form: what is claimed, its text, its exhibits; a row that nothing fills says so."""
    by_kind = _interest(claimed)

    def proof(of: str, shares: Sequence[Share]) -> Said:
        numbered = {share.number for share in shares}
        found = [
            each.number
            for each in pieces
            if each.kind in _PROOF[of] and (not each.invoices or numbered & set(each.invoices))
        ]
        return says.say(f"exhibits_{of}", words.numbers(found))

    def row(
        what: str,
        names: Sequence[HeadName],
        basis: str,
        of: str,
        shares: Sequence[Share] = claimed.shares,
        how: str = "",
    ) -> dict[str, Any]:
        bearing = [share for share in shares if share.cents(*names)]
        cents = sum(share.cents(*names) for share in bearing)
        if not cents:
            return {"amount": words.NONE, "basis": "", "exhibits": "", "how": "", "what": typeset(what)}
        return {
            "amount": amount(cents), "basis": typeset(reference(basis)), "exhibits": proof(of, bearing), "how": typeset(how),
            "what": typeset(what),
        }  # fmt: skip

    def interest(what: str, kind: RateKind) -> dict[str, Any]:
        shares = by_kind.get(kind, [])
        return row(what, ["penalties"], _cited(kind, shares), "interest", shares, _rates(shares, claimed))

    basis = words.contractual(share.invoice.issued.on for share in claimed.shares)
    indemnity = "Frais accessoires : indemnité forfaitaire pour frais de recouvrement"
    rows = [
        row("Principal, toutes taxes comprises", ["principal"], basis, "principal"),
        interest("Intérêts au taux légal", "legal"),
        interest("Ou intérêts au taux contractuel", "contract"),
        interest("Ou pénalités de retard de plein droit", "b2b"),
        row("Clause pénale", ["penal_clause"], "C. civ., art. 1231-5", "costs"),
        row(indemnity, ["indemnity"], _indemnity(claimed.shares), "costs"),
        row("Frais accessoires : autres", ["costs"], words.AS_FILED, "costs"),
        row("Autres sommes", ["other"], words.AS_FILED, "costs"),
    ]
    if is_gapped:
        gap = says.say("interest_value")
        rows.insert(
            4, {"amount": gap, "basis": "", "exhibits": "", "how": "", "what": "Intérêts et indemnité non chiffrés"}
        )
    return rows


def _interest(claimed: Demand) -> dict[RateKind, list[Share]]:
    """The shares that claim interest, by the kind of their rate."""
    found: dict[RateKind, list[Share]] = {}
    for share in claimed.shares:
        if share.cents("penalties"):
            found.setdefault(interest_of(debt_of(share.invoice))[0], []).append(share)
    return found


def _cited(kind: RateKind, shares: Sequence[Share]) -> str:
    """The texts that the periods of some statements cite; of the legal rate, they cite the rate and not what makes it due."""
    cited = _parts(segment.reference for segment in _segments(shares))
    return " ; ".join(([] if cited and kind != "legal" else [_INTEREST[kind]]) + cited)


def _segments(shares: Sequence[Share]) -> list[Segment]:
    claims = [share.claim for share in shares if isinstance(share.claim, Claim)]
    return [segment for claim in claims for segment in claim.statement.segments]


def _parts(cited: Iterable[str]) -> list[str]:
    """Each text once, where references name several."""
    return list(dict.fromkeys(part.strip() for each in cited for part in each.split(" ; ")))


def _rates(shares: Sequence[Share], claimed: Demand) -> str:
    """At which rates, over which days."""
    if not shares:
        return ""
    rates = dict.fromkeys(words.rate_of(*interest_of(debt_of(share.invoice)), share.invoice.issued) for share in shares)
    days = [segment.from_on for segment in _segments(shares)]
    start = f" ; du {short(min(days))} au {short(claimed.on)}" if days else f" ; au {short(claimed.on)}"
    return f"{' ; '.join(rates)}{start}"


def _indemnity(shares: Sequence[Share]) -> str:
    cited = [dict(share.claim.heads).get(INDEMNITY, "") for share in shares if isinstance(share.claim, Claim)]
    return " ; ".join(_parts(each for each in cited if each)) or _INDEMNITY


def _running(claimed: Demand) -> list[str]:
    """The interest that goes on from the petition, each rate with its principal."""
    found: dict[tuple[str, Any], int] = {}
    for share in claimed.shares:
        for head in share.heads:
            if head.rate_kind and head.from_on:
                key = words.rate_of(head.rate_kind, head.rate, share.invoice.issued), head.from_on
                found[key] = found.get(key, 0) + head.cents
    return [words.running(cents, rate, from_on) for (rate, from_on), cents in found.items()]


def _invoice(share: Share) -> dict[str, Any]:
    """One line of the table of invoices."""
    issued = share.invoice.issued
    dues = [short(part.due) if part.due else "non connue" for part in issued.instalments]
    rest: tuple[HeadName, ...] = ("indemnity", "costs", "penal_clause", "other")
    return {
        "costs": amount(share.cents(*rest)), "due": list(dict.fromkeys(dues)), "interest": _amount(share, "penalties"),
        "issued": short(issued.on), "number": share.number, "price": amount(issued.total_cents),
        "principal": amount(share.cents("principal")), "total": amount(share.cents()),
    }  # fmt: skip


def _amount(share: Share, name: HeadName) -> str:
    return "non calculé" if isinstance(share.claim, Missing) and not share.cents(name) else amount(share.cents(name))


def _law(claimed: Demand) -> list[tuple[str, str]]:
    """The rules that the demand rests on."""
    regimes = {debt_of(share.invoice).regime for share in claimed.shares}
    found = [*words.LAW]
    found += [words.LAW_B2B] if "b2b" in regimes else []
    found += [words.LAW_CONSUMER] if "consumer" in regimes else []
    return found
