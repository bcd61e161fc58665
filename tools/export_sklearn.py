#!/usr/bin/env python3
"""Export a model of scikit-learn as the files that `skewless import` takes.

Of a fitted Pipeline, or a model alone, it writes one JSON file: raw columns, steps, model, and what scikit-learn itself
answers to a sample of raw rows, with missing and unknown values put in. Needs scikit-learn, pandas only where the
pipeline was fitted on a DataFrame, and XGBoost or LightGBM where one of these is its last step.

Of a forest and a scaler apart it writes forest.json, scaler.json and metadata.json and, from a sample of raw rows, golden.jsonl: what scikit-learn
itself answers to them. The import refuses a model that does not give the same answers, so do pass a sample; a few
hundred rows of the training data are plenty. Needs nothing but scikit-learn (1.2 or newer, best the version that
trained the model).

A pickle can run any code when it is loaded: load only your own.
"""

from __future__ import annotations

import argparse
import copy
import csv
import json
import math
import os
import shlex
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

try:
    import sklearn
    from sklearn.base import is_classifier, is_regressor
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.exceptions import NotFittedError
    from sklearn.feature_selection import SelectorMixin
    from sklearn.preprocessing import StandardScaler
    from sklearn.utils import check_array
    from sklearn.utils.validation import check_is_fitted
except ModuleNotFoundError as missing:
    if __name__ != "__main__":
        raise
    print(f"error: {missing}: run this with the Python that trained the model.", file=sys.stderr)
    sys.exit(2)

EXAMPLES = """\
examples:
  python3 tools/export_sklearn.py pipeline.pkl --out churn.json --sample train.csv
  python3 tools/export_sklearn.py forest.pkl scaler.pkl --out exported --sample train.csv
  python3 tools/export_sklearn.py forest.pkl scaler.pkl --out exported --sample train.csv \\
      --features age,income,member --numeric-features age,income

The forest's features must be columns of the sample, some of them scaled. A model with features of its own is
exported from Python, together with the code that computes them, and imported with a --recipe that says the same:
  from export_sklearn import export      # with tools/ on sys.path
  export(forest, scaler, "exported", sample=rows, compute_features=lambda row: [...])
A Pipeline is exported from Python likewise; the DataFrame it was trained on tells the kinds of columns:
  from export_sklearn import export_pipeline
  export_pipeline(pipeline, "churn.json", sample=train)
"""


FLOAT32_MAX = (2 - 2**-23) * 2.0**127  # scikit-learn and Skewless both cast features to float32


class ExportError(ValueError):
    """Why a model cannot be exported, in one sentence."""


