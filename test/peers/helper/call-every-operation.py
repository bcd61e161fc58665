"""Calls every operation of a generated client: prints {"operation_id": status}. Arguments: URL, bodies by operation (JSON)."""

import importlib
import inspect
import json
import pkgutil
import sys
import typing

import generated.api
from generated import Client

url, bodies = sys.argv[1], json.loads(sys.argv[2])
client = Client(base_url=url)
path = {"model": "random_forest", "version": "1", "column": "feature_1"}
statuses = {}
for found in pkgutil.walk_packages(generated.api.__path__, "generated.api."):
    module = importlib.import_module(found.name)
    if not hasattr(module, "sync_detailed"):
        continue
    name = found.name.split(".")[-1]
    hints = typing.get_type_hints(module.sync_detailed)
    arguments = {"client": client}
    for parameter in inspect.signature(module.sync_detailed).parameters:
        if parameter in path:
            arguments[parameter] = path[parameter]
        elif parameter == "body":
            kinds = typing.get_args(hints["body"]) or (hints["body"],)
            kind = next(one for one in kinds if hasattr(one, "from_dict"))
            arguments["body"] = kind.from_dict(bodies[name])
    answer = module.sync_detailed(**arguments)
    statuses[name] = int(answer.status_code)
print(json.dumps(statuses))
