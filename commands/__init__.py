"""The commands of this repository, by what they are about; `tasks.py` collects them.

Each parses its words and calls a tool or a service, which it imports when it runs.
"""
