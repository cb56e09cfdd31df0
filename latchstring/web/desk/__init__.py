"""The desk: what caseworkers, approvers, payments officers, directors and auditors work at.

One module per page, named as the page is. Pages read through doors and call one verb per button;
a verb's refusal is shown beside the form it came from, with what was typed still there (kindly.py).
"""
