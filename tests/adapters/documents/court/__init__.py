"""Tests of the documents for a court."""
