"""Trains a model of XGBoost, and saves it as a folder of MLflow, with the columns that it takes as its signature."""

import mlflow.xgboost
import pandas as pd
import xgboost as xgb
from mlflow.models import infer_signature

table = pd.read_csv("examples/own-table/bookings.csv")
rows = table[["nights", "price per night", "days ahead"]].astype(float)
target = (table["cancelled"] == "yes").astype(int)
model = xgb.train({"objective": "binary:logistic", "max_depth": 3, "eta": 0.1, "seed": 42}, xgb.DMatrix(rows, target), 60)
signature = infer_signature(rows, model.predict(xgb.DMatrix(rows)))
mlflow.xgboost.save_model(model, "stays", signature=signature)
