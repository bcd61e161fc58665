"""Which columns Evidently and NannyML say have drifted, day by day, with their defaults; rows as bench/drift/peers.mjs wrote them."""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")


def table(folder, names, texts, file):
    columns = np.fromfile(folder / file).reshape(len(names), -1)
    frame = pd.DataFrame(dict(zip(names, columns)))
    for name in texts:
        frame[name] = frame[name].map(lambda value: None if np.isnan(value) else f"v{value:.0f}").astype("category")
    return frame


def evidently_days(reference, rows, names, texts, rows_per_day):
    """The tests that its DataDriftPreset chooses, without its pages, which would take minutes; missing values are dropped as it does."""
    from evidently.legacy.calculations.stattests import get_stattest

    days = []
    for start in range(0, len(rows), rows_per_day):
        drifted = []
        for name in names:
            kind = "cat" if name in texts else "num"
            known, now = (
                frame[name].astype(object if kind == "cat" else float).dropna()
                for frame in (reference, rows.iloc[start : start + rows_per_day])
            )
            if get_stattest(known, now, kind, None)(known, now, kind, None).drifted:
                drifted.append(name)
        days.append(drifted)
    return days


def nannyml_days(reference, rows, names, rows_per_day):
    import nannyml

    days = [[] for _ in range(0, len(rows), rows_per_day)]
    options = {"column_names": names, "chunk_size": rows_per_day}
    for calculator in (nannyml.UnivariateDriftCalculator, nannyml.MissingValuesCalculator):
        result = calculator(**options).fit(reference).calculate(rows).filter(period="analysis").to_df()
        for name in names:
            alerts = result.xs("alert", axis=1, level=-1)[name]
            alerts = alerts if alerts.ndim == 1 else alerts.any(axis=1)
            for day, alert in enumerate(alerts):
                if alert and name not in days[day]:
                    days[day].append(name)
    return days


def answer(folder):
    about = json.loads((folder / "about.json").read_text())
    names, rows_per_day = about["columns"], about["rows_per_day"]
    texts = [name for name, is_text in zip(names, about["texts"]) if is_text]
    reference, rows = (table(folder, names, texts, file) for file in ("reference.f64", "rows.f64"))
    return {
        "evidently": evidently_days(reference, rows, names, texts, rows_per_day),
        "nannyml": nannyml_days(reference, rows, names, rows_per_day),
    }


print(json.dumps([answer(Path(folder)) for folder in sys.argv[1:]]))
