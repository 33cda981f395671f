#!/usr/bin/env bash
# Runs the whole job against an S3 server: see s3_run.py. Needs a built jar and, the first time,
# PyPI and Maven Central (280 MB); what was fetched is kept in ICON_CACHE.
#   ICON_CACHE  where to keep it, ~/.cache/icon if not set
#   JAVA_HOME   the Java to use
# Exit codes: 0 all well, 1 a difference, 77 what is needed cannot be fetched (nothing was tested).
set -euo pipefail
here="$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cache="${ICON_CACHE:-$HOME/.cache/icon}"
central="${ICON_MAVEN_CENTRAL:-https://repo1.maven.org/maven2}"
mkdir -p "$cache/s3"

cannot() {
  printf 'tools/s3/run.sh: cannot fetch %s: nothing was tested\n' "$1" >&2
  exit 77
}

fetch() { # path below a Maven repository, SHA-256
  local file="$cache/s3/${1##*/}"
  if ! [ -f "$file" ]; then
    curl -fsS --retry 3 -o "$file.part" "$central/$1" || cannot "$1"
    mv "$file.part" "$file"
  fi
  echo "$2  $file" | sha256sum -c --quiet - || { rm -f "$file"; cannot "$1 whole"; }
}

# The connector of the Hadoop that Spark 3.5 carries, and the client that it was built with.
fetch org/apache/hadoop/hadoop-aws/3.3.4/hadoop-aws-3.3.4.jar \
  53f9ae03c681a30a50aa17524bd9790ab596b28481858e54efd989a826ed3a4a
fetch com/amazonaws/aws-java-sdk-bundle/1.12.262/aws-java-sdk-bundle-1.12.262.jar \
  873fe7cf495126619997bec21c44de5d992544aea7e632fdc77adb1a0915bae5

if ! "$cache/s3/venv/bin/python" -c 'import moto, boto3' 2>/dev/null; then
  python3 -m venv "$cache/s3/venv"
  "$cache/s3/venv/bin/pip" install -q -r "$here/requirements.txt" || cannot "PyPI packages"
fi
exec "$cache/s3/venv/bin/python" "$here/s3_run.py" \
  "$cache/s3/hadoop-aws-3.3.4.jar" "$cache/s3/aws-java-sdk-bundle-1.12.262.jar"
