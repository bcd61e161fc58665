"""One model of XGBoost: trains it, or serves it by FastAPI, one worker, one thread.

    speed_peer.py train FOLDER        writes model.ubj, model.onnx (onnxmltools) and answered.csv
    speed_peer.py xgboost FOLDER      serves model.ubj by xgboost itself, on PORT
    speed_peer.py onnxmltools FOLDER  serves model.onnx by ONNX Runtime for Python, on PORT
"""

import os
import sys
from typing import List

import numpy as np

WHAT, FOLDER = sys.argv[1:]
NAMES = [f"f{i}" for i in range(14)]

if WHAT == "train":
    import xgboost as xgb
    from onnxmltools.convert import convert_xgboost
    from onnxmltools.convert.common.data_types import FloatTensorType

    rng = np.random.default_rng(9)
    rows = rng.normal(0, 1, (20_000, len(NAMES))).astype(np.float32)
    score = rows[:, 0] * rows[:, 1] + np.sin(2 * rows[:, 2]) + np.abs(rows[:, 3]) - rows[:, 4:].sum(axis=1) / 4
    target = (score + rng.normal(0, 0.5, len(rows)) > 0.5).astype(int)
    settings = {"objective": "binary:logistic", "max_depth": 6, "eta": 0.1, "nthread": 1, "seed": 1}
    booster = xgb.train(settings, xgb.DMatrix(rows, target, feature_names=NAMES), num_boost_round=300)
    booster.save_model(f"{FOLDER}/model.ubj")
    graph = convert_xgboost(booster, initial_types=[("X", FloatTensorType([None, len(NAMES)]))])
    with open(f"{FOLDER}/model.onnx", "wb") as file:
        file.write(graph.SerializeToString())
    answers = booster.inplace_predict(rows[:1000])
    with open(f"{FOLDER}/answered.csv", "w") as file:
        file.write(",".join([*NAMES, "probability"]) + "\n")
        for row, answer in zip(rows[:1000].astype(float).tolist(), answers.astype(float).tolist()):
            file.write(",".join(map(repr, [*row, answer])) + "\n")
    sys.exit()

import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel, create_model

if WHAT == "xgboost":
    import xgboost as xgb

    booster = xgb.Booster(model_file=f"{FOLDER}/model.ubj")
    booster.set_param({"nthread": 1})
    second = booster.inplace_predict
else:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(f"{FOLDER}/model.onnx", options, providers=["CPUExecutionProvider"])
    probabilities = session.get_outputs()[1].name
    second = lambda rows: session.run([probabilities], {"X": rows})[0][:, 1]

Instance = create_model("Instance", **{name: (float, ...) for name in NAMES})


class Batch(BaseModel):
    instances: List[Instance]


def predict(instances):
    rows = np.array([[getattr(one, name) for name in NAMES] for one in instances], np.float32)
    return [{"prediction": int(p > 0.5), "probability": round(p, 6)} for p in second(rows).astype(float).tolist()]


app = FastAPI()


@app.post("/predict")
async def predict_one(instance: Instance):
    return JSONResponse(predict([instance])[0])


@app.post("/predict/batch")
async def predict_batch(batch: Batch):
    return JSONResponse({"predictions": predict(batch.instances)})


@app.get("/health/ready")
async def ready():
    return {}


uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning", access_log=False)
