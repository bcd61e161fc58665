"""FastAPI + numpy + ONNX Runtime, one worker: the peer to beat. Reads PORT, INFERENCE_THREADS and ORT_LIBRARY."""

import json
import os
from datetime import datetime, timezone
from pathlib import Path
from typing import List

import numpy as np
import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from onnx_runtime import Session

model = Path(__file__).parents[2] / "models" / "random_forest"
champion = model / json.loads((model / "aliases.json").read_text())["champion"]
manifest = json.loads((champion / "manifest.json").read_text())
steps = json.loads((champion / "pipeline.json").read_text())["steps"]
scaler = next(step for step in steps if step["kind"] == "standardize")
MEAN, SCALE = np.array(scaler["mean"]), np.array(scaler["scale"])
CLASSES = manifest["classes"]
VERSION = f"{manifest['algorithm']}:{manifest['version']}"
session = Session(
    os.environ["ORT_LIBRARY"],
    str(champion / "model.onnx"),
    "features",
    "probabilities",
    len(CLASSES),
    int(os.environ.get("INFERENCE_THREADS", 1)),
)


class Instance(BaseModel):
    feature_1: float
    feature_2: float
    feature_3: float
    feature_4: float = Field(ge=0, le=100)
    feature_5: int = Field(ge=1, le=10)


class Batch(BaseModel):
    instances: List[Instance]


def features(rows):
    a, b, c, d, e = rows.T
    scaled = np.stack([a, b, c, d, e, a * a, b * b, a * b, a * d, d / (e + 1), np.log1p(d)], axis=1)
    bins = np.stack([(d > 25) & (d <= 50), (d > 50) & (d <= 75), (d > 75) & (d <= 100)], axis=1)
    return np.ascontiguousarray(np.hstack([(scaled - MEAN) / SCALE, bins]), np.float32)


def predict(instances):
    rows = np.array([[i.feature_1, i.feature_2, i.feature_3, i.feature_4, i.feature_5] for i in instances], np.float64)
    second = session.probabilities(features(rows))[:, 1]
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return [
        {
            "prediction": CLASSES[int(p > 0.5)],
            "probability": round(p, 6),
            "model_version": VERSION,
            "timestamp": now,
        }
        for p in second.astype(np.float64).tolist()
    ]


app = FastAPI()


@app.post("/predict")
async def predict_one(instance: Instance):
    return JSONResponse(predict([instance])[0])


@app.post("/predict/batch")
async def predict_batch(batch: Batch):
    predictions = predict(batch.instances)
    return JSONResponse({"predictions": predictions, "count": len(predictions)})


@app.get("/health/ready")
async def ready():
    return {}


uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning", access_log=False)
