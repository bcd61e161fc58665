"""Fits pipelines of scikit-learn, exports them, and records what they answer.

    fit_pipelines.py FOLDER [--small]

writes for each pipeline FOLDER/<name>.json, as tools/export_sklearn.py does, and FOLDER/<name>.answers.json: raw rows that
neither training nor export saw, and what scikit-learn answers to them. FOLDER/refused.json holds what the export says of
pipelines that it refuses. --small makes the fixtures of `npm test`: fewer trees, rows and pipelines.
"""

import json
import sys
import warnings

import lightgbm as lgb
import numpy as np
import pandas as pd
import xgboost as xgb
from sklearn import calibration, ensemble, linear_model, naive_bayes, neighbors, neural_network, svm, tree
from sklearn.compose import make_column_transformer
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.feature_selection import SelectKBest
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import *  # noqa: F403

sys.path.insert(0, "tools")
sys.dont_write_bytecode = True
from export_sklearn import ExportError, cyclical, date_parts, elapsed, export_pipeline  # noqa: E402

warnings.simplefilter("ignore")
FOLDER, SMALL = sys.argv[1], "--small" in sys.argv
TRAINED, SAMPLED, ASKED, TREES = (300, 24, 20, 3) if SMALL else (900, 500, 300, 25)
#: pipelines that are fixtures too
FIXTURES = {
    "forest-binary-mixed", "extra-trees-multi-mixed", "boosting-regression-mixed", "histogram-binary-own-categories",
    "logistic-multi-categories", "ridge-regression-categories", "svc-multi-numbers", "calibrated-isotonic-binary",
    "xgboost-binary-mixed",
}  # fmt: skip

NUMBERS = ["age", "income", "visits"]
CITIES = ["Köln", "Paris", "Rome", "Oslo", "Łódź", "São Paulo"]


def table(rows, missing, seed=7):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "age": rng.normal(40, 12, rows).round(2),
            "income": rng.lognormal(9, 1, rows).round(2),
            "visits": rng.integers(0, 9, rows),
            "city": rng.choice(CITIES, rows, p=[0.3, 0.25, 0.2, 0.15, 0.06, 0.04]),
            "plan": rng.choice([1, 2, 5], rows),
            "member": rng.random(rows) < 0.5,
            "since": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 1500, rows), unit="D"),
            "seen": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 10**7, rows), unit="s"),
        }
    )
    score = (frame.age - 40) / 12 + np.log(frame.income / 8000) - (frame.visits - 4) / 4
    score += frame.city.map({city: i % 3 - 1 for i, city in enumerate(CITIES)}) + frame.member + (frame.since.dt.month - 6) / 6
    noisy = score.to_numpy() + rng.normal(0, 0.5, rows)
    if missing:
        for name in ("age", "income", "city"):
            frame.loc[rng.random(rows) < 0.1, name] = np.nan
    return frame, noisy


def target(noisy, task):
    if task == "binary":
        return np.where(noisy > 0.5, "yes", "no")
    if task == "multi":
        return np.digitize(noisy, [0, 1])
    if task == "counts":
        return np.random.default_rng(3).poisson(np.exp(np.clip(noisy, -2, 2)))
    return 250_000 + 40_000 * noisy


one_hot = lambda **keys: OneHotEncoder(**{"handle_unknown": "ignore", **keys})
log_of = lambda: FunctionTransformer(np.log1p)
month = lambda: make_pipeline(FunctionTransformer(date_parts, kw_args={"parts": ["month"]}), FunctionTransformer(cyclical, kw_args={"period": 12}))


def numbers():
    return make_column_transformer((StandardScaler(), ["age", "visits"]), (make_pipeline(log_of(), StandardScaler()), ["income"]))


def filled():
    return make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median", add_indicator=True), MinMaxScaler()), NUMBERS),
        (SimpleImputer(strategy="most_frequent"), ["plan"]),
    )


