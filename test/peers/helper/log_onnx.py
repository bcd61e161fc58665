"""Logs ONNX models with MLflow's own defaults: python log_onnx.py TRACKING_URI; prints rows and what onnxruntime answers."""

import json
import sys

import mlflow
import numpy as np
import onnxruntime
from mlflow import MlflowClient
from skl2onnx import to_onnx
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

mlflow.set_tracking_uri(sys.argv[1])
X, y = load_iris(return_X_y=True)
X = X.astype(np.float32)
answers = {}
for name, model in {
    "Iris Zipped": LogisticRegression(max_iter=1000),
    "wide": MLPClassifier((200,), max_iter=300, random_state=0),
}.items():
    proto = to_onnx(model.fit(X, y), X[:1])
    with mlflow.start_run():
        mlflow.onnx.log_model(proto, name="model", registered_model_name=name, pip_requirements=[])
    MlflowClient().set_registered_model_alias(name, "champion", "1")
    labels, maps = onnxruntime.InferenceSession(proto.SerializeToString()).run(None, {"X": X[::50]})
    answers[name] = {"labels": labels.tolist(), "probabilities": [[row[c] for c in sorted(row)] for row in maps]}
print(json.dumps({"rows": X[::50].tolist(), "answers": answers}))
