"""Trains a model of LightGBM with categories and gaps, and saves it, and what it answers to rows of the table."""

import lightgbm as lgb
import pandas as pd

table = pd.read_csv("examples/own-table/bookings.csv")
rows = table[["room", "country", "nights", "days ahead"]].astype({"room": "category", "country": "category"})
# LightGBM saves names without blanks.
rows.columns = rows.columns.str.replace(" ", "_")
target = table["price per night"].fillna(table["price per night"].median())
model = lgb.train({"objective": "regression", "num_leaves": 7, "seed": 42, "verbose": -1}, lgb.Dataset(rows, target), 60)
model.save_model("price.txt")
rows.assign(prediction=model.predict(rows)).to_csv("answered.csv", index=False)
