/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
 *
 * Processes of the run: those in which the sampler says hello, and all that come from them by fork and
 * exec. Every image has an id and a record that outlives it; its state is found by tgid while it lives.
 */
#ifndef LEAKCHECK_BPF_PROCESSES_H
#define LEAKCHECK_BPF_PROCESSES_H

#include <bpf/bpf_core_read.h>

#include "bpf/scratch.h"

static __always_inline __u32 current_tgid(void)
{
	return bpf_get_current_pid_tgid() >> 32;
}

static __always_inline struct leakcheck_process_state *process_current(void)
{
	__u32 tgid = current_tgid();

	return bpf_map_lookup_elem(&process_states, &tgid);
}

/* The current process's pid as leakcheck sees it; 0 in another PID namespace. */
static __always_inline __u32 process_visible_pid(void)
{
	struct bpf_pidns_info info = {};

	if (bpf_get_ns_current_pid_tgid(pid_namespace_dev, pid_namespace_ino, &info, sizeof(info)))
		return 0;
	return info.tgid;
}

/* Pages of executable mappings, as the kernel counts them: changes when code comes or goes. */
static __always_inline __u64 process_exec_pages(void)
{
	return bpf_get_current_task_btf()->mm->exec_vm;
}

static __always_inline void process_read_args(struct leakcheck_process *record)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	__u64 start = BPF_CORE_READ(task, mm, arg_start);
	__u64 end = BPF_CORE_READ(task, mm, arg_end);

	if (end <= start)
		return;
	__u64 size = end - start;
	__u64 head = size < LEAKCHECK_ARGS_HEAD ? size : LEAKCHECK_ARGS_HEAD;
	__u64 tail = size < LEAKCHECK_ARGS_TAIL ? size : LEAKCHECK_ARGS_TAIL;

	record->args_size = size;
	if (head && head <= LEAKCHECK_ARGS_HEAD)
		bpf_probe_read_user(record->args_head, head, (void *)start);
	if (tail && tail <= LEAKCHECK_ARGS_TAIL && !bpf_probe_read_user(record->args_tail, tail, (void *)(end - tail)))
		record->args_tail_size = tail;
}

enum process_args { ARGS_OF_PARENT, ARGS_OF_CURRENT };

/* Makes the record of a new image and returns its id; 0 when there is no room (counted). */
static __noinline __u32 process_add(__u32 parent, __u32 flags, enum process_args args)
{
	struct scratch *slot = scratch_take();
	__u32 id = 0;

	if (!slot)
		return 0;
	scratch_clear(slot);
	slot->process.parent = parent;
	slot->process.flags = flags;
	slot->process.start_ns = bpf_ktime_get_ns();
	if (args == ARGS_OF_CURRENT) {
		slot->process.pid = process_visible_pid();
		process_read_args(&slot->process);
	}
	id = __sync_fetch_and_add(&last_process, 1) + 1;
	if (bpf_map_update_elem(&processes, &id, &slot->process, BPF_NOEXIST)) {
		lose(LEAKCHECK_LOSS_PROCESSES_FULL, 1);
		id = 0;
	}
	scratch_give_back(slot);
	return id;
}

static __always_inline void process_follow(__u32 tgid, const struct leakcheck_process_state *state)
{
	if (state->process && bpf_map_update_elem(&process_states, &tgid, state, BPF_ANY))
		lose(LEAKCHECK_LOSS_PROCESSES_FULL, 1);
}

/* The image that says hello or, should its hello have been missed, allocates first. */
static __always_inline struct leakcheck_process_state *process_enter(void)
{
	struct leakcheck_process_state *known = process_current();

	if (known)
		return known;
	__u32 tgid = current_tgid();
	struct leakcheck_process_state state = {
		.epoch = 1,
		.flags = LEAKCHECK_PROCESS_IMAGE,
	};

	state.process = process_add(0, state.flags, ARGS_OF_CURRENT);
	process_follow(tgid, &state);
	return bpf_map_lookup_elem(&process_states, &tgid);
}

static __always_inline void process_mark(const struct leakcheck_process_state *state, __u32 flag)
{
	struct leakcheck_process *record = bpf_map_lookup_elem(&processes, &state->process);

	if (record)
		__sync_fetch_and_or(&record->flags, flag);
}

