// SPDX-License-Identifier: Apache-2.0
#include "reporters/console_leak.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "reporters/baseline_words.hpp"
#include "reporters/confirm_words.hpp"
#include "reporters/console_style.hpp"
#include "reporters/function_name.hpp"
#include "reporters/kind_words.hpp"
#include "reporters/path_words.hpp"
#include "reporters/places.hpp"
#include "reporters/stack_words.hpp"
#include "reporters/text.hpp"
#include "reporters/wording.hpp"

namespace leakcheck {
namespace {

constexpr std::size_t most_frames = 12;
constexpr std::size_t longest_function = 100;
constexpr std::size_t longest_function_verbose = 2000;
constexpr std::size_t widest_column = 48;  // of functions whose places stand in one column

class LeakPrinter {
  public:
    LeakPrinter(const Leak& leak, const ConsoleOptions& options, std::ostream& out)
        : leak_(leak), options_(options), paint_(options.colour), out_(out) {}

    void print_heading(std::size_t number, Style style) {
        const std::string seen = observed_amount(leak_.bytes, leak_.blocks, SizeStyle::rounded);
        const std::string estimated =
            estimated_amount(leak_.bytes, leak_.blocks, SizeStyle::rounded);
        out_ << fmt::format("{} {}{} {} {}\n", paint_(Style::faint, fmt::format("{:>3}.", number)),
                            estimated.empty() ? "" : "observed ", paint_(style, seen),
                            kind_verb(leak_.kind),
                            by_owner(leak_.owner_kind, paint_(Style::owner, owner_name(leak_))));
        if (!estimated.empty()) out_ << "     " << estimated << '\n';
    }

    void print_remarks() {
        const std::string indirect = indirect_words(leak_, SizeStyle::rounded);
        if (!indirect.empty()) out_ << "     " << indirect << '\n';
        const std::string release = release_words(leak_);
        if (!release.empty()) out_ << "     " << release << '\n';
        const std::string keeper = held_by_words(leak_.held_by);
        if (!keeper.empty()) out_ << "     " << keeper << '\n';
        const std::string reason = why_not_gated(leak_);
        if (!reason.empty()) remark("not counted: " + reason);
        if (leak_.not_gated == NotGated::none && leak_.baseline_state != BaselineState::none)
            remark(std::string(baseline_state_words(leak_.baseline_state)));
        for (const std::string& text : confirm_remarks(leak_)) remark(text);
        const std::string per_run = amount_per_run(leak_);
        if (!per_run.empty()) remark(per_run);
        if (leak_.processes > 1) {
            remark("in " + grouped_digits(leak_.processes) + " processes");
        } else if (!leak_.process.empty()) {
            remark("in " + cut(single_line(leak_.process), 160));
        }
        if (!options_.verbose) return;
        if (leak_.blocks.observed > 1) {
            remark("largest block: " + human_size(static_cast<double>(leak_.largest_block)));
        }
        remark("fingerprint: " + single_line(leak_.fingerprint));
    }

    void print_stack() {
        const FrameRange range = options_.verbose ? FrameRange{0, leak_.stack.size()}
                                                  : telling_frames(leak_, most_frames);
        const std::size_t width = column_width(range);
        for (std::size_t index = range.first; index < range.last; ++index)
            print_frame(index, width);
        const std::size_t hidden = leak_.stack.size() - range.last;
        if (hidden > 0) {
            out_ << "        "
                 << paint_(Style::faint, fmt::format("... {} (--verbose shows all)",
                                                     plural(hidden, "more caller")))
                 << '\n';
        }
        const std::string note = stack_remark(leak_);
        if (leak_.stack.empty()) out_ << "        allocated at " << site_place(leak_) << '\n';
        if (!note.empty()) out_ << "        " << paint_(Style::faint, "(" + note + ")") << '\n';
    }

  private:
    void remark(const std::string& text) { out_ << "     " << paint_(Style::faint, text) << '\n'; }

    std::string function_of(const Frame& frame) const {
        const std::size_t limit = options_.verbose ? longest_function_verbose : longest_function;
        const std::string name =
            frame.function.empty() ? "??" : readable_function(frame.function, limit);
        return frame.inlined && options_.verbose ? name + " (inlined)" : name;
    }

    std::size_t column_width(FrameRange range) const {
        std::size_t width = 0;
        for (std::size_t index = range.first; index < range.last; ++index) {
            const std::size_t length = function_of(leak_.stack[index]).size();
            if (length <= widest_column) width = std::max(width, length);
        }
        return width;
    }

    void print_frame(std::size_t index, std::size_t width) {
        const Frame& frame = leak_.stack[index];
        const std::string text =
            fmt::format("{:<{}}  {}", function_of(frame), width, frame_place(frame));
        if (index == leak_.site_frame) {
            out_ << "      " << paint_(Style::heading, "> " + text) << '\n';
        } else {
            out_ << "        " << (frame.in_project ? text : paint_(Style::faint, text)) << '\n';
        }
    }

    const Leak& leak_;
    const ConsoleOptions& options_;
    Painter paint_;
    std::ostream& out_;
};

}  // namespace

void print_leak(const Leak& leak, std::size_t number, const ConsoleOptions& options,
                std::ostream& out) {
    const Style style = leak.over_budget                   ? Style::bad
                        : leak.not_gated == NotGated::none ? Style::warning
                                                           : Style::heading;
    LeakPrinter printer(leak, options, out);
    printer.print_heading(number, style);
    printer.print_remarks();
    printer.print_stack();
    out << '\n';
}

}  // namespace leakcheck
