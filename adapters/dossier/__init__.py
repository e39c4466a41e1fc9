"""The dossier: what leaves the house for a judge, closed in the log, sealed, and the same bytes again ever after."""
