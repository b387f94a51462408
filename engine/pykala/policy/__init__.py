"""From policy files to checked policies: YAML, versions, the register, the cache."""
