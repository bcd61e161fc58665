"""Trains models of XGBoost and LightGBM, and records what they answer.

    train_boosters.py FOLDER [--small]

writes for each model FOLDER/<name>.json|ubj|txt as its library saves it, and FOLDER/<name>.answers.json: raw rows, among them
one exactly on each threshold of the model and one to either side of it, with the library's margins, leaves and predictions.
--small makes the fixtures of `npm test`: fewer trees, rows and models.
"""

import json
import sys

import lightgbm as lgb
import numpy as np
import pandas as pd
import xgboost as xgb

FOLDER, SMALL = sys.argv[1], "--small" in sys.argv
ROWS, TREES, SPLITS = (40, 4, 12) if SMALL else (2000, 40, 2000)
COLORS = [f"color {i:02d}" for i in range(30)]
SIZES = [3, 5, 7, 10, 400]


def table(rng, rows, categories=False):
    frame = pd.DataFrame(
        {
            "age": rng.normal(40, 12, rows),
            "income": rng.lognormal(9, 1, rows),
            "visits": rng.integers(0, 9, rows).astype(float),
            "balance": rng.normal(0, 1, rows) * (rng.random(rows) < 0.6),
        }
    )
    if categories:
        frame["color"] = pd.Categorical(rng.choice(COLORS, rows), categories=COLORS)
        frame["size"] = pd.Categorical(rng.choice(SIZES, rows), categories=SIZES)
    return frame


def gaps(rng, frame):
    for name in frame.columns:
        frame.loc[rng.random(len(frame)) < 0.1, name] = np.nan
    return frame


def score(frame):
    total = (frame["age"].fillna(50) - 40) / 12 + np.log(frame["income"].fillna(8000) / 8000) - frame["visits"].fillna(3) / 4
    total += np.where(frame["balance"].fillna(0) > 0, 1, 0)
    if "color" in frame:
        total += frame["color"].cat.codes.to_numpy() % 3 - 1 + (frame["size"].cat.codes.to_numpy() % 2)
    return total.to_numpy()


def target(rng, frame, task):
    noisy = score(frame) + rng.normal(0, 0.7, len(frame))
    if task == "binary":
        return (noisy > 0).astype(int)
    if task == "multi":
        return np.digitize(noisy, [-0.7, 0.7])
    if task == "counts":
        return rng.poisson(np.exp(np.clip(noisy, -3, 3)))
    return 250_000 + 40_000 * noisy


def xgboost_splits(path):
    model = json.load(open(path))["learner"]["gradient_booster"]["model"]
    for tree in model["trees"]:
        for i, left in enumerate(tree["left_children"]):
            if left != -1 and tree["split_type"][i] == 0:
                yield tree["split_indices"][i], np.float32(tree["split_conditions"][i])


def lightgbm_splits(text):
    for block in text.split("\nTree=")[1:]:
        lines = dict(line.split("=", 1) for line in block.split("\n") if "=" in line)
        if "split_feature" not in lines:
            continue
        for feature, threshold, decision in zip(*(lines[key].split() for key in ("split_feature", "threshold", "decision_type"))):
            if not int(decision) & 1:
                yield int(feature), np.float64(threshold)


def rows_to_ask(rng, frame, splits):
    """Rows like those of training, and for each split three that are on it and next to it."""
    splits = sorted({(feature, float(at)): (feature, at) for feature, at in splits}.items())
    splits = [splits[i][1] for i in rng.permutation(len(splits))[:SPLITS]]
    asked = frame.iloc[rng.integers(0, len(frame), ROWS + 3 * len(splits))].reset_index(drop=True)
    for i, (feature, at) in enumerate(splits):
        kind = type(at)
        for j, value in enumerate((np.nextafter(at, kind(-np.inf)), at, np.nextafter(at, kind(np.inf)))):
            if np.isfinite(value):
                asked.iloc[ROWS + 3 * i + j, feature] = float(value)
    if "zeros" in frame.attrs:
        tiny = [0.0, -0.0, 1e-36, -1e-36, float(np.float32(1e-35)), 1.1e-35, 1e-34]
        asked.iloc[: len(tiny), 3] = tiny
    return asked


def cell(value):
    if pd.isna(value):
        return None
    return value if isinstance(value, str) else float(value)


def record(name, file, library, asked, margins, leaves, predictions, named=True):
    margins = np.asarray(margins, dtype=np.float64).reshape(len(asked), -1)
    answers = {
        "library": library,
        "file": file,
        "columns": list(asked.columns) if named else [f"f{i}" for i in range(asked.shape[1])],
        "rows": [[cell(value) for value in row] for row in asked.itertuples(index=False)],
        "margins": margins.tolist(),
        "leaves": np.asarray(leaves, dtype=int).reshape(len(asked), -1).tolist(),
        "predictions": np.asarray(predictions, dtype=np.float64).reshape(len(asked), -1).tolist(),
    }
    with open(f"{FOLDER}/{name}.answers.json", "w") as file:
        json.dump(answers, file)


