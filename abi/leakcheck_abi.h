/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0 OR BSD-2-Clause
 *
 * The contract between the three parties of a run: the sampler (inside the test process), the BPF
 * programs (inside the kernel) and the runner (outside). Plain C, fixed-width fields, a unit on every
 * field, sizes asserted. A change of any layout or argument list increments LEAKCHECK_ABI_VERSION.
 *
 * Everything here is x86-64 System V: probe arguments travel in rdi, rsi, rdx, rcx, r8, r9.
 */
#ifndef LEAKCHECK_ABI_H
#define LEAKCHECK_ABI_H

#include <linux/types.h>

#define LEAKCHECK_ABI_VERSION 5

/* ---- Probe sites ---------------------------------------------------------------------------------
 * Functions of one-byte nops, exported by the sampler; a uprobe sits on the first byte of each. One-byte,
 * because the kernel emulates 0x90 without single-stepping (170 ns against 2,400 ns) and because it
 * rewrites five-byte nops into calls that overwrite the red zone.
 *
 *   leakcheck_probe_hello (version, token)               once per process image, before its first alloc
 *   leakcheck_probe_alloc (address, size, weight, serial, frame, flags)
 *   leakcheck_probe_free  (address, serial)              fired before the allocator gets the block back
 *   leakcheck_probe_census(address)                      the C library itself keeps this block until exit
 *                                                        (fired by a copy of the process whose blocks
 *                                                        are meant, its parent; with 0 when it begins)
 *   leakcheck_probe_census_end(complete)                 end of a census; complete is 0 or 1
 *   leakcheck_probe_owner (kind, suite, test)            the listener says who owns what comes next
 *   leakcheck_probe_note  (kind, a, b, text)             what the in-test API recorded
 *   leakcheck_probe_loss  (kind, count)                  the sampler could not keep an allocation
 *   leakcheck_probe_unload(phase)                        a library goes: its addresses may get another;
 *                                                        LEAKCHECK_UNLOAD_BEGINS before, _ENDS after
 *   leakcheck_probe_mapped(token)                        waits, as hello does, until the runner has seen what
 *                                                        is mapped now
 *   leakcheck_probe_ending(token, stack, owner)          waits until the runner has seen what points to what, at
 *                                                        the end of the owner's turn, or, with 0, of the process:
 *                                                        nothing of the program runs after that but what other
 *                                                        threads still do. Below `stack` the thread's stack and
 *                                                        its registers are the sampler's
 *
 * address  user address of the block              size    requested bytes
 * weight   1/inclusion probability, fixed point with LEAKCHECK_WEIGHT_SHIFT fraction bits
 * serial   unique per traced allocation of a process; tells a block from its successor at the same address
 * frame    the frame pointer of the interposed function: [frame+8] is the return address into the
 *          allocating code, [frame] the caller's rbp, frame+16 the caller's stack pointer after return
 * flags    LEAKCHECK_ALLOC_*: whether the event may be asked for again, see "Cells", and whose stack it is
 * suite, test, text   user addresses of NUL-terminated strings, or 0
 */
#define LEAKCHECK_WEIGHT_SHIFT 20
#define LEAKCHECK_WEIGHT_ONE (1ull << LEAKCHECK_WEIGHT_SHIFT)

/* ---- Sampler configuration -----------------------------------------------------------------------
 * The runner copies the sampler library for each run and overwrites the section named
 * LEAKCHECK_CONFIG_SECTION in the copy with this record, so that no environment variable is needed. */
#define LEAKCHECK_CONFIG_SECTION ".leakcheck.config"
#define LEAKCHECK_CONTROL_PATH_SIZE 256 /* bytes, NUL included */
#define LEAKCHECK_CONFIG_MAGIC 0x6b6863616b61656cull /* "leakachk", little endian */

/* Which allocations are sampled; what each mode promises is told in docs/sampling.md. Samples are traced; those of
 * COUNTED and ADAPTIVE are recorded in the table of the process's image (abi/counted_table.h), where it has one. */
