// SPDX-License-Identifier: Apache-2.0
//
// What LeakSanitizer prints (compiler-rt, lib/lsan/lsan_common.cpp). It knows leaks only, so what does not count
// is left out; whatever counts that is not indirect is called direct.
#include <fmt/format.h>

#include "reporters/leak_sum.hpp"
#include "reporters/places.hpp"
#include "reporters/reporters.hpp"
#include "reporters/text.hpp"
#include "reporters/wording.hpp"

namespace leakcheck {
namespace {

constexpr std::size_t longest_function = 2000;

std::string place_of(const Frame& frame) {
    const bool in_module = !has_line(frame) && !frame.module.empty();
    return in_module ? "(" + frame_place(frame) + ")" : frame_place(frame);
}

void print_frame(const Frame& frame, std::size_t number, std::ostream& out) {
    const std::string function =
        frame.function.empty() ? "" : "in " + cut(single_line(frame.function), longest_function);
    out << fmt::format("    #{} {:#x} {} {}\n", number, frame.address, function, place_of(frame));
}

void print_leak(const Leak& leak, std::ostream& out) {
    out << fmt::format("{} leak of {} byte(s) in {} object(s) allocated from:\n",
                       leak.kind == LeakKind::indirect ? "Indirect" : "Direct", leak.bytes.observed,
                       leak.blocks.observed);
    for (std::size_t index = 0; index < leak.stack.size(); ++index)
        print_frame(leak.stack[index], index, out);
    out << "    (allocated " << by_owner(leak.owner_kind, owner_name(leak)) << ")\n\n";
}

}  // namespace

void render_leak_sanitizer(const Report& report, long process, std::ostream& out) {
    LeakSum sum;
    for (const Leak& leak : report.leaks)
        if (leak.not_gated == NotGated::none) sum.add(leak);
    if (sum.leaks > 0) {
        out << fmt::format("\n{:=<65}\n=={}==ERROR: LeakSanitizer: detected memory leaks\n\n", "",
                           process);
    }
    for (const Leak& leak : report.leaks)
        if (leak.not_gated == NotGated::none) print_leak(leak, out);
    if (sum.leaks > 0) {
        out << fmt::format("SUMMARY: LeakSanitizer: {} byte(s) leaked in {} allocation(s).\n",
                           sum.bytes.observed, sum.blocks.observed);
    }
    out << fmt::format("=={}==leakcheck {}: {}: {}\n", process, report.tool_version,
                       verdict_word(report.verdict.status), run_summary(report));
}

}  // namespace leakcheck
