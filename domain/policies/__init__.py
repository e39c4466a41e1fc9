"""The policies that ship with relance, as data."""