enum leakcheck_mode {
	LEAKCHECK_MODE_RATE = 0,      /* one in sample_rate */
	LEAKCHECK_MODE_COUNTED = 1,   /* all, in the image's table; the first ones of a call path are traced */
	LEAKCHECK_MODE_ADAPTIVE = 2,  /* the first ones of a context, then ever fewer of it */
	LEAKCHECK_MODE_BYTES = 3,     /* one in mean_bytes bytes */
	LEAKCHECK_MODE_STRATA = 4,    /* a rate for each class of sizes */
	LEAKCHECK_MODE_AUTO_RATE = 5, /* a rate that follows how often the process allocates */
	LEAKCHECK_MODES = 6,
};

#define LEAKCHECK_MAX_STRATA 8

enum leakcheck_shows {
	LEAKCHECK_SHOWS_NO_END = 0,
	LEAKCHECK_SHOWS_ITS_END = 1,
	LEAKCHECK_SHOWS_ENDS_OF_TESTS = 2, /* and its own */
};

/* Allocations smaller than `below` (bytes; ~0: of any size), but not smaller than the stratum before. */
struct leakcheck_stratum {
	__u64 below;
	__u64 rate; /* mean allocations per sample */
};

struct leakcheck_config {
	__u64 magic;         /* LEAKCHECK_CONFIG_MAGIC */
	__u32 version;       /* LEAKCHECK_ABI_VERSION */
	__u32 enabled;       /* 0: forward every call and do nothing else (the library as built) */
	__u64 sample_rate;   /* mean allocations per sample, 1 traces all; of ADAPTIVE, the most of them */
	__u64 min_size;      /* bytes, inclusive */
	__u64 max_size;      /* bytes, inclusive; ~0 for no limit */
	__u64 seed;          /* of the sampling decisions */
	__u64 max_live;      /* tracked pointers at once; beyond it allocations are lost, and counted */
	__u32 mode;          /* LEAKCHECK_MODE_* */
	__u32 first_samples; /* ADAPTIVE: allocations of a context sampled at each probability */
	__u64 mean_bytes;    /* BYTES: mean bytes per sample */
	__u32 strata_count;  /* STRATA: how many of the following are in use, by rising size */
	__u32 shows_ending;  /* LEAKCHECK_SHOWS_*: when a process waits until its pointers have been looked at */
	__u32 path_traces;   /* COUNTED, ADAPTIVE: samples of a call path traced where it does not tell all of the stack */
	__u32 zero;
	struct leakcheck_stratum strata[LEAKCHECK_MAX_STRATA];
	char control_path[LEAKCHECK_CONTROL_PATH_SIZE]; /* of the file that holds leakcheck_control; empty: none */
};

/* ---- The handshake -------------------------------------------------------------------------------
 * A new process image says hello with a token of its own and waits, a bounded time, until the runner has
 * seen what is mapped and placed its probes: the runner then stores the token into acks[token % slots].
 * The file is mapped read-only by the sampler and shared; the runner keeps an OFD write lock on its first
 * byte as long as it lives, so that nobody waits for a runner that is gone. */
#define LEAKCHECK_CONTROL_MAGIC 0x6c72746e6f63636cull
#define LEAKCHECK_CONTROL_SLOTS 4096
#define LEAKCHECK_HELLO_TIMEOUT_MS 2000
#define LEAKCHECK_ENDING_TIMEOUT_MS 60000 /* the runner looks at one process after the other */

struct leakcheck_control {
	__u64 magic;   /* LEAKCHECK_CONTROL_MAGIC */
	__u32 version; /* LEAKCHECK_ABI_VERSION */
	__u32 reserved;
	__u64 acks[LEAKCHECK_CONTROL_SLOTS];
};

/* ---- The welcome ---------------------------------------------------------------------------------
 * Before it says hello, an image connects to the socket LEAKCHECK_CHANNEL_NAME beside the control file and sends
 * its token (8 bytes). Before the runner answers to the hello, it sends a leakcheck_welcome with descriptors
 * (SCM_RIGHTS): of the map of cells, and, where blocks are recorded, of the image's table (abi/counted_table.h).
 * The image maps both and closes the descriptors. */
#define LEAKCHECK_CHANNEL_NAME "channel"

struct leakcheck_welcome {
	__u64 token;
	__u32 cell;  /* number of the image's cell */
	__u32 zero;
};

