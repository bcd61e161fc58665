"""scikit-learn on the rows and columns of a model of Skewless: the learners of FIT."""

import time
import warnings

import cloudpickle
import numpy
import pandas
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, OrdinalEncoder

warnings.simplefilter("ignore")

# Answers of either side have six decimals: neither loses more by a row than this.
LEAST = 1e-6
RESAMPLES = 2_000
# More levels than HistGradientBoosting takes as categories.
MANY = 255


def read(path, dates):
    table = pandas.read_parquet(path) if path.endswith(".parquet") else pandas.read_csv(path)
    for name in dates:
        table[name] = pandas.to_datetime(table[name], utc=True)
    return table


def parts_of_dates(table):
    """What both learners get of a moment."""
    parts = {}
    for name, column in table.items():
        column = pandas.to_datetime(column, utc=True)
        parts[f"{name}_days"] = (column - pandas.Timestamp(0, tz="UTC")) / pandas.Timedelta(days=1)
        for part in ("year", "month", "day", "dayofyear", "weekday", "hour"):
            parts[f"{name}_{part}"] = getattr(column.dt, part)
    return pandas.DataFrame(parts, index=table.index)


def kinds(table, dates):
    categories = [name for name in table if not pandas.api.types.is_numeric_dtype(table[name]) and name not in dates]
    return categories, [name for name in table if name not in categories and name not in dates]


def boosting(table, dates, task):
    categories, numbers = kinds(table, dates)
    few = [name for name in categories if table[name].nunique() < MANY]
    many = [name for name in categories if name not in few]
    codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=numpy.nan, encoded_missing_value=numpy.nan)
    columns = ColumnTransformer(
        [
            ("few", codes, few),
            ("many", codes, many),
            ("dates", FunctionTransformer(parts_of_dates), dates),
            ("numbers", FunctionTransformer(lambda part: part.astype(float)), numbers),
        ]
    )
    learner = HistGradientBoostingRegressor if task == "regression" else HistGradientBoostingClassifier
    return make_pipeline(columns, learner(categorical_features=list(range(len(few))), random_state=0))


def forest(table, dates, task):
    categories, numbers = kinds(table, dates)
    fill = SimpleImputer(strategy="median", add_indicator=True)
    columns = ColumnTransformer(
        [
            ("categories", OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=50), categories),
            ("dates", make_pipeline(FunctionTransformer(parts_of_dates), fill), dates),
            ("numbers", make_pipeline(FunctionTransformer(lambda part: part.astype(float)), fill), numbers),
        ]
    )
    learner = RandomForestRegressor if task == "regression" else RandomForestClassifier
    # A tree of millions of rows has as many leaves.
    leaves = {"min_samples_leaf": 50} if len(table) > 500_000 else {}
    return make_pipeline(columns, learner(random_state=0, n_jobs=2, **leaves))


FIT = {"boosting": boosting, "forest": forest}


def losses(answers, right):
    """A row's loss: the squared error, or the log loss of the class that it is."""
    if answers.ndim == 1:
        return (answers - right) ** 2
    return -numpy.log(numpy.clip(answers[numpy.arange(len(right)), right], LEAST, 1))


def loss(rows, task):
    return float(numpy.sqrt(rows.mean()) if task == "regression" else rows.mean())


def interval(own, peer, task):
    """95 % of the differences of the loss between resampled test rows, the same for both."""
    random = numpy.random.default_rng(0)
    differences = []
    for _ in range(RESAMPLES):
        rows = random.integers(0, len(own), len(own))
        differences.append(loss(own[rows], task) - loss(peer[rows], task))
    return [float(bound) for bound in numpy.quantile(differences, [0.025, 0.975])]


def compare(**order):
    task, dates = order["task"], order["dates"]
    table = read(order["table"], dates)
    side = {name: pandas.read_parquet(order[name]) for name in ("train", "test")}
    if order["mostTestRows"] < len(side["test"]):
        side["test"] = side["test"].iloc[: order["mostTestRows"]]
    columns = table[order["columns"]]
    train, test = (columns.iloc[side[name]["row"].to_numpy()] for name in ("train", "test"))
    answer, kind = ("target", float) if task == "regression" else ("class_index", int)
    right = {name: side[name][answer].to_numpy(kind) for name in side}

    served = numpy.array(order["served"], float)
    own = losses(served, right["test"])
    result = {"rows": {"train": len(train), "test": len(test)}, "loss": loss(own, task), "peers": {}}
    best = None
    for name in order.get("learners") or FIT:
        make = FIT[name]
        pipeline = make(train, dates, task)
        started = time.perf_counter()
        pipeline.fit(train, right["train"])
        seconds = time.perf_counter() - started
        answers = pipeline.predict(test) if task == "regression" else all_classes(pipeline, test, served.shape[1])
        rows = losses(answers, right["test"])
        result["peers"][name] = {"loss": loss(rows, task), "fitSeconds": seconds}
        if best is None or result["peers"][name]["loss"] < result["peers"][best[0]]["loss"]:
            best = (name, rows, pipeline)
    result["better"] = best[0]
    result["ratio"] = result["loss"] / result["peers"][best[0]]["loss"]
    result["interval"] = interval(own, best[1], task)
    with open(order["pickle"], "wb") as file:
        cloudpickle.dump({"pipeline": best[2], "columns": order["columns"], "dates": dates}, file)
    return result


def all_classes(pipeline, test, classes):
    """A class that the training part lacks has no column of its own."""
    answers = numpy.zeros((len(test), classes))
    answers[:, pipeline.classes_] = pipeline.predict_proba(test)
    return answers

