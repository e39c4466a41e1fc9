"""What comes in from files: invoices and payments."""
