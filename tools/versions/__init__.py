"""The next version of a subject, whatever the base branch has got meanwhile."""
