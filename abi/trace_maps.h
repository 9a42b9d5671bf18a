/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0 OR BSD-2-Clause
 *
 * What the BPF programs keep and the runner reads: keys and values of the maps, and the one event.
 * Times are nanoseconds of CLOCK_MONOTONIC, sizes bytes, addresses those of the traced process.
 * Values that are hashed or compared whole have no padding.
 */
#ifndef LEAKCHECK_TRACE_MAPS_H
#define LEAKCHECK_TRACE_MAPS_H

#include "abi/leakcheck_abi.h"

/* ---- live: every traced block that has not been freed --------------------------------------------*/
struct leakcheck_live_key {
	__u32 process; /* process image id */
	__u32 zero;
	__u64 address;
};

struct leakcheck_live {
	__u64 size;    /* requested */
	__u64 weight;  /* 1/inclusion probability, LEAKCHECK_WEIGHT_SHIFT fraction bits */
	__u64 serial;
	__u64 stack;   /* key of the stack index; 0: none kept */
	__u64 time_ns;
	__u32 owner;   /* owner id; 0: outside tests */
	__u32 note;    /* note id of a known leak; 0: none */
	__u32 flags;   /* LEAKCHECK_LIVE_* */
	__u32 iteration; /* of the process's tests, from 1 on; 0: not told apart */
};

/* Of blocks that are counted (abi/counted_table.h) those are here that have something to say beyond what the
 * table holds: a stack of their own, a note, or that the C library keeps them. They stay when the block is freed,
 * until another one at the same address takes their place. */

/* ---- contexts: a stack for each calling context of counted blocks ---------------------------------
 * The value is the key of the stack index: of the stack that was traced first. */
struct leakcheck_context_key {
	__u32 process; /* process image id */
	__u32 context; /* its number in the image's table, abi/counted_table.h */
};

/* ---- totals: all that was ever allocated under (process, owner, stack) ---------------------------*/
struct leakcheck_total_key {
	__u32 process;
	__u32 owner;
	__u64 stack;
};

struct leakcheck_total {
	__u64 blocks;         /* traced allocations */
	__u64 bytes;          /* their requested sizes */
	__u64 unseen_blocks;  /* sum of weight - 1, fixed point: 0 where everything is traced */
	__u64 unseen_bytes;   /* sum of (weight - 1) * size, whole bytes */
};

/* ---- stacks: an index by hash, and the return addresses in chunks --------------------------------*/
#define LEAKCHECK_CHUNK_FRAMES 8

enum leakcheck_stack_status {
	LEAKCHECK_STACK_COMPLETE = 0,      /* up to the thread's first frame, by call frame information */
	LEAKCHECK_STACK_FRAME_POINTER = 1, /* up to there too, but a step was guessed by a frame pointer */
	LEAKCHECK_STACK_TRUNCATED = 2,     /* cut: depth, unreadable memory, information of a strange kind */
	LEAKCHECK_STACK_NO_TABLE = 3,      /* cut: nothing is known of the code, and it has no frame pointer */
};

struct leakcheck_stack {
	__u64 first_seen_ns;
	__u32 process;
	__u32 map_epoch;   /* rises when code goes from the process: the same addresses are other code then */
	__u32 first_chunk; /* index of its first chunk; the others follow */
	__u16 frames;
	__u16 status;      /* enum leakcheck_stack_status */
};

struct leakcheck_stack_chunk {
	__u64 frames[LEAKCHECK_CHUNK_FRAMES]; /* return addresses, innermost first; zero past the end */
};

/* ---- owners: tests and what surrounds them -------------------------------------------------------*/
struct leakcheck_owner_name {
	char suite[LEAKCHECK_NAME_SIZE];
	char test[LEAKCHECK_NAME_SIZE];
};

struct leakcheck_owner {
	__u32 kind;  /* enum leakcheck_owner_kind */
	__u32 runs;  /* times entered */
	__u64 time_ns; /* that its turns took */
	struct leakcheck_owner_name name; /* zero-padded */
};

