/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
 *
 * Working memory for what does not fit on the 512-byte BPF stack. Per-CPU memory will not do: a uprobe
 * program can be preempted and another one run on the same CPU, on the same memory. So a program takes a
 * slot by an atomic exchange and gives it back; each CPU starts its search at a place of its own. The BPF stack
 * would be safe too, but is too small for 127 frames, and what lies on it the verifier follows value by value.
 */
#ifndef LEAKCHECK_BPF_SCRATCH_H
#define LEAKCHECK_BPF_SCRATCH_H

#include "bpf/maps.h"
#include "bpf/unwind_walk.h"

#define SCRATCH_SLOTS 1024 /* a power of two */
#define SCRATCH_SLOTS_PER_CPU 8
#define SCRATCH_TRIES 32

struct scratch {
	__u32 taken;
	__u32 zero;
	union {
		struct unwind_walk walk;
		struct leakcheck_owner owner;
		struct leakcheck_process process;
		struct leakcheck_note note;
		__u64 words[(sizeof(struct leakcheck_owner) + 7) / 8];
	};
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SCRATCH_SLOTS);
	__type(key, __u32);
	__type(value, struct scratch);
} scratch_slots SEC(".maps");

static __always_inline struct scratch *scratch_take(void)
{
	__u32 first = bpf_get_smp_processor_id() * SCRATCH_SLOTS_PER_CPU;

	for (__u32 i = 0; i < SCRATCH_TRIES; i++) {
		__u32 key = (first + i) & (SCRATCH_SLOTS - 1);
		struct scratch *slot = bpf_map_lookup_elem(&scratch_slots, &key);

		if (slot && !__sync_lock_test_and_set(&slot->taken, 1))
			return slot;
	}
	lose(LEAKCHECK_LOSS_SCRATCH_BUSY, 1);
	return 0;
}

static __always_inline void scratch_give_back(struct scratch *slot)
{
	__sync_lock_test_and_set(&slot->taken, 0);
}

/* Zeroes the union. A loop that the compiler may not turn into a call of memset. */
static __always_inline void scratch_clear(struct scratch *slot)
{
	for (__u32 i = 0; i < sizeof(slot->words) / sizeof(slot->words[0]); i++) {
		slot->words[i] = 0;
		asm volatile("" ::: "memory");
	}
}

#endif /* LEAKCHECK_BPF_SCRATCH_H */
