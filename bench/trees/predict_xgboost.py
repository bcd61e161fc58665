"""Trains a model of XGBoost, then tells how long its own predict takes: microseconds of CPU a row, on one thread.

    predict_xgboost.py FOLDER

writes FOLDER/model.json, rows.bin (float32, row by row) and answers.bin, and prints "ready"; then, for each line "<way> <rows>"
that it reads, a sample: "inplace" takes rows as numpy has them, "dmatrix" makes a DMatrix first, which is counted.
"""

import sys
import time

import numpy as np
import xgboost as xgb

FOLDER = sys.argv[1]
ROWS, FEATURES = 102_400, 14
SAMPLE_SECONDS = 0.04

rng = np.random.default_rng(9)
rows = rng.normal(0, 1, (ROWS, FEATURES)).astype(np.float32)
train = rng.normal(0, 1, (20_000, FEATURES)).astype(np.float32)
score = train[:, 0] * train[:, 1] + np.sin(2 * train[:, 2]) + np.abs(train[:, 3]) - train[:, 4:].sum(axis=1) / 4
target = (score + rng.normal(0, 0.5, len(train)) > 0.5).astype(int)
settings = {"objective": "binary:logistic", "max_depth": 6, "eta": 0.1, "nthread": 1, "seed": 1}
booster = xgb.train(settings, xgb.DMatrix(train, target), num_boost_round=100)
booster.save_model(f"{FOLDER}/model.json")
rows.tofile(f"{FOLDER}/rows.bin")
booster.inplace_predict(rows).astype(np.float32).tofile(f"{FOLDER}/answers.bin")

WAYS = {"inplace": booster.inplace_predict, "dmatrix": lambda some: booster.predict(xgb.DMatrix(some, nthread=1))}
print("ready", xgb.__version__, flush=True)
for line in sys.stdin:
    way, size = line.split()
    run, size = WAYS[way], int(size)
    started, done, at = time.process_time(), 0, 0
    while time.process_time() - started < SAMPLE_SECONDS:
        run(rows[at : at + size])
        done += size
        at = at + size if at + 2 * size <= ROWS else 0
    print((time.process_time() - started) * 1e6 / done, flush=True)
