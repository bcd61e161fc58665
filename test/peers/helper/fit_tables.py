"""Fits scikit-learn's or XGBoost's learner to each table of a JSON file, and prints what it answers on the rows kept aside."""

import json
import sys
import warnings

import numpy
import xgboost
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.utils.class_weight import compute_sample_weight

warnings.simplefilter("ignore")


def rows_of(columns):
    """Missing values are null in JSON."""
    return numpy.array(columns, dtype=float).T.astype(numpy.float32)


def boosting(rows, targets, held, classes, hyperparameters):
    chosen = dict(hyperparameters)
    rounds, balanced = chosen.pop("n_estimators"), chosen.pop("class_weight", "none") == "balanced"
    objective = {0: "reg:squarederror", 2: "binary:logistic"}.get(classes, "multi:softprob")
    parameters = {
        "objective": objective,
        **({"num_class": classes} if classes > 2 else {}),
        "tree_method": "hist",
        "max_bin": 256,
        "eta": chosen.pop("learning_rate"),
        "lambda": chosen.pop("l2"),
        "nthread": 1,
        **chosen,
    }
    weight = compute_sample_weight("balanced", targets) if balanced else None
    model = xgboost.train(parameters, xgboost.DMatrix(rows, targets, weight=weight), rounds)
    answers = model.predict(xgboost.DMatrix(held)).astype(float)
    return numpy.column_stack([1 - answers, answers]) if classes == 2 else answers


def forest(rows, targets, held, classes, hyperparameters):
    chosen = dict(hyperparameters)
    features = chosen.pop("max_features")
    model = RandomForestRegressor(max_features=1.0 if features == "all" else features, random_state=1, **chosen)
    return model.fit(rows, targets).predict(held)


def ridge(rows, targets, held, classes, hyperparameters):
    model = Ridge(alpha=hyperparameters["l2"], solver="cholesky")
    return model.fit(rows.astype(float), targets).predict(held.astype(float))


FITS = {"gradient_boosting": boosting, "random_forest": forest, "ridge": ridge}

with open(sys.argv[1], encoding="utf-8") as file:
    for table in json.load(file):
        training, held = rows_of(table["training"]), rows_of(table["held"])
        targets = numpy.array(table["targets"])
        fit = FITS[table["kind"]]
        answers = fit(training, targets, held, table["classes"], table["hyperparameters"])
        print(json.dumps(numpy.asarray(answers, float).ravel().tolist()))