def export(
    forest: RandomForestClassifier,
    scaler: StandardScaler,
    out_dir: str | os.PathLike[str],
    feature_names: Iterable[str] | None = None,
    numeric_features: Iterable[str] | None = None,
    sample: Any = None,
    raw_columns: Iterable[str] | None = None,
    compute_features: Callable[[Mapping[str, Any]], Iterable[float]] | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> list[Path]:
    """Write a fitted forest and its scaler into `out_dir`; return the files written.

    feature_names     the forest's features in order, if it was fitted without column names
    numeric_features  the scaler's columns in order, if it was fitted without column names
    sample            raw rows for which scikit-learn's predictions are recorded: dicts, a DataFrame, or the path of a
                      CSV file
    compute_features  your feature code: raw row -> final, scaled features (default: the row's columns, with those of
                      the scaler scaled)
    raw_columns       with compute_features, the columns that a client will send (default: all of the row)
    metadata          facts about the training: metrics, train_samples, test_samples, timestamp

    Raise ExportError, with nothing written, if the model or the sample cannot be exported.
    """
    _check(forest, RandomForestClassifier, "forest")
    _check(scaler, StandardScaler, "scaler")
    alike = forest.n_features_in_ == scaler.n_features_in_
    names = _columns("forest", forest, feature_names, _fitted_names(scaler) if alike else None, "--features")
    numeric = _columns("scaler", scaler, numeric_features, names if alike else None, "--numeric-features")
    documents = {
        "forest.json": [_forest(forest, names)],
        "scaler.json": [_scaler(scaler, numeric)],
        "metadata.json": [{**_metadata(forest), **(metadata or {})}],
    }
    if sample is not None:
        rows = _rows(sample)
        if compute_features:
            inputs = _inputs(rows, list(raw_columns or rows[0]), nullable=True)
            features = [list(compute_features(row)) for row in rows]
        else:
            inputs = _inputs(rows, names, nullable=False)
            features = _scaled(inputs, scaler, numeric, names)
        documents["golden.jsonl"] = _golden(forest, names, inputs, features)
    texts = {name: "".join(map(_json_line, lines)) for name, lines in documents.items()}
    out = Path(out_dir)
    out.mkdir(parents=True, exist_ok=True)
    return [_write(out / name, text) for name, text in texts.items()]


def _check(model: Any, kind: type, where: str) -> None:
    if not isinstance(model, kind):
        raise ExportError(f"{where} is of type {type(model).__name__}, not {kind.__name__}.")
    try:
        check_is_fitted(model)
    except NotFittedError:
        raise ExportError(f"{where} is not fitted: call fit on the {kind.__name__}, then save it again.") from None
    if getattr(model, "n_outputs_", 1) > 1:
        raise ExportError(f"{where} predicts {model.n_outputs_} outputs at once: train one forest for each of them.")


def _fitted_names(model: Any) -> list[str] | None:
    names = getattr(model, "feature_names_in_", None)
    return None if names is None else [str(name) for name in names]


def _columns(what: str, model: Any, given: Iterable[str] | None, fallback: list[str] | None, option: str) -> list[str]:
    """The columns that an estimator was fitted on, in order; names from its fit cannot be overridden."""
    known = _fitted_names(model)
    names = known or fallback if given is None else [str(name) for name in given]
    width = model.n_features_in_
    if names is None:
        raise ExportError(f"The {what} was fitted without column names: name its {width} columns with {option}.")
    if known and names != known:
        raise ExportError(f"The {what} was fitted on [{', '.join(known)}], {option} says [{', '.join(names)}].")
    if len(names) != width:
        raise ExportError(f"The {what} was fitted on {width} columns, {option} names {len(names)}.")
    if "" in names or len(set(names)) < width:
        raise ExportError(f"The {what}'s columns [{', '.join(names)}] need a name each, and no name twice.")
    return names


def _finite(value: Any, what: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ExportError(f"{what} is {value!r}, not a number.") from None
    if not math.isfinite(number):
        raise ExportError(f"{what} is {number}, not a finite number.")
    return number


def _label(value: Any) -> int | str:
    """A class as a JSON value: a string, or an integer for integers, booleans and 1.0."""
    if isinstance(value, str) or (value == int(value) and abs(value) < 2**53):
        return value if isinstance(value, str) else int(value)
    raise ExportError(f"The class {value!r} is no label for JSON: train with strings or whole numbers below 2^53.")


def _forest(forest: RandomForestClassifier, names: Sequence[str]) -> dict[str, Any]:
    classes = [_label(label) for label in forest.classes_.tolist()]
    if len(classes) < 2:
        raise ExportError(f"The forest knows one class only, {classes[0]!r}: there is nothing to predict.")
    trees = [_tree(estimator.tree_, t) for t, estimator in enumerate(forest.estimators_)]
    return {"type": "RandomForestClassifier", "classes": classes, "feature_names": names, "trees": trees}


def _tree(tree: Any, index: int) -> dict[str, list[Any]]:
    threshold = tree.threshold.tolist()
    if not all(map(math.isfinite, threshold)):
        raise ExportError(f"Tree {index} asks whether a value is missing: fill missing values before training.")
    return {
        "feature": tree.feature.tolist(),
        "threshold": threshold,
        "left": tree.children_left.tolist(),
        "right": tree.children_right.tolist(),
        "value": [_shares(node) for node in tree.value[:, 0, :].tolist()],
    }


def _shares(node: Sequence[float]) -> list[float]:
    """Class shares of a node, which holds weighted counts up to scikit-learn 1.2 and shares since."""
    total = sum(node) or 1.0
    return [value / total for value in node]


def _scaler(scaler: StandardScaler, numeric: Sequence[str]) -> dict[str, Any]:
    mean = scaler.mean_.tolist() if scaler.with_mean else [0.0] * len(numeric)
    scale = scaler.scale_.tolist() if scaler.with_std else [1.0] * len(numeric)
    return {
        "numeric_features": numeric,
        "mean": [_finite(value, f"The scaler's mean of {name}") for name, value in zip(numeric, mean)],
        "scale": [_finite(value, f"The scaler's scale of {name}") for name, value in zip(numeric, scale)],
        "versions": {"sklearn": sklearn.__version__},
    }


def _metadata(forest: RandomForestClassifier) -> dict[str, Any]:
    """The hyperparameters that define what is computed, without those that only define how."""
    params = forest.get_params(deep=False).items()
    hyperparameters = {name: value for name, value in params if name not in ("n_jobs", "verbose", "warm_start")}
    timestamp = datetime.now(timezone.utc).isoformat()
    return {"algorithm": "random_forest", "hyperparameters": hyperparameters, "timestamp": timestamp}


def _rows(sample: Any) -> Sequence[Mapping[str, Any]]:
    if isinstance(sample, (str, os.PathLike)):
        try:
            with open(sample, encoding="utf-8-sig", newline="") as file:
                rows = [{name: _cell(text) for name, text in row.items()} for row in csv.DictReader(file)]
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise ExportError(f"{sample} cannot be read: {getattr(error, 'strerror', error)}.") from None
    else:
        rows = list(sample.to_dict("records") if hasattr(sample, "to_dict") else sample)
    if not rows:
        raise ExportError("The sample holds no row.")
    return rows


def _cell(text: Any) -> Any:
    try:
        return float(text)
    except (TypeError, ValueError):
        return text or None


def _inputs(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], nullable: bool) -> list[dict[str, float | None]]:
    """The raw columns of each row as numbers; a missing value is None, if allowed."""

    def number(row: Mapping[str, Any], at: int, column: str) -> float | None:
        if column not in row:
            raise ExportError(f'The sample has no column "{column}"; computed features need compute_features.')
        missing = row[column] is None or row[column] != row[column]
        return None if missing and nullable else _finite(row[column], f'Row {at} of the sample: "{column}"')

    return [{column: number(row, at, column) for column in columns} for at, row in enumerate(rows, 1)]


def _scaled(
    inputs: Sequence[Mapping[str, Any]], scaler: StandardScaler, numeric: Sequence[str], names: Sequence[str]
) -> list[list[float]]:
    """The columns in the forest's order; scikit-learn itself scales those of the scaler."""
    if not set(numeric) <= set(names):
        raise ExportError(f"The scaler's columns [{', '.join(numeric)}] are not all features: pass compute_features.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a list has no column names, but has the scaler's order
        scaled = check_array(scaler.transform([[row[name] for name in numeric] for row in inputs])).tolist()
    return [[{**row, **dict(zip(numeric, values))}[name] for name in names] for row, values in zip(inputs, scaled)]


def _features(row: Sequence[Any], at: int, names: Sequence[str]) -> list[float]:
    if len(row) != len(names):
        raise ExportError(f"Row {at} of the sample: compute_features made {len(row)} features, not {len(names)}.")
    values = [_finite(value, f'Row {at} of the sample: the feature "{name}"') for name, value in zip(names, row)]
    for name, value in zip(names, values):
        if abs(value) > FLOAT32_MAX:
            raise ExportError(f'Row {at} of the sample: the feature "{name}" is {value}, too large for float32.')
    return values


def _golden(
    forest: RandomForestClassifier, names: Sequence[str], inputs: Sequence[Any], features: Sequence[Sequence[Any]]
) -> list[dict[str, Any]]:
    """The predictions of scikit-learn, in one thread, so that sums of floats are reproducible."""
    features = [_features(row, at, names) for at, row in enumerate(features, 1)]
    single = copy.copy(forest).set_params(n_jobs=1, verbose=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        answers = zip(single.predict(features).tolist(), single.predict_proba(features).tolist())
    return [
        {"input": row, "features": values, "prediction": _label(label), "proba": proba}
        for row, values, (label, proba) in zip(inputs, features, answers)
    ]


def _json_line(document: Mapping[str, Any]) -> str:
    def plain(value: Any) -> Any:
        return value.item() if hasattr(value, "item") else str(value)  # NumPy's numbers, and values that are not JSON

    try:
        return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=plain) + "\n"
    except (TypeError, ValueError) as error:
        raise ExportError(f"A value cannot be written as JSON: {error}.") from None


def _write(path: Path, text: str) -> Path:
    """Write atomically: to a temporary file in the same folder, fsynced, then renamed."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


# ---------------------------------------------------------------------------------------------------------------
# Features of dates and of periodic numbers, for FunctionTransformer. What they compute is known, so a pipeline with
# them can be exported, unlike one with other functions.
# ---------------------------------------------------------------------------------------------------------------

PARTS = {
    "year": lambda of: of.year,
    "quarter": lambda of: of.quarter,
    "month": lambda of: of.month,
    "week": lambda of: of.isocalendar().week,
    "day": lambda of: of.day,
    "day_of_year": lambda of: of.dayofyear,
    "weekday": lambda of: of.dayofweek,
    "is_weekend": lambda of: of.dayofweek // 5,
    "hour": lambda of: of.hour,
    "minute": lambda of: of.minute,
    "second": lambda of: of.second,
}
CLOCK = {"hour", "minute", "second"}
UNITS = {"weeks": 604_800, "days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}


def date_parts(table: Any, parts: Sequence[str] = ("year", "month", "day")) -> Any:
    """The parts of each date column of a DataFrame, as in pandas' `Series.dt`, column by column.

    FunctionTransformer(date_parts, kw_args={"parts": ["month", "weekday"]})
    """
    import numpy as np
    import pandas as pd

    def numbers(column: Any, part: str) -> Any:
        return PARTS[part](pd.to_datetime(column).dt).astype("Float64").to_numpy(dtype=float, na_value=np.nan)

    return np.column_stack([numbers(table[name], part) for name in table.columns for part in parts])


def elapsed(table: Any, reference: str, unit: str = "days") -> Any:
    """The time from a reference date, such as "2024-01-31", to each date column of a DataFrame."""
    import numpy as np
    import pandas as pd

    def number(column: Any) -> Any:
        time = (pd.to_datetime(column) - pd.Timestamp(reference)).astype("timedelta64[us]")
        return time.to_numpy().astype("timedelta64[us]").astype(float) / (UNITS[unit] * 1e6)

    gaps = table.isna().to_numpy()
    return np.where(gaps, np.nan, np.column_stack([number(table[name]) for name in table.columns]))


def cyclical(table: Any, period: float) -> Any:
    """Sine and cosine of each column of periodic numbers: `period` is 12 for months, 24 for hours."""
    import numpy as np

    values = np.asarray(table, dtype=float)
    angle = values / period * 2 * np.pi
    # Libraries differ in the last bit of a sine, and a tree may split between two such numbers.
    made = np.stack([np.sin(angle), np.cos(angle)], axis=2).reshape(len(values), -1)
    return np.rint(made * 2.0**40) * 2.0**-40


# ---------------------------------------------------------------------------------------------------------------
# A whole pipeline
# ---------------------------------------------------------------------------------------------------------------

SAMPLE_ROWS = 1_000
PROBE_COLUMNS = 100
LARGEST = sys.float_info.max  # replaces infinity, which JSON lacks: no number exceeds either

#: NumPy functions that are steps of the same name
FUNCTIONS = {
    name: name
    for name in "cbrt ceil cos exp expm1 floor log log10 log2 log1p negative reciprocal rint sign sin sqrt square tan tanh trunc".split()
} | {"absolute": "abs", "fabs": "abs"}

INSTEAD = {
    "KNNImputer": "fill gaps by SimpleImputer(add_indicator=True)",
    "IterativeImputer": "fill gaps by SimpleImputer(add_indicator=True)",
    "PowerTransformer": "take FunctionTransformer(np.log1p), or KBinsDiscretizer",
    "QuantileTransformer": "take KBinsDiscretizer",
    "SplineTransformer": "take KBinsDiscretizer or PolynomialFeatures",
    "Normalizer": "scale columns, by StandardScaler or MinMaxScaler",
    "PCA": "select columns, by SelectKBest or SelectFromModel",
    "TruncatedSVD": "select columns, by SelectKBest or SelectFromModel",
    "CountVectorizer": "make columns of the text before it is a table",
    "TfidfVectorizer": "make columns of the text before it is a table",
    "HashingVectorizer": "make columns of the text before it is a table",
    "CatBoostClassifier": 'save it by save_model("model.onnx", format="onnx") and import that',
    "CatBoostRegressor": 'save it by save_model("model.onnx", format="onnx") and import that',
}
INSTEAD_OF_STEP = "leave it out, or compute its columns before they come to the pipeline"
INSTEAD_OF_MODEL = "train one of the models of docs/models.md, or export it by skl2onnx and import the ONNX file, which takes tensors"

LINEAR_REGRESSORS = {
    "LinearRegression", "Ridge", "RidgeCV", "Lasso", "LassoCV", "ElasticNet", "ElasticNetCV", "SGDRegressor", "HuberRegressor",
    "BayesianRidge", "LinearSVR", "LassoLars", "Lars", "OrthogonalMatchingPursuit", "QuantileRegressor", "TheilSenRegressor",
    "PoissonRegressor", "GammaRegressor", "TweedieRegressor",
}  # fmt: skip
LINEAR_CLASSIFIERS = {
    "LogisticRegression", "LogisticRegressionCV", "SGDClassifier", "LinearSVC", "RidgeClassifier", "RidgeClassifierCV",
    "Perceptron", "PassiveAggressiveClassifier",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column while the pipeline is walked."""

    name: str
    raw: str | None = None  #: the raw column, while it is unchanged
    gaps: frozenset[str] = frozenset()  #: raw columns whose missing values make this one missing
    shared: bool = False  #: whether a later step reads it, so that it must not be overwritten
    filled: Any = None  #: for a raw column, the imputed value


@dataclass
class Raw:
    """What a pipeline requires of a raw column."""

    levels: list[Any] = field(default_factory=list)  #: values that encoders know
    strict: bool = False  #: whether unknown values are refused
    is_boolean: bool = False
    has_none: bool = False  #: whether None, not NaN, means a missing value
    is_number: bool = False
    is_time: bool = False
    has_clock: bool = False
    filled: Any = None


class Steps:
    """The steps of a pipeline, collected while it is walked."""

    def __init__(self, names: Sequence[str]) -> None:
        self.raw = {name: Raw() for name in names}
        self.steps: list[dict[str, Any]] = []
        self.needed: set[str] = set()  #: raw columns that must have a value
        self.notes: list[str] = []
        self._names = set(names)

    def columns(self) -> list[Column]:
        return [Column(name, raw=name, gaps=frozenset([name])) for name in self.raw]

    def fresh(self, wanted: str) -> str:
        name, count = wanted, 1
        while name in self._names:
            count += 1
            name = f"{wanted}_{count}"
        self._names.add(name)
        return name

    def add(self, kind: str, **keys: Any) -> None:
        self.steps.append({"kind": kind, **keys})

    def number(self, column: Column) -> Column:
        """Mark the column as numeric."""
        if column.raw is not None:
            self.raw[column.raw].is_number = True
        return column

    def own(self, column: Column) -> Column:
        """A numeric column that may be overwritten: a copy if the column is shared."""
        self.number(column)
        if not column.shared:
            return replace(column, raw=None)
        name = self.fresh(column.name)
        self.add("arithmetic", operator="multiply", left=column.name, right=1, output=name)
        return Column(name, gaps=column.gaps)

    def make(self, kind: str, wanted: str, column: Column, **keys: Any) -> Column:
        """Add a step that makes a new column from one column."""
        name = self.fresh(wanted)
        self.add(kind, column=column.name, output=name, **keys)
        return Column(name, gaps=column.gaps)


def _refuse(what: Any, where: str, instead: str, kind: str = "") -> Any:
    name = what if isinstance(what, str) else type(what).__name__
    place = f" ({where})" if where else ""
    raise ExportError(f"{name}{place} is not exported{kind}: {INSTEAD.get(name, instead)}.")


def _is_missing(value: Any) -> bool:
    return value is None or value != value or type(value).__name__ in ("NAType", "NaTType")


def _level(value: Any, where: str) -> Any:
    """A category as a JSON value; None is a missing value."""
    if _is_missing(value):
        return None
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, float, str)):
        return value
    raise ExportError(f"{where} has the category {value!r}, which is neither a text nor a number: make it one before.")


