"""The tax department: what income a person reported for a year."""
