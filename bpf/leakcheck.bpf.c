// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
//
// The entry points: one for each probe site of the sampler, one for GoogleTest's functions, three for the
// life of processes. abi/leakcheck_abi.h documents the
// arguments of the sampler's sites.

#include <linux/bpf.h>
#include <linux/errno.h>
#include <bpf/bpf_helpers.h>

#include "bpf/blocks.h"
#include "bpf/cost.h"
#include "bpf/googletest.h"
#include "bpf/notes.h"

/* The process waits until the runner has answered to the token. */
static __always_inline void hello_say(const struct leakcheck_process_state *state, __u32 kind, __u64 token,
				      __u32 abi_version, __u64 stack, __u32 owner)
{
	struct leakcheck_hello_event event = {
		.token = token,
		.time_ns = bpf_ktime_get_ns(),
		.exec_pages = process_exec_pages(),
		.process = state->process,
		.pid = process_visible_pid(),
		.abi_version = abi_version,
		.map_epoch = state->map_epoch,
		.kind = kind,
		.owner = owner,
		.stack = stack,
	};

	bpf_ringbuf_output(&hellos, &event, sizeof(event), 0);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

SEC("uprobe")
int on_hello(struct pt_regs *regs)
{
	struct leakcheck_process_state *state = process_enter();

	if (!state)
		return 0;
	process_mark(state, LEAKCHECK_PROCESS_SAMPLED);
	state->cell = state->process;
	cell_tell_turn(state);
	hello_say(state, state->flags & LEAKCHECK_PROCESS_IMAGE ? LEAKCHECK_HELLO_IMAGE : LEAKCHECK_HELLO_FORKED,
		  regs->rsi, regs->rdi, 0, 0);
	return 0;
}

static __always_inline int ask_runner(struct pt_regs *regs, __u32 kind)
{
	struct leakcheck_process_state *state = process_current();

	if (state)
		hello_say(state, kind, regs->rdi, LEAKCHECK_ABI_VERSION, regs->rsi, regs->rdx);
	return 0;
}

SEC("uprobe")
int on_mapped(struct pt_regs *regs)
{
	return ask_runner(regs, LEAKCHECK_HELLO_MAPPED);
}

SEC("uprobe")
int on_ending(struct pt_regs *regs)
{
	return ask_runner(regs, LEAKCHECK_HELLO_ENDING);
}

SEC("uprobe")
int on_alloc(struct pt_regs *regs)
{
	__u64 begun = cost_begin(regs->rcx);
	struct leakcheck_process_state *state = process_enter();
	struct allocation made = {
		.address = regs->rdi,
		.size = regs->rsi,
		.weight = regs->rdx,
		.serial = regs->rcx,
		.frame = regs->r8,
		.flags = regs->r9,
	};

	if (!state)
		return 0;
	owner_leave_finished_run(state, bpf_get_current_pid_tgid(), made.frame);
	if (made.flags & LEAKCHECK_ALLOC_COUNTED)
		block_traced(state, &made, regs);
	else
		block_allocated(state, &made, regs);
	cost_end(begun);
	return 0;
}

SEC("uprobe")
int on_free(struct pt_regs *regs)
{
	__u64 begun = cost_begin(regs->rsi);
	struct leakcheck_process_state *state = process_current();

	if (state)
		block_freed(state, regs->rdi, regs->rsi);
	cost_end(begun);
	return 0;
}

/* What is left of an event's cost when its program does nothing: the way there and back. */
SEC("uprobe")
int on_nothing(struct pt_regs *regs __attribute__((unused)))
{
	return 0;
}

/* Fired by a copy of the process whose blocks are meant. */
SEC("uprobe")
int on_census(struct pt_regs *regs)
{
	struct leakcheck_process_state *state = process_current();

	if (!state)
		return 0;
	if (!(state->flags & LEAKCHECK_PROCESS_CENSUS)) {
		state->flags |= LEAKCHECK_PROCESS_CENSUS;
		process_mark(state, LEAKCHECK_PROCESS_CENSUS);
	}
	block_mark(state->parent, regs->rdi, LEAKCHECK_LIVE_LIBC_OWNED, 0);
	return 0;
}

SEC("uprobe")
int on_census_end(struct pt_regs *regs)
{
	struct leakcheck_process_state *state = process_current();

	if (!regs->rdi)
		lose(LEAKCHECK_LOSS_CENSUS_INCOMPLETE, 1);
	else if (state)
		process_mark(state, LEAKCHECK_PROCESS_CENSUS);
	return 0;
}

SEC("uprobe")
int on_owner(struct pt_regs *regs)
{
	struct leakcheck_process_state *state = process_current();
	struct owner_source names = {
		.suite = (const char *)regs->rsi,
		.test = (const char *)regs->rdx,
	};

	if (state)
		owner_switch(state, regs->rdi, names);
	return 0;
}

SEC("uprobe")
int on_note(struct pt_regs *regs)
{
	struct leakcheck_process_state *state = process_current();
	struct note_source source = {
		.kind = regs->rdi,
		.a = regs->rsi,
		.b = regs->rdx,
		.text = (const char *)regs->rcx,
	};

	if (state)
		note_taken(state, &source);
	return 0;
}

SEC("uprobe")
int on_loss(struct pt_regs *regs)
{
	if (regs->rdi < LEAKCHECK_LOSS_KINDS)
		lose(regs->rdi, regs->rsi);
	return 0;
}

SEC("uprobe")
int on_googletest(struct pt_regs *regs)
{
	struct leakcheck_process_state *state = process_current();
	struct site_call call = {
		.arguments = {regs->rdi, regs->rsi},
		.stack_pointer = regs->rsp,
	};

	if (state)
		site_entered(state, &call, bpf_get_attach_cookie(regs));
	return 0;
}

/* A library goes: what the runner has told of the process's code is void, before and after. */
SEC("uprobe")
int on_unload(struct pt_regs *regs)
{
	struct leakcheck_process_state *state = process_current();

	if (!state)
		return 0;
	__sync_fetch_and_add(&state->map_epoch, 1);
	if (regs->rdi == LEAKCHECK_UNLOAD_BEGINS)
		__sync_fetch_and_add(&state->unloading, 1);
	else if (state->unloading)
		__sync_fetch_and_add(&state->unloading, -1);
	return 0;
}

SEC("raw_tp/sched_process_fork")
int on_fork(struct bpf_raw_tracepoint_args *ctx)
{
	process_forked((struct task_struct *)ctx->args[0], (struct task_struct *)ctx->args[1]);
	return 0;
}

SEC("raw_tp/sched_process_exec")
int on_exec(struct bpf_raw_tracepoint_args *ctx __attribute__((unused)))
{
	process_execed();
	return 0;
}

SEC("raw_tp/sched_process_exit")
int on_exit(struct bpf_raw_tracepoint_args *ctx)
{
	process_exited((struct task_struct *)ctx->args[0]);
	return 0;
}
