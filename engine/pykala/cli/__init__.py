"""The command line; exit codes live here alone."""
