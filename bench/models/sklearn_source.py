"""Trees of scikit-learn: what it trains, what tools/export_sklearn.py writes of it, and what it answers."""

import sys
from pathlib import Path

import numpy as np
import sklearn
from sklearn import ensemble, tree
from sklearn.ensemble._hist_gradient_boosting.predictor import TreePredictor
from sklearn.pipeline import make_pipeline

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
from export_sklearn import export_pipeline
from tables import TRAINED, rows_to_ask, table, target

VERSION = f"scikit-learn {sklearn.__version__}"


def is_histogram(model):
    return type(model).__name__.startswith("HistGradientBoosting")


def trees_of(model):
    if isinstance(model, (tree.DecisionTreeClassifier, tree.DecisionTreeRegressor)):
        return [model]
    return list(np.asarray(model.estimators_, dtype=object).ravel())


def splits_of(model):
    """Histogram boosting compares float64; the others compare what they read as float32 with float64."""
    if is_histogram(model):
        names = list(model._preprocessor.transform_order) if hasattr(model._preprocessor, "transform_order") else None
        order = np.arange(model.n_features_in_)
        if model._preprocessor is not None:
            encoded = np.flatnonzero(model.is_categorical_)
            order = np.concatenate([encoded, np.setdiff1d(order, encoded)])
        for one in (one for iteration in model._predictors for one in iteration):
            for node in one.nodes:
                if not node["is_leaf"] and not node["is_categorical"]:
                    yield int(order[node["feature_idx"]]) if model._preprocessor is not None else int(node["feature_idx"]), np.float64(node["num_threshold"])
        return
    for one in trees_of(model):
        inner = one.tree_
        for i in np.flatnonzero(inner.children_left >= 0):
            at = np.float32(inner.threshold[i])
            yield int(inner.feature[i]), np.nextafter(at, np.float32(-np.inf)) if at > inner.threshold[i] else at


def leaves_of(model, rows):
    if not is_histogram(model):
        return model.apply(rows).reshape(len(rows), -1)
    numbers = model._preprocess_X(rows, reset=False)
    known, places = model._bin_mapper.make_known_categories_bitsets()
    found = []
    for one in (one for iteration in model._predictors for one in iteration):
        nodes = one.nodes.copy()
        nodes["value"] = np.arange(len(nodes))
        found.append(TreePredictor(nodes, one.binned_left_cat_bitsets, one.raw_left_cat_bitsets).predict(numbers, known, places, 1))
    return np.stack(found, axis=1)


def margins_of(model, rows):
    name = type(model).__name__
    if is_histogram(model):
        return model._raw_predict(rows)
    if name == "GradientBoostingClassifier":
        # The loss "exponential" predicts by twice its sum.
        return model.decision_function(rows) * (2 if model.loss == "exponential" else 1)
    if hasattr(model, "predict_proba"):
        shares = model.predict_proba(rows)
        return shares[:, 1:] if shares.shape[1] == 2 else shares
    return model.predict(rows)


def make(rng, folder, model, task="binary", own_columns=None):
    own_columns = own_columns or {}
    frame = table(rng, TRAINED, **own_columns)
    y = target(rng, frame, task, own_columns.get("scale"))
    fitted = model()
    with_model = make_pipeline(fitted).fit(frame, y)
    export_pipeline(with_model, f"{folder}/model.json", sample=frame[:60])
    asked, splits = rows_to_ask(rng, frame, splits_of(fitted))
    return {
        "file": "model.json",
        "asked": asked,
        "splits": splits,
        "named": True,
        "margins": margins_of(fitted, asked),
        "leaves": leaves_of(fitted, asked),
        "predictions": fitted.predict_proba(asked) if task in ("binary", "multi", "many") else fitted.predict(asked),
        "labels": fitted.predict(asked) if task in ("binary", "multi", "many") else None,
        "classes": len(fitted.classes_) if task in ("binary", "multi", "many") else 0,
        "model": fitted,
        "float64": is_histogram(fitted),
    }


E = ensemble
few = {"n_estimators": 40, "random_state": 1, "n_jobs": 1}
whole = {"missing": 0}
some = {"levels": 30}


def forest(kind=E.RandomForestClassifier, **keys):
    return lambda: kind(**{**few, **keys})


def boosting(kind=E.GradientBoostingClassifier, **keys):
    return lambda: kind(**{"n_estimators": 40, "random_state": 1, "max_depth": 4, **keys})


def histogram(kind=E.HistGradientBoostingClassifier, **keys):
    return lambda: kind(**{"max_iter": 40, "random_state": 1, **keys})


