"""Tables to train on: numbers of several scales, categories, gaps; and what is asked of them."""

import numpy as np
import pandas as pd

NUMBERS = ["age", "income", "visits", "balance"]
TRAINED = 3000
# Configurations of any booster whose point is what it is trained on.
ODD_TABLES = {
    "float32 data": {"own_columns": {"kind": "float32"}},
    "whole numbers": {"own_columns": {"kind": "integers"}},
    "truth values": {"own_columns": {"kind": "truths", "missing": 0}},
    "64 columns": {"own_columns": {"kind": "wide"}},
    "without names": {"named": False},
    "huge numbers": {"own_columns": {"scale": 1e30}},
    "tiny numbers": {"own_columns": {"scale": 1e-30}},
    "a constant": {"task": "constant"},
}


def table(rng, rows, levels=0, missing=0.1, scale=None, kind=None):
    """Numbers, and one column of so many categories, another of five numbers, where there are levels."""
    frame = pd.DataFrame(
        {
            "age": rng.normal(40, 12, rows),
            "income": rng.lognormal(9, 1, rows),
            "visits": rng.integers(0, 9, rows).astype(float),
            "balance": rng.normal(0, 1, rows) * (rng.random(rows) < 0.6),
        }
    )
    if scale:
        frame = frame * scale
    if kind == "integers":
        frame = frame.round()
    if kind == "float32":
        frame = frame.astype("float32").astype(float)
    if kind == "truths":
        frame["balance"] = frame["balance"] > 0
    if kind == "wide":
        noise = pd.DataFrame(rng.normal(0, 1, (rows, 60)), columns=[f"noise_{i}" for i in range(60)])
        frame = pd.concat([frame, noise], axis=1)
    if levels:
        names = [f"color {i:03d}" for i in range(levels)]
        frame["color"] = pd.Categorical(rng.choice(names, rows), categories=names)
        sizes = [3, 5, 7, 10, 400]
        frame["size"] = pd.Categorical(rng.choice(sizes, rows), categories=sizes)
    for name in frame.columns if missing else []:
        if kind != "truths":
            frame.loc[rng.random(rows) < missing, name] = np.nan
    return frame


def score(frame, scale):
    own = frame[NUMBERS].astype(float) / (scale or 1)
    total = (own["age"].fillna(50) - 40) / 12 + np.log((own["income"].fillna(8000).clip(1) + 1) / 8000) - own["visits"].fillna(3) / 4
    total += np.where(own["balance"].fillna(0) > 0, 1, 0)
    if "color" in frame:
        total += frame["color"].cat.codes.to_numpy() % 3 - 1 + frame["size"].cat.codes.to_numpy() % 2
    return total.to_numpy()


def target(rng, frame, task, scale=None):
    noisy = score(frame, scale) + rng.normal(0, 0.7, len(frame))
    if task == "binary":
        return (noisy > 0).astype(int)
    if task == "multi":
        return np.digitize(noisy, [-0.7, 0.7])
    if task == "many":
        return np.clip(np.round(noisy * 2) + 5, 0, 9).astype(int)
    if task == "counts":
        return rng.poisson(np.exp(np.clip(noisy, -3, 3))).astype(float)
    if task == "positive":
        return np.exp(np.clip(noisy, -3, 3)) + 0.01
    if task == "constant":
        return np.full(len(frame), 3.25)
    if task == "ranks":
        return np.clip(np.digitize(noisy, [-1, 0, 1]), 0, 3)
    return 250_000 + 40_000 * noisy


def rows_to_ask(rng, frame, splits, rows=2000, most=2000):
    """Rows like those of training, and for each split one on it and one to either side, as the source compares."""
    splits = sorted({(feature, float(at)): (feature, at) for feature, at in splits}.items())
    splits = [splits[i][1] for i in rng.permutation(len(splits))[:most]]
    asked = frame.iloc[rng.integers(0, len(frame), rows + 3 * len(splits))].reset_index(drop=True)
    values = {name: asked[name].to_numpy().copy() for name in frame.columns if frame[name].dtype == float}
    for i, (feature, at) in enumerate(splits):
        kind = type(at)
        column = values.get(frame.columns[feature])
        if column is None:
            continue
        for j, value in enumerate((np.nextafter(at, kind(-np.inf)), at, np.nextafter(at, kind(np.inf)))):
            if np.isfinite(value):
                column[rows + 3 * i + j] = float(value)
    for name, column in values.items():
        asked[name] = column
    return asked, len(splits)
