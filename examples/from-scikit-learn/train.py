"""Trains a pipeline of scikit-learn on raw columns, and writes it as the file that `skewless import` takes."""

import sys

import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

sys.path.insert(0, "tools")
from export_sklearn import export_pipeline

table = pd.read_csv("examples/own-table/bookings.csv")
rows = table[["room", "country", "nights", "price per night", "days ahead"]]
features = make_column_transformer(
    (OneHotEncoder(handle_unknown="ignore"), ["room", "country"]),
    (SimpleImputer(strategy="median"), ["nights", "price per night", "days ahead"]),
)
pipeline = make_pipeline(features, RandomForestClassifier(100, min_samples_leaf=5, random_state=42))
pipeline.fit(rows, table["cancelled"])
export_pipeline(pipeline, "stays.json", sample=rows)
