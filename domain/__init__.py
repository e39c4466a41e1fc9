"""The rules of recovery: facts, lifecycle, law. No I/O, no clock, no randomness; imports nothing of ours."""
