"""Logs models by the flavours of MLflow: python log_flavours.py TRACKING_URI FOLDER.

Each is registered under the name of its key below, downloaded as the folder FOLDER/<name>, and what it answers to some rows is
written as FOLDER/<name>.csv. Prints the ids of the runs.
"""

import json
import sys

import lightgbm as lgb
import mlflow
import numpy as np
import pandas as pd
import xgboost as xgb
from mlflow import MlflowClient
from mlflow.models import infer_signature
from skl2onnx import to_onnx
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

sys.path.insert(0, "tools")
from export_sklearn import export_pipeline

URI, FOLDER = sys.argv[1:]
mlflow.set_tracking_uri(URI)
rng = np.random.default_rng(1)
ROWS = 300
table = pd.DataFrame(
    {
        "age": rng.normal(40, 12, ROWS),
        "income": np.where(rng.random(ROWS) < 0.2, np.nan, rng.lognormal(9, 1, ROWS)),
        "visits": rng.integers(0, 9, ROWS),
        "member": rng.random(ROWS) < 0.5,
    }
)
y = (table.age + 4 * table.visits + 9 * table.member + rng.normal(0, 5, ROWS) > 60).astype(int).to_numpy()
cities = table.assign(city=pd.Categorical(rng.choice(["Ulm", "Bonn", "Köln"], ROWS)))
plain = table[["age", "visits"]]
named = cities[["age", "visits", "city"]].assign(city=cities.city.astype(str))


def xgboost_booster():
    return xgb.train({"objective": "binary:logistic", "max_depth": 3, "nthread": 1}, xgb.DMatrix(table, y), 20)


def unnamed_booster():
    return xgb.train({"objective": "reg:squarederror", "max_depth": 3, "nthread": 1}, xgb.DMatrix(plain.to_numpy(), table.age), 20)


def lightgbm_booster():
    return lgb.train({"objective": "binary", "num_leaves": 7, "verbose": -1, "num_threads": 1}, lgb.Dataset(cities, y), 20)


def pipeline():
    steps = make_column_transformer((StandardScaler(), ["age", "visits"]), (OneHotEncoder(), ["city"]))
    return make_pipeline(steps, LogisticRegression()).fit(named, np.where(y, "yes", "no"))


def answered(name, rows, **answers):
    rows.head(100).assign(**{key: value[:100] for key, value in answers.items()}).to_csv(f"{FOLDER}/{name}.csv", index=False)


def log(name, flavor, model, rows, answers, beside=None, **keys):
    with mlflow.start_run() as run:
        # Else MLflow loads each model in a process of its own, to see what it needs.
        signature = infer_signature(rows, np.asarray(answers))
        info = flavor.log_model(model, name="model", signature=signature, registered_model_name=name, pip_requirements=[], **keys)
        if beside:
            MlflowClient().log_model_artifact(info.model_id, beside)
    mlflow.artifacts.download_artifacts(f"models:/{name}/1", dst_path=f"{FOLDER}/{name}")
    return run.info.run_id


runs = {}
model = xgboost_booster()
probability = model.predict(xgb.DMatrix(table))
runs["boosted"] = log("boosted", mlflow.xgboost, model, table, probability)
answered("boosted", table, probability=probability)

model = unnamed_booster()
prediction = model.predict(xgb.DMatrix(plain.to_numpy()))
runs["unnamed"] = log("unnamed", mlflow.xgboost, model, plain, prediction, model_format="json")
answered("unnamed", plain, prediction=prediction)

model = xgb.XGBClassifier(n_estimators=20, max_depth=3, n_jobs=1).fit(table, y)
probability = model.predict_proba(table)[:, 1]
runs["estimator"] = log("estimator", mlflow.xgboost, model, table, y)
answered("estimator", table, probability=probability)

model = lightgbm_booster()
probability = model.predict(cities)
runs["leaves"] = log("leaves", mlflow.lightgbm, model, cities.assign(city=cities.city.astype(str)), probability)
answered("leaves", cities, probability=probability)

model = lgb.LGBMClassifier(n_estimators=5, verbose=-1, n_jobs=1).fit(plain, y)
runs["pickled leaves"] = log("pickled leaves", mlflow.lightgbm, model, plain, y)

model = pipeline()
export_pipeline(model, f"{FOLDER}/churn.json", sample=named)
runs["churn"] = log("churn", mlflow.sklearn, model, named, model.predict(named), beside=f"{FOLDER}/churn.json")
runs["pickled churn"] = log("pickled churn", mlflow.sklearn, model, named, model.predict(named))

model = LogisticRegression().fit(plain.to_numpy(np.float32), y)
runs["tensors"] = log("tensors", mlflow.onnx, to_onnx(model, plain.to_numpy(np.float32)[:1]), plain.to_numpy(np.float32), y)

MlflowClient().set_registered_model_alias("churn", "best", "1")
print(json.dumps(runs))
