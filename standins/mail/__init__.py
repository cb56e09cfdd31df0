"""A mail server that delivers nowhere: it keeps each message and shows it on a page."""
