/* SPDX-License-Identifier: Apache-2.0
 *
 * The probe sites. A uprobe sits on the first byte of each: a one-byte nop (0x90), which the kernel
 * emulates; see abi/leakcheck_abi.h. Nothing may stand in front of it, endbr64 included.
 * Each site has a second, hidden name, by which the sampler calls it without the PLT.
 */
.macro probe name, local
    .p2align 4, 0xcc
    .globl \name
    .type \name, @function
    .globl \local
    .hidden \local
    .type \local, @function
\name:
\local:
    .cfi_startproc
    nop
    ret
    .cfi_endproc
    .size \name, . - \name
    .size \local, . - \local
.endm

    .text
    probe leakcheck_probe_hello, leakcheck_fire_hello
    probe leakcheck_probe_alloc, leakcheck_fire_alloc
    probe leakcheck_probe_free, leakcheck_fire_free
    probe leakcheck_probe_census, leakcheck_fire_census
    probe leakcheck_probe_census_end, leakcheck_fire_census_end
    probe leakcheck_probe_owner, leakcheck_fire_owner
    probe leakcheck_probe_note, leakcheck_fire_note
    probe leakcheck_probe_loss, leakcheck_fire_loss
    probe leakcheck_probe_unload, leakcheck_fire_unload
    probe leakcheck_probe_mapped, leakcheck_fire_mapped
    probe leakcheck_probe_ending, leakcheck_fire_ending

    .section .note.GNU-stack, "", @progbits
