"""Dossiers of stores of their own."""
