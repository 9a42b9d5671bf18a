/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0 OR BSD-2-Clause
 *
 * Unwind tables: call frame information compiled for a walk in the kernel. The runner writes them
 * (runner/unwind/), the BPF programs and the native tests read them (bpf/unwind.h).
 *
 * Everything lies in unwind memory: 32-bit words, numbered through, in slabs of LEAKCHECK_UNWIND_SLAB_WORDS.
 * Word 0 is never used, so that 0 stands for "none". In it lie
 *
 *   tables        of an object's code: an index of buckets, and rows
 *   address maps  of a process: which object's table covers which addresses
 *
 * A table covers code from a first address on, in buckets of LEAKCHECK_UNWIND_BUCKET_SIZE bytes. Its index
 * has a word for each bucket and one more: the word number of the bucket's first row. Bucket i's rows end
 * where bucket i+1's begin, or at the end of the slab if those begin in another one. Rows are sorted; the
 * row for an address is the last one at or before it, which may be that just before the bucket's first: so a
 * row always stands there, in the same slab. (Code has a row for every 60 bytes or so: a bucket leaves two or
 * three steps of a binary search, in one cache line.)
 *
 * Where the rest of a slab is too small for a bucket, it is filled with LEAKCHECK_UNWIND_PADDING, and the next
 * slab begins with a copy of the last row.
 */
#ifndef LEAKCHECK_UNWIND_TABLES_H
#define LEAKCHECK_UNWIND_TABLES_H

#include "abi/leakcheck_abi.h"

#define LEAKCHECK_UNWIND_SLAB_SHIFT 18
#define LEAKCHECK_UNWIND_SLAB_WORDS (1u << LEAKCHECK_UNWIND_SLAB_SHIFT) /* 1 MiB */
#define LEAKCHECK_UNWIND_SLABS 256                                      /* at most */
#define LEAKCHECK_UNWIND_BUCKET_SHIFT 8
#define LEAKCHECK_UNWIND_BUCKET_SIZE (1u << LEAKCHECK_UNWIND_BUCKET_SHIFT) /* bytes of code */

/* A row: where it begins, in bytes from the start of its bucket, and the number of its rule. */
#define LEAKCHECK_UNWIND_ROW(offset, rule) ((__u32)(offset) | (__u32)(rule) << 16)
#define LEAKCHECK_UNWIND_ROW_OFFSET(row) ((row) & 0xffffu)
#define LEAKCHECK_UNWIND_ROW_RULE(row) ((row) >> 16)
#define LEAKCHECK_UNWIND_PADDING 0xffffffffu /* behind every address of a bucket */

/* ---- Rules ---------------------------------------------------------------------------------------
 * How to get from a frame to its caller's. Few distinct ones exist, so that tables hold numbers of them; the
 * rules themselves are kept once for a run. CFA: canonical frame address, the caller's stack pointer after
 * the return. The return address is at CFA-8, except where said otherwise. DWARF 5, section 6.4. */
#define LEAKCHECK_UNWIND_RULES 65536
#define LEAKCHECK_UNWIND_RULE_NONE 0 /* the number of the rule {LEAKCHECK_CFA_NONE} */

enum leakcheck_cfa {
	LEAKCHECK_CFA_NONE = 0,  /* no call frame information covers the code */
	LEAKCHECK_CFA_RSP = 1,   /* rsp + cfa_offset */
	LEAKCHECK_CFA_RBP = 2,   /* rbp + cfa_offset */
	LEAKCHECK_CFA_RBX = 3,   /* rbx + cfa_offset */
	LEAKCHECK_CFA_DEREF_RSP = 4, /* *(rsp + cfa_offset) + cfa_addend */
	LEAKCHECK_CFA_DEREF_RBP = 5, /* *(rbp + cfa_offset) + cfa_addend */
	LEAKCHECK_CFA_PLT = 6,   /* rsp + cfa_offset, and 8 more where (pc & 15) >= cfa_addend */
	LEAKCHECK_CFA_SIGNAL = 7, /* a signal frame: the interrupted code's rsp is at rsp + cfa_offset, its rip 8
	                             above that, its rbx 32 and its rbp 40 below (struct sigcontext, x86-64) */
	LEAKCHECK_CFA_END = 8,   /* the outermost frame: its return address is undefined */
	LEAKCHECK_CFA_UNSUPPORTED = 9, /* information is there, and cannot be expressed here */
};

enum leakcheck_register_rule { /* where the caller's value of a register is */
	LEAKCHECK_REGISTER_SAME = 0,
	LEAKCHECK_REGISTER_AT_CFA = 1, /* at CFA + offset */
	LEAKCHECK_REGISTER_AT_RBP = 2, /* at the callee's rbp + offset */
	LEAKCHECK_REGISTER_UNKNOWN = 3,
};

struct leakcheck_unwind_rule {
	__u8 cfa;        /* enum leakcheck_cfa */
	__u8 rbp;        /* enum leakcheck_register_rule */
	__u8 rbx;        /* enum leakcheck_register_rule */
	__u8 cfa_addend; /* bytes; with LEAKCHECK_CFA_PLT a threshold */
	__s32 cfa_offset; /* bytes, as are the following */
	__s32 rbp_offset;
	__s32 rbx_offset;
};

/* ---- Address maps --------------------------------------------------------------------------------
 * A head, then `count` ranges, sorted, without overlap, all in one slab; each as long as its own size and
 * aligned to it. Every executable mapping of the process is a range, so that an address in none of them
 * belongs to what was mapped since. */
#define LEAKCHECK_UNWIND_RECORD_WORDS 8 /* of a head or a range */
#define LEAKCHECK_ANY_EXEC_PAGES (~0ull)

struct leakcheck_address_map {
	__u32 count;
	__u32 generation;  /* changes whenever the memory is written anew; 0 while it is being written */
	__u32 map_epoch;   /* the process's, see leakcheck_process_state, when the map was made */
	__u32 replaced;    /* rises when ranges have gone or changed hands since the process's last map */
	__u64 exec_pages;  /* the process's pages of executable mappings at the time, as the kernel counts them;
	                      LEAKCHECK_ANY_EXEC_PAGES where the count is not to be looked at */
	__u64 zero;
};

struct leakcheck_address_range {
	__u64 start;
	__u64 end;        /* exclusive */
	__u64 table_start; /* address at which bucket 0 begins; may lie before start */
	__u32 index;      /* word number of the table's index; 0: no table */
	__u32 buckets;
};

LEAKCHECK_ASSERT_SIZE(struct leakcheck_unwind_rule, 16);
LEAKCHECK_ASSERT_SIZE(struct leakcheck_address_map, 32);
LEAKCHECK_ASSERT_SIZE(struct leakcheck_address_range, 32);

#endif /* LEAKCHECK_UNWIND_TABLES_H */
