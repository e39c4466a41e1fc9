"""The seal of the log: its Merkle tree, signed checkpoints, witnesses, timestamps, export and verification."""
