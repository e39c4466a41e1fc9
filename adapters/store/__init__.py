"""The log and what is kept with it: envelopes, mapper, SQLite recorder, vault, keys."""
