/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
 *
 * Maps, configuration and counters. The sizes here are placeholders: the runner sets each from its
 * options before the load. Hash maps take memory as entries come (BPF_F_NO_PREALLOC); where the kernel
 * cannot do that safely from a probe (before 6.1) the runner clears the flag, which costs start-up time.
 */
#ifndef LEAKCHECK_BPF_MAPS_H
#define LEAKCHECK_BPF_MAPS_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "abi/trace_maps.h"
#include "abi/unwind_tables.h"
#include "bpf/kernel_types.h"

#define HASH_MAP(name, key_type, value_type)                                                        \
	struct {                                                                                    \
		__uint(type, BPF_MAP_TYPE_HASH);                                                    \
		__uint(map_flags, BPF_F_NO_PREALLOC);                                               \
		__uint(max_entries, 1024);                                                          \
		__type(key, key_type);                                                              \
		__type(value, value_type);                                                          \
	} name SEC(".maps")

HASH_MAP(live, struct leakcheck_live_key, struct leakcheck_live);
HASH_MAP(totals, struct leakcheck_total_key, struct leakcheck_total);
HASH_MAP(stacks, __u64, struct leakcheck_stack);             /* by hash */
HASH_MAP(owner_ids, __u64, __u32);                           /* by hash of the name */
HASH_MAP(owners, __u32, struct leakcheck_owner);             /* by owner id */
HASH_MAP(process_states, __u32, struct leakcheck_process_state); /* by tgid */
HASH_MAP(processes, __u32, struct leakcheck_process);        /* by image id */
HASH_MAP(notes, __u32, struct leakcheck_note);               /* by note id */
HASH_MAP(known_scopes, __u32, __u32);                        /* tid -> note id */
HASH_MAP(contexts, struct leakcheck_context_key, __u64);     /* key of a stack */
HASH_MAP(libc_kept, struct leakcheck_live_key, __u32);       /* counted blocks that the C library keeps: 1 */

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct leakcheck_stack_chunk);
} stack_chunks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct leakcheck_counters);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LEAKCHECK_LOSS_KINDS);
	__type(key, __u32);
	__type(value, __u64);
} losses SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} hellos SEC(".maps");

/* Unwind memory. The runner adds slabs as it needs them and writes them through a mapping of its own. */
struct unwind_slab_words {
	__u32 words[LEAKCHECK_UNWIND_SLAB_WORDS];
};

struct unwind_slab_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(struct unwind_slab_words)); /* clang 14 does not describe its type in BTF here */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, LEAKCHECK_UNWIND_SLABS);
	__type(key, __u32);
	__array(values, struct unwind_slab_map);
} unwind_slabs SEC(".maps");

/* By image id: LEAKCHECK_ADDRESS_MAP(word, generation); 0: none. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} address_maps SEC(".maps");

/* Read by the traced processes. By the image id of whoever said hello. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct leakcheck_cell);
} cells SEC(".maps");

/* Set before the load. */
const volatile __u64 pid_namespace_dev = 0;
const volatile __u64 pid_namespace_ino = 0;
const volatile __u32 stack_depth = LEAKCHECK_MAX_FRAMES;
const volatile __u32 stack_chunk_count = 0;
const volatile __u32 walk_by_tables = 0;  /* the kernel has bpf_loop (5.17); else frame pointers are followed */
const volatile __u32 counting = 0;        /* processes have tables: blocks are there, not in the live map */
const volatile __u32 stack_may_fault = 0; /* on_alloc is sleepable: absent stack pages can be brought in */

/* The last id given out; ids start at 1. */
__u32 last_process = 0;
__u32 last_owner = 0;
__u32 last_note = 0;
__u32 chunks_used = 0;

/* Written by the runner, each before a table refers to it. */
struct leakcheck_unwind_rule unwind_rules[LEAKCHECK_UNWIND_RULES];

/* This CPU's counters. To be added to atomically all the same: a uprobe program can be preempted in the
 * middle of an addition. */
static __always_inline struct leakcheck_counters *cpu_counters(void)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&counters, &key);
}

static __always_inline void lose(__u32 kind, __u64 amount)
{
	__u64 *value = bpf_map_lookup_elem(&losses, &kind);

	if (value)
		__sync_fetch_and_add(value, amount);
}

#endif /* LEAKCHECK_BPF_MAPS_H */