def categories(**keys):
    return make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="constant", fill_value="unknown"), one_hot(**keys)), ["city"]),
        (OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), ["plan"]),
        (OneHotEncoder(drop="if_binary"), ["member"]),
        remainder="drop",
    )


def dates():
    return make_column_transformer(
        (FunctionTransformer(date_parts, kw_args={"parts": ["year", "quarter", "weekday", "is_weekend"]}), ["since"]),
        (FunctionTransformer(date_parts, kw_args={"parts": ["hour", "minute", "week", "day_of_year"]}), ["seen"]),
        (FunctionTransformer(elapsed, kw_args={"reference": "2019-06-30", "unit": "weeks"}), ["since"]),
        (month(), ["since"]),
    )


def mixed():
    return make_column_transformer(
        (make_pipeline(SimpleImputer(add_indicator=True), StandardScaler()), ["age", "income"]),
        (make_pipeline(SimpleImputer(strategy="most_frequent"), one_hot(min_frequency=0.08, handle_unknown="infrequent_if_exist")), ["city"]),
        (OrdinalEncoder(), ["plan"]),
        (month(), ["since"]),
        ("passthrough", ["visits", "member"]),
    )


def targets():
    return make_column_transformer((TargetEncoder(random_state=0), ["city", "plan"]), (RobustScaler(), ["age"]))


def unions():
    wide = make_union(PolynomialFeatures(2), make_pipeline(KBinsDiscretizer(4, encode="onehot-dense", quantile_method="averaged_inverted_cdf"), SelectKBest(k=6)))
    return make_pipeline(make_column_transformer((StandardScaler(), NUMBERS)), wide)


def own_categories(frame):
    return frame.drop(columns=["since", "seen"]).astype({"city": pd.CategoricalDtype(sorted(CITIES)), "plan": "category"})


E, L = ensemble, linear_model
forest = dict(n_estimators=TREES, random_state=1, n_jobs=1, max_depth=3 if SMALL else None)
boosted = dict(n_estimators=TREES, random_state=1, max_depth=2 if SMALL else 4)
histogram = dict(max_iter=TREES, random_state=1, max_leaf_nodes=5 if SMALL else 31, min_samples_leaf=5)

