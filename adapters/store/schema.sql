-- The log: bytes kept exactly; the other columns are an index of them. Nothing in it is changed or removed.
CREATE TABLE log (
    position INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL,
    type TEXT NOT NULL,
    recorded_us INTEGER NOT NULL,
    act TEXT,
    bytes BLOB NOT NULL,
    internal BLOB NOT NULL
) STRICT;
-- The trigger below keeps (stream, version) unique; a unique index would let INSERT OR REPLACE remove the older row.
CREATE INDEX log_stream ON log (stream, version);
CREATE INDEX log_act ON log (act) WHERE act IS NOT NULL;
CREATE TRIGGER log_in_order BEFORE INSERT ON log
    WHEN NEW.position <> (SELECT coalesce(max(position), 0) + 1 FROM log)
    BEGIN SELECT raise(ABORT, 'positions have no gap'); END;
CREATE TRIGGER log_new BEFORE INSERT ON log
    WHEN EXISTS (SELECT 1 FROM log WHERE stream = NEW.stream AND version = NEW.version)
    BEGIN SELECT raise(ABORT, 'the stream moved on'); END;
CREATE TRIGGER log_kept BEFORE DELETE ON log BEGIN SELECT raise(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_unchanged BEFORE UPDATE ON log BEGIN SELECT raise(ABORT, 'the log is append-only'); END;

-- What is done once only: commands, source lines.
CREATE TABLE once (
    kind TEXT NOT NULL,
    key BLOB NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER once_new BEFORE INSERT ON once
    WHEN EXISTS (SELECT 1 FROM once WHERE kind = NEW.kind AND key = NEW.key)
    BEGIN SELECT raise(ABORT, 'done already'); END;
CREATE TRIGGER once_kept BEFORE DELETE ON once BEGIN SELECT raise(ABORT, 'once rows are kept'); END;
CREATE TRIGGER once_unchanged BEFORE UPDATE ON once BEGIN SELECT raise(ABORT, 'once rows are kept'); END;

-- Keyed names of streams; a debtor's rows go at erasure.
CREATE TABLE names (
    kind TEXT NOT NULL,
    creditor TEXT NOT NULL,
    key BLOB NOT NULL,
    stream TEXT NOT NULL,
    PRIMARY KEY (kind, creditor, key, stream)
) STRICT, WITHOUT ROWID;

-- Law tables and policies, each exact text once.
CREATE TABLE rulebooks (
    digest TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
CREATE TRIGGER rulebooks_new BEFORE INSERT ON rulebooks
    WHEN EXISTS (SELECT 1 FROM rulebooks WHERE digest = NEW.digest)
    BEGIN SELECT raise(ABORT, 'rulebooks are kept'); END;
CREATE TRIGGER rulebooks_kept BEFORE DELETE ON rulebooks BEGIN SELECT raise(ABORT, 'rulebooks are kept'); END;
CREATE TRIGGER rulebooks_unchanged BEFORE UPDATE ON rulebooks BEGIN SELECT raise(ABORT, 'rulebooks are kept'); END;

-- Parties, references, documents: encrypted under the key of their owner.
CREATE TABLE vault (
    owner TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (owner, kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER settings_new BEFORE INSERT ON settings
    WHEN EXISTS (SELECT 1 FROM settings WHERE name = NEW.name)
    BEGIN SELECT raise(ABORT, 'settings are kept'); END;
CREATE TRIGGER settings_kept BEFORE DELETE ON settings BEGIN SELECT raise(ABORT, 'settings are kept'); END;
CREATE TRIGGER settings_unchanged BEFORE UPDATE ON settings BEGIN SELECT raise(ABORT, 'settings are kept'); END;
