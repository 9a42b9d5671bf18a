#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Takes over what the golden tests received: each FORMAT.SAMPLE.received.EXT becomes the approved file. Look at
# the differences first; with names as arguments ("junit.leaking"), only those are taken.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
shopt -s nullglob

count=0
for received in *.received.*; do
    name=${received%%.received.*}
    if (($#)) && [[ " $* " != *" $name "* ]]; then
        continue
    fi
    mv -- "$received" "${received/.received./.approved.}"
    echo "approved $name"
    count=$((count + 1))
done
echo "$count approved"