def with_xgboost(name, task, suffix="json", categories=False, missing=True, named=True, stop=None, rounds=TREES, **parameters):
    rng = np.random.default_rng(abs(hash_of(name)))
    frame = table(rng, 3000, categories)
    y = target(rng, frame, task)
    if missing:
        frame = gaps(rng, frame)
    objective = {"binary": "binary:logistic", "multi": "multi:softprob", "counts": "count:poisson", "number": "reg:squarederror"}[task]
    parameters = {"objective": objective, "nthread": 1, "seed": 1, **parameters}
    if task == "multi":
        parameters["num_class"] = 3

    def matrix(of, label=None):
        return xgb.DMatrix(of if named else of.to_numpy(), label, enable_categorical=True)

    evaluation = {}
    if stop:
        evaluation = {"evals": [(matrix(frame[2500:], y[2500:]), "test")], "early_stopping_rounds": stop, "verbose_eval": False}
    booster = xgb.train(parameters, matrix(frame[:2500], y[:2500]), rounds, **evaluation)
    plain = f"{FOLDER}/{name}.json"
    booster.save_model(plain)
    asked = rows_to_ask(rng, frame, xgboost_splits(plain))
    if suffix != "json":
        import os

        os.remove(plain)
        booster.save_model(f"{FOLDER}/{name}.{suffix}")
    rounds = (0, booster.best_iteration + 1) if stop else (0, 0)
    rows = matrix(asked)
    ask = lambda **what: booster.predict(rows, iteration_range=rounds, **what)
    record(name, f"{name}.{suffix}", f"xgboost {xgb.__version__}", asked, ask(output_margin=True), ask(pred_leaf=True), ask(), named)


def with_lightgbm(name, task, categories=False, missing=True, stop=None, rounds=TREES, **parameters):
    rng = np.random.default_rng(abs(hash_of(name)))
    frame = table(rng, 3000, categories)
    y = target(rng, frame, task)
    if missing:
        frame = gaps(rng, frame)
    if parameters.get("zero_as_missing"):
        frame.attrs["zeros"] = True
    objective = {"binary": "binary", "multi": "multiclass", "counts": "poisson", "number": "regression"}[task]
    parameters = {"objective": objective, "num_threads": 1, "seed": 1, "verbose": -1, "deterministic": True, **parameters}
    if task == "multi":
        parameters["num_class"] = 3
    evaluation = {}
    data = lgb.Dataset(frame[:2500], y[:2500], free_raw_data=False)
    if stop:
        evaluation = {"valid_sets": [data.create_valid(frame[2500:], y[2500:])], "callbacks": [lgb.early_stopping(stop, verbose=False)]}
    booster = lgb.train(parameters, data, rounds, **evaluation)
    booster.save_model(f"{FOLDER}/{name}.txt")
    asked = rows_to_ask(rng, frame, lightgbm_splits(booster.model_to_string()))
    ask = lambda **what: booster.predict(asked, num_threads=1, **what)
    # Of a forest the raw score is the sum, of which predictions take the mean.
    margins = ask(raw_score=True) / (booster.current_iteration() if parameters.get("boosting") == "rf" else 1)
    record(name, f"{name}.txt", f"lightgbm {lgb.__version__}", asked, margins, ask(pred_leaf=True), ask())


def hash_of(name):
    return sum(ord(letter) * 31**i for i, letter in enumerate(name)) % 2**31


with_xgboost("xgboost-binary", "binary", max_depth=3)
with_xgboost("xgboost-multi", "multi", "ubj", max_depth=2 if SMALL else 4)
with_xgboost("xgboost-poisson", "counts", max_depth=2 if SMALL else 5, base_score=0.7)
with_xgboost("xgboost-categories", "binary", "ubj", categories=True, max_depth=3 if SMALL else 6, max_cat_to_onehot=4)
with_lightgbm("lightgbm-binary", "binary", num_leaves=6 if SMALL else 31)
with_lightgbm("lightgbm-multi", "multi", num_leaves=4 if SMALL else 15)
with_lightgbm("lightgbm-categories", "binary", categories=True, num_leaves=6 if SMALL else 31, min_data_per_group=20)
with_lightgbm("lightgbm-zeros", "binary", zero_as_missing=True, num_leaves=5 if SMALL else 20)
if not SMALL:
    with_xgboost("xgboost-deep", "binary", "ubj", missing=False, named=False, max_depth=12, min_child_weight=0)
    with_xgboost("xgboost-number", "number", base_score=250_000, max_depth=6)
    with_xgboost("xgboost-forest", "binary", num_parallel_tree=20, rounds=1, subsample=0.8, colsample_bynode=0.6, learning_rate=1, max_depth=8)
    with_xgboost("xgboost-stopped", "multi", stop=3, rounds=200, learning_rate=0.6, max_depth=6)
    with_lightgbm("lightgbm-deep", "binary", missing=False, num_leaves=255, min_data_in_leaf=2)
    with_lightgbm("lightgbm-number", "number", num_leaves=31)
    with_lightgbm("lightgbm-counts", "counts", use_missing=False, num_leaves=15, stop=3, rounds=200)
    with_lightgbm("lightgbm-forest", "multi", boosting="rf", bagging_freq=1, bagging_fraction=0.7, feature_fraction=0.8, num_leaves=63)
    with_lightgbm("lightgbm-dart", "binary", boosting="dart", drop_rate=0.3, num_leaves=15)
