"""What splits on sets of categories are worth beside coded ones, by scikit-learn's boosting on the same folds: docs/adr/0011."""

import json
import sys
import warnings
from pathlib import Path

import numpy
import pandas
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import log_loss, mean_squared_error
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, OrdinalEncoder, TargetEncoder

warnings.simplefilter("ignore")

FOLDS = 5
# As libs/features/src/auto-recipe.ts: more levels are told by the target's mean.
ONE_HOT_LEVELS = 15


def native(few, many, numbers):
    codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=numpy.nan, encoded_missing_value=numpy.nan)
    columns = [*few, *many]
    return ColumnTransformer([("c", codes, columns), ("n", "passthrough", numbers)]), list(range(len(columns)))


def coded(few, many, numbers):
    parts = [
        ("few", OneHotEncoder(handle_unknown="ignore", sparse_output=False), few),
        ("many", make_pipeline(FunctionTransformer(lambda x: x.fillna("")), TargetEncoder(random_state=0)), many),
        ("n", "passthrough", numbers),
    ]
    return ColumnTransformer(parts), None


def measure(path, target, task):
    table = pandas.read_csv(path, keep_default_na=True).dropna(subset=[target])
    # A class of fewer rows would be in no training part of some fold.
    rows = table[target].map(table[target].value_counts())
    table = table[(rows >= FOLDS) | (task == "regression")].reset_index(drop=True)
    y = table.pop(target)
    y = y.to_numpy(float) if task == "regression" else y.astype("category").cat.codes.to_numpy(int)
    words = [name for name in table if not pandas.api.types.is_numeric_dtype(table[name])]
    words = [name for name in words if table[name].nunique() < 255]
    numbers = [name for name in table if pandas.api.types.is_numeric_dtype(table[name])]
    table[numbers] = table[numbers].astype(float)
    few = [name for name in words if table[name].nunique() <= ONE_HOT_LEVELS]
    many = [name for name in words if name not in few]
    learner = HistGradientBoostingRegressor if task == "regression" else HistGradientBoostingClassifier
    splits = (KFold if task == "regression" else StratifiedKFold)(FOLDS, shuffle=True, random_state=0)
    losses = {"native": [], "coded": []}
    for train, test in splits.split(table, y):
        for name, make in (("native", native), ("coded", coded)):
            columns, categorical = make(few, many, numbers)
            # Of a table that the defaults learn by heart, the stopping says more than the splits: both stop by themselves.
            model = learner(categorical_features=categorical, early_stopping=True, max_iter=300, random_state=0)
            model = make_pipeline(columns, model).fit(table.iloc[train], y[train])
            if task == "regression":
                losses[name].append(mean_squared_error(y[test], model.predict(table.iloc[test])) ** 0.5)
            else:
                losses[name].append(log_loss(y[test], model.predict_proba(table.iloc[test]), labels=numpy.unique(y)))
    differences = numpy.array(losses["native"]) - losses["coded"]
    return {
        "categories": len(words),
        "levels": int(max([table[name].nunique() for name in words], default=0)),
        **{name: float(numpy.mean(values)) for name, values in losses.items()},
        "difference": float(differences.mean()),
        "error": float(differences.std(ddof=1) / FOLDS**0.5),
    }


folder = Path(sys.argv[1])
for table in json.loads(Path(__file__).with_name("tables.json").read_text()):
    name = table["name"]
    path = folder / name / f"{name}.csv"
    if path.exists() and (len(sys.argv) < 3 or name in sys.argv[2:]):
        task = table.get("task", "regression" if name in ("car90", "diamonds-price") else "classes")
        result = measure(path, table["target"], task)
        print(json.dumps({"table": name, **result}), flush=True)
