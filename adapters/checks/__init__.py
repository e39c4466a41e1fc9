"""Named checks of a store: each compares two things that must agree, and names where they do not. They change nothing."""
