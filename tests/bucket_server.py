"""An S3 server on the loopback, in a process of its own, for tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
BUCKET = "bucket"


@contextmanager
def serving() -> Iterator[dict[str, str]]:
    """The environment in which S3 is that server; it holds an empty bucket, and is gone at the end."""
    command = [sys.executable, "-m", "tests.bucket_server"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            yield environment(server.stdout.readline().strip())
        finally:
            server.stdin.close()


def environment(address: str) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def serve() -> None:
    """Serve until standard input ends."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    os.environ.update(environment(address))
    boto3.client("s3").create_bucket(Bucket=BUCKET)
    print(address, flush=True)
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    serve()
