"""Words in, words out. No rule lives here."""
