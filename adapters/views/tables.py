"""The tables of the views, and the codes that their columns hold. A change here is a new VERSION."""

from typing import Final

VERSION: Final = 2

#: The kinds of movements and marks by the number that their rows hold. New ones are added at the end.
KINDS: Final = ("invoice", "payment", "reversal", "credit", "write_off", "recovery", "money", "allocation")
MARKS: Final = ("disputed", "kept", "broken")
PARTY_KINDS: Final = ("trader", "professional", "consumer", "public")

SCHEMA: Final = """
CREATE TABLE party (no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, creditor INTEGER) STRICT;
CREATE INDEX party_creditor ON party (creditor);
CREATE TABLE account (no INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, debtor INTEGER NOT NULL, issued INTEGER NOT NULL,
    due INTEGER NOT NULL, performed INTEGER NOT NULL, kinds INTEGER NOT NULL, nature TEXT, total INTEGER NOT NULL,
    plain INTEGER NOT NULL, single INTEGER NOT NULL, ordinary INTEGER NOT NULL,
    promised INTEGER NOT NULL, disputed INTEGER NOT NULL, disputed_on INTEGER NOT NULL, parts TEXT) STRICT;
CREATE INDEX account_debtor ON account (debtor);
CREATE INDEX account_promised ON account (promised) WHERE promised;
CREATE TABLE movement (account INTEGER NOT NULL, position INTEGER NOT NULL, seq INTEGER NOT NULL, due INTEGER NOT NULL,
    effective INTEGER NOT NULL, booked INTEGER NOT NULL, source INTEGER NOT NULL, cents INTEGER NOT NULL, kind INTEGER NOT NULL,
    net INTEGER, PRIMARY KEY (account, position, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE span (account INTEGER NOT NULL, due INTEGER NOT NULL, debtor INTEGER NOT NULL, single INTEGER NOT NULL,
    first_effective INTEGER NOT NULL, last_effective INTEGER NOT NULL, first_position INTEGER NOT NULL,
    last_position INTEGER NOT NULL, cents INTEGER NOT NULL, PRIMARY KEY (account, due)) STRICT, WITHOUT ROWID;
CREATE INDEX span_several ON span (account) WHERE NOT single;
CREATE TABLE mark (account INTEGER NOT NULL, position INTEGER NOT NULL, seq INTEGER NOT NULL, what INTEGER NOT NULL,
    effective INTEGER NOT NULL, booked INTEGER NOT NULL, source INTEGER NOT NULL, amount INTEGER NOT NULL,
    PRIMARY KEY (account, position, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE tracking (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
"""
TABLES: Final = ("mark", "span", "movement", "account", "party", "tracking")