def _levels(values: Any, where: str) -> list[Any]:
    levels = [_level(value, where) for value in values]
    if levels.count(None) > 1:
        raise ExportError(f"{where} has None and NaN as two categories: make them one before training.")
    return levels


class Walk:
    """Converts the transformers of a pipeline to steps."""

    def __init__(self, steps: Steps) -> None:
        self.to = steps

    def through(self, step: Any, columns: list[Column], where: str) -> list[Column]:
        if step is None or step == "passthrough":
            return columns
        if step == "drop":
            return []
        name = type(step).__name__
        if isinstance(step, SelectorMixin):
            return [column for column, kept in zip(columns, step.get_support()) if kept]
        method = getattr(self, f"_{name}", None)
        if method is None or not type(step).__module__.startswith("sklearn."):
            _refuse(step, where, INSTEAD_OF_STEP)
        check_is_fitted(step)
        return method(step, columns, where)

    def _Pipeline(self, step: Any, columns: list[Column], where: str) -> list[Column]:
        for name, part in step.steps:
            columns = self.through(part, columns, f"{where}{name}")
        return columns

    def _ColumnTransformer(self, step: Any, columns: list[Column], where: str) -> list[Column]:
        indices = step._transformer_to_input_indices
        branches = []
        for name, part, _ in step.transformers_:
            used = [columns[i] for i in indices[name]]
            if part is not None and not (isinstance(part, str) and part == "drop") and used:
                branches.append((f"{where}/{name}".lstrip("/"), part, used))
        # Their positions in the output; the remainder comes last.
        return self._branches(branches)

    def _FeatureUnion(self, step: Any, columns: list[Column], where: str) -> list[Column]:
        weights = step.transformer_weights or {}
        made = self._branches([(f"{where}/{name}".lstrip("/"), part, columns) for name, part in step.transformer_list if part != "drop"], weights)
        return made

    def _branches(self, branches: Sequence[tuple[str, Any, list[Column]]], weights: Mapping[str, float] = {}) -> list[Column]:
        made: list[Column] = []
        before = {column.name: column.shared for _, _, columns in branches for column in columns}
        for at, (where, part, columns) in enumerate(branches):
            later = {column.name for _, _, others in branches[at + 1 :] for column in others}
            # Columns that another branch passed through unchanged must stay unchanged.
            kept = {column.name for column in made}
            given = [replace(column, shared=column.shared or column.name in later or column.name in kept) for column in columns]
            results = self.through(part, given, where)
            weight = weights.get(where.rsplit("/", 1)[-1])
            if weight is not None:
                results = [self._weighted(column, float(weight)) for column in results]
            made += [self._put_through(column, made) for column in results]
        return [replace(column, shared=before.get(column.name, False)) for column in made]

    def _put_through(self, column: Column, made: Sequence[Column]) -> Column:
        """Keep repeated columns as separate features."""
        return self.to.own(replace(column, shared=True)) if any(column.name == one.name for one in made) else column

    def _weighted(self, column: Column, weight: float) -> Column:
        name = self.to.fresh(f"{column.name}_weighted")
        self.to.add("arithmetic", operator="multiply", left=self.to.number(column).name, right=weight, output=name)
        return Column(name, gaps=column.gaps)

    # Numbers

    def _scaler(self, kind: str, columns: list[Column], **numbers: Any) -> list[Column]:
        owned = [self.to.own(column) for column in columns]
        self.to.add(kind, columns=[column.name for column in owned], **numbers)
        return owned

    def _StandardScaler(self, step: Any, columns: list[Column], where: str) -> list[Column]:
        mean = step.mean_.tolist() if step.with_mean else [0.0] * len(columns)
        scale = step.scale_.tolist() if step.with_std else [1.0] * len(columns)
        return self._scaler("standardize", columns, mean=mean, scale=scale)

    def _MinMaxScaler(self, step: Any, columns: list[Column], where: str) -> list[Column]:
        numbers = {"feature_range": list(step.feature_range), "clip": bool(step.clip)}
        return self._scaler("minmax", columns, **numbers, scale=step.scale_.tolist(), min=step.min_.tolist())

    def _RobustScaler(self, step: Any, columns: list[Column], where: str) -> list[Column]:
        center = step.center_.tolist() if step.with_centering else [0.0] * len(columns)
        scale = step.scale_.tolist() if step.with_scaling else [1.0] * len(columns)
        return self._scaler("robust", columns, center=center, scale=scale)

    def _MaxAbsScaler(self, step: Any, columns: list[Column], where: str) -> list[Column]:
        if getattr(step, "clip", False):
            _refuse(step, where, "set clip=False", " with clip=True")
        return self._scaler("robust", columns, center=[0.0] * len(columns), scale=step.scale_.tolist())

    def _Binarizer(self, step: Any, columns: list[Column], where: str) -> list[Column]:
        return [self._bins(column, [math.nextafter(step.threshold, math.inf)], "ordinal")[0] for column in columns]

    def _KBinsDiscretizer(self, step: Any, columns: list[Column], where: str) -> list[Column]:
        encode = "ordinal" if step.encode == "ordinal" else "onehot"
        return [made for column, edges in zip(columns, step.bin_edges_) for made in self._bins(column, edges.tolist()[1:-1], encode)]

    def _bins(self, column: Column, edges: list[float], encode: str) -> list[Column]:
        """A missing number belongs to no bin."""
        self.to.needed |= column.gaps
        source = self.to.number(column).name
        if encode == "ordinal":
            name = self.to.fresh(f"{source}_bin")
            self.to.add("kbins", column=source, output=name, encode=encode, edges=edges, outputs=[name])
            return [Column(name)]
        prefix = self.to.fresh(f"{source}_bin")
        outputs = [self.to.fresh(f"{prefix}_{at}.0") for at in range(len(edges) + 1)]
        self.to.add("kbins", column=source, output=prefix, encode=encode, edges=edges, outputs=outputs)
        return [Column(name) for name in outputs]

    def _PolynomialFeatures(self, step: Any, columns: list[Column], where: str) -> list[Column]:
        made: dict[tuple[int, ...], Column] = {}
        results = []
        for powers in step.powers_.tolist():
            factors = tuple(i for i, power in enumerate(powers) for _ in range(power))
            if not factors:
                results.append(self._constant(columns[0]))
                continue
            # In the order of scikit-learn: the features from the second on first, and each product is kept.
            for start in range(len(factors) - 1, -1, -1):
                part = factors[start:]
                if part in made:
                    continue
                first = columns[part[0]]
                if len(part) == 1:
                    made[part] = self.to.number(first)
                    continue
                rest = made[part[1:]]
                name = self.to.fresh(" ".join(columns[i].name for i in part))
                self.to.add("product", left=rest.name, right=self.to.number(first).name, output=name)
                made[part] = Column(name, gaps=first.gaps | rest.gaps)
            results.append(made[factors])
        return results

    def _constant(self, column: Column) -> Column:
        """A column of ones, also where the number is missing."""
        name = self.to.fresh("1")
        self.to.add("lookup", column=self.to.number(column).name, output=name, table=[[0, 1]], default=1)
        return Column(name)

    def _FunctionTransformer(self, step: Any, columns: list[Column], where: str) -> list[Column]:
        func, given = step.func, dict(step.kw_args or {})
        name = getattr(func, "__name__", type(func).__name__)
        if func is None:
            return columns
        if name in FUNCTIONS and type(func).__name__ == "ufunc" and not given:
            kind = FUNCTIONS[name]
            return [self.to.make(kind, f"{kind}_{column.name}", self.to.number(column)) for column in columns]
        # A pickle names this module, whose name differs when this file runs as a command.
        own = func in (date_parts, elapsed, cyclical) or getattr(func, "__module__", "") == "export_sklearn"
        if own and name == "date_parts":
            return self._date_parts(columns, list(given.get("parts", ("year", "month", "day"))), where)
        if own and name == "elapsed":
            return [self._elapsed(column, given["reference"], given.get("unit", "days"), where) for column in columns]
        if own and name == "cyclical":
            return [made for column in columns for made in self._cyclical(column, float(given["period"]))]
        allowed = ", ".join(f"np.{one}" for one in FUNCTIONS if one != "fabs")
        return _refuse(
            f"FunctionTransformer({name})",
            where,
            f"code of your own cannot be; allowed are {allowed}, and date_parts, elapsed and cyclical of export_sklearn.py",
        )

    # Dates

    def _time(self, column: Column, where: str) -> Raw:
        if column.raw is None:
            raise ExportError(f"{where}: dates are read from columns of the table as they are.")
        raw = self.to.raw[column.raw]
        raw.is_time = True
        return raw

    def _date_parts(self, columns: list[Column], parts: list[str], where: str) -> list[Column]:
        results = []
        for column in columns:
            raw = self._time(column, where)
            raw.has_clock |= bool(CLOCK & set(parts))
            prefix = self.to.fresh(f"{column.name}_parts")
            self.to.add("date_parts", column=column.name, output=prefix, parts=parts)
            results += [Column(self.to.fresh(f"{prefix}_{part}"), gaps=column.gaps) for part in parts]
        return results

    def _elapsed(self, column: Column, reference: str, unit: str, where: str) -> Column:
        self._time(column, where)
        name = self.to.fresh(f"{column.name}_{unit}")
        self.to.add("elapsed", column=column.name, reference=reference, unit=unit, output=name)
        return Column(name, gaps=column.gaps)

    def _cyclical(self, column: Column, period: float) -> list[Column]:
        prefix = self.to.fresh(f"{self.to.number(column).name}_cycle")
        self.to.add("cyclical", column=column.name, output=prefix, period=period)
        return [self._rounded(Column(self.to.fresh(f"{prefix}_{part}"), gaps=column.gaps)) for part in ("sin", "cos")]

    def _rounded(self, column: Column) -> Column:
        """Round to a multiple of 2^-40, as `cyclical` does."""
        name, whole = self.to.fresh(f"{column.name}_rounded"), self.to.fresh(f"{column.name}_scaled")
        self.to.add("arithmetic", operator="multiply", left=column.name, right=2.0**40, output=whole)
        self.to.add("rint", column=whole)
        self.to.add("arithmetic", operator="multiply", left=whole, right=2.0**-40, output=name)
        return Column(name, gaps=column.gaps)

    # Missing values

    def _SimpleImputer(self, step: Any, columns: list[Column], where: str) -> list[Column]:
        if not _is_missing(step.missing_values):
            _refuse(step, where, "make NaN of such values before", f" with missing_values={step.missing_values!r}")
        indicated = self._indicators(step.indicator_, columns) if step.add_indicator else []
        filled = []
        for column, value in zip(columns, step.statistics_.tolist()):
            level = _level(value, f"{where}: {column.name}")
            if level is not None:
                filled.append(self._fill(column, level, step.strategy, where))
                if step.missing_values is None and column.raw is not None:
                    self.to.raw[column.raw].has_none = True
        return filled + indicated

    def _fill(self, column: Column, value: Any, strategy: Any, where: str) -> Column:
        known = strategy in ("mean", "median", "most_frequent")
        keys = {"strategy": strategy, "value": value} if known else {"strategy": "constant", "fill_value": value, "value": value}
        if column.raw is None or (column.shared and not isinstance(value, str)):
            column = self.to.own(column)
            self.to.add("impute", column=column.name, **keys)
            return replace(column, gaps=frozenset())
        raw = self.to.raw[column.raw]
        if raw.filled is None:
            raw.filled = value
            self.to.add("impute", column=column.name, **keys)
        elif raw.filled != value:
            raise ExportError(f'{where}: "{column.name}" is filled by {raw.filled!r} and by {value!r}: fill it once, and encode it then.')
        return replace(column, filled=value, gaps=frozenset())

    def _MissingIndicator(self, step: Any, columns: list[Column], where: str) -> list[Column]:
        if not _is_missing(step.missing_values):
            _refuse(step, where, "make NaN of such values before", f" with missing_values={step.missing_values!r}")
        if step.error_on_new and step.features == "missing-only":
            known = set(step.features_.tolist())
            self.to.needed |= {raw for i, column in enumerate(columns) if i not in known for raw in column.gaps}
        return self._indicators(step, columns)

    def _indicators(self, step: Any, columns: list[Column]) -> list[Column]:
        made = []
        for i in step.features_.tolist():
            name = self.to.fresh(f"missingindicator_{columns[i].name}")
            self.to.add("missing_indicator", column=columns[i].name, output=name, features="all", outputs=[name])
            made.append(Column(name))
        return made

    # Categories

    def _known(self, column: Column, values: Any, strict: bool, where: str) -> list[Any]:
        """The categories that an encoder knows for a column."""
        levels = _levels(values.tolist(), f"{where}: {column.name}")
        if column.raw is None:
            if strict:
                raise ExportError(f'{where}: "{column.name}" is computed, so that no other value can be refused: set handle_unknown="ignore".')
            return levels
        raw = self.to.raw[column.raw]
        if raw.filled != column.filled:
            raise ExportError(f'{where}: "{column.name}" is encoded as it is, and filled elsewhere: fill it once, and encode it then.')
        if strict and None not in levels:
            self.to.needed |= column.gaps
        raw.strict |= strict
        nothing = next((value for value in values.tolist() if _is_missing(value)), math.nan)
        if nothing is None and column.filled is not None:
            raise ExportError(f'{where}: "{column.name}" holds None, which the imputer leaves: fill NaN, by df.fillna(np.nan), before training.')
        raw.has_none |= nothing is None
        raw.is_boolean |= values.dtype.kind == "b"
        raw.levels += [level for level in levels if level is not None and level not in raw.levels]
        return levels

    def _OneHotEncoder(self, step: Any, columns: list[Column], where: str) -> list[Column]:
        made = []
        dropped = step.drop_idx_ if step.drop_idx_ is not None else [None] * len(columns)
        infrequent = getattr(step, "infrequent_categories_", None) or [None] * len(columns)
        for column, values, drop, rare in zip(columns, step.categories_, dropped, infrequent):
            levels = self._known(column, values, step.handle_unknown == "error", where)
            keys: dict[str, Any] = {"categories": levels}
            if rare is not None:
                keys["infrequent"] = _levels(rare.tolist(), where)
            if isinstance(step.drop, str):
                keys["drop"] = step.drop
            elif drop is not None:
                keys["drop"] = [levels[drop]]
            if rare is not None and step.handle_unknown in ("infrequent_if_exist", "warn"):
                keys["handle_unknown"] = "infrequent_if_exist"
            frequent = [level for level in levels if level not in keys.get("infrequent", [])]
            labels = [str(level) for level in frequent] + (["infrequent_sklearn"] if rare is not None else [])
            if step.drop == "first" or (step.drop == "if_binary" and len(labels) == 2):
                del labels[0]
            elif drop is not None and not isinstance(step.drop, str):
                labels.remove(str(levels[drop]))
            prefix = self.to.fresh(f"{column.name}_is")
            outputs = [self.to.fresh(f"{prefix}_{label}") for label in labels]
            self.to.add("one_hot", column=column.name, output=prefix, **keys, outputs=outputs)
            made += [Column(name) for name in outputs]
        return made

    def _OrdinalEncoder(self, step: Any, columns: list[Column], where: str) -> list[Column]:
        infrequent = getattr(step, "infrequent_categories_", None) or [None] * len(columns)
        return [
            self._ordinal(column, values, rare, step.handle_unknown == "error", step.unknown_value, step.encoded_missing_value, where)
            for column, values, rare in zip(columns, step.categories_, infrequent)
        ]

    def _ordinal(self, column: Column, values: Any, rare: Any, strict: bool, unknown: Any, missing: Any, where: str) -> Column:
        levels = self._known(column, values, strict, where)
        keys: dict[str, Any] = {"categories": levels}
        if rare is not None:
            keys["infrequent"] = _levels(rare.tolist(), where)
        if not strict:
            keys["unknown_value"] = None if _is_missing(unknown) else float(unknown)
        has_gaps = None in levels and _is_missing(missing)
        if None in levels and not _is_missing(missing):
            keys["encoded_missing_value"] = float(missing)
        name = self.to.fresh(f"{column.name}_code")
        self.to.add("ordinal", column=column.name, output=name, **keys)
        makes = "unknown_value" in keys and keys["unknown_value"] is None
        return Column(name, gaps=column.gaps | ({MADE} if makes else set()) if has_gaps or makes else frozenset())

    def _TargetEncoder(self, step: Any, columns: list[Column], where: str) -> list[Column]:
        classes = len(step.classes_) if step.target_type_ == "multiclass" else 1
        made = []
        for i, (column, values) in enumerate(zip(columns, step.categories_)):
            levels = self._known(column, values, False, where)
            encodings = [step.encodings_[i * classes + k].tolist() for k in range(classes)]
            means = [float(mean) for mean in (step.target_mean_ if classes > 1 else [step.target_mean_])]
            prefix = self.to.fresh(f"{column.name}_mean")
            outputs = [prefix] if classes == 1 else [self.to.fresh(f"{prefix}_{label}") for label in step.classes_.tolist()]
            self.to.add("target_encode", column=column.name, output=prefix, categories=levels, encodings=encodings, target_mean=means, outputs=outputs)
            made += [Column(name) for name in outputs]
        return made


