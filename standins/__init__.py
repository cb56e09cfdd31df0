"""Stand-ins for the outside world: other agencies, a bank and a mail server.

Each is a process of its own that speaks HTTP (or SMTP) and nothing else: no module here imports
the product, and the product imports none of these. They exist so that the demo and the tests meet
what real partners do, faults included. docs/standins.md tells how to use them.
"""
