-- The Merkle tree over the stored bytes of the log (RFC 6962): the hash of each leaf, by position, and the roots of the
-- subtrees of 2^8, 2^16 and 2^24 leaves. Nothing in it is changed or removed.
CREATE TABLE leaf (
    position INTEGER PRIMARY KEY,
    hash BLOB NOT NULL
) STRICT;
CREATE TRIGGER leaf_in_order BEFORE INSERT ON leaf
    WHEN NEW.position <> (SELECT coalesce(max(position), 0) + 1 FROM leaf)
    BEGIN SELECT raise(ABORT, 'leaves have no gap'); END;
CREATE TRIGGER leaf_kept BEFORE DELETE ON leaf BEGIN SELECT raise(ABORT, 'the tree is append-only'); END;
CREATE TRIGGER leaf_unchanged BEFORE UPDATE ON leaf BEGIN SELECT raise(ABORT, 'the tree is append-only'); END;
CREATE TABLE subtree (
    level INTEGER NOT NULL,
    number INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, number)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER subtree_new BEFORE INSERT ON subtree
    WHEN EXISTS (SELECT 1 FROM subtree WHERE level = NEW.level AND number = NEW.number)
    BEGIN SELECT raise(ABORT, 'the tree is append-only'); END;
CREATE TRIGGER subtree_kept BEFORE DELETE ON subtree BEGIN SELECT raise(ABORT, 'the tree is append-only'); END;
CREATE TRIGGER subtree_unchanged BEFORE UPDATE ON subtree BEGIN SELECT raise(ABORT, 'the tree is append-only'); END;

-- Public keys that signed or will sign, in the order in which they came; the first was announced by nothing but its use.
CREATE TABLE log_key (
    number INTEGER PRIMARY KEY,
    vkey TEXT NOT NULL,
    kept_us INTEGER NOT NULL
) STRICT;
CREATE TRIGGER log_key_new BEFORE INSERT ON log_key
    WHEN EXISTS (SELECT 1 FROM log_key WHERE number = NEW.number OR vkey = NEW.vkey)
    BEGIN SELECT raise(ABORT, 'log keys are kept'); END;
CREATE TRIGGER log_key_kept BEFORE DELETE ON log_key BEGIN SELECT raise(ABORT, 'log keys are kept'); END;
CREATE TRIGGER log_key_unchanged BEFORE UPDATE ON log_key BEGIN SELECT raise(ABORT, 'log keys are kept'); END;

-- Signed checkpoints, each exactly as it was signed.
CREATE TABLE checkpoint (
    number INTEGER PRIMARY KEY,
    size INTEGER NOT NULL,
    signed_us INTEGER NOT NULL,
    note BLOB NOT NULL
) STRICT;
CREATE TRIGGER checkpoint_new BEFORE INSERT ON checkpoint
    WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM checkpoint)
      OR NEW.size <= (SELECT coalesce(max(size), 0) FROM checkpoint)
    BEGIN SELECT raise(ABORT, 'checkpoints only grow'); END;
CREATE TRIGGER checkpoint_kept BEFORE DELETE ON checkpoint BEGIN SELECT raise(ABORT, 'checkpoints are kept'); END;
CREATE TRIGGER checkpoint_unchanged BEFORE UPDATE ON checkpoint BEGIN SELECT raise(ABORT, 'checkpoints are kept'); END;

-- What witnesses signed of a checkpoint.
CREATE TABLE cosignature (
    checkpoint INTEGER NOT NULL,
    vkey TEXT NOT NULL,
    line TEXT NOT NULL,
    PRIMARY KEY (checkpoint, vkey)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER cosignature_new BEFORE INSERT ON cosignature
    WHEN EXISTS (SELECT 1 FROM cosignature WHERE checkpoint = NEW.checkpoint AND vkey = NEW.vkey)
    BEGIN SELECT raise(ABORT, 'cosignatures are kept'); END;
CREATE TRIGGER cosignature_kept BEFORE DELETE ON cosignature BEGIN SELECT raise(ABORT, 'cosignatures are kept'); END;
CREATE TRIGGER cosignature_unchanged BEFORE UPDATE ON cosignature BEGIN SELECT raise(ABORT, 'cosignatures are kept'); END;

-- Timestamping authorities with the certificates they are held to; the newest row of a name is the one that is asked.
CREATE TABLE authority (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    certificates BLOB NOT NULL,
    added_us INTEGER NOT NULL
) STRICT;
CREATE TRIGGER authority_new BEFORE INSERT ON authority
    WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM authority)
    BEGIN SELECT raise(ABORT, 'authorities are kept'); END;
CREATE TRIGGER authority_kept BEFORE DELETE ON authority BEGIN SELECT raise(ABORT, 'authorities are kept'); END;
CREATE TRIGGER authority_unchanged BEFORE UPDATE ON authority BEGIN SELECT raise(ABORT, 'authorities are kept'); END;

-- Timestamps wanted, and those that came, each raw as it came, with the request that it answers.
CREATE TABLE stamp_asked (
    checkpoint INTEGER NOT NULL,
    authority TEXT NOT NULL,
    asked_us INTEGER NOT NULL,
    PRIMARY KEY (checkpoint, authority)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER stamp_asked_new BEFORE INSERT ON stamp_asked
    WHEN EXISTS (SELECT 1 FROM stamp_asked WHERE checkpoint = NEW.checkpoint AND authority = NEW.authority)
    BEGIN SELECT raise(ABORT, 'what was asked is kept'); END;
CREATE TRIGGER stamp_asked_kept BEFORE DELETE ON stamp_asked BEGIN SELECT raise(ABORT, 'what was asked is kept'); END;
CREATE TRIGGER stamp_asked_unchanged BEFORE UPDATE ON stamp_asked BEGIN SELECT raise(ABORT, 'what was asked is kept'); END;
CREATE TABLE stamp (
    checkpoint INTEGER NOT NULL,
    authority INTEGER NOT NULL,
    stamped_us INTEGER NOT NULL,
    request BLOB NOT NULL,
    response BLOB NOT NULL,
    PRIMARY KEY (checkpoint, authority)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER stamp_new BEFORE INSERT ON stamp
    WHEN EXISTS (SELECT 1 FROM stamp WHERE checkpoint = NEW.checkpoint AND authority = NEW.authority)
    BEGIN SELECT raise(ABORT, 'stamps are kept'); END;
CREATE TRIGGER stamp_kept BEFORE DELETE ON stamp BEGIN SELECT raise(ABORT, 'stamps are kept'); END;
CREATE TRIGGER stamp_unchanged BEFORE UPDATE ON stamp BEGIN SELECT raise(ABORT, 'stamps are kept'); END;
