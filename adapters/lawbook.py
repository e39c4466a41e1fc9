"""The law that judges, as one exact text: kept once in the store, named by its digest in every envelope it judged."""

import hashlib
from functools import cache

from adapters.store.envelope import canonical
from domain.lifecycle import rules_of
from domain.moves import MOVES
from domain.rules.observations import FINDINGS


@cache
def rulebook() -> tuple[str, bytes]:
    """Digest and text of the rules of fact and of law now in force in this program."""
    rules = {rule for move in MOVES for rule in rules_of(move) if rule.kind != "policy"}
    rules |= {rule for found in FINDINGS.values() for rule in found}
    text = canonical(
        {
            "format": 1,
            "rules": [
                {
                    "code": rule.code,
                    "consequence": rule.consequence,
                    "kind": rule.kind,
                    "reference": rule.reference,
                    "text": rule.text,
                }
                for rule in sorted(rules, key=lambda rule: rule.code)
            ],
        }
    )
    return hashlib.sha256(text).hexdigest(), text
