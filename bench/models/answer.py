"""Trains models of one source and records what it answers: answer.py SOURCE FOLDER [ci | NAME...].

`ci` takes eight configurations; else those that are named are left out. For each it writes FOLDER/model.* and FOLDER/*.bin (float64; leaves int32, row by row), prints one line of JSON, and waits
for a line. Beside it stands what the converters of others make of the same model, in ONNX Runtime for Python, on the same rows.
"""

import json
import logging
import signal
import sys
import warnings
from importlib import import_module

import numpy as np
import onnxruntime

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
onnxruntime.set_default_logger_severity(4)
SOURCE, FOLDER, *NAMES = sys.argv[1:]
source = import_module(f"{SOURCE}_source")


#: Some conversions never end: skl2onnx looks for a float32 near an infinite threshold.
SECONDS = 10


def too_long(*_):
    raise TimeoutError(f"no end after {SECONDS} s of CPU")


signal.signal(signal.SIGVTALRM, too_long)


def seed_of(name):
    return sum(ord(letter) * 31**i for i, letter in enumerate(name)) % 2**31


def as_codes(frame):
    """Numbers as they are; of a category its place, which is what a model of trees reads."""
    columns, cells = [], np.empty(frame.shape)
    for i, name in enumerate(frame.columns):
        column = frame[name]
        if hasattr(column, "cat"):
            codes = column.cat.codes.to_numpy().astype(float)
            cells[:, i] = np.where(codes < 0, np.nan, codes)
            columns.append({"name": name, "values": column.cat.categories.tolist()})
        else:
            cells[:, i] = column.to_numpy(float)
            columns.append({"name": name})
    return columns, cells


def compared(probabilities, labels, made, cells):
    """How far the answers of a converter's graph are from those of the library itself."""
    due = np.asarray(made["predictions"], float).reshape(len(cells), -1)
    got = np.asarray(probabilities, float).reshape(len(cells), -1)
    if made["classes"] == 2:
        due, got = due[:, -1:], got[:, -1:]
    if got.shape != due.shape:
        return {"error": f"answers {got.shape[1]} values a row, not {due.shape[1]}"}
    scale = 1.0 if made["classes"] else np.maximum(np.abs(due), 1e-300)
    off = np.abs(got - due) / scale
    off = np.where(np.isnan(off), np.inf, off)
    worst = off.max(axis=1)
    answer = {"worst": None if np.isinf(worst.max()) else float(worst.max()), "rows": int((worst > 1e-5).sum())}
    if made["classes"]:
        own = due[:, 0] > 0.5 if made["classes"] == 2 else due.argmax(axis=1)
        order = np.sort(due, axis=1)
        tie = np.abs(due[:, 0] - 0.5) < 1e-5 if made["classes"] == 2 else order[:, -1] - order[:, -2] < 1e-5
        answer["labels"] = int(((np.asarray(labels).astype(int) != own.astype(int)) & ~tie).sum())
    return answer


def by_others(made, cells):
    found = {}
    for name, convert, kind in source.peers(made, cells):
        try:
            signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
            graph = convert()
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
            outputs = session.run(None, {session.get_inputs()[0].name: cells.astype(kind)})
            labels, shares = (outputs[0], outputs[1]) if made["classes"] else (None, outputs[0])
            if isinstance(shares, list):
                shares = np.array([[row[key] for key in sorted(row)] for row in shares])
            found[name] = compared(shares, labels, made, cells)
        except Exception as error:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            found[name] = {"error": f"{type(error).__name__}: {error}".split("\n")[0][:200]}
    return found


names = source.IN_CI if NAMES == ["ci"] else [name for name in source.CONFIGURATIONS if name not in NAMES]
print(json.dumps({"version": source.VERSION, "names": names}), flush=True)
for name in names:
    sys.stdin.readline()
    made = source.make(np.random.default_rng(seed_of(name)), FOLDER, **source.CONFIGURATIONS[name])
    made["folder"] = FOLDER
    columns, cells = as_codes(made["asked"])
    if not made["named"]:
        columns = [{"name": f"{source.UNNAMED}{i}"} for i in range(len(columns))]
    rows = len(cells)
    parts = {"rows": cells, "margins": made["margins"], "predictions": made["predictions"]}
    for part, values in parts.items():
        np.asarray(values, np.float64).reshape(rows, -1).tofile(f"{FOLDER}/{part}.bin")
    np.asarray(made["leaves"]).reshape(rows, -1).astype(np.int32).tofile(f"{FOLDER}/leaves.bin")
    told = {"name": name, "file": made["file"], "columns": columns, "rows": rows, "splits": made["splits"], "classes": made["classes"]}
    print(json.dumps({**told, "peers": by_others(made, cells)}), flush=True)
