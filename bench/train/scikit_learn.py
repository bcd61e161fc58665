"""Fits scikit-learn's forest once: the same data, split and hyperparameters as skewless.mjs."""

import json
import os
import resource
import sys
import time

import numpy
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import log_loss

directory = sys.argv[1]
rows, train_rows, threads, seed = map(int, sys.argv[2:])

labels = numpy.fromfile(os.path.join(directory, "labels.u8"), numpy.uint8)
# Read as rows, the layout the forest wants: no copy of columns counts into its memory.
features = numpy.memmap(os.path.join(directory, "rows.f32"), numpy.float32, "r").reshape(rows, -1)
train = numpy.array(features[:train_rows])

forest = RandomForestClassifier(n_estimators=100, max_depth=10, random_state=seed, n_jobs=threads)
cpu_before, before = time.process_time(), time.perf_counter()
forest.fit(train, labels[:train_rows])
fit_seconds, cpu_seconds = time.perf_counter() - before, time.process_time() - cpu_before
peak_megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

probabilities = forest.predict_proba(numpy.array(features[train_rows:]))
test_labels = labels[train_rows:]
print(
    json.dumps(
        {
            "fitSeconds": fit_seconds,
            "cpuSeconds": cpu_seconds,
            "peakMegabytes": peak_megabytes,
            "accuracy": float((probabilities.argmax(axis=1) == test_labels).mean()),
            "logLoss": float(log_loss(test_labels, probabilities, labels=[0, 1])),
        }
    )
)
