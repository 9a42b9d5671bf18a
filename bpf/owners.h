/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
 *
 * Owners: the tests, and the set-up and tear-down around them. Each name is kept once and has an id;
 * the process's state says whose turn it is.
 */
#ifndef LEAKCHECK_BPF_OWNERS_H
#define LEAKCHECK_BPF_OWNERS_H

#include "bpf/cells.h"
#include "bpf/processes.h"
#include "bpf/stacks.h"

#define OWNER_PROBES 4
#define OWNER_NAME_WORDS (sizeof(struct leakcheck_owner_name) / 8)

__noinline __u64 owner_hash(const struct leakcheck_owner *owner)
{
	if (!owner)
		return 0;

	const __u64 *words = (const __u64 *)&owner->name;
	__u64 hash = mix(0, owner->kind);

	for (__u32 i = 0; i < OWNER_NAME_WORDS; i++)
		hash = mix(hash, words[i]);
	return hash;
}

static __always_inline int owner_equals(const struct leakcheck_owner *a, const struct leakcheck_owner *b)
{
	const __u64 *left = (const __u64 *)&a->name;
	const __u64 *right = (const __u64 *)&b->name;

	if (a->kind != b->kind)
		return 0;
	for (__u32 i = 0; i < OWNER_NAME_WORDS; i++)
		if (left[i] != right[i])
			return 0;
	return 1;
}

/* The record comes before the name, so that whoever finds the name finds the record. */
static __always_inline __u32 owner_insert(__u64 key, const struct leakcheck_owner *owner)
{
	__u32 id = __sync_fetch_and_add(&last_owner, 1) + 1;

	if (bpf_map_update_elem(&owners, &id, owner, BPF_NOEXIST))
		return 0;
	if (bpf_map_update_elem(&owner_ids, &key, &id, BPF_NOEXIST))
		return 0;
	return id;
}

/* Global for the same reason as the functions that loop over frames. */
__noinline __u32 owner_intern(struct scratch *slot, __u64 hash)
{
	if (!slot)
		return 0;
	for (__u32 i = 0; i < OWNER_PROBES; i++) {
		__u64 key = hash + i;
		__u32 *id = bpf_map_lookup_elem(&owner_ids, &key);

		if (!id)
			return owner_insert(key, &slot->owner);
		struct leakcheck_owner *kept = bpf_map_lookup_elem(&owners, id);

		if (kept && owner_equals(kept, &slot->owner))
			return *id;
	}
	return 0;
}

/* The strings of one owner, in the traced process. 0: empty. */
struct owner_source {
	const char *suite;
	const char *test;
};

static __always_inline void owner_read_name(char *to, const char *from)
{
	if (from && bpf_probe_read_user_str(to, LEAKCHECK_NAME_SIZE, from) < 0)
		lose(LEAKCHECK_LOSS_NAME_UNREADABLE, 1);
}

static __always_inline void owner_set(struct leakcheck_process_state *state, __u32 owner, __u64 seed)
{
	if (owner != state->owner) {
		process_end_turn(state, bpf_ktime_get_ns());
		state->epoch++;
	}
	state->owner = owner;
	state->seed = seed;
	cell_tell_turn(state);
}

/* Makes (kind, suite, test) the owner of what the process allocates from now on. Saying the same twice
 * changes nothing, so the listener and the probes on GoogleTest may both speak. */
static __always_inline void owner_switch(struct leakcheck_process_state *state, __u32 kind,
					 struct owner_source source)
{
	if (kind == LEAKCHECK_OWNER_OUTSIDE) {
		owner_set(state, state->base_owner, state->base_seed);
		return;
	}
	struct scratch *slot = scratch_take();

	if (!slot)
		return;
	scratch_clear(slot);
	slot->owner.kind = kind;
	owner_read_name(slot->owner.name.suite, source.suite);
	owner_read_name(slot->owner.name.test, source.test);
	__u64 seed = owner_hash(&slot->owner);
	__u32 id = owner_intern(slot, seed);

	scratch_give_back(slot);
	if (!id)
		lose(LEAKCHECK_LOSS_OWNERS_FULL, 1);
	if (id && id != state->owner) {
		struct leakcheck_owner *owner = bpf_map_lookup_elem(&owners, &id);

		if (owner)
			__sync_fetch_and_add(&owner->runs, 1);
	}
	owner_set(state, id ? id : state->base_owner, seed);
}

/* Where the program has only TestInfo::Run to probe, the end of a test shows when its thread allocates
 * from above the frame of that call. */
static __always_inline void owner_leave_finished_run(struct leakcheck_process_state *state, __u32 thread, __u64 frame)
{
	if (state->run_thread && state->run_thread == thread && frame > state->run_stack) {
		state->run_thread = 0;
		owner_set(state, state->base_owner, state->base_seed);
	}
}

#endif /* LEAKCHECK_BPF_OWNERS_H */
