"""FastAPI + pickled pipelines, as most do it: serve.py FOLDER. A pipeline is read when it is asked for first."""

import os
import sys
from functools import cache

import cloudpickle
import pandas
import uvicorn
from fastapi import Body, FastAPI

app = FastAPI()


@cache
def model_of(name):
    with open(os.path.join(sys.argv[1], name, "peer.pickle"), "rb") as file:
        return cloudpickle.load(file)


@app.post("/predict/{name}")
def predict(name: str, row: dict = Body()):
    model = model_of(name)
    pipeline = model["pipeline"]
    table = pandas.DataFrame([{column: row.get(column) for column in model["columns"]}])
    if hasattr(pipeline, "predict_proba"):
        return {"probabilities": pipeline.predict_proba(table)[0].tolist()}
    return {"prediction": pipeline.predict(table)[0].item()}


@app.get("/health/ready")
def ready():
    return {}


uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning", access_log=False)
