#!/usr/bin/env bash
# Runs ClusterIT on whole Spark distributions, as users have them: tools/spark/check.sh [VERSION...],
# 4.0.1 if none is named: 3.5.7 is what the build tests on. They come from PyPI, a virtual environment each, kept in
# ICON_CACHE (~/.cache/icon). Exit code: that of the tests; 75 if a distribution cannot be fetched.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

cache="${ICON_CACHE:-$HOME/.cache/icon}"
[ "$#" -gt 0 ] || set -- 4.0.1

home_of() { # version
  "$cache/pyspark-$1/bin/python" -c 'import os, pyspark; print(os.path.dirname(pyspark.__file__))'
}

for version in "$@"; do
  if [ ! -f "$cache/pyspark-$version/complete" ]; then
    python3 -m venv "$cache/pyspark-$version"
    "$cache/pyspark-$version/bin/pip" install -q --disable-pip-version-check "pyspark==$version" || {
      echo "tools/spark/check.sh: Cannot fetch pyspark $version: PyPI cannot be reached, or lacks it" >&2
      exit 75
    }
    touch "$cache/pyspark-$version/complete"
  fi
  echo "ClusterIT on Spark $version"
  mvn -B -ntp -q verify -Dicon.spark.home="$(home_of "$version")" -Dit.test=ClusterIT \
    -Dtest=NoOtherTest -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false \
    -Djacoco.skip=true -Dspotless.check.skip=true </dev/null
done
