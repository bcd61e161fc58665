"""Fits scikit-learn's counterpart of a step for each line of standard input, and says what it makes of other rows.

A line: {"step": {...}, "training": [...], "target"?: [...], "rows": [...]}; values are texts, numbers, or null for none.
An answer: {"names": [...], "columns": [[...]], "fitted": {...}}; Infinity and NaN are "inf", "-inf" and null.
"""

import datetime
import json
import math
import re
import sys
import unicodedata
import warnings
from collections import Counter

import numpy as np
from sklearn.feature_extraction.text import strip_accents_unicode
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.preprocessing import (
    KBinsDiscretizer,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)

warnings.simplefilter("ignore")
np.seterr(all="ignore")
NAN = float("nan")


def column(values, is_text):
    present = [NAN if value is None else value for value in values]
    return np.array(present, dtype=object if is_text else float).reshape(-1, 1)


def plain(value):
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else ("inf" if value > 0 else "-inf")
    return value


def columns_of(matrix):
    return [[plain(float(value)) for value in one] for one in np.asarray(matrix).T]


def grouping(step):
    least = step.get("min_frequency")
    return {
        "min_frequency": int(least) if least is not None and least >= 1 else least,
        "max_categories": step.get("max_categories"),
    }


def level(value):
    return NAN if value is None else value


def given(step):
    return [[level(value) for value in step["categories"]]] if "categories" in step else "auto"


def one_hot(step):
    drop = step.get("drop")
    return OneHotEncoder(
        handle_unknown=step.get("handle_unknown", "ignore"),
        drop=np.array([level(drop[0])], dtype=object) if isinstance(drop, list) else drop,
        categories=given(step),
        sparse_output=False,
        **grouping(step),
    )


def ordinal(step):
    missing = step.get("encoded_missing_value")
    return OrdinalEncoder(
        handle_unknown="use_encoded_value",
        unknown_value=level(step.get("unknown_value", -1)),
        encoded_missing_value=level(missing),
        categories=given(step),
        **grouping(step),
    )


ESTIMATORS = {
    "one_hot": one_hot,
    "ordinal": ordinal,
    "target_encode": lambda step: TargetEncoder(
        smooth=step.get("smooth", "auto"), target_type=step["target_type"]
    ),
    "impute": lambda step: SimpleImputer(
        strategy=step.get("strategy", "mean"), fill_value=step.get("fill_value"), keep_empty_features=True
    ),
    "missing_indicator": lambda step: MissingIndicator(
        features=step.get("features", "missing-only"), error_on_new=False
    ),
    "standardize": lambda step: StandardScaler(),
    "minmax": lambda step: MinMaxScaler(
        feature_range=tuple(step.get("feature_range", (0, 1))), clip=step.get("clip", False)
    ),
    "robust": lambda step: RobustScaler(quantile_range=tuple(step.get("quantile_range", (25.0, 75.0)))),
    "kbins": lambda step: KBinsDiscretizer(
        n_bins=step.get("n_bins", 5),
        strategy=step.get("strategy", "quantile"),
        quantile_method=step.get("quantile_method", "averaged_inverted_cdf"),
        encode="ordinal" if step.get("encode") == "ordinal" else "onehot-dense",
        subsample=None,
    ),
}

FITTED = {
    "standardize": {"mean": "mean_", "scale": "scale_"},
    "minmax": {"scale": "scale_", "min": "min_"},
    "robust": {"center": "center_", "scale": "scale_"},
}


def estimated(step, training, target, rows):
    is_text = any(isinstance(value, str) for value in training)
    estimator = ESTIMATORS[step["kind"]](step)
    table = column(training, is_text)
    estimator.fit(table, target) if target is not None else estimator.fit(table)
    made = estimator.transform(column(rows, is_text))
    names = estimator.get_feature_names_out(["x"])
    if step["kind"] == "impute" and is_text:
        return {"names": list(names), "texts": [str(value) for value in made[:, 0]]}
    fitted = {key: [float(v) for v in getattr(estimator, name)] for key, name in FITTED.get(step["kind"], {}).items()}
    return {"names": list(names), "columns": columns_of(made), "fitted": fitted}


