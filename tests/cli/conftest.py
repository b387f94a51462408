"""The fixture `run`: the command line, called in the repository's folder."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from command_line import ROOT, Done, Run
from pykala.cli.main import main


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that calls the command line in the repository's folder."""
    monkeypatch.chdir(ROOT)

    def call(*arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["pykala", *map(str, arguments)])
        try:
            main()
            code: object = 0
        except SystemExit as left:
            code = left.code
        out, err = capsys.readouterr()
        return Done(code if isinstance(code, int) else int(code is not None), out, err)

    return call
