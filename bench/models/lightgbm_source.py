"""Models of LightGBM: what it trains, saves and answers."""

import lightgbm as lgb
import numpy as np

from tables import ODD_TABLES, TRAINED, rows_to_ask, table, target

VERSION = f"lightgbm {lgb.__version__}"
#: What it calls columns without names.
UNNAMED = "Column_"


def splits_of(text):
    for block in text.split("\nTree=")[1:]:
        lines = dict(line.split("=", 1) for line in block.split("\n") if "=" in line)
        if "split_feature" not in lines:
            continue
        for feature, threshold, decision in zip(*(lines[key].split() for key in ("split_feature", "threshold", "decision_type"))):
            if not int(decision) & 1:
                yield int(feature), np.float64(threshold)


def make(rng, folder, task="binary", rounds=40, stop=None, named=True, own_columns=None, codes=None, group=False, **parameters):
    own_columns = own_columns or {}
    frame = table(rng, TRAINED + 500, **own_columns)
    y = target(rng, frame, task, own_columns.get("scale"))
    objectives = {"binary": "binary", "multi": "multiclass", "many": "multiclass", "counts": "poisson", "ranks": "lambdarank"}
    parameters = {"objective": objectives.get(task, "regression"), "num_threads": 1, "seed": 1, "verbose": -1, "deterministic": True, **parameters}
    if task in ("multi", "many"):
        parameters["num_class"] = int(y.max()) + 1
    of = (lambda rows: rows) if named else (lambda rows: rows.to_numpy(float))
    keys = {"categorical_feature": codes} if codes else {}
    if group:
        keys["group"] = [50] * (TRAINED // 50)
    data = lgb.Dataset(of(frame[:TRAINED]), y[:TRAINED], free_raw_data=False, **keys)
    evaluation = {}
    if stop:
        evaluation = {"valid_sets": [data.create_valid(of(frame[TRAINED:]), y[TRAINED:])], "callbacks": [lgb.early_stopping(stop, verbose=False)]}
    booster = lgb.train(parameters, data, rounds, **evaluation)
    booster.save_model(f"{folder}/model.txt")
    asked, splits = rows_to_ask(rng, frame, splits_of(booster.model_to_string()))
    if parameters.get("zero_as_missing"):
        tiny = np.array([0.0, -0.0, 1e-36, -1e-36, float(np.float32(1e-35)), 1.1e-35, 1e-34])
        asked.loc[: len(tiny) - 1, "balance"] = tiny
    ask = lambda **what: booster.predict(of(asked), num_threads=1, **what)
    # Of a forest the raw score is the sum, of which predictions take the mean.
    margins = ask(raw_score=True) / (booster.current_iteration() if parameters.get("boosting") == "rf" else 1)
    return {
        "file": "model.txt",
        "asked": asked,
        "splits": splits,
        "named": named,
        "margins": margins * parameters.get("sigmoid", 1),
        "leaves": ask(pred_leaf=True),
        "predictions": ask(),
        "classes": {"binary": 2, "multi": 3, "many": 10}.get(task, 0),
        "model": booster,
        "float64": True,
    }


some, many = {"levels": 30}, {"levels": 500}
forest = {"boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.7, "feature_fraction": 0.8}
CONFIGURATIONS = {
    "binary": {},
    "two leaves": {"num_leaves": 2},
    "255 leaves": {"num_leaves": 255, "min_data_in_leaf": 2, "own_columns": {"missing": 0}},
    "depth 12": {"max_depth": 12, "num_leaves": 400, "min_data_in_leaf": 1},
    "one tree": {"rounds": 1},
    "300 trees": {"rounds": 300, "learning_rate": 0.05},
    "1,000 trees": {"rounds": 1000, "num_leaves": 15, "learning_rate": 0.02},
    "sigmoid 2.5": {"sigmoid": 2.5},
    "three classes": {"task": "multi", "num_leaves": 15},
    "ten classes": {"task": "many", "rounds": 20, "num_leaves": 15},
    "a number": {"task": "number"},
    "absolute error": {"task": "number", "objective": "regression_l1"},
    "Huber": {"task": "positive", "objective": "huber"},
    "fair": {"task": "positive", "objective": "fair"},
    "quantile": {"task": "number", "objective": "quantile", "alpha": 0.8},
    "percentage error": {"task": "positive", "objective": "mape"},
    "Poisson": {"task": "counts"},
    "gamma": {"task": "positive", "objective": "gamma"},
    "Tweedie": {"task": "counts", "objective": "tweedie"},
    "ranks": {"task": "ranks", "group": True},
    "no gaps": {"own_columns": {"missing": 0}},
    "half missing": {"own_columns": {"missing": 0.5}},
    "zero as missing": {"zero_as_missing": True},
    "missing is not asked": {"use_missing": False},
    "gaps only in what is asked": {"own_columns": {"missing": 0}, "use_missing": False},
    "categories": {"own_columns": some, "min_data_per_group": 20},
    "categories, one-hot": {"own_columns": some, "max_cat_to_onehot": 64},
    "500 categories": {"own_columns": many, "min_data_per_group": 2, "cat_smooth": 1, "max_cat_threshold": 200},
    "categories, three classes": {"task": "multi", "own_columns": some, "min_data_per_group": 20},
    "categories, a number": {"task": "number", "own_columns": some, "min_data_per_group": 20},
    "codes as categories": {"own_columns": {"kind": "integers"}, "codes": [2], "named": False},
    "15 bins": {"max_bin": 15},
    "1,000 bins": {"max_bin": 1000, "min_data_in_bin": 1},
    "forest": {**forest, "num_leaves": 63},
    "forest, three classes": {**forest, "task": "multi", "num_leaves": 31},
    "forest, a number": {**forest, "task": "number", "num_leaves": 31},
    "one-sided sampling": {"data_sample_strategy": "goss", "learning_rate": 0.3},
    "stopped early": {"stop": 3, "rounds": 200, "learning_rate": 0.5},
    "stopped early, counts": {"task": "counts", "stop": 3, "rounds": 200, "learning_rate": 0.5},
    "monotone": {"monotone_constraints": [1, 0, -1, 0]},
    "monotone, advanced": {"monotone_constraints": [1, 0, -1, 0], "monotone_constraints_method": "advanced"},
    "interactions": {"interaction_constraints": [[0, 1], [2, 3]]},
    "extra trees": {"extra_trees": True},
    "smoothed paths": {"path_smooth": 10},
    "unbalanced": {"is_unbalance": True},
    "not from the average": {"boost_from_average": False},
    "regularised": {"lambda_l1": 1, "lambda_l2": 5, "min_gain_to_split": 0.1, "max_delta_step": 0.7},
    "sampled": {"bagging_freq": 1, "bagging_fraction": 0.5, "feature_fraction_bynode": 0.5},
    **ODD_TABLES,
}
IN_CI = ["255 leaves", "three classes", "Poisson", "zero as missing", "500 categories", "forest, three classes", "stopped early, counts", "half missing"]


def peers(made, rows):
    """What onnxmltools makes of the model."""
    from onnxmltools.convert import convert_lightgbm
    from onnxmltools.convert.common.data_types import DoubleTensorType, FloatTensorType

    width = rows.shape[1]
    convert = lambda kind: lambda: convert_lightgbm(made["model"], initial_types=[("X", kind([None, width]))], zipmap=False)
    yield "onnxmltools", convert(FloatTensorType), "float32"
    yield "onnxmltools, float64", convert(DoubleTensorType), "float64"