#: name, steps, model, task, whether values are missing
PIPELINES = [
    ("forest-binary-mixed", mixed, lambda: E.RandomForestClassifier(**forest), "binary", True),
    ("forest-multi-targets", targets, lambda: E.RandomForestClassifier(**forest), "multi", False),
    ("forest-regression-dates", dates, lambda: E.RandomForestRegressor(**forest), "number", False),
    ("forest-binary-gaps", lambda: make_column_transformer(("passthrough", NUMBERS)), lambda: E.RandomForestClassifier(**forest), "binary", True),
    ("extra-trees-binary-numbers", numbers, lambda: E.ExtraTreesClassifier(**forest), "binary", False),
    ("extra-trees-multi-mixed", mixed, lambda: E.ExtraTreesClassifier(**forest), "multi", True),
    ("extra-trees-regression-filled", filled, lambda: E.ExtraTreesRegressor(**forest), "number", True),
    ("tree-multi-categories", categories, lambda: tree.DecisionTreeClassifier(max_depth=5), "multi", True),
    ("boosting-binary-categories", lambda: categories(max_categories=4), lambda: E.GradientBoostingClassifier(**boosted), "binary", True),
    ("boosting-binary-exponential", numbers, lambda: E.GradientBoostingClassifier(loss="exponential", **boosted), "binary", False),
    ("boosting-multi-dates", dates, lambda: E.GradientBoostingClassifier(**boosted), "multi", False),
    ("boosting-regression-mixed", mixed, lambda: E.GradientBoostingRegressor(**boosted), "number", True),
    ("histogram-binary-own-categories", None, lambda: E.HistGradientBoostingClassifier(categorical_features="from_dtype", **histogram), "binary", True),
    ("histogram-multi-gaps", lambda: make_column_transformer(("passthrough", NUMBERS)), lambda: E.HistGradientBoostingClassifier(**histogram), "multi", True),
    ("histogram-counts-dates", dates, lambda: E.HistGradientBoostingRegressor(loss="poisson", **histogram), "counts", False),
    (
        "histogram-regression-codes",
        lambda: make_column_transformer((OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan), ["city", "plan"]), ("passthrough", NUMBERS)),
        lambda: E.HistGradientBoostingRegressor(categorical_features=[0, 1], **histogram),
        "number",
        True,
    ),
    ("logistic-binary-mixed", mixed, lambda: L.LogisticRegression(max_iter=500), "binary", True),
    ("logistic-binary-unions", unions, lambda: L.LogisticRegression(max_iter=500), "binary", False),
    ("logistic-multi-categories", categories, lambda: L.LogisticRegression(max_iter=500), "multi", True),
    ("linear-regression-mixed", mixed, L.LinearRegression, "number", True),
    ("ridge-regression-categories", lambda: categories(drop="first"), L.Ridge, "number", True),
    ("lasso-regression-dates", dates, L.Lasso, "number", False),
    ("elastic-net-regression-filled", filled, L.ElasticNet, "number", True),
    ("poisson-counts-numbers", numbers, L.PoissonRegressor, "counts", False),
    ("sgd-binary-filled", filled, lambda: L.SGDClassifier(loss="log_loss", random_state=1), "binary", True),
    ("sgd-multi-numbers", numbers, lambda: L.SGDClassifier(loss="log_loss", random_state=1), "multi", False),
    ("sgd-regression-numbers", numbers, lambda: L.SGDRegressor(random_state=1), "number", False),
    ("svc-binary-mixed", mixed, svm.LinearSVC, "binary", True),
    ("svc-multi-numbers", numbers, svm.LinearSVC, "multi", False),
    ("calibrated-sigmoid-binary", mixed, lambda: calibration.CalibratedClassifierCV(svm.LinearSVC(), cv=3), "binary", True),
    ("calibrated-sigmoid-multi", numbers, lambda: calibration.CalibratedClassifierCV(L.SGDClassifier(random_state=1), cv=3), "multi", False),
    (
        "calibrated-isotonic-binary",
        mixed,
        lambda: calibration.CalibratedClassifierCV(E.GradientBoostingClassifier(**boosted), method="isotonic", cv=2),
        "binary",
        True,
    ),
    (
        "calibrated-isotonic-multi",
        mixed,
        lambda: calibration.CalibratedClassifierCV(E.RandomForestClassifier(**forest), method="isotonic", cv=3),
        "multi",
        True,
    ),
    ("xgboost-binary-mixed", mixed, lambda: xgb.XGBClassifier(n_estimators=TREES, max_depth=3, n_jobs=1), "flag", True),
    ("xgboost-regression-gaps", lambda: make_column_transformer(("passthrough", NUMBERS)), lambda: xgb.XGBRegressor(n_estimators=TREES, n_jobs=1), "number", True),
    ("lightgbm-multi-categories", categories, lambda: lgb.LGBMClassifier(n_estimators=TREES, num_leaves=7, n_jobs=1, verbose=-1), "multi", True),
    ("lightgbm-binary-blanks", None, lambda: lgb.LGBMClassifier(n_estimators=TREES, num_leaves=7, n_jobs=1, verbose=-1), "binary", True),
]

#: tables of models without steps, where they are not those of own_categories
FRAMES = {"lightgbm-binary-blanks": lambda frame: frame[NUMBERS].rename(columns=lambda name: f"{name} of it")}