/* ---- Cells: what the BPF programs tell a process -------------------------------------------------
 * Each image that has said hello has a cell in a map, of which it maps the page with its cell for reading. A
 * forked child goes by its parent's until it says hello itself.
 *
 * Turn. Whose turn it is: the owner of what is allocated now. Changes in the very moment in which the thread that
 * runs the tests passes the probe.
 *
 * Asking back. A stack can be walked only through code that the runner has seen. Where an allocation's stack leads
 * through code that was mapped since, the BPF program does not record the event, but increments `requests`. The
 * sampler looks at it after each alloc event; when it has changed, the sampler has the runner look again
 * (leakcheck_probe_mapped) and fires the event a second time.
 *
 * Walk. How the last stack of an event with LEAKCHECK_ALLOC_COUNTED was walked, so that the sampler can find the
 * return addresses of the next one by itself: step i leads from the frame that holds return address i to the
 * next one. Valid for the event of `walk_serial`, as long as that stays. */
#define LEAKCHECK_TURN(epoch, owner) ((__u64)(epoch) << 32 | (owner))
#define LEAKCHECK_TURN_OWNER(turn) ((__u32)(turn))
#define LEAKCHECK_TURN_EPOCH(turn) ((__u32)((turn) >> 32))

/* Pressure. When tracing costs too much, the sampler traces one in 2^pressure of what it would; at
 * LEAKCHECK_PRESSURE_STOP nothing more. What goes into a table goes there all the same. */
#define LEAKCHECK_PRESSURE_COARSEST 10 /* 1 in 1,024 */
#define LEAKCHECK_PRESSURE_STOP 11

#define LEAKCHECK_CELL_STEPS 48

/* A step, packed. CFA: canonical frame address, see abi/unwind_tables.h. */
#define LEAKCHECK_STEP_KNOWN (1u << 31)
#define LEAKCHECK_STEP_BY_RBP (1u << 30)        /* CFA = rbp + words, else rsp + words */
#define LEAKCHECK_STEP_CFA_WORDS(step) ((step)&0x7fffu)         /* 0: the thread's first frame */
#define LEAKCHECK_STEP_RBP_WORDS(step) ((step) >> 15 & 0x7fffu) /* the caller's rbp is at CFA - words; 0: kept */
#define LEAKCHECK_STEP_RBP_SHIFT 15
#define LEAKCHECK_STEP_MOST_WORDS 0x7fffu

struct leakcheck_cell {
	__u64 requests;
	__u64 turn;       /* LEAKCHECK_TURN(epoch, owner); the epoch rises whenever the owner changes */
	__u64 turn_seed;  /* a hash of the owner's kind and names: the same in every run */
	__u64 test_stack; /* frames below it are the running test's, frames above are those that run it; 0: unknown */
	__u64 run_stack;  /* where no end of a test can be probed: the test is over when its thread allocates from
	                     above this, and an event tells so; else 0 */
	__u32 walk_steps; /* valid in `step` */
	__u32 pressure;   /* written by the runner: LEAKCHECK_PRESSURE_* */
	__u64 walk_serial;
	__u64 walk_top;   /* stack memory was readable up to here */
	__u32 step[LEAKCHECK_CELL_STEPS];
};

#define LEAKCHECK_ALLOC_MAY_REPEAT (1u << 0) /* the sampler will look at the cell */
#define LEAKCHECK_ALLOC_REPEATED (1u << 1)   /* it did; record the event, unless that was done */
#define LEAKCHECK_ALLOC_COUNTED (1u << 2)    /* the block is in the image's table; what is wanted is its stack */
#define LEAKCHECK_ALLOC_CONTEXT_SHIFT 32     /* above: number of its context in that table, or 0 */

enum leakcheck_unload_phase {
	LEAKCHECK_UNLOAD_BEGINS = 0,
	LEAKCHECK_UNLOAD_ENDS = 1,
};

/* ---- Limits --------------------------------------------------------------------------------------*/
#define LEAKCHECK_MAX_FRAMES 127    /* return addresses kept of a stack */
#define LEAKCHECK_NAME_SIZE 512     /* bytes of a suite or test name kept, NUL included */
#define LEAKCHECK_TEXT_SIZE 256     /* bytes of a note's text kept, NUL included */
#define LEAKCHECK_ARGS_HEAD 256     /* bytes kept of the start of a process's argument area */
#define LEAKCHECK_ARGS_TAIL 512     /* and of its end */

