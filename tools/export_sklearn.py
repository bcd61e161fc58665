#!/usr/bin/env python3
"""Export a scikit-learn random forest and its scaler as the files that `npm run import` takes.

Writes forest.json, scaler.json and metadata.json and, from a sample of raw rows, golden.jsonl: what scikit-learn
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
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

try:
    import sklearn
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.exceptions import NotFittedError
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
  python3 tools/export_sklearn.py forest.pkl scaler.pkl --out exported --sample train.csv
  python3 tools/export_sklearn.py forest.pkl scaler.pkl --out exported --sample train.csv \\
      --features age,income,member --numeric-features age,income

The forest's features must be columns of the sample, some of them scaled. A model with features of its own is
exported from Python, together with the code that computes them, and imported with a --recipe that says the same:
  from export_sklearn import export      # with tools/ on sys.path
  export(forest, scaler, "exported", sample=rows, compute_features=lambda row: [...])
A Pipeline is exported from Python too: forest and scaler are two of its steps.
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

    feature_names     the forest's features in order, where it was fitted without column names
    numeric_features  the scaler's columns in order, where it was fitted without column names
    sample            raw rows to record scikit-learn's answers to: dicts, a DataFrame, or the path of a CSV file
    compute_features  your feature code: raw row -> final, scaled features (default: the row's columns, those of the
                      scaler scaled)
    raw_columns       with compute_features, the columns that a client will send (default: all of the row)
    metadata          what is known of the training: metrics, train_samples, test_samples, timestamp

    Raise ExportError, with nothing written, when the model or the sample cannot be exported.
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
    """The columns that an estimator was fitted on, in order; names that it saw itself cannot be overruled."""
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
    """A class as JSON knows it: a string, or a whole number for integers, booleans and 1.0."""
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
    """Class shares of a node; up to scikit-learn 1.2 it holds weighted counts, shares since."""
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
    """The hyperparameters are all that say what to compute, not how."""
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
    """The raw columns of each row as numbers; where it is allowed, a missing value is None."""

    def number(row: Mapping[str, Any], at: int, column: str) -> float | None:
        if column not in row:
            raise ExportError(f'The sample has no column "{column}"; computed features need compute_features.')
        missing = row[column] is None or row[column] != row[column]
        return None if missing and nullable else _finite(row[column], f'Row {at} of the sample: "{column}"')

    return [{column: number(row, at, column) for column in columns} for at, row in enumerate(rows, 1)]


def _scaled(
    inputs: Sequence[Mapping[str, Any]], scaler: StandardScaler, numeric: Sequence[str], names: Sequence[str]
) -> list[list[float]]:
    """The columns in the forest's order, those of the scaler scaled by scikit-learn itself."""
    if not set(numeric) <= set(names):
        raise ExportError(f"The scaler's columns [{', '.join(numeric)}] are not all features: pass compute_features.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a list has no column names, but is in the scaler's order
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
    """What scikit-learn answers, in one thread: sums of floats then come out the same each time."""
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
        return value.item() if hasattr(value, "item") else str(value)  # NumPy's numbers, and what is no JSON at all

    try:
        return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=plain) + "\n"
    except (TypeError, ValueError) as error:
        raise ExportError(f"A value cannot be written as JSON: {error}.") from None


def _write(path: Path, text: str) -> Path:
    """Whole or not at all: into a temporary file beside it, fsynced, then renamed."""
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


def _load(path: Path, kind: type) -> Any:
    import joblib  # comes with scikit-learn, and reads plain pickles too

    if not path.is_file():
        raise ExportError(f"{path} cannot be read: {'it is no file' if path.exists() else 'it does not exist'}.")
    try:
        model = joblib.load(path)
    except Exception as error:  # a broken or foreign pickle can raise anything
        reason = str(error).split("\n")[0].rstrip(".:") or type(error).__name__
        raise ExportError(f"{path} cannot be loaded as a pickle: {reason}.") from None
    _check(model, kind, str(path))
    return model


def main() -> None:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, epilog=EXAMPLES, formatter_class=raw)
    names = {"type": lambda text: text.split(","), "metavar": "NAME,NAME"}
    parser.add_argument("forest", type=Path, help="the fitted RandomForestClassifier, saved with pickle or joblib")
    parser.add_argument("scaler", type=Path, help="the fitted StandardScaler, saved likewise")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to write")
    parser.add_argument("--sample", type=Path, metavar="CSV", help="raw, unscaled rows under a header")
    parser.add_argument("--features", **names, help="the forest's features, if it was fitted without column names")
    parser.add_argument("--numeric-features", **names, help="the scaler's columns, if it was fitted without names")
    args = parser.parse_args()
    try:
        forest, scaler = _load(args.forest, RandomForestClassifier), _load(args.scaler, StandardScaler)
        written = export(forest, scaler, args.out, args.features, args.numeric_features, args.sample)
    except ExportError as error:
        parser.exit(2, f"error: {error}\n")
    except OSError as error:
        parser.exit(2, f"error: {error.filename} cannot be written: {error.strerror}.\n")
    file = {path.stem: str(path.resolve()) for path in written}
    options = [f"--{name}={file[name]}" for name in ("metadata", "golden") if name in file]
    command = shlex.join(["npm", "run", "import", "--", file["forest"], file["scaler"], *options])
    print(f"Wrote {', '.join(path.name for path in written)}. Next, in the Skewless folder:\n  {command} --name MODEL")


if __name__ == "__main__":
    main()
