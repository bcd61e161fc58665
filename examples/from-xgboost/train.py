"""Trains a model of XGBoost with categories and gaps, and saves it, and what it answers to rows of the table."""

import numpy as np
import pandas as pd
import xgboost as xgb

table = pd.read_csv("examples/own-table/bookings.csv")
rows = table[["room", "country", "nights", "price per night", "days ahead"]].astype({"room": "category", "country": "category"})
target = (table["cancelled"] == "yes").astype(int)
model = xgb.train({"objective": "binary:logistic", "max_depth": 3, "eta": 0.1, "seed": 42}, xgb.DMatrix(rows, target, enable_categorical=True), 60)
model.save_model("stays.ubj")
answers = model.predict(xgb.DMatrix(rows, enable_categorical=True))
rows.assign(probability=answers.astype(np.float64)).to_csv("answered.csv", index=False)