/* ---- Who owns an allocation ----------------------------------------------------------------------*/
enum leakcheck_owner_kind {
	LEAKCHECK_OWNER_OUTSIDE = 0,          /* static initialisation, main, after the last test */
	LEAKCHECK_OWNER_ENVIRONMENT_SET_UP = 1,
	LEAKCHECK_OWNER_ENVIRONMENT_TEAR_DOWN = 2,
	LEAKCHECK_OWNER_SUITE_SET_UP = 3,     /* between a suite's start and its first test */
	LEAKCHECK_OWNER_SUITE_TEAR_DOWN = 4,  /* from the end of a test to the next test or the suite's end */
	LEAKCHECK_OWNER_TEST = 5,             /* constructor, SetUp, body, TearDown, destructor */
};

/* ---- Notes of the in-test API --------------------------------------------------------------------*/
enum leakcheck_note_kind {
	LEAKCHECK_NOTE_BUDGET = 1,      /* a = bytes, b = blocks allowed to the running test; text = reason */
	LEAKCHECK_NOTE_KNOWN_LEAK = 2,  /* a = block address; text = reason */
	LEAKCHECK_NOTE_KNOWN_SCOPE = 3, /* a = 1 begins, 0 ends, on this thread; text = reason */
};

/* ---- Flags of a live block -----------------------------------------------------------------------*/
#define LEAKCHECK_LIVE_LIBC_OWNED (1u << 0) /* found by the census */
#define LEAKCHECK_LIVE_KNOWN (1u << 1)      /* marked by the in-test API; note holds the reason */
#define LEAKCHECK_LIVE_COUNTED (1u << 2)    /* size and owner are in the process's table; outlives the block */

/* ---- What can be lost ----------------------------------------------------------------------------*/
enum leakcheck_loss {
	LEAKCHECK_LOSS_LIVE_FULL = 0,      /* live map full: the allocation is not known */
	LEAKCHECK_LOSS_STACKS_FULL = 1,    /* stack map full: the block is known, its stack is not */
	LEAKCHECK_LOSS_STACK_COLLISION = 2,/* no free slot for a distinct stack of the same hash */
	LEAKCHECK_LOSS_STACK_UNREADABLE = 3, /* a frame's memory could not be read: the stack is cut short */
	LEAKCHECK_LOSS_TOTALS_FULL = 4,    /* totals map full: allocated totals are too low */
	LEAKCHECK_LOSS_OWNERS_FULL = 5,    /* owner map full: blocks are counted as outside tests */
	LEAKCHECK_LOSS_PROCESSES_FULL = 6, /* process map full: the process is not followed */
	LEAKCHECK_LOSS_NOTES_FULL = 7,     /* note map full: a budget or known leak is not applied */
	LEAKCHECK_LOSS_SCRATCH_BUSY = 8,   /* no scratch slot free: the event has no stack or name */
	LEAKCHECK_LOSS_SAMPLER_FULL = 9,   /* the sampler's table was full: the allocation is not known */
	LEAKCHECK_LOSS_NAME_UNREADABLE = 10, /* a suite or test name could not be read */
	LEAKCHECK_LOSS_CENSUS_INCOMPLETE = 11, /* the C library's own blocks could not all be told */
	LEAKCHECK_LOSS_MISSED_FREE = 12,   /* an address was handed out twice without a free in between */
	LEAKCHECK_LOSS_MAPPINGS = 13,      /* mapping records lost: some frames have no symbol */
	LEAKCHECK_LOSS_TABLE_FULL = 14,    /* the table of blocks could not grow: the allocation is not known */
	LEAKCHECK_LOSS_KINDS = 15,
};

#ifdef __cplusplus
#define LEAKCHECK_ASSERT_SIZE(type, size) static_assert(sizeof(type) == (size), #type)
#else
#define LEAKCHECK_ASSERT_SIZE(type, size) _Static_assert(sizeof(type) == (size), #type)
#endif
LEAKCHECK_ASSERT_SIZE(struct leakcheck_config, 344 + 16 * LEAKCHECK_MAX_STRATA);
LEAKCHECK_ASSERT_SIZE(struct leakcheck_control, 16 + 8 * LEAKCHECK_CONTROL_SLOTS);
LEAKCHECK_ASSERT_SIZE(struct leakcheck_welcome, 16);
LEAKCHECK_ASSERT_SIZE(struct leakcheck_cell, 256);

#endif /* LEAKCHECK_ABI_H */