/* ---- processes -----------------------------------------------------------------------------------*/
#define LEAKCHECK_PROCESS_SAMPLED (1u << 0) /* its sampler said hello */
#define LEAKCHECK_PROCESS_IMAGE (1u << 1)   /* started by exec */
#define LEAKCHECK_PROCESS_CENSUS (1u << 2)  /* the copy that takes the census: not a process of the program */
#define LEAKCHECK_PROCESS_ALIAS (1u << 3)   /* a vfork child: borrows its parent's memory and identity */
#define LEAKCHECK_PROCESS_KNOWN_SCOPES (1u << 4) /* some thread of it has marked a scope of known leaks */

/* State of a live process, keyed by tgid (initial PID namespace): what every event needs. */
struct leakcheck_process_state {
	__u32 process;    /* image id */
	__u32 parent;     /* image id it was forked from */
	__u32 owner;      /* who owns what is allocated now */
	__u32 base_owner; /* who owned it when the image began: the owner outside its own tests */
	__u32 flags;      /* LEAKCHECK_PROCESS_* */
	__u32 map_epoch;  /* twice the libraries it has closed */
	__u32 run_thread; /* tid in TestInfo::Run, where no end of a test can be probed; 0: none */
	__u32 unloading;  /* threads that are closing a library right now */
	__u64 run_stack;  /* that thread's stack pointer at entry */
	__u64 test_stack; /* see leakcheck_cell */
	__u64 seed;       /* a hash of the owner's kind and names */
	__u64 base_seed;  /* of the base owner's */
	__u64 turn_since; /* when the turn began; 0: in the process that it was forked from */
	__u32 epoch;      /* rises whenever the owner changes */
	__u32 cell;       /* number of the cell that the process reads: the image's that said hello */
	__u32 strays;     /* events that led through code unknown even to a fresh address map */
	__u32 iteration;  /* of its tests (--gtest_repeat), from 1 on; 0: none has begun, or it cannot be told */
};

enum leakcheck_process_end {
	LEAKCHECK_END_RUNNING = 0,
	LEAKCHECK_END_EXITED = 1,
	LEAKCHECK_END_SIGNALED = 2,
	LEAKCHECK_END_REPLACED = 3,
};

/* Record of a process image, kept after its end; keyed by image id. */
struct leakcheck_process {
	__u32 parent;
	__u32 pid;    /* in leakcheck's PID namespace; 0 if it has none there */
	__u32 flags;
	__u32 end;    /* enum leakcheck_process_end */
	__u32 status; /* exit code or signal number */
	__u32 owner;  /* at its end */
	__u64 start_ns;
	__u64 end_ns;
	__u32 args_size;      /* bytes of the whole argument area */
	__u32 args_tail_size; /* bytes valid in args_tail */
	char args_head[LEAKCHECK_ARGS_HEAD]; /* NUL-separated arguments from the first on */
	char args_tail[LEAKCHECK_ARGS_TAIL]; /* and up to the last */
};

/* ---- notes ---------------------------------------------------------------------------------------*/
struct leakcheck_note {
	__u32 kind;
	__u32 process;
	__u32 owner;
	__u32 zero;
	__u64 a;
	__u64 b;
	char text[LEAKCHECK_TEXT_SIZE];
};

/* ---- counters ------------------------------------------------------------------------------------*/
struct leakcheck_counters { /* one for each CPU */
	__u64 allocations;
	__u64 allocated_bytes;
	__u64 frees;
	__u64 freed_bytes;
	__u64 tests_ended;
	__u64 traced; /* allocations of counted blocks that trapped for their stack */
	__u64 timed_events; /* events whose time in the programs was taken */
	__u64 timed_ns;     /* that time */
};

/* ---- the event: a process waits until the runner has seen what it has mapped ---------------------*/
enum leakcheck_hello_kind {
	LEAKCHECK_HELLO_IMAGE = 0,  /* a new image */
	LEAKCHECK_HELLO_MAPPED = 1, /* a known one has mapped code since, or unmapped some */
	LEAKCHECK_HELLO_FORKED = 2, /* a forked child wants a table of its own */
	LEAKCHECK_HELLO_ENDING = 3, /* a process has come to its end and waits to be looked at */
};

struct leakcheck_hello_event {
	__u64 token;
	__u64 time_ns;
	__u64 exec_pages; /* of the process at that time, for its address map */
	__u32 process;
	__u32 pid; /* in leakcheck's PID namespace */
	__u32 abi_version;
	__u32 map_epoch; /* of the process at that time, for its address map */
	__u32 kind;      /* enum leakcheck_hello_kind */
	__u32 owner;     /* ENDING: whose turn has ended; 0: the process ends */
	__u64 stack;     /* ENDING: where the program's own part of the waiting thread's stack begins */
};

