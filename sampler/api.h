/* SPDX-License-Identifier: Apache-2.0
 *
 * What the sampler offers to the program it is loaded into. A program finds these functions by dlsym, and
 * does without them when it runs outside leakcheck; the GoogleTest listener is such a program.
 * Ownership: strings are read before the call returns and never kept. Errors: none; calls that mean
 * nothing are ignored by the receiver. Thread and signal safety: all may be called anywhere, also in
 * signal handlers; none allocates, locks or touches errno.
 */
#ifndef LEAKCHECK_SAMPLER_API_H
#define LEAKCHECK_SAMPLER_API_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Allocations of this process belong to `kind` (enum leakcheck_owner_kind) from now on. `suite` and `test`
 * are NUL-terminated, or null where the kind has none. */
void leakcheck_v1_owner(int kind, const char* suite, const char* test);

/* Records a note (enum leakcheck_note_kind, which says what `a` and `b` are). `text` is NUL-terminated or
 * null. */
void leakcheck_v1_note(int kind, uint64_t a, uint64_t b, const char* text);

/* begin != 0: what the calling thread allocates is not traced, until as many calls with 0 have followed.
 * Frees of traced blocks are still seen. An end without a begin is ignored. */
void leakcheck_v1_untracked(int begin);

#ifdef __cplusplus
}
#endif

#endif /* LEAKCHECK_SAMPLER_API_H */
