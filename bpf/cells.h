/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
 *
 * What a process is told ("Cells" in abi/leakcheck_abi.h).
 */
#ifndef LEAKCHECK_BPF_CELLS_H
#define LEAKCHECK_BPF_CELLS_H

#include "bpf/maps.h"
#include "bpf/unwind_walk.h"

static __always_inline struct leakcheck_cell *cell_of(const struct leakcheck_process_state *state)
{
	__u32 key = state->cell;

	return key ? bpf_map_lookup_elem(&cells, &key) : 0;
}

/* The turn last: whoever sees it sees what belongs to it. A forked child that reads its parent's cell has no say
 * in it. */
static __always_inline void cell_tell_turn(const struct leakcheck_process_state *state)
{
	struct leakcheck_cell *cell = state->cell == state->process ? cell_of(state) : 0;

	if (!cell)
		return;
	cell->turn_seed = state->seed;
	cell->test_stack = state->test_stack;
	cell->run_stack = state->run_thread ? state->run_stack : 0;
	asm volatile("" ::: "memory");
	*(volatile __u64 *)&cell->turn = LEAKCHECK_TURN(state->epoch, state->owner);
}

/* Threads that tell at once spoil each other's steps; the serial says whose they are. */
__noinline int cell_tell_walk(const struct leakcheck_process_state *state, const struct unwind_walk *walk, __u64 serial)
{
	struct leakcheck_cell *cell = state ? cell_of(state) : 0;

	if (!cell || !walk)
		return -1;
	*(volatile __u64 *)&cell->walk_serial = 0;
	cell->walk_steps = walk->frame_count < LEAKCHECK_CELL_STEPS ? walk->frame_count : LEAKCHECK_CELL_STEPS;
	cell->walk_top = walk->sp;
	for (__u32 i = 0; i < LEAKCHECK_CELL_STEPS; i++)
		*(volatile __u32 *)&cell->step[i] = walk->steps[i];
	*(volatile __u64 *)&cell->walk_serial = serial;
	return 0;
}

#endif /* LEAKCHECK_BPF_CELLS_H */
