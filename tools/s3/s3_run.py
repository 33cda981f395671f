"""The whole job on an S3 server: killed twice, gone on with, equal to a run on the local disk.

Arguments: jars that are put on the class path (hadoop-aws and the AWS client). Needs a built
icon-spark-job. Prints a line a check; ends with 1 at the first that fails.
"""

import glob
import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

import boto3
from moto.server import ThreadedMotoServer

HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TARGET = os.path.join(HOME, "icon-spark-job", "target")
DEMO = os.path.join(HOME, "tools", "tiny-icl")
BUCKET = "pool"
# Tables whose files must be byte for byte those of the local run.
TABLES = ["baseline", "control", "pairs", "contributions", "ranking", "selection", "pool", "assessment"]


def check(holds, what):
    print(("ok    " if holds else "FAILED ") + what, flush=True)
    if not holds:
        sys.exit(1)


def java(jars):
    """The command that starts icon in one process, the jars behind its own class path."""
    with open(os.path.join(HOME, "pom.xml"), encoding="utf-8") as pom:
        text = pom.read()
    opens = re.search("<spark.jvm.options>(.*)</spark.jvm.options>", text).group(1).split()
    own = [jar for jar in glob.glob(TARGET + "/icon-spark-job-*.jar") if not jar.endswith("-all.jar")]
    check(len(own) == 1, "there is a built jar in " + TARGET)
    path = own + list(jars)
    for name in ("classpath.txt", "classpath-runtime.txt"):
        with open(os.path.join(TARGET, name), encoding="utf-8") as listed:
            path.append(listed.read().strip())
    binary = os.path.join(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else "java"
    return [binary, "-Xmx1g", *opens, "-Dai.djl.offline=true",
            "-Dlog4j2.configurationFile=" + os.path.join(HOME, "conf", "log4j2.properties"),
            "-cp", os.pathsep.join(path), "ai.icon.spark.cli.IconJob"]


def small_inputs(folder):
    """80 samples and 24 assessed examples of the demo."""
    files = {"pool.jsonl": 80, "assessment.jsonl": 24}
    for name, count in files.items():
        with open(os.path.join(DEMO, "demo", name), encoding="utf-8") as all_lines:
            lines = all_lines.readlines()
        step = 1 if name == "pool.jsonl" else len(lines) // count
        with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
            out.writelines(lines[: count * step : step])
    return [os.path.join(folder, name) for name in files]


class Store:
    """The server and what lies in it."""

    def __init__(self, port):
        self.url = "http://127.0.0.1:%d" % port
        self.client = boto3.client(
            "s3", endpoint_url=self.url, region_name="us-east-1",
            aws_access_key_id="test", aws_secret_access_key="test")
        self.client.create_bucket(Bucket=BUCKET)

    def conf(self):
        settings = {
            "endpoint": self.url, "path.style.access": "true", "connection.ssl.enabled": "false",
            "access.key": "test", "secret.key": "test"}
        return [part for key, value in settings.items()
                for part in ("--conf", "spark.hadoop.fs.s3a.%s=%s" % (key, value))]

    def keys(self, prefix):
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
        return sorted(entry["Key"] for page in pages for entry in page.get("Contents", []))

    def digest(self, key):
        body = self.client.get_object(Bucket=BUCKET, Key=key)["Body"].read()
        return hashlib.sha256(body).hexdigest()

    def uploads(self):
        return self.client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])


def local_digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def kill_at(command, log, reached):
    """Starts a driver and kills it with SIGKILL as soon as the store has come that far."""
    with open(log, "w", encoding="utf-8") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        try:
            while not reached():
                if process.poll() is not None:
                    with open(log, encoding="utf-8") as text:
                        print(text.read())
                    check(False, "the driver lived until it was killed")
                time.sleep(0.02)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()


def run(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(done.stdout, done.stderr)
    return done


def main(jars):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(port)
        pool, assessment = small_inputs(folder)
        icon = java(jars)
        common = ["run", "--pool", pool, "--assessment", assessment,
                  "--model", os.path.join(DEMO, "model"), "--threads", "1", "--measure", "log",
                  "--candidates", "60", "--budget", "20%", "--shard-tokens", "2000",
                  "--max-reject-share", "0.5", "--master", "local[2]"]
        out = "s3a://%s/runs/night" % BUCKET
        command = icon + common + ["--out", out] + store.conf()
        markers = lambda kind: [key for key in store.keys("runs/night/_icon/commits/")
                                if os.path.basename(key).startswith(kind)]
        kill_at(command, os.path.join(folder, "first.log"), lambda: len(markers("control-")) >= 2)
        status = run_status(icon, out, store)
        check(status["verdict"] == "dead" and status["code"] == 6, "a killed driver is told: dead, 6")
        kill_at(command, os.path.join(folder, "second.log"), lambda: len(markers("pairs-")) >= 3)
        before = {key: store.client.head_object(Bucket=BUCKET, Key=key)["LastModified"]
                  for key in markers("pairs-")}
        done = run(command)
        check(done.returncode == 0, "the third attempt ends the run")
        check(done.stdout.splitlines()[-1] == out + "/selection", "the last line is the URI")
        after = {key: store.client.head_object(Bucket=BUCKET, Key=key)["LastModified"]
                 for key in markers("pairs-")}
        check(all(after[key] == when for key, when in before.items()), "no marker was written again")
        status = run_status(icon, out, store)
        check(status["verdict"] == "succeeded" and status["code"] == 0, "its end is told: succeeded, 0")

        whole = os.path.join(folder, "whole")
        check(run(icon + common + ["--out", whole]).returncode == 0, "a local run of the same")
        for table in TABLES:
            local = sorted(os.listdir(os.path.join(whole, table)))
            remote = [os.path.basename(key) for key in store.keys("runs/night/%s/" % table)]
            check(remote == local, "%s: the same files, and no other (%d)" % (table, len(local)))
            same = all(store.digest("runs/night/%s/%s" % (table, name))
                       == local_digest(os.path.join(whole, table, name)) for name in local)
            check(same, table + ": the same bytes")
        strays = [key for key in store.keys("runs/") if "tmp" in key or "_temporary" in key]
        check(strays == [] and store.uploads() == [], "no temporary object, no open upload")
    server.stop()


def run_status(icon, out, store):
    done = subprocess.run(icon + ["status", "--out", out, "--exit-code", "--json"] + store.conf(),
                          capture_output=True, text=True, check=False)
    if not done.stdout.strip():
        print(done.stderr)
        check(False, "status answers")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]), code=done.returncode)


if __name__ == "__main__":
    main(sys.argv[1:])
