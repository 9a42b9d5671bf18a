# SPDX-License-Identifier: Apache-2.0
#
# skip REASON ends the script: skipped (77) on a user's machine, failed where everything has to run.
skip() {
    printf 'skipped: %s\n' "$*"
    if [[ ${LEAKCHECK_CI:-} == 1 ]]; then
        printf 'LEAKCHECK_CI=1 makes that a failure\n'
        exit 1
    fi
    exit 77
}
