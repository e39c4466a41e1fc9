"""The first verifier of the evidence bundle, and the bundles it is tried on."""
