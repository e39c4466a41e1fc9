"""Documents in French: letters, the evidence dossier, and the text they may safely print."""
