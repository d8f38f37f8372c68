"""E-government's own rules: what a decree, a decision or an office says of dossiers and services.

Pure functions: everything they need is given to them, and what is missing is missing (None),
never 0. What an authority may change (holidays, hours, weights, deadlines) is dated data that is
passed in; what is our own suggestion and no rule of any authority is a parameter with a default,
and its comment says [D]. [G] marks what is commonly known and was not read in its source.
"""
