"""Increments counters with redis-py, as it comes, until its input ends; prints what it saw as JSON. Arguments: members as HOST:PORT."""

import json
import sys
import threading

from redis.cluster import ClusterNode, RedisCluster

KEYS = 64

ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
nodes = [ClusterNode(*address.split(":")) for address in sys.argv[1:]]
client = RedisCluster(startup_nodes=nodes)
sums = [0] * KEYS
operations, troubles = 0, []
print("started", flush=True)
while not ended.is_set():
    key = operations % KEYS
    try:
        found = client.incr(f"redis-py-{key}")
        if found != sums[key] + 1:
            troubles.append(f"redis-py-{key} is {found} after {sums[key]}")
        sums[key] = found
    except Exception as e:
        troubles.append(f"{type(e).__name__}: {e}")
    operations += 1
print(json.dumps({"operations": operations, "troubles": troubles[:20]}), flush=True)
