"""The law that judges, as one exact text: kept once in the store, named by its digest in every envelope it judged."""

import hashlib
from functools import lru_cache
from typing import Any, Final

from adapters.store.envelope import canonical
from domain.law.readings import switches
from domain.law.tables import Law, Value, names
from domain.lifecycle import STILL_RULES, rules_of
from domain.moves import MOVES
from domain.rules.observations import FINDINGS
from domain.rules.rule import Rule

#: Raised when the same parameters come to other figures: an older bundle is then judged by its own computation, and said so.
COMPUTATION: Final = 1


@lru_cache(maxsize=8)
def rulebook(law: Law) -> tuple[str, bytes]:
    """Digest and text of the rules of fact and of law, the parameters they judge by, and how contested points are read."""
    text = canonical(
        {
            "computation": COMPUTATION,
            "format": 2,
            "parameters": [_parameter(law, name) for name in names()],
            "rules": [_rule(rule) for rule in sorted(hard_rules(), key=lambda rule: rule.code)],
            "switches": {name: switch.default.code for name, switch in switches().items()},
        }
    )
    return hashlib.sha256(text).hexdigest(), text


def hard_rules() -> set[Rule]:
    """Every rule of fact and of law; those of policy are the creditor's."""
    rules = {rule for move in (*MOVES, *STILL_RULES) for rule in rules_of(move)} | {
        rule for found in FINDINGS.values() for rule in found
    }
    return {rule for rule in rules if rule.kind != "policy"}


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code, "consequence": rule.consequence, "kind": rule.kind, "reference": rule.reference, "text": rule.text,
    }  # fmt: skip


def _parameter(law: Law, name: str) -> dict[str, Any]:
    table = law.table(name)
    written: dict[str, Any] = {"name": name, "unit": table.unit, "values": [_value(value) for value in table.values]}
    if table.known_until:
        written["known_until"] = table.known_until.isoformat()
    if table.added:
        written["added"] = [_value(value) for value in table.added]
    return written


def _value(value: Value) -> dict[str, Any]:
    written = {
        "from": value.from_on.isoformat(), "value": f"{value.value:f}", "reference": value.reference, "source": value.source,
        "confidence": value.confidence,
    }  # fmt: skip
    return written | ({"until": value.until.isoformat()} if value.until else {})
