"""Fits scikit-learn's or XGBoost's learner once for each line of JSON it reads, and answers the log loss on rows kept aside."""

import json
import sys
import warnings

import numpy
import sklearn
import xgboost
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

warnings.simplefilter("ignore")


def read(path, columns):
    rows = numpy.fromfile(path + ".f32", numpy.float32).reshape(columns, -1).T
    return numpy.ascontiguousarray(rows), numpy.fromfile(path + ".i32", numpy.int32)


def forest(rows, labels, held, classes, seed, max_features, class_weight, **same):
    model = RandomForestClassifier(
        max_features=None if max_features == "all" else max_features,
        class_weight=None if class_weight == "none" else class_weight,
        random_state=seed,
        n_jobs=2 if len(rows) > 20_000 else 1,
        **same,
    )
    return model.fit(rows, labels).predict_proba(held)


def boosting(rows, labels, held, classes, seed, n_estimators, learning_rate, l2, **same):
    several = {"objective": "multi:softprob", "num_class": classes}
    parameters = {
        **({"objective": "binary:logistic"} if classes == 2 else several),
        "tree_method": "hist",
        "max_bin": 256,
        "eta": learning_rate,
        "lambda": l2,
        "nthread": 1,
        "seed": seed,
        **same,
    }
    model = xgboost.train(parameters, xgboost.DMatrix(rows, labels), n_estimators)
    ones = model.predict(xgboost.DMatrix(held)).astype(float)
    return ones if classes > 2 else numpy.column_stack([1 - ones, ones])


def logistic(rows, labels, held, classes, seed, l2):
    # In units of the columns' deviations the penalty would be another one: so its solver must do without.
    model = LogisticRegression(C=1 / l2, solver="newton-cholesky", tol=1e-8, max_iter=1_000)
    return model.fit(rows.astype(float), labels).predict_proba(held.astype(float))


FITS = {"random_forest": forest, "gradient_boosting": boosting, "logistic_regression": logistic}

print(json.dumps({"scikit-learn": sklearn.__version__, "xgboost": xgboost.__version__}), flush=True)
for line in sys.stdin:
    order = json.loads(line)
    rows, labels = read(order["directory"] + "/training", order["columns"])
    held, right = read(order["directory"] + "/held", order["columns"])
    fit = FITS[order["kind"]]
    probabilities = fit(rows, labels, held, order["classes"], order["seed"], **order["hyperparameters"])
    own = probabilities[numpy.arange(len(right)), right]
    print(json.dumps(float(-numpy.log(numpy.maximum(own, order["least"])).mean())), flush=True)
