"""Tests of the second verifier."""
