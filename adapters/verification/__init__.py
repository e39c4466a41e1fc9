"""The second verifier of a sealed dossier: the checks of FORMAT.md by the project's own code, and four that need its rules."""
