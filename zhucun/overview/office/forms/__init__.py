"""Forms: one module per subject, as the pages."""
