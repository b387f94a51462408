"""The guide on collecting: its tables name the keys that there are."""

from __future__ import annotations

import re
from pathlib import Path

from pykala.records.collection import HOWS, PERIODS
from pykala.records.vocabulary import load_vocabulary

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "guides" / "collect.md").read_text(encoding="utf-8")
SCHEMAS = ROOT / "policies" / "records"


def test_the_guide_names_every_collected_kind_every_period_and_every_way_to_gather() -> None:
    kinds = load_vocabulary(SCHEMAS).kinds
    collected = {name for name, kind in kinds.items() if kind.collections}
    assert collected == set(re.findall(r"^\| `(\w+)` \|", GUIDE.partition("| option |")[0], re.MULTILINE))
    told = set(re.findall(r"`(\w+)", GUIDE))
    assert {*HOWS, *PERIODS} <= told | set(re.findall(r"(\w+): client\.id", GUIDE))
