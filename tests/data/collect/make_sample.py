"""Writes the sample that is collected: settlement forms, therapy cases, providers and LAKU decisions, all invented.

python tests/data/collect/make_sample.py FOLDER writes them, one file for each kind and story.
"""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeAlias

Data: TypeAlias = dict[str, Any]


def invoice(number: int, provider: str | None, sent_on: str, undue: str, **more: Any) -> Data:
    """Return a settlement form of one visit of 70 euros, with what was paid without grounds."""
    visit = datetime.date.fromisoformat(sent_on) - datetime.timedelta(days=14)
    amount = {"amount": "70.00 EUR", "paid_amount": "70.00 EUR"}
    line = {"day_date": visit.isoformat(), "kind": "therapy_visit", "visit_realised": undue == "0.00 EUR", **amount}
    data = {
        "record": "invoice",
        "id": f"L-{number}",
        "service": "therapy",
        "provider_id": provider,
        "contract_id": f"S-{provider}" if provider else None,
        "form_id": f"T-{number}",
        "sent_on": sent_on,
        "lines": [{**line, "undue_amount": undue, "wrongly_billed_amount": undue}],
    }
    data |= more
    return {name: value for name, value in data.items() if value is not None}


def therapy_case(number: int, client: str, provider: str, town: str, *visits: str) -> Data:
    """Return a case of speech therapy whose decision of 2019 names the provider."""
    decision = {"made_on": "2019-01-07", "valid_from": "2019-01-01", "valid_until": "2019-12-31"}
    return {
        "record": "case",
        "id": f"A-{number}",
        "service": "therapy",
        "therapy_form": "speech_therapy",
        "provider_id": provider,
        "contract_id": f"S-{provider}",
        "client": {"id": client, "group": "adults", "home_municipality": town},
        "decision": decision,
        "visits": [{"date": day, "therapy_form": "speech_therapy"} for day in visits],
    }


def provider(name: str, offered: int, towns: Iterable[str]) -> Data:
    """Return a provider of therapy with the clients and municipalities of its tender, and its last accounts."""
    accounts = {"ended_on": "2018-12-31", "confirmed_on": "2019-04-15", "turnover": "412345.67 EUR"}
    return {
        "record": "provider",
        "id": name,
        "services": ["therapy"],
        "offered_annual_clients": offered,
        "offered_municipalities": list(towns),
        "financial_years": [accounts],
    }


def contract(provider_id: str) -> Data:
    """Return the contract of speech therapy for adults that a provider has had since 2019."""
    return {
        "record": "contract",
        "id": f"S-{provider_id}",
        "provider_id": provider_id,
        "services": ["therapy"],
        "therapy_form": "speech_therapy",
        "client_group": "adults",
        "service_start_on": "2019-01-01",
    }


def laku_case(number: int, client: str, made_on: str, **decision: Any) -> Data:
    """Return a case of LAKU with its decision."""
    return {
        "record": "case",
        "id": f"B-{number}",
        "service": "laku",
        "client": {"id": client},
        "decision": {"made_on": made_on, **decision},
        "meetings": [{"date": made_on, "status": "held"}],
    }


def settlement_forms() -> list[Data]:
    """Return forms of two providers: P-1 has three wrong ones within a rolling year, P-2 only two."""
    return [
        invoice(1, "P-1", "2019-03-15", "70.00 EUR"),
        invoice(2, "P-1", "2019-06-03", "0.00 EUR"),
        invoice(3, "P-1", "2019-09-02", "30.10 EUR"),
        invoice(4, "P-1", "2020-03-15", "900.00 EUR"),
        invoice(5, "P-2", "2019-03-15", "70.00 EUR"),
        invoice(6, "P-2", "2019-05-15", "70.00 EUR"),
        # The same form once more, corrected: still one wrong form.
        invoice(7, "P-2", "2019-06-15", "10.00 EUR", form_id="T-6"),
    ]


def therapies() -> list[Data]:
    """Return providers and cases of 2019: P-1 serves everyone, P-2 one client too few and one municipality too few."""
    return [
        provider("P-1", 2, ("Aavala", "Puhtila")),
        provider("P-2", 3, ("Aavala", "Puhtila")),
        therapy_case(1, "K-1", "P-1", "Aavala", "2019-03-04", "2019-03-11"),
        therapy_case(2, "K-2", "P-1", "Puhtila", "2019-03-04"),
        # One client in two cases is one client.
        therapy_case(3, "K-3", "P-2", "Aavala", "2019-03-05"),
        therapy_case(4, "K-3", "P-2", "Aavala", "2019-09-05"),
        therapy_case(5, "K-4", "P-2", "Aavala", "2019-03-06"),
        # Directed to the provider, without a single visit.
        therapy_case(6, "K-5", "P-2", "Puhtila"),
    ]


def laku_decisions(clients: int) -> list[Data]:
    """Return LAKU decisions of 2023 for so many new clients, and others that the quota does not count."""
    day = datetime.date(2023, 1, 2)
    found = [
        laku_case(number, f"K-{number}", (day + datetime.timedelta(days=number % 360)).isoformat())
        for number in range(1, clients + 1)
    ]
    return [
        *found,
        # A second decision for the same client, one that continues, and one of another year.
        laku_case(90_001, "K-1", "2023-11-01"),
        laku_case(90_002, "K-90002", "2023-05-02", continues=True),
        laku_case(90_003, "K-90003", "2022-12-31"),
    ]


def write(folder: Path) -> None:
    """Write the sample, one record on a line."""
    contracts = [contract("P-1"), contract("P-2")]
    stories = {
        "contracts": contracts,
        "forms": settlement_forms(),
        "therapies": therapies(),
        "laku": laku_decisions(12),
    }
    for name, records in stories.items():
        text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