/* The code that a forked child has is its parent's. */
static __always_inline void process_inherit_address_map(__u32 parent, __u32 child)
{
	__u64 *from = bpf_map_lookup_elem(&address_maps, &parent);
	__u64 *to = bpf_map_lookup_elem(&address_maps, &child);

	if (from && to)
		*to = *from;
}

/* A forked child inherits whose turn it is. One that shares its parent's memory (vfork) allocates in the
 * parent's heap, so it goes by the parent's identity until it execs. */
static __always_inline void process_forked(struct task_struct *parent, struct task_struct *child)
{
	__u32 parent_tgid = BPF_CORE_READ(parent, tgid);
	__u32 child_tgid = BPF_CORE_READ(child, tgid);

	if (parent_tgid == child_tgid)
		return; /* a thread */
	struct leakcheck_process_state *known = bpf_map_lookup_elem(&process_states, &parent_tgid);

	if (!known)
		return;
	struct leakcheck_process_state state = *known;

	state.parent = known->process;
	state.run_thread = 0;
	state.unloading = 0;
	if (BPF_CORE_READ(parent, mm) == BPF_CORE_READ(child, mm)) {
		state.flags |= LEAKCHECK_PROCESS_ALIAS;
	} else {
		state.flags &= ~(LEAKCHECK_PROCESS_ALIAS | LEAKCHECK_PROCESS_IMAGE);
		state.process = process_add(known->process, state.flags, ARGS_OF_PARENT);
		state.turn_since = 0;
		process_inherit_address_map(known->process, state.process);
	}
	process_follow(child_tgid, &state);
}

static __always_inline void process_end(const struct leakcheck_process_state *state, __u32 end, __u32 status)
{
	struct leakcheck_process *record = bpf_map_lookup_elem(&processes, &state->process);

	if (!record)
		return;
	if (!record->pid)
		record->pid = process_visible_pid();
	record->end_ns = bpf_ktime_get_ns();
	record->owner = state->owner;
	record->status = status;
	record->end = end;
}

static __always_inline void process_execed(void)
{
	__u32 tgid = current_tgid();
	struct leakcheck_process_state *known = bpf_map_lookup_elem(&process_states, &tgid);

	if (!known)
		return;
	struct leakcheck_process_state state = {
		.parent = known->process,
		.owner = known->owner,
		.base_owner = known->owner,
		.seed = known->seed,
		.base_seed = known->seed,
		.epoch = 1,
		.iteration = known->iteration,
		.flags = LEAKCHECK_PROCESS_IMAGE,
	};

	if (!(known->flags & LEAKCHECK_PROCESS_ALIAS))
		process_end(known, LEAKCHECK_END_REPLACED, 0);
	state.process = process_add(state.parent, state.flags, ARGS_OF_CURRENT);
	if (state.process)
		process_follow(tgid, &state);
	else
		bpf_map_delete_elem(&process_states, &tgid);
}

/* Adds the time of the turn that ends to its owner's. */
static __always_inline void process_end_turn(struct leakcheck_process_state *state, __u64 now)
{
	__u32 id = state->owner;
	struct leakcheck_owner *owner = id && state->turn_since ? bpf_map_lookup_elem(&owners, &id) : 0;

	if (owner)
		__sync_fetch_and_add(&owner->time_ns, now - state->turn_since);
	state->turn_since = now;
}

static __always_inline void process_exited(struct task_struct *task)
{
	__u32 tgid = BPF_CORE_READ(task, tgid);
	struct leakcheck_process_state *state = bpf_map_lookup_elem(&process_states, &tgid);

	if (!state || BPF_CORE_READ(task, signal, live.counter) != 0)
		return; /* not ours, or other threads live on */
	if (!(state->flags & LEAKCHECK_PROCESS_ALIAS)) {
		process_end_turn(state, bpf_ktime_get_ns());
		int code = BPF_CORE_READ(task, exit_code);
		int signal = code & 0x7f;

		process_end(state, signal ? LEAKCHECK_END_SIGNALED : LEAKCHECK_END_EXITED,
			    signal ? signal : code >> 8 & 0xff);
	}
	bpf_map_delete_elem(&process_states, &tgid);
}

#endif /* LEAKCHECK_BPF_PROCESSES_H */
