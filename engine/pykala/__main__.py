"""Run the command line as `python -m pykala`."""

from pykala.cli.main import main

main()
