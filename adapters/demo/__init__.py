"""The demonstration: a year of invoices that never were, brought in and driven by the real commands."""
