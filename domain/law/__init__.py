"""The law as data: one dated table per parameter, each value with its article, its source and its confidence."""
