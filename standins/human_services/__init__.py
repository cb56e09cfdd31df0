"""Human services: which programs a household is enrolled in."""
