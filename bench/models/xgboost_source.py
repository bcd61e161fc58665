"""Models of XGBoost: what it trains, saves and answers."""

import json

import numpy as np
import xgboost as xgb

from tables import ODD_TABLES, TRAINED, rows_to_ask, table, target

VERSION = f"xgboost {xgb.__version__}"
#: What it calls columns without names.
UNNAMED = "f"


def splits_of(path):
    model = json.load(open(path))["learner"]["gradient_booster"]["model"]
    for tree in model["trees"]:
        for i, left in enumerate(tree["left_children"]):
            if left != -1 and tree["split_type"][i] == 0:
                yield tree["split_indices"][i], np.float32(tree["split_conditions"][i])


def make(rng, folder, task="binary", rounds=40, stop=None, named=True, suffix="json", own_columns=None, group=False, **parameters):
    own_columns = own_columns or {}
    frame = table(rng, TRAINED + 500, **own_columns)
    y = target(rng, frame, task, own_columns.get("scale"))
    objectives = {"binary": "binary:logistic", "multi": "multi:softprob", "many": "multi:softprob", "counts": "count:poisson"}
    parameters = {"objective": objectives.get(task, "reg:squarederror"), "nthread": 1, "seed": 1, **parameters}
    if task in ("multi", "many"):
        parameters["num_class"] = int(y.max()) + 1

    def matrix(of, label=None):
        data = xgb.DMatrix(of if named else of.to_numpy(), label, enable_categorical=True)
        if group and label is not None:
            data.set_group([50] * (len(of) // 50))
        return data

    evaluation = {}
    if stop:
        evaluation = {"evals": [(matrix(frame[TRAINED:], y[TRAINED:]), "test")], "early_stopping_rounds": stop, "verbose_eval": False}
    booster = xgb.train(parameters, matrix(frame[:TRAINED], y[:TRAINED]), rounds, **evaluation)
    plain = f"{folder}/model.json"
    booster.save_model(plain)
    asked, splits = rows_to_ask(rng, frame, splits_of(plain))
    file = f"model.{suffix}"
    booster.save_model(f"{folder}/{file}")
    until = (0, booster.best_iteration + 1) if stop else (0, 0)
    data = matrix(asked)
    ask = lambda **what: booster.predict(data, iteration_range=until, **what)
    predictions = ask()
    # Of multi:softmax the prediction is the class; its probabilities are those of the margins.
    margins = ask(output_margin=True).reshape(len(asked), -1)
    if parameters["objective"] == "multi:softmax":
        shares = np.exp(margins.astype(float) - margins.max(axis=1, keepdims=True))
        predictions = shares / shares.sum(axis=1, keepdims=True)
    return {
        "file": file,
        "asked": asked,
        "splits": splits,
        "named": named,
        "margins": margins,
        "leaves": ask(pred_leaf=True),
        "predictions": predictions,
        "classes": {"binary": 2, "multi": 3, "many": 10}.get(task, 0) if parameters["objective"] != "binary:logitraw" else 0,
        "model": (booster, until),
        "float64": False,
    }


many = {"levels": 500}
some = {"levels": 30}
CONFIGURATIONS = {
    "binary": {},
    "stumps": {"max_depth": 1},
    "deep": {"max_depth": 12, "min_child_weight": 0, "own_columns": {"missing": 0}, "suffix": "ubj"},
    "one tree": {"rounds": 1},
    "300 trees": {"rounds": 300, "max_depth": 5, "learning_rate": 0.1},
    "1,000 trees": {"rounds": 1000, "max_depth": 4, "learning_rate": 0.03},
    "logitraw": {"objective": "binary:logitraw"},
    "three classes": {"task": "multi", "max_depth": 4, "suffix": "ubj"},
    "three classes, softmax": {"task": "multi", "objective": "multi:softmax", "max_depth": 4},
    "ten classes": {"task": "many", "max_depth": 3, "rounds": 20},
    "a number": {"task": "number"},
    "a number, base score": {"task": "number", "base_score": 250_000},
    "absolute error": {"task": "number", "objective": "reg:absoluteerror"},
    "pseudo-Huber": {"task": "positive", "objective": "reg:pseudohubererror"},
    "quantile": {"task": "number", "objective": "reg:quantileerror", "quantile_alpha": 0.8},
    "squared log error": {"task": "positive", "objective": "reg:squaredlogerror"},
    "Poisson": {"task": "counts", "max_depth": 5},
    "Poisson, base score": {"task": "counts", "base_score": 0.7},
    "gamma": {"task": "positive", "objective": "reg:gamma"},
    "Tweedie": {"task": "counts", "objective": "reg:tweedie"},
    "ranks": {"task": "ranks", "objective": "rank:pairwise", "group": True},
    "no gaps": {"own_columns": {"missing": 0}},
    "half missing": {"own_columns": {"missing": 0.5}},
    "base score 0.01": {"base_score": 0.01},
    "base score 0.5": {"base_score": 0.5},
    "base score 0.99": {"base_score": 0.99},
    "random forest": {"num_parallel_tree": 40, "rounds": 1, "subsample": 0.8, "colsample_bynode": 0.6, "learning_rate": 1, "max_depth": 8},
    "random forest, three classes": {"task": "multi", "num_parallel_tree": 15, "rounds": 1, "subsample": 0.8, "learning_rate": 1},
    "boosted forests": {"num_parallel_tree": 4, "rounds": 10, "subsample": 0.7},
    "stopped early": {"stop": 3, "rounds": 200, "learning_rate": 0.6},
    "stopped early, three classes": {"task": "multi", "stop": 3, "rounds": 200, "learning_rate": 0.6},
    "stopped early, forests": {"task": "number", "stop": 2, "rounds": 100, "learning_rate": 0.8, "num_parallel_tree": 3, "subsample": 0.7},
    "categories, one-hot": {"own_columns": some, "max_cat_to_onehot": 100, "suffix": "ubj"},
    "categories, sets": {"own_columns": some, "max_cat_to_onehot": 1, "suffix": "ubj"},
    "500 categories": {"own_columns": many, "max_cat_to_onehot": 4, "max_cat_threshold": 256, "suffix": "ubj"},
    "categories, three classes": {"task": "multi", "own_columns": some, "suffix": "ubj"},
    "categories, a number": {"task": "number", "own_columns": some, "suffix": "ubj"},
    "monotone": {"monotone_constraints": "(1,0,-1,0)"},
    "interactions": {"interaction_constraints": "[[0,1],[2,3]]"},
    "16 bins": {"max_bin": 16},
    "exact": {"tree_method": "exact"},
    "approx": {"tree_method": "approx"},
    "by loss": {"grow_policy": "lossguide", "max_leaves": 31, "max_depth": 0},
    "regularised": {"reg_alpha": 1, "reg_lambda": 5, "gamma": 0.5, "max_delta_step": 0.7},
    "sampled": {"subsample": 0.5, "colsample_bytree": 0.5, "sampling_method": "uniform"},
    "weighted classes": {"scale_pos_weight": 20},
    **ODD_TABLES,
}
IN_CI = ["deep", "three classes", "Poisson, base score", "random forest", "stopped early, three classes", "500 categories", "base score 0.01", "half missing"]


def peers(made, rows):
    """What onnxmltools makes of the model."""
    from onnxmltools.convert import convert_xgboost
    from onnxmltools.convert.common.data_types import FloatTensorType

    booster, until = made["model"]
    unnamed = xgb.Booster(model_file=f"{made['folder']}/{made['file']}")
    width = rows.shape[1]
    # It takes no other names.
    unnamed.feature_names = [f"f{i}" for i in range(width)]
    yield "onnxmltools", lambda: convert_xgboost(unnamed, initial_types=[("X", FloatTensorType([None, width]))]), "float32"
