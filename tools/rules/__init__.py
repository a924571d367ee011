"""The rules of the gate, beside those of `tools.lint`: each yields findings on a case."""