MADE = ""  #: stands in place of a raw column if a step makes missing values whatever the row holds


# Models


def _plain(value: Any) -> Any:
    """A hyperparameter as a JSON value."""
    if hasattr(value, "item") and getattr(value, "ndim", 0) == 0:
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


def _node_trees(tree: Any, values: Any, output: int) -> dict[str, Any]:
    """A scikit-learn tree that splits float32."""
    missing = getattr(tree, "missing_go_to_left", None)
    thresholds = [min(max(threshold, -LARGEST), LARGEST) for threshold in tree.threshold.tolist()]
    return {
        "output": output,
        "feature": [max(0, feature) for feature in tree.feature.tolist()],
        "threshold": thresholds,
        "left": tree.children_left.tolist(),
        "right": tree.children_right.tolist(),
        "missing_left": [int(side) for side in (missing.tolist() if missing is not None else [0] * tree.node_count)],
        "value": values,
    }


def _tree_model(trees: list[dict[str, Any]], base: Sequence[float], join: str, link: str, dtype: str, width: int = 1) -> dict[str, Any]:
    return {"kind": "trees", "input": dtype, "join": join, "link": link, "base": list(base), "width": width, "trees": trees}


def _forest_model(model: Any, estimators: Sequence[Any]) -> dict[str, Any]:
    if getattr(model, "n_outputs_", 1) > 1:
        raise ExportError(f"{type(model).__name__} predicts {model.n_outputs_} outputs at once: train one model for each of them.")
    classes = len(model.classes_) if is_classifier(model) else 0
    trees = []
    for estimator in estimators:
        values = estimator.tree_.value[:, 0, :].tolist()
        shares = [_shares(node) for node in values] if classes else values
        flat = [share for node in shares for share in (node[1:] if classes == 2 else node)]
        trees.append(_node_trees(estimator.tree_, flat, 0))
    width = classes if classes > 2 else 1
    return _tree_model(trees, [0.0] * width, "mean", "identity", "float32", width)


