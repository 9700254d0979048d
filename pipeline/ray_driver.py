"""The process that speaks to Ray: `python -m pipeline.ray_driver DESCRIPTOR`, of a connection for order and answers."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import tempfile
from multiprocessing.connection import Connection
from typing import Any

from pipeline.isolation import end_with_parent
from pipeline.ray_engine import ADDRESS, Order

STORE_BYTES = 128 * 1024**2  # of Ray's memory for objects: there are none but short answers


def parse_lot(row: dict[str, Any]) -> dict[str, Any]:
    """On a worker of Ray: the answers on a lot, which a process of its own supervises."""
    command = [sys.executable, "-m", "pipeline.ray_lot"]
    done = subprocess.run(command, input=row["lot"], capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode("utf-8", "replace")[-1000:])
    return {"answers": done.stdout}


def drive(order: Order, scratch: str, connection: Connection) -> None:
    """Send the answers on each lot as they come, after an empty one as soon as Ray is there.

    Where it starts Ray itself, Ray's own files lie in the folder `scratch`.
    """
    import ray
    import ray.data

    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    if os.environ.get(ADDRESS):
        ray.init(**quiet)
    else:
        ray.init(
            num_cpus=order.workers,
            include_dashboard=False,
            object_store_memory=STORE_BYTES,
            _temp_dir=scratch,
            **quiet,
        )
    try:
        connection.send([])
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        context.max_errored_blocks = -1  # who asked finds what is lost
        rows = [{"lot": pickle.dumps(lot)} for lot in order.lots]
        for row in ray.data.from_items(rows, override_num_blocks=len(rows)).map(parse_lot).iter_rows():
            connection.send(pickle.loads(row["answers"]))
    finally:
        # Before its folder is removed: what still ran would write there.
        ray.shutdown()


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    end_with_parent(signal.SIGTERM)
    with (
        tempfile.TemporaryDirectory(prefix="perbup-ray-", ignore_cleanup_errors=True) as scratch,
        Connection(int(sys.argv[1])) as connection,
    ):
        drive(connection.recv(), scratch, connection)


if __name__ == "__main__":
    # Under its own name, so that Ray's workers import what this process would else send them.
    from pipeline import ray_driver

    ray_driver.main()
