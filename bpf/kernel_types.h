/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
 *
 * The few kernel types the programs read, with only the fields they read: the loader relocates each
 * access to the running kernel (CO-RE), so no dumped vmlinux.h is needed and the build host needs no BTF.
 */
#ifndef LEAKCHECK_KERNEL_TYPES_H
#define LEAKCHECK_KERNEL_TYPES_H

#include <linux/types.h>

/* Registers at a uprobe, x86-64. The layout is the kernel's stable BPF context: no relocation. */
struct pt_regs {
	unsigned long r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi, orig_rax;
	unsigned long rip, cs, eflags, rsp, ss;
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
	int counter;
} atomic_t;

struct mm_struct {
	unsigned long arg_start;
	unsigned long arg_end;
	unsigned long exec_vm;
};

struct signal_struct {
	atomic_t live;
};

struct task_struct {
	int pid;
	int tgid;
	int exit_code;
	struct mm_struct *mm;
	struct signal_struct *signal;
};

#pragma clang attribute pop

#endif /* LEAKCHECK_KERNEL_TYPES_H */