def _boosting_model(model: Any) -> dict[str, Any]:
    custom = model.init is not None and model.init != "zero" and not type(model.init).__name__.startswith("Dummy")
    if custom:
        _refuse(model, "", "leave init out", f" with init={type(model.init).__name__}")
    import numpy as np

    base = model._raw_predict_init(np.zeros((1, model.n_features_in_), dtype=np.float32))[0].tolist()
    # For the exponential loss the margin counts twice.
    factor = 2.0 if is_classifier(model) and model.loss == "exponential" else 1.0
    outputs = len(base)
    trees = []
    for stage in model.estimators_:
        for k, estimator in enumerate(stage):
            values = [float(value) * model.learning_rate * factor for value in estimator.tree_.value[:, 0, 0]]
            trees.append(_node_trees(estimator.tree_, values, k))
    link = ("softmax" if outputs > 1 else "logistic") if is_classifier(model) else "identity"
    return _tree_model(trees, [value * factor for value in base], "sum", link, "float32")


def _histogram_model(model: Any, columns: list[Column], walk: Walk) -> tuple[dict[str, Any], list[Column]]:
    counts: dict[int, int] = {}
    categorical = getattr(model, "is_categorical_", None)
    if categorical is not None:
        preprocessor = getattr(model, "_preprocessor", None)
        if preprocessor is None:
            _refuse(model, "", "train it with scikit-learn 1.4 or newer", " with categories")
        encoder = preprocessor.named_transformers_["encoder"]
        coded = [column for column, is_coded in zip(columns, categorical) if is_coded]
        others = [column for column, is_coded in zip(columns, categorical) if not is_coded]
        made = [
            walk._ordinal(column, values, None, False, math.nan, math.nan, column.name) for column, values in zip(coded, encoder.categories_)
        ]
        columns = made + others
        counts = {i: sum(not _is_missing(value) for value in values) for i, values in enumerate(encoder.categories_)}
    known, places = model._bin_mapper.make_known_categories_bitsets() if counts else (None, None)
    trees = [_histogram_tree(predictor, k, counts, known, places) for stage in model._predictors for k, predictor in enumerate(stage)]
    base = model._baseline_prediction.ravel().tolist()
    if is_classifier(model):
        link = "softmax" if len(base) > 1 else "logistic"
    else:
        link = "exponential" if model.loss in ("poisson", "gamma") else "identity"
    return _tree_model(trees, base, "sum", link, "float64"), columns