with_step = lambda step: lambda: make_pipeline(step, L.LogisticRegression())
scaled = lambda model: lambda: make_pipeline(StandardScaler(), model)
two = [("a", L.Ridge()), ("b", tree.DecisionTreeRegressor(max_depth=2))]
REFUSED = {
    "a function of your own": (with_step(FunctionTransformer(lambda rows: rows * 2)), "flag"),
    "KNNImputer": (with_step(KNNImputer()), "flag"),
    "PCA": (with_step(PCA(2)), "flag"),
    "PowerTransformer": (with_step(PowerTransformer()), "flag"),
    "TfidfVectorizer": (lambda: make_pipeline(make_column_transformer((TfidfVectorizer(), "city")), L.LogisticRegression()), "flag"),
    "SVC": (scaled(svm.SVC()), "flag"),
    "KNeighborsClassifier": (scaled(neighbors.KNeighborsClassifier()), "flag"),
    "MLPRegressor": (scaled(neural_network.MLPRegressor(max_iter=5)), "number"),
    "GaussianNB": (scaled(naive_bayes.GaussianNB()), "flag"),
    "StackingRegressor": (scaled(ensemble.StackingRegressor(two)), "number"),
    "CalibratedClassifierCV by temperature": (scaled(calibration.CalibratedClassifierCV(L.LogisticRegression(), method="temperature")), "flag"),
    "SGDClassifier by modified_huber": (scaled(L.SGDClassifier(loss="modified_huber")), "flag"),
    "XGBClassifier of categories": (lambda: xgb.XGBClassifier(n_estimators=2, n_jobs=1, enable_categorical=True), "flag"),
    "LGBMClassifier of categories": (lambda: lgb.LGBMClassifier(n_estimators=2, n_jobs=1, verbose=-1), "flag"),
}


def cell(value):
    if value is None or value != value or value is pd.NaT:
        return None
    return value.isoformat() if isinstance(value, pd.Timestamp) else value.item() if hasattr(value, "item") else value


def answers(name, model, rows):
    cells = [[cell(value) for value in row] for row in rows.itertuples(index=False)]
    days = {i for i, column in enumerate(rows.columns) if column == "since"}
    cells = [[value[:10] if i in days and value else value for i, value in enumerate(row)] for row in cells]
    told = {"columns": list(rows.columns), "rows": cells, "predictions": model.predict(rows).tolist()}
    if hasattr(model, "classes_"):
        told["classes"] = model.classes_.tolist()
    if hasattr(model, "predict_proba"):
        told["probabilities"] = model.predict_proba(rows).tolist()
    with open(f"{FOLDER}/{name}.answers.json", "w") as file:
        json.dump(told, file, ensure_ascii=False)


for name, steps, model, task, missing in PIPELINES:
    if SMALL and name not in FIXTURES:
        continue
    frame, noisy = table(TRAINED + ASKED, missing)
    frame = FRAMES.get(name, own_categories)(frame) if steps is None else frame
    y = (noisy > 0.5).astype(int) if task == "flag" else target(noisy, task)
    pipeline = make_pipeline(model()) if steps is None else make_pipeline(steps(), model())
    pipeline.fit(frame[:TRAINED], y[:TRAINED])
    export_pipeline(pipeline, f"{FOLDER}/{name}.json", sample=frame[:SAMPLED], metadata={"timestamp": "2026-01-01T00:00:00Z"})
    answers(name, pipeline, frame[TRAINED:])

refused = {}
for name, (make, task) in REFUSED.items():
    frame, noisy = table(200, False)
    y = (noisy > 0.5).astype(int) if task == "flag" else target(noisy, task)
    rows = frame[["city"]] if name == "TfidfVectorizer" else own_categories(frame) if "categories" in name else frame[NUMBERS]
    try:
        export_pipeline(make().fit(rows, y), f"{FOLDER}/never.json", sample=rows)
        refused[name] = "was exported"
    except ExportError as error:
        refused[name] = str(error)
with open(f"{FOLDER}/refused.json", "w") as file:
    json.dump(refused, file, indent=1)
