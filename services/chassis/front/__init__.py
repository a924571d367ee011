"""Serves at once what is provably good, and leaves all else to Connexion.

For each operation of the contract a plan is made at the start. A request that a plan takes skips
what Connexion would find out anew each time; one that it doubts goes through all of Connexion as if
there were no plan, so that every refusal has one author.
"""
