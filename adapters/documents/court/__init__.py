"""Documents for a court, a mandataire judiciaire or a commissaire de justice: drafts that the creditor completes and signs."""
