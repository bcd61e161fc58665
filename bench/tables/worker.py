"""Does what its standard input asks for, a line of JSON each: {"call": name, "with": arguments}. Answers are lines of JSON."""

import json
import sys

from fetch import fetch
from peer import compare
from rows import rows

CALLS = {"fetch": fetch, "rows": rows, "compare": compare}

for line in sys.stdin:
    order = json.loads(line)
    try:
        answer = {"result": CALLS[order["call"]](**order["with"])}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
