// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
//
// Sits on the instruction behind the nop of leakcheck_probe_alloc, so that leakcheck's own program has just
// recorded the block. Hands over what it recorded, and the thread's registers and stack memory, from which
// another unwinder can find out what it should have recorded. It must be
// loaded as sleepable: it reads pages that are not present.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#include "abi/trace_maps.h"
#include "bpf/kernel_types.h"
#include "tests/runtime/oracle/bpf/records.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define PAGE_MASK (~(__u64)(ORACLE_PAGE_SIZE - 1))
#define MOST_PAGES 512              /* of one stack */
#define MOST_UNKNOWN (64u << 10)    /* bytes read of a stack whose end is not known */
#define FARTHEST_END (16ull << 20)  /* a stack pointer is no farther from its stack's end, bytes */
#define MOST_SCANNED 8192           /* words of an alternate stack that are searched for its signal frame */

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct mm_struct___stacks {
	unsigned long start_stack;
};

struct thread_struct___stacks {
	unsigned long fsbase;
};

struct task_struct___stacks {
	struct mm_struct___stacks *mm;
	struct thread_struct___stacks thread;
	unsigned long sas_ss_sp;
	unsigned long sas_ss_size;
};

#pragma clang attribute pop

/* leakcheck's own maps: their descriptors are put in place before the load. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1);
	__type(key, struct leakcheck_live_key);
	__type(value, struct leakcheck_live);
} live SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct leakcheck_process_state);
} process_states SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} records SEC(".maps");

/* Set before the load. */
const volatile __u64 take_every = 1;
const volatile __u64 take_most = 0;

/* Counts for the oracle's report. */
__u64 seen = 0;         /* recorded allocations */
__u64 taken = 0;
__u64 passed_over = 0;  /* by take_every and take_most */
__u64 lost = 0;         /* no room in the ring buffer */
__u64 asked_back = 0;   /* events that leakcheck did not record because they come a second time */
__u64 unrecorded = 0;   /* events that it kept nothing of */

struct capture {
	__u64 next; /* address of the next page */
	__u64 end;
	__u32 tid;
	__u32 pages;
	__u32 cut;
	__u32 lost;
};

static struct task_struct___stacks *current_task(void)
{
	return (void *)bpf_get_current_task();
}

/* The first thread's stack begins where the kernel put the arguments, another's at its control block (glibc).
 * A thread may be on another stack than its own, nearby. */
static __u64 stack_end(__u64 stack_pointer)
{
	struct task_struct___stacks *task = current_task();
	__u64 id = bpf_get_current_pid_tgid();
	int is_first = id >> 32 == (__u32)id;
	__u64 end = is_first ? BPF_CORE_READ(task, mm, start_stack) : BPF_CORE_READ(task, thread.fsbase);
	__u64 alternate = BPF_CORE_READ(task, sas_ss_sp);
	__u64 alternate_end = alternate + BPF_CORE_READ(task, sas_ss_size);

	if (stack_pointer > alternate && stack_pointer <= alternate_end)
		return alternate_end;
	if (end > stack_pointer && end - stack_pointer < FARTHEST_END)
		return end;
	return stack_pointer + MOST_UNKNOWN;
}

/* 1 ends the loop. */
static int capture_page(__u32 index __attribute__((unused)), struct capture *capture)
{
	if (capture->next >= capture->end)
		return 1;
	struct oracle_page *page = bpf_ringbuf_reserve(&records, sizeof(*page), 0);

	if (!page) {
		capture->lost = 1;
		return 1;
	}
	if (bpf_copy_from_user(page->bytes, ORACLE_PAGE_SIZE, (void *)capture->next)) {
		bpf_ringbuf_discard(page, 0);
		return 1;
	}
	page->kind = ORACLE_PAGE;
	page->tid = capture->tid;
	page->address = capture->next;
	bpf_ringbuf_submit(page, 0);
	capture->next += ORACLE_PAGE_SIZE;
	capture->pages++;
	return 0;
}

static __always_inline void capture_stack(struct capture *capture, __u64 stack_pointer)
{
	capture->next = stack_pointer & PAGE_MASK;
	capture->end = stack_end(stack_pointer);
	if (bpf_loop(MOST_PAGES, capture_page, capture, 0) == MOST_PAGES)
		capture->cut = 1;
}

