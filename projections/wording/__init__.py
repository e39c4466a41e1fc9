"""The facts of an invoice in French sentences, one file per family."""
