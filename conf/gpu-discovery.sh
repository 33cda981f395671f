#!/usr/bin/env bash
# Tells Spark which GPUs a machine has: spark.worker.resource.gpu.discoveryScript on a standalone
# cluster, spark.executor.resource.gpu.discoveryScript on YARN and Kubernetes.
# ICON_PRETENDED_GPUS="0 1" in the worker's environment names addresses on a machine without GPUs:
# for trying out how a cluster hands them out, with icon's --device cpu.
set -euo pipefail

if [ -n "${ICON_PRETENDED_GPUS:-}" ]; then
  read -r -a addresses <<<"$ICON_PRETENDED_GPUS"
else
  if ! indices="$(nvidia-smi --query-gpu=index --format=csv,noheader)"; then
    echo "gpu-discovery.sh: Cannot ask nvidia-smi for the GPUs of this machine: ${indices:-no answer}" >&2
    echo "  Install the NVIDIA driver here, or ask Spark for no GPU." >&2
    exit 1
  fi
  read -r -a addresses <<<"${indices//$'\n'/ }"
fi

list="$(printf '"%s",' ${addresses[@]+"${addresses[@]}"})"
[ "${#addresses[@]}" -gt 0 ] || list=""
printf '{"name": "gpu", "addresses": [%s]}\n' "${list%,}"
