/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
 *
 * What the events of a run cost: the time of one in sixteen is taken. Which, the serial of the block says, so
 * that nothing has to be counted for it.
 */
#ifndef LEAKCHECK_BPF_COST_H
#define LEAKCHECK_BPF_COST_H

#include "bpf/maps.h"

#define COST_TIMED_MASK 15
/* What takes longer was interrupted, by another task most likely: that is no cost of tracing. */
#define COST_LONGEST_NS 100000

/* When the event began, in ns; 0: it is not timed. */
static __always_inline __u64 cost_begin(__u64 serial)
{
	return serial & COST_TIMED_MASK ? 0 : bpf_ktime_get_ns();
}

static __always_inline void cost_end(__u64 begun)
{
	if (!begun)
		return;
	__u64 taken = bpf_ktime_get_ns() - begun;
	struct leakcheck_counters *counted = cpu_counters();

	if (!counted || taken > COST_LONGEST_NS)
		return;
	__sync_fetch_and_add(&counted->timed_events, 1);
	__sync_fetch_and_add(&counted->timed_ns, taken);
}

#endif /* LEAKCHECK_BPF_COST_H */
