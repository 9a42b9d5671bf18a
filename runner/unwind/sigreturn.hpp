// SPDX-License-Identifier: Apache-2.0
//
// The code that a signal handler returns to, found by what it is: mov $__NR_rt_sigreturn, %rax;
// syscall. musl and some static programs have no call frame information for it.
#pragma once

#include <vector>

#include "runner/unwind/code_rows.hpp"
#include "runner/unwind/elf_image.hpp"
#include "runner/unwind/frame_program.hpp"

namespace leakcheck::unwind {

// Rows for the trampolines that lie in code of which `rows` say nothing; beginning one byte early,
// where the code is looked up that a handler returns to. `pieces` are sorted, without overlap, and in
// `code`, whose start the rows count from.
std::vector<CodeRow> find_sigreturn(const std::vector<LoadedBytes>& pieces, const CodeRange& code,
                                    const std::vector<CodeRow>& rows, RuleSet& rules);

}  // namespace leakcheck::unwind