def _codes(words: Any) -> set[int]:
    return {32 * i + bit for i, word in enumerate(words.tolist()) for bit in range(32) if word >> bit & 1}


def _histogram_tree(predictor: Any, output: int, counts: Mapping[int, int], known: Any, places: Any) -> dict[str, Any]:
    nodes = predictor.nodes
    inner = nodes["is_leaf"] == 0
    codes: list[list[int] | None] = [None] * len(nodes)
    for i in range(len(nodes)):
        if not inner[i] or not nodes["is_categorical"][i]:
            continue
        feature = int(nodes["feature_idx"][i])
        left = _codes(predictor.raw_left_cat_bitsets[nodes["bitset_idx"][i]])
        # A category that training never saw goes the way of missing values.
        if nodes["missing_go_to_left"][i]:
            left |= set(range(counts[feature])) - _codes(known[places[feature]])
        codes[i] = sorted(code for code in left if code < counts[feature])
    thresholds = [min(max(float(threshold), -LARGEST), LARGEST) if not math.isnan(threshold) else 0.0 for threshold in nodes["num_threshold"]]
    return {
        "output": output,
        "feature": nodes["feature_idx"].tolist(),
        "threshold": thresholds,
        "left": [int(child) if is_inner else -1 for child, is_inner in zip(nodes["left"], inner)],
        "right": [int(child) if is_inner else -1 for child, is_inner in zip(nodes["right"], inner)],
        "missing_left": nodes["missing_go_to_left"].astype(int).tolist(),
        "value": nodes["value"].tolist(),
        **({"codes": codes} if any(one is not None for one in codes) else {}),
    }


def _linear_model(model: Any, notes: list[str]) -> dict[str, Any]:
    import numpy as np

    name = type(model).__name__
    coefficients = np.atleast_2d(model.coef_.toarray() if hasattr(model.coef_, "toarray") else model.coef_).astype(float)
    intercepts = np.broadcast_to(np.atleast_1d(model.intercept_).astype(float), len(coefficients))
    if is_classifier(model):
        link = _linear_link(model, len(coefficients), notes)
        if len(model.classes_) == 2 and len(coefficients) == 1 and getattr(model, "multi_class", None) == "multinomial":
            coefficients, intercepts = 2 * coefficients, 2 * intercepts
    else:
        if len(coefficients) > 1:
            raise ExportError(f"{name} predicts {len(coefficients)} outputs at once: train one model for each of them.")
        is_log = name in ("PoissonRegressor", "GammaRegressor") or (name == "TweedieRegressor" and _tweedie_is_log(model))
        link = "exponential" if is_log else "identity"
    return {"kind": "linear", "link": link, "coefficients": coefficients.tolist(), "intercepts": intercepts.tolist()}


def _tweedie_is_log(model: Any) -> bool:
    return model.link == "log" or (model.link == "auto" and model.power > 0)


def _linear_link(model: Any, outputs: int, notes: list[str]) -> str:
    name = type(model).__name__
    if name == "SGDClassifier" and model.loss == "modified_huber":
        _refuse(model, "", 'train it with loss="log_loss", or put it into a CalibratedClassifierCV', ' with loss="modified_huber"')
    if name.startswith("LogisticRegression"):
        if outputs == 1:
            return "logistic"
        one_by_one = getattr(model, "multi_class", "auto") == "ovr" or model.solver == "liblinear"
        return "one_vs_rest" if one_by_one else "softmax"
    if name == "SGDClassifier" and model.loss in ("log_loss", "log"):
        return "logistic" if outputs == 1 else "one_vs_rest"
    notes.append(
        f"{name} decides and tells no probabilities: the probability of the class that it decides for is served as 1. "
        "CalibratedClassifierCV around it makes probabilities."
    )
    return "decision"


def _isotonic(calibrator: Any) -> dict[str, Any]:
    if calibrator.out_of_bounds != "clip":
        _refuse(calibrator, "", 'set out_of_bounds="clip"')
    return {"kind": "isotonic", "x": calibrator.X_thresholds_.tolist(), "y": calibrator.y_thresholds_.tolist()}


def _calibrated_model(model: Any, columns: list[Column], walk: Walk, notes: list[str]) -> tuple[dict[str, Any], list[Column]]:
    folds = model.calibrated_classifiers_
    parts = []
    for fold in folds:
        if fold.method not in ("sigmoid", "isotonic"):
            _refuse(model, "", 'set method="sigmoid" or "isotonic"', f' with method="{fold.method}"')
        estimator = _unfrozen(fold.estimator)
        if type(estimator).__name__ == "Pipeline":
            if len(folds) > 1:
                _refuse(model, "", "put it behind the steps, as the last one of the pipeline", " around a Pipeline, whose steps each fold fits anew")
            columns = walk.through(estimator[:-1], columns, "")
            estimator = estimator[-1]
        part, made = _model(estimator, columns, walk, [])
        if len(made) != len(columns) or part["kind"] not in ("trees", "linear"):
            _refuse(model, "", "encode categories by a step before it", f" around {type(estimator).__name__} with categories")
        if list(estimator.classes_) != list(model.classes_):
            _refuse(model, "", "train with more rows of each class", " with folds that lack a class")
        if hasattr(estimator, "decision_function"):
            part["link"] = "identity"
        calibrators = [
            {"kind": "sigmoid", "a": float(one.a_), "b": float(one.b_)} if fold.method == "sigmoid" else _isotonic(one) for one in fold.calibrators
        ]
        parts.append({"model": part, "calibrators": calibrators})
    return {"kind": "calibrated", "parts": parts}, columns


def _unfrozen(model: Any) -> Any:
    return _unfrozen(model.estimator) if type(model).__name__ == "FrozenEstimator" else model


ITSELF = "encode them by a step before it, such as OrdinalEncoder, or import the model itself, which knows them, as saved by"
WITH_CATEGORIES = " with categories of pandas"


def _model(model: Any, columns: list[Column], walk: Walk, notes: list[str]) -> tuple[dict[str, Any], list[Column]]:
    """The model in the last step of a pipeline, and the columns that it reads."""
    name, library = type(model).__name__, type(model).__module__.split(".")[0]
    if library == "xgboost" and name.startswith("XGB"):
        if not _is_missing(model.missing):
            _refuse(model, "", "make NaN of such values before", f" with missing={model.missing!r}")
        dump = json.loads(bytes(model.get_booster().save_raw("json")))
        if dump["learner"]["gradient_booster"].get("model", {}).get("cats", {}).get("enc"):
            _refuse(model, "", f'{ITSELF} save_model("model.ubj")', WITH_CATEGORIES)
        return {"kind": "xgboost", "dump": dump}, columns
    if library == "lightgbm" and name.startswith("LGBM"):
        if model.booster_.pandas_categorical:
            _refuse(model, "", f'{ITSELF} booster_.save_model("model.txt")', WITH_CATEGORIES)
        return {"kind": "lightgbm", "dump": model.booster_.model_to_string(num_iteration=model.best_iteration_ or -1)}, columns
    if library != "sklearn":
        _refuse(model, "", INSTEAD_OF_MODEL)
    check_is_fitted(model)
    if name in ("RandomForestClassifier", "RandomForestRegressor", "ExtraTreesClassifier", "ExtraTreesRegressor"):
        return _forest_model(model, model.estimators_), columns
    if name in ("DecisionTreeClassifier", "DecisionTreeRegressor", "ExtraTreeClassifier", "ExtraTreeRegressor"):
        return _forest_model(model, [model]), columns
    if name in ("GradientBoostingClassifier", "GradientBoostingRegressor"):
        return _boosting_model(model), columns
    if name in ("HistGradientBoostingClassifier", "HistGradientBoostingRegressor"):
        return _histogram_model(model, columns, walk)
    if name in LINEAR_REGRESSORS | LINEAR_CLASSIFIERS:
        return _linear_model(model, notes), columns
    if name == "CalibratedClassifierCV":
        return _calibrated_model(model, columns, walk, notes)
    return _refuse(model, "", INSTEAD_OF_MODEL)


