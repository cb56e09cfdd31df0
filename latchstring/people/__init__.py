"""People: residents, households over time, facts with evidence, accounts, staff and roles.

Nouns: agency, office, account, staff member, role, person, household, membership, dwelling,
income source, fact, evidence.
Promises: account, person and household are three things; facts are inserted, never changed;
persons never merge across states; who may do a thing is a row (role, agency, county, dates),
and the answer to "may I?" always says why not.
"""
