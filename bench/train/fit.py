"""Fits scikit-learn's forest or XGBoost's boosting once: the data, split and hyperparameters of skewless.mjs."""

import json
import os
import resource
import sys
import time

import numpy

learner, directory = sys.argv[1:3]
columns, threads, seed = map(int, sys.argv[3:])


def read(part):
    # Rows side by side, the layout these libraries want: no copy of columns counts into their memory.
    rows = numpy.fromfile(os.path.join(directory, part + ".rows.f32"), numpy.float32).reshape(-1, columns)
    return rows, numpy.fromfile(os.path.join(directory, part + ".labels.u8"), numpy.uint8)


def fit_forest(rows, labels):
    from sklearn.ensemble import RandomForestClassifier

    forest = RandomForestClassifier(n_estimators=100, max_depth=10, random_state=seed, n_jobs=threads)
    return lambda: forest.fit(rows, labels), lambda test: forest.predict_proba(test)[:, 1]


def fit_boosting(rows, labels):
    import xgboost

    parameters = {
        "objective": "binary:logistic",
        "tree_method": "hist",
        "max_depth": 6,
        "eta": 0.1,
        "max_bin": 256,
        "nthread": threads,
        "seed": seed,
    }
    model = []
    fit = lambda: model.append(xgboost.train(parameters, xgboost.DMatrix(rows, labels, nthread=threads), 100))
    return fit, lambda test: model[0].predict(xgboost.DMatrix(test)).astype(float)


rows, labels = read("train")
fit, predict = {"forest": fit_forest, "boosting": fit_boosting}[learner](rows, labels)
cpu_before, before = time.process_time(), time.perf_counter()
fit()
fit_seconds, cpu_seconds = time.perf_counter() - before, time.process_time() - cpu_before
peak_megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

rows, labels = read("test")
ones = predict(rows)
smallest = numpy.finfo(float).eps
losses = -numpy.log(numpy.maximum(numpy.where(labels == 1, ones, 1 - ones), smallest))
print(
    json.dumps(
        {
            "fitSeconds": fit_seconds,
            "cpuSeconds": cpu_seconds,
            "peakMegabytes": peak_megabytes,
            "accuracy": float(((ones > 0.5) == labels).mean()),
            "logLoss": float(losses.mean()),
        }
    )
)