struct scan {
	__u64 next;
	__u64 end;
	__u64 stack;
	__u64 size;
	__u64 interrupted; /* stack pointer; 0: not found */
};

/* The kernel's struct ucontext: the stack's description, 24 bytes, and then the registers, rsp the 16th. */
struct signal_context {
	__u64 stack;
	__u64 flags;
	__u64 size;
	__u64 registers[16];
};

static int scan_word(__u32 index __attribute__((unused)), struct scan *scan)
{
	struct signal_context context;

	if (scan->next >= scan->end || bpf_copy_from_user(&context, sizeof(context), (void *)scan->next))
		return 1;
	scan->next += sizeof(__u64);
	if (context.stack != scan->stack || context.size != scan->size)
		return 0;
	scan->interrupted = context.registers[15];
	return 1;
}

/* Where a signal handler runs on an alternate stack: the stack pointer of what it interrupted; else 0. */
static __always_inline __u64 interrupted_stack_pointer(__u64 stack_pointer)
{
	struct task_struct___stacks *task = current_task();
	struct scan scan = {
		.next = stack_pointer & ~7ull,
		.stack = BPF_CORE_READ(task, sas_ss_sp),
		.size = BPF_CORE_READ(task, sas_ss_size),
	};

	scan.end = scan.stack + scan.size;
	if (stack_pointer <= scan.stack || stack_pointer > scan.end)
		return 0;
	bpf_loop(MOST_SCANNED, scan_word, &scan, 0);
	return scan.interrupted;
}

static __always_inline void copy_registers(__u64 *to, const struct pt_regs *from)
{
	to[0] = from->rax;
	to[1] = from->rdx;
	to[2] = from->rcx;
	to[3] = from->rbx;
	to[4] = from->rsi;
	to[5] = from->rdi;
	to[6] = from->rbp;
	to[7] = from->rsp;
	to[8] = from->r8;
	to[9] = from->r9;
	to[10] = from->r10;
	to[11] = from->r11;
	to[12] = from->r12;
	to[13] = from->r13;
	to[14] = from->r14;
	to[15] = from->r15;
	to[16] = from->rip;
}

static __always_inline int is_to_be_taken(void)
{
	__u64 number = __sync_fetch_and_add(&seen, 1);

	if (number % take_every == 0 && __sync_fetch_and_add(&taken, 1) < take_most)
		return 1;
	__sync_fetch_and_add(&passed_over, 1);
	return 0;
}

static __always_inline void take(const struct pt_regs *regs, __u32 process, __u64 stack)
{
	struct capture capture = {.tid = bpf_get_current_pid_tgid()};
	__u64 time = bpf_ktime_get_ns();

	capture_stack(&capture, regs->rsp);
	__u64 interrupted = interrupted_stack_pointer(regs->rsp);

	if (interrupted)
		capture_stack(&capture, interrupted);
	struct oracle_event *event = bpf_ringbuf_reserve(&records, sizeof(*event), 0);

	if (!event || capture.lost)
		__sync_fetch_and_add(&lost, 1);
	if (!event)
		return;
	event->kind = ORACLE_EVENT;
	event->tid = capture.tid;
	event->time_ns = time;
	event->size = regs->rsi;
	event->frame = regs->r8;
	event->stack = stack;
	event->process = process;
	event->pages = capture.pages;
	event->cut = capture.cut;
	event->lost = capture.lost;
	copy_registers(event->registers, regs);
	bpf_ringbuf_submit(event, 0);
}

/* abi/leakcheck_abi.h, "Asking back" */
static __always_inline int comes_again(__u64 flags)
{
	return flags & LEAKCHECK_ALLOC_MAY_REPEAT && !(flags & LEAKCHECK_ALLOC_REPEATED);
}

SEC("uprobe")
int on_recorded(struct pt_regs *regs)
{
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;
	struct leakcheck_process_state *state = bpf_map_lookup_elem(&process_states, &tgid);

	if (!state)
		return 0;
	struct leakcheck_live_key key = {.process = state->process, .address = regs->rdi};
	struct leakcheck_live *block = bpf_map_lookup_elem(&live, &key);

	if (!block || block->serial != regs->rcx) {
		__sync_fetch_and_add(comes_again(regs->r9) ? &asked_back : &unrecorded, 1);
		return 0;
	}
	__u64 stack = block->stack;

	if (is_to_be_taken())
		take(regs, key.process, stack);
	return 0;
}