/* ---- address maps: the word number and the generation of each process image's --------------------*/
#define LEAKCHECK_ADDRESS_MAP(word, generation) ((__u64)(generation) << 32 | (word))
#define LEAKCHECK_ADDRESS_MAP_WORD(entry) ((__u32)(entry))
#define LEAKCHECK_ADDRESS_MAP_GENERATION(entry) ((__u32)((entry) >> 32))

/* ---- GoogleTest's own functions ------------------------------------------------------------------
 * A probe on one of them carries this in its cookie. */
enum leakcheck_site_kind { /* values of leakcheck::TestSiteKind */
	LEAKCHECK_SITE_PROGRAM_START = 0,
	LEAKCHECK_SITE_ITERATION_START = 1,
	LEAKCHECK_SITE_ENVIRONMENTS_SET_UP_START = 2,
	LEAKCHECK_SITE_ENVIRONMENTS_SET_UP_END = 3,
	LEAKCHECK_SITE_SUITE_START = 4,
	LEAKCHECK_SITE_TEST_START = 5,
	LEAKCHECK_SITE_TEST_END = 6,
	LEAKCHECK_SITE_SUITE_END = 7,
	LEAKCHECK_SITE_ENVIRONMENTS_TEAR_DOWN_START = 8,
	LEAKCHECK_SITE_ENVIRONMENTS_TEAR_DOWN_END = 9,
	LEAKCHECK_SITE_PROGRAM_END = 10,
	LEAKCHECK_SITE_TEST_RUN = 11,
};

enum leakcheck_string_layout { /* values of leakcheck::StringLayout */
	LEAKCHECK_STRING_LIBSTDCXX = 0,
	LEAKCHECK_STRING_LIBSTDCXX_COW = 1,
	LEAKCHECK_STRING_LIBCXX = 2,
};

#define LEAKCHECK_COOKIE(kind, argument, layout, suite_offset, test_offset)                         \
	((__u64)(kind) | (__u64)(argument) << 8 | (__u64)(layout) << 16 | (__u64)(suite_offset) << 24 | \
	 (__u64)(test_offset) << 40)
#define LEAKCHECK_COOKIE_KIND(cookie) ((__u32)((cookie)&0xff))
#define LEAKCHECK_COOKIE_ARGUMENT(cookie) ((__u32)((cookie) >> 8 & 0xff))
#define LEAKCHECK_COOKIE_LAYOUT(cookie) ((__u32)((cookie) >> 16 & 0xff))
#define LEAKCHECK_COOKIE_SUITE_OFFSET(cookie) ((__u32)((cookie) >> 24 & 0xffff))
#define LEAKCHECK_COOKIE_TEST_OFFSET(cookie) ((__u32)((cookie) >> 40 & 0xffff))

LEAKCHECK_ASSERT_SIZE(struct leakcheck_live_key, 16);
LEAKCHECK_ASSERT_SIZE(struct leakcheck_live, 56);
LEAKCHECK_ASSERT_SIZE(struct leakcheck_context_key, 8);
LEAKCHECK_ASSERT_SIZE(struct leakcheck_total_key, 16);
LEAKCHECK_ASSERT_SIZE(struct leakcheck_total, 32);
LEAKCHECK_ASSERT_SIZE(struct leakcheck_stack, 24);
LEAKCHECK_ASSERT_SIZE(struct leakcheck_stack_chunk, 64);
LEAKCHECK_ASSERT_SIZE(struct leakcheck_owner, 16 + 2 * LEAKCHECK_NAME_SIZE);
LEAKCHECK_ASSERT_SIZE(struct leakcheck_process_state, 88);
LEAKCHECK_ASSERT_SIZE(struct leakcheck_process, 48 + LEAKCHECK_ARGS_HEAD + LEAKCHECK_ARGS_TAIL);
LEAKCHECK_ASSERT_SIZE(struct leakcheck_note, 32 + LEAKCHECK_TEXT_SIZE);
LEAKCHECK_ASSERT_SIZE(struct leakcheck_counters, 64);
LEAKCHECK_ASSERT_SIZE(struct leakcheck_hello_event, 56);

#endif /* LEAKCHECK_TRACE_MAPS_H */
