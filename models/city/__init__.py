"""The city's own rules: what a regulation or a trade says of what the sensors report.

Pure functions: everything they need is given to them, the same input gives the same output, and
a moment that is missing is missing (None, or nan in an array), never 0. What an authority may
change (limits, stations) is dated data that is passed in; what is our own suggestion and no
rule of any authority is a parameter with a default, and its comment says [D]. [G] marks what is
commonly known and was not read in its source.
"""