def _takes_gaps(model: Any) -> bool:
    """Whether a model declares that it accepts missing values."""
    model = _unfrozen(model)
    if type(model).__module__.split(".")[0] in ("xgboost", "lightgbm"):
        return True
    if type(model).__name__ == "CalibratedClassifierCV":
        inner = _unfrozen(model.calibrated_classifiers_[0].estimator)
        return _takes_gaps(inner[-1] if type(inner).__name__ == "Pipeline" else inner)
    try:
        from sklearn.utils import get_tags

        return bool(get_tags(model).input_tags.allow_nan)
    except ImportError:  # before 1.6
        return bool(model._get_tags().get("allow_nan"))


# The document


def export_pipeline(
    model: Any,
    path: str | os.PathLike[str],
    sample: Any = None,
    feature_names: Iterable[str] | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> Path:
    """Write a fitted classifier or regressor, usually a Pipeline, as one JSON file for `skewless import`.

    sample         raw rows in the model's form (a DataFrame if it was fitted on one, otherwise an array, or the path of
                   a CSV file). Up to 1,000 of them are written with scikit-learn's predictions, to prove the import.
                   The sample also determines the kinds of columns.
    feature_names  the columns in order, if it was fitted without names
    metadata       facts about the training: metrics, train_samples, test_samples, timestamp

    Raise ExportError, with nothing written, if the model cannot be exported; it says what to do instead.
    """
    model = getattr(model, "best_estimator_", model)  # result of a search
    names = _fitted_names(model) or _fitted_names(_first_step(model))
    width = getattr(model, "n_features_in_", None)
    if feature_names is not None:
        given = [str(name) for name in feature_names]
        if names is not None and given != names:
            raise ExportError(f"The model was fitted on [{', '.join(names)}], feature_names says [{', '.join(given)}].")
        names = given
    if names is None and width is None:
        raise ExportError(f"{type(model).__name__} is not fitted: call fit, then export it.")
    names = _unsaved(names, sample)
    named = names is not None
    names = names if names is not None else [f"x{i}" for i in range(width)]
    if len(set(names)) != (width or len(names)):
        raise ExportError(f"{width} columns need a name each, and no name twice, not [{', '.join(names)}].")
    if not (is_classifier(model) or is_regressor(model)):
        last = model.steps[-1][1] if type(model).__name__ == "Pipeline" else model
        _refuse(last, "", "a pipeline ends with a classifier or a regressor", " as a model")

    steps = Steps(names)
    walk = Walk(steps)
    final = model
    columns = steps.columns()
    while type(final).__name__ == "Pipeline":
        columns = walk.through(final[:-1], columns, "") if len(final.steps) > 1 else columns
        final = final[-1]
    before = len(steps.steps)
    body, features = _model(final, columns, walk, steps.notes)
    takes_gaps = _takes_gaps(final)
    features = [walk._put_through(steps.number(column), features[:i]) for i, column in enumerate(features)]
    if not takes_gaps:
        steps.needed |= {raw for column in features for raw in column.gaps}
        if MADE in steps.needed:
            _refuse("OrdinalEncoder", "", f"set unknown_value=-1: {type(final).__name__} takes no gaps", " with unknown_value=nan")
    classes = [_label(label) for label in model.classes_.tolist()] if is_classifier(model) else []
    if is_classifier(model) and len(classes) < 2:
        raise ExportError(f"The model knows one class only, {classes[0]!r}: there is nothing to predict.")
    rows = None if sample is None else Sample(sample, model, names, named, steps)
    inputs = [_raw_column(name, steps, rows) for name in names if not _is_unused(name, steps, features)]
    unused = [name for name in names if name not in {column["name"] for column in inputs}]
    if not inputs:
        raise ExportError("The model reads none of its columns.")
    answers = rows.answers(inputs, features if before == len(steps.steps) else None) if rows else []
    document = {
        "type": "skewless-sklearn",
        "format_version": 1,
        "versions": _versions(final),
        "estimator": type(final).__name__,
        "hyperparameters": {
            name: _plain(value) for name, value in final.get_params(deep=False).items() if name not in ("n_jobs", "verbose", "warm_start")
        },
        "task": "regression" if not classes else "binary" if len(classes) == 2 else "multiclass",
        "classes": classes,
        "notes": steps.notes,
        "metadata": {"timestamp": datetime.now(timezone.utc).isoformat(), **(metadata or {})},
        "pipeline": {
            "inputs": inputs,
            "steps": steps.steps,
            "outputs": [column.name for column in features],
            "accepts_missing": takes_gaps,
            **({"unused": unused} if unused else {}),
        },
        "model": body,
        "rows": answers,
    }
    return _write(Path(path), _json_line(document))


def _unsaved(names: list[str] | None, sample: Any) -> list[str] | None:
    """The names of the sample's columns, in which LightGBM replaced blanks by underscores."""
    columns = [str(name) for name in getattr(sample, "columns", [])]
    return columns if names == [name.replace(" ", "_") for name in columns] else names


def _first_step(model: Any) -> Any:
    return model.steps[0][1] if type(model).__name__ == "Pipeline" and model.steps else None


def _versions(final: Any) -> dict[str, str]:
    library = type(final).__module__.split(".")[0]
    own = {} if library == "sklearn" else {library: getattr(sys.modules[library], "__version__", "")}
    return {"sklearn": sklearn.__version__, **own}


def _is_unused(name: str, steps: Steps, features: Sequence[Column]) -> bool:
    def reads(step: Mapping[str, Any]) -> list[Any]:
        return [*step.get("columns", []), *(step.get(key) for key in ("column", "left", "right"))]

    return all(name not in reads(step) for step in steps.steps) and all(column.name != name for column in features)


def _raw_column(name: str, steps: Steps, rows: Sample | None) -> dict[str, Any]:
    raw = steps.raw[name]
    nullable = name not in steps.needed
    kind = rows.kind(name) if rows else None
    if raw.is_time:
        if raw.is_number or raw.levels:
            raise ExportError(f'"{name}" is read as a date and otherwise: make two columns of it.')
        days = not raw.has_clock and (kind is None or rows is not None and rows.are_days(name))
        return {"name": name, "type": "date", "nullable": nullable} if days else {"name": name, "type": "datetime", "timezone": "UTC", "nullable": nullable}
    texts = [level for level in [*raw.levels, raw.filled] if isinstance(level, str)]
    if (kind == "b" or raw.is_boolean) and not texts:
        return {"name": name, "type": "boolean", "nullable": nullable}
    if raw.is_number or not (raw.levels or texts):
        if texts:
            raise ExportError(f'"{name}" holds texts, and is read as a number: encode it.')
        if raw.strict:
            raise ExportError(f'"{name}" is read as a number, so that no other value can be refused: set handle_unknown="ignore".')
        return {"name": name, "type": "integer" if kind in ("i", "u") else "float", "nullable": nullable}
    values = [level for level in raw.levels] or [raw.filled]
    if texts and len(texts) < len(raw.levels):
        raise ExportError(f'"{name}" has texts and numbers as categories: make them one before training.')
    return {
        "name": name,
        "type": "category",
        "codes": "text" if texts else "number",
        "values": sorted(values),
        "unknown": "error" if raw.strict else "other",
        "nullable": nullable,
    }


class Sample:
    """Raw rows, and the predictions of scikit-learn for them."""

    def __init__(self, given: Any, model: Any, names: Sequence[str], named: bool, steps: Steps) -> None:
        self.model, self.names, self.steps = model, names, steps
        self.table = self._table(given, named)
        if len(self.table) == 0:
            raise ExportError("The sample holds no row.")

    def _table(self, given: Any, named: bool) -> Any:
        if isinstance(given, (str, os.PathLike)):
            given = self._read(given, named)
        if not named:
            import numpy as np

            rows = given.to_numpy() if hasattr(given, "to_numpy") else np.asarray(given)
            if rows.ndim != 2 or rows.shape[1] != len(self.names):
                raise ExportError(f"The sample has the shape {rows.shape}; the model takes {len(self.names)} columns.")
            return rows[self._places(len(rows))]
        if not hasattr(given, "columns"):
            import pandas as pd

            given = pd.DataFrame(given)
        absent = [name for name in self.names if name not in given.columns]
        if absent:
            raise ExportError(f'The sample has no column "{absent[0]}".')
        narrow = [name for name in self.names if str(given[name].dtype) in ("float32", "float16", "Float32")]
        if narrow:
            raise ExportError(f'The sample has "{narrow[0]}" as {given[narrow[0]].dtype}: train on float64, which requests have.')
        rows = given[list(self.names)].iloc[self._places(len(given))].copy()
        # A request has one missing value, pandas has two.
        for name in self.names:
            if rows[name].dtype == object and not self.steps.raw[name].has_none:
                rows[name] = rows[name].where(rows[name].notna(), math.nan)
        return rows

    def _read(self, path: Any, named: bool) -> Any:
        import pandas as pd

        raw = self.steps.raw
        texts = {name: str for name in self.names if any(isinstance(level, str) for level in [*raw[name].levels, raw[name].filled])}
        times = [name for name in self.names if raw[name].is_time]
        try:
            return pd.read_csv(path, dtype=texts, parse_dates=times) if named else pd.read_csv(path)
        except (OSError, ValueError) as error:
            raise ExportError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from None

    def _places(self, count: int) -> list[int]:
        taken = min(count, SAMPLE_ROWS)
        return [i * count // taken for i in range(taken)]

    def kind(self, name: str) -> str | None:
        """The NumPy kind of the column: b, i, u, f, M, O."""
        if not hasattr(self.table, "dtypes"):
            return None
        dtype = self.table[name].dtype
        kind = getattr(dtype, "kind", "O")
        return "b" if str(dtype) == "boolean" else kind

    def are_days(self, name: str) -> bool:
        import pandas as pd

        times = pd.to_datetime(self.table[name]).dropna()
        return bool((times == times.dt.normalize()).all())

    def answers(self, inputs: list[dict[str, Any]], features: Sequence[Column] | None) -> list[dict[str, Any]]:
        """Rows of the sample, and copies of them with a missing or unseen value."""
        probes = []
        for column in inputs[:PROBE_COLUMNS]:
            for value in self._probes(column):
                changed = self._changed(column["name"], value)
                if changed is None:
                    continue
                try:
                    self.model.predict(changed)
                except (ValueError, TypeError):
                    if value is None:
                        column["nullable"] = False
                    continue
                probes.append(changed)
        told = [{"probe": True, **row} for table in probes for row in self._answer(table, inputs, features)]
        return self._answer(self.table, inputs, features) + told

    def _probes(self, column: Mapping[str, Any]) -> list[Any]:
        """The values to probe: a missing one and an unknown one, if the column accepts them."""
        unseen = {"text": "never seen", "number": 987_654_321}
        return [*([None] if column["nullable"] else []), *([unseen[column["codes"]]] if column.get("unknown") == "other" else [])]

    def _changed(self, name: str, value: Any) -> Any:
        import numpy as np

        few = self.table[:4].copy()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                if hasattr(few, "columns"):
                    cells = few[name]
                    dtype = str(cells.dtype)
                    if value is None and dtype.startswith(("int", "uint")):
                        few[name] = cells.astype(float)
                    elif value is None and dtype == "bool":
                        few[name] = cells.astype(object)
                    elif value is not None and dtype == "category":
                        few[name] = cells.cat.add_categories([value])
                    nothing = None if self.steps.raw[name].has_none else np.nan
                    if few[name].dtype == object:
                        few[name] = type(few[name])([nothing if value is None else value] * len(few), few.index, object)
                    else:
                        few.loc[:, name] = np.nan if value is None else value
                else:
                    few[:, list(self.names).index(name)] = np.nan if value is None else value
            except (TypeError, ValueError):
                return None
        return few

    def _answer(self, table: Any, inputs: Sequence[Mapping[str, Any]], features: Sequence[Column] | None) -> list[dict[str, Any]]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            predictions = self.model.predict(table).tolist()
            shares = self.model.predict_proba(table).tolist() if hasattr(self.model, "predict_proba") else None
            made = self._features(table) if features is not None else None
        if is_classifier(self.model):
            predictions = [_label(label) for label in predictions]
            if shares is None:
                classes = [_label(label) for label in self.model.classes_.tolist()]
                shares = [[float(label == one) for one in classes] for label in predictions]
        else:
            predictions = [_finite(value[0] if isinstance(value, list) else value, "A prediction") for value in predictions]
        return [
            {
                "input": row,
                **({"features": made[i]} if made else {}),
                "probabilities": shares[i] if shares else [],
                "prediction": predictions[i],
            }
            for i, row in enumerate(self._cells(table, inputs))
        ]

    def _features(self, table: Any) -> list[list[Any]] | None:
        """The input of the last step, as computed by the steps of the pipeline."""
        if type(self.model).__name__ != "Pipeline" or len(self.model.steps) < 2 or type(self.model[-1]).__name__ == "Pipeline":
            return None
        made = self.model[:-1].transform(table)
        made = made.toarray() if hasattr(made, "toarray") else made
        made = made.to_numpy() if hasattr(made, "to_numpy") else made
        return [[None if _is_missing(value) else float(value) for value in row] for row in made.tolist()]

    def _cells(self, table: Any, inputs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        def values(column: Mapping[str, Any]) -> list[Any]:
            name = column["name"]
            cells = table[name].tolist() if hasattr(table, "columns") else table[:, list(self.names).index(name)].tolist()
            return [_cell_of(value, column) for value in cells]

        names = [column["name"] for column in inputs]
        return [dict(zip(names, row)) for row in zip(*map(values, inputs))]


def _cell_of(value: Any, column: Mapping[str, Any]) -> Any:
    """A value of the table in the form of a request."""
    if _is_missing(value):
        return None
    kind = column["type"]
    if kind in ("date", "datetime"):
        import pandas as pd

        time = pd.Timestamp(value)
        return time.strftime("%Y-%m-%d") if kind == "date" else time.isoformat()
    if kind == "boolean":
        return bool(value)
    if kind == "category" and column["codes"] == "text":
        return str(value)
    return int(value) if kind == "integer" else float(value)


def _load(path: Path) -> Any:
    import joblib  # comes with scikit-learn, and reads plain pickles too

    if not path.is_file():
        raise ExportError(f"{path} cannot be read: {'it is no file' if path.exists() else 'it does not exist'}.")
    try:
        return joblib.load(path)
    except Exception as error:  # a broken or foreign pickle can raise anything
        reason = str(error).split("\n")[0].rstrip(".:") or type(error).__name__
        raise ExportError(f"{path} cannot be loaded as a pickle: {reason}.") from None


def _load_as(path: Path, kind: type) -> Any:
    model = _load(path)
    _check(model, kind, str(path))
    return model


def main() -> None:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, epilog=EXAMPLES, formatter_class=raw)
    names = {"type": lambda text: text.split(","), "metavar": "NAME,NAME"}
    parser.add_argument("model", type=Path, help="the fitted Pipeline or model, saved with pickle or joblib")
    parser.add_argument("scaler", type=Path, nargs="?", help="of a RandomForestClassifier apart: its StandardScaler")
    parser.add_argument("--out", type=Path, required=True, help="the file to write; with a scaler, the folder")
    parser.add_argument("--sample", type=Path, metavar="CSV", help="raw, unscaled rows under a header")
    parser.add_argument("--features", **names, help="the model's columns, if it was fitted without column names")
    parser.add_argument("--numeric-features", **names, help="the scaler's columns, if it was fitted without names")
    args = parser.parse_args()
    try:
        written = _write_all(args)
    except ExportError as error:
        parser.exit(2, f"error: {error}\n")
    except OSError as error:
        parser.exit(2, f"error: {error.filename} cannot be written: {error.strerror}.\n")
    file = {path.stem: str(path.resolve()) for path in written}
    if args.scaler:
        options = [f"--{name}={file[name]}" for name in ("metadata", "golden") if name in file]
        command = shlex.join(["npm", "run", "import", "--", file["forest"], file["scaler"], *options])
    else:
        command = shlex.join(["npx", "skewless", "import", *file.values()])
    print(f"Wrote {', '.join(path.name for path in written)}. Next, in the Skewless folder:\n  {command} --name MODEL")


def _write_all(args: argparse.Namespace) -> list[Path]:
    if args.scaler:
        forest, scaler = _load_as(args.model, RandomForestClassifier), _load_as(args.scaler, StandardScaler)
        return export(forest, scaler, args.out, args.features, args.numeric_features, args.sample)
    return [export_pipeline(_load(args.model), args.out, args.sample, args.features)]


if __name__ == "__main__":
    main()
