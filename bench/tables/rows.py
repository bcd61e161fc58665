"""The test rows of a table as a client would send them."""

import json

import pandas


def rows(table, test, singles, most):
    places = pandas.read_parquet(test)["row"].to_numpy()[:most]
    read = pandas.read_parquet if table.endswith(".parquet") else pandas.read_csv
    part = read(table).iloc[places]
    some = part.iloc[:singles]
    objects = json.loads(some.to_json(orient="records", date_format="iso", double_precision=15))
    return {"objects": objects, "csv": some.to_csv(index=False), "all": part.to_csv(index=False)}
