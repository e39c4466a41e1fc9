"""The first verifier of the evidence bundle: one file of the standard library, shipped inside each bundle, in French."""
