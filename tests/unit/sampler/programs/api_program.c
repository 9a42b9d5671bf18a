/* SPDX-License-Identifier: Apache-2.0
 *
 * Uses the in-test API as a listener does.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>

#include "abi/leakcheck_abi.h"
#include "sampler/api.h"

int main(void) {
    __typeof__(&leakcheck_v1_owner) owner = NULL;
    __typeof__(&leakcheck_v1_note) note = NULL;
    *(void**)&owner = dlsym(RTLD_DEFAULT, "leakcheck_v1_owner");
    *(void**)&note = dlsym(RTLD_DEFAULT, "leakcheck_v1_note");
    if (!owner || !note) return 1;
    owner(LEAKCHECK_OWNER_TEST, "Suite", "Test");
    note(LEAKCHECK_NOTE_BUDGET, 7, 8, "why");
    owner(LEAKCHECK_OWNER_OUTSIDE, NULL, NULL);
    return 0;
}
