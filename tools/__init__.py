"""What developers and CI run. It may write files and call git, which the library never does."""