number = {"task": "number"}
RR, XC, XR, GR, HR = (
    E.RandomForestRegressor,
    E.ExtraTreesClassifier,
    E.ExtraTreesRegressor,
    E.GradientBoostingRegressor,
    E.HistGradientBoostingRegressor,
)
CONFIGURATIONS = {
    "forest": {"model": forest()},
    "forest, stumps": {"model": forest(max_depth=1)},
    "forest, depth 12": {"model": forest(max_depth=12)},
    "forest, one tree": {"model": forest(n_estimators=1)},
    "forest, 300 trees": {"model": forest(n_estimators=300, max_depth=8)},
    "forest, no gaps": {"model": forest(), "own_columns": whole},
    "forest, half missing": {"model": forest(max_depth=8), "own_columns": {"missing": 0.5}},
    "forest, three classes": {"model": forest(max_depth=8), "task": "multi"},
    "forest, ten classes": {"model": forest(max_depth=8), "task": "many"},
    "forest, entropy": {"model": forest(criterion="entropy", max_depth=8)},
    "forest, weighted": {"model": forest(class_weight="balanced", max_depth=8)},
    "forest, 31 leaves": {"model": forest(max_leaf_nodes=31)},
    "forest, whole sample": {"model": forest(bootstrap=False, max_features=2, max_depth=8)},
    "forest, pruned": {"model": forest(ccp_alpha=0.002)},
    "forest, monotone": {"model": forest(monotonic_cst=[1, 0, -1, 0], max_depth=8), "own_columns": whole},
    "forest, float32 data": {"model": forest(max_depth=8), "own_columns": {"kind": "float32"}},
    "forest, whole numbers": {"model": forest(max_depth=8), "own_columns": {"kind": "integers"}},
    "forest, huge numbers": {"model": forest(max_depth=8), "own_columns": {"scale": 1e30, "missing": 0}},
    "forest, a number": {"model": forest(RR, max_depth=10), **number},
    "forest, absolute error": {"model": forest(RR, n_estimators=5, criterion="absolute_error", max_depth=6), "own_columns": whole, **number},
    "forest, Poisson": {"model": forest(RR, criterion="poisson", max_depth=6), "task": "counts"},
    "extra trees": {"model": forest(XC, max_depth=10), "own_columns": whole},
    "extra trees, three classes": {"model": forest(XC, max_depth=8), "task": "multi"},
    "extra trees, a number": {"model": forest(XR, max_depth=8), **number},
    "decision tree": {"model": lambda: tree.DecisionTreeClassifier(random_state=1)},
    "decision tree, a number": {"model": lambda: tree.DecisionTreeRegressor(random_state=1), **number},
    "boosting": {"model": boosting(), "own_columns": whole},
    "boosting, stumps": {"model": boosting(max_depth=1), "own_columns": whole},
    "boosting, exponential": {"model": boosting(loss="exponential"), "own_columns": whole},
    "boosting, three classes": {"model": boosting(), "task": "multi", "own_columns": whole},
    "boosting, ten classes": {"model": boosting(n_estimators=10), "task": "many", "own_columns": whole},
    "boosting, sampled": {"model": boosting(subsample=0.5, max_features=2), "own_columns": whole},
    "boosting, stopped early": {"model": boosting(n_estimators=200, n_iter_no_change=3, learning_rate=0.5), "own_columns": whole},
    "boosting, a number": {"model": boosting(GR), "own_columns": whole, **number},
    "boosting, absolute error": {"model": boosting(GR, loss="absolute_error"), "own_columns": whole, **number},
    "boosting, Huber": {"model": boosting(GR, loss="huber"), "own_columns": whole, **number},
    "boosting, quantile": {"model": boosting(GR, loss="quantile", alpha=0.8), "own_columns": whole, **number},
    "boosting, float32 data": {"model": boosting(), "own_columns": {"missing": 0, "kind": "float32"}},
    "histograms": {"model": histogram()},
    "histograms, 300 trees": {"model": histogram(max_iter=300, learning_rate=0.05)},
    "histograms, 15 bins": {"model": histogram(max_bins=15)},
    "histograms, all leaves": {"model": histogram(max_leaf_nodes=None, max_depth=10, min_samples_leaf=2)},
    "histograms, half missing": {"model": histogram(), "own_columns": {"missing": 0.5}},
    "histograms, three classes": {"model": histogram(), "task": "multi"},
    "histograms, ten classes": {"model": histogram(max_iter=10), "task": "many"},
    "histograms, categories": {"model": histogram(categorical_features="from_dtype"), "own_columns": some},
    "histograms, categories, a number": {"model": histogram(HR, categorical_features="from_dtype"), "own_columns": some, **number},
    "histograms, stopped early": {"model": histogram(max_iter=200, early_stopping=True, learning_rate=0.5)},
    "histograms, monotone": {"model": histogram(monotonic_cst=[1, 0, -1, 0])},
    "histograms, interactions": {"model": histogram(interaction_cst=[{0, 1}, {2, 3}])},
    "histograms, regularised": {"model": histogram(l2_regularization=5, max_features=0.5)},
    "histograms, whole numbers": {"model": histogram(), "own_columns": {"kind": "integers"}},
    "histograms, huge numbers": {"model": histogram(), "own_columns": {"scale": 1e30}},
    "histograms, a number": {"model": histogram(HR), **number},
    "histograms, absolute error": {"model": histogram(HR, loss="absolute_error"), **number},
    "histograms, Poisson": {"model": histogram(HR, loss="poisson"), "task": "counts"},
    "histograms, gamma": {"model": histogram(HR, loss="gamma"), "task": "positive"},
    "histograms, quantile": {"model": histogram(HR, loss="quantile", quantile=0.8), **number},
}
IN_CI = [
    "forest, half missing",
    "forest, ten classes",
    "extra trees, a number",
    "boosting, exponential",
    "boosting, three classes",
    "histograms, all leaves",
    "histograms, categories",
    "histograms, Poisson",
]


def peers(made, rows):
    """What skl2onnx makes of the model."""
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType

    width = rows.shape[1]
    options = {"zipmap": False} if made["classes"] else {}
    convert = lambda kind: lambda: to_onnx(made["model"], initial_types=[("X", kind([None, width]))], options={id(made["model"]): options})
    yield "skl2onnx", convert(FloatTensorType), "float32"
    # The others read float32 themselves.
    if is_histogram(made["model"]):
        yield "skl2onnx, float64", convert(DoubleTensorType), "float64"