def counted(step, training, rows):
    counts = Counter(training)
    size = len(training) if step.get("normalize") else 1
    return {"columns": [[counts[value] / size for value in rows]]}


def looked_up(step, rows):
    table = {value: number for value, number in step["table"]}
    other = step.get("default")
    return {"columns": [[table.get(value, other) for value in rows]]}


def clipped(step, training, rows):
    low, high = step.get("minimum"), step.get("maximum")
    if "quantiles" in step:
        low, high = np.nanquantile(column(training, False), step["quantiles"])
    return {"columns": columns_of(np.clip(column(rows, False), low, high))}


EPOCH = datetime.datetime(1970, 1, 1)
PARTS = {
    "year": lambda at: at.year,
    "quarter": lambda at: (at.month + 2) // 3,
    "month": lambda at: at.month,
    "week": lambda at: at.isocalendar()[1],
    "day": lambda at: at.day,
    "day_of_year": lambda at: at.timetuple().tm_yday,
    "weekday": lambda at: at.weekday(),
    "is_weekend": lambda at: int(at.weekday() >= 5),
    "hour": lambda at: at.hour,
    "minute": lambda at: at.minute,
    "second": lambda at: at.second,
}


def moment(value, step):
    at = EPOCH + datetime.timedelta(microseconds=int(value))
    zone = step.get("timezone", "UTC")
    if zone == "UTC":
        return at
    hours, minutes = int(zone[1:3]), int(zone[4:6])
    return at + datetime.timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)


def parts(step, rows):
    return {
        "columns": [
            [None if value is None else PARTS[part](moment(value, step)) for value in rows] for part in step["parts"]
        ]
    }


def cycled(step, rows):
    angle = column(rows, False) / step["period"] * 2 * np.pi
    return {"columns": columns_of(np.hstack([np.sin(angle), np.cos(angle)]))}


def elapsed(step, rows):
    start = datetime.datetime.fromisoformat(step["reference"].replace("Z", "")) - EPOCH
    unit = datetime.timedelta(**{step["unit"]: 1})
    passed = lambda value: (datetime.timedelta(microseconds=int(value)) - start) / unit
    return {"columns": [[None if value is None else passed(value) for value in rows]]}


def normalized(step, rows):
    def one(text):
        if "form" in step:
            text = unicodedata.normalize(step["form"], text)
        if step.get("lower"):
            text = text.lower()
        if step.get("strip_accents"):
            text = strip_accents_unicode(text)
        if step.get("collapse"):
            text = re.sub(r"\s+", " ", text)
        return text.strip() if step.get("trim") else text

    # Characters that Unicode got later than this Python: None.
    known = lambda text: all(unicodedata.category(c) != "Cn" for c in text)
    return {"texts": [one(text) if known(text) else None for text in rows]}


def answer(case):
    step, training, rows = case["step"], case.get("training", []), case["rows"]
    kind = step["kind"]
    if kind in ESTIMATORS:
        return estimated(step, training, case.get("target"), rows)
    if kind == "count_encode":
        return counted(step, training, rows)
    if kind == "lookup":
        return looked_up(step, rows)
    if kind == "clip":
        return clipped(step, training, rows)
    if kind == "date_parts":
        return parts(step, rows)
    if kind == "cyclical":
        return cycled(step, rows)
    if kind == "elapsed":
        return elapsed(step, rows)
    if kind == "string_normalize":
        return normalized(step, rows)
    if kind == "sorted":
        return {"texts": sorted(set(rows))}
    if kind == "arithmetic":
        left, right = column(rows, False), column(case["right"], False)
        return {"columns": columns_of(getattr(np, step["operator"])(left, right))}
    return {"columns": columns_of(getattr(np, kind)(column(rows, False)))}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
