/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0 OR BSD-2-Clause
 *
 * What the oracle's BPF program says of an allocation event: the pages of the thread's stack, one record each,
 * and then the event. Records of one thread are in order; those of different threads may lie between them.
 * Fixed-width fields, addresses of the traced process, x86-64.
 */
#ifndef LEAKCHECK_ORACLE_RECORDS_H
#define LEAKCHECK_ORACLE_RECORDS_H

#include <linux/types.h>

#define ORACLE_PAGE_SIZE 4096
#define ORACLE_REGISTERS 17 /* by DWARF's numbers: rax rdx rcx rbx rsi rdi rbp rsp r8 to r15, return address */
#define ORACLE_RBP 6
#define ORACLE_RSP 7
#define ORACLE_RIP 16

enum oracle_record_kind {
	ORACLE_PAGE = 1,
	ORACLE_EVENT = 2,
};

struct oracle_page {
	__u32 kind; /* ORACLE_PAGE */
	__u32 tid;
	__u64 address; /* of the first byte, a multiple of the page size */
	__u8 bytes[ORACLE_PAGE_SIZE];
};

struct oracle_event {
	__u32 kind; /* ORACLE_EVENT */
	__u32 tid;
	__u64 time_ns; /* CLOCK_MONOTONIC */
	__u64 size;    /* bytes allocated */
	__u64 frame;   /* of the interposed function, see leakcheck_probe_alloc */
	__u64 stack;   /* key of the stack that leakcheck keeps for the block; 0: none */
	__u32 process; /* image id */
	__u32 pages;   /* records that belong to the event; others than these could not be read */
	__u32 cut;     /* 1: the stack goes on behind the last of them */
	__u32 lost;    /* 1: a page found no room in the ring buffer */
	__u64 registers[ORACLE_REGISTERS];
};

#endif /* LEAKCHECK_ORACLE_RECORDS_H */
