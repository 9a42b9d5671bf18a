// SPDX-License-Identifier: Apache-2.0
//
// The log of valgrind's memcheck (its manual, "Memory leak detection"), as far as it is about leaks. Kinds that
// valgrind does not know take the word of the one that is treated alike, and a line tells them apart.
#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "reporters/leak_sum.hpp"
#include "reporters/listed.hpp"
#include "reporters/places.hpp"
#include "reporters/reporters.hpp"
#include "reporters/text.hpp"
#include "reporters/wording.hpp"

namespace leakcheck {
namespace {

constexpr std::size_t longest_function = 2000;

enum class Loss { definitely, indirectly, possibly, still, suppressed };

Loss loss_of(LeakKind kind) {
    switch (kind) {
        case LeakKind::indirect:
            return Loss::indirectly;
        case LeakKind::possible:
            return Loss::possibly;
        case LeakKind::reachable:
        case LeakKind::referenced:
            return Loss::still;
        case LeakKind::definite:
        case LeakKind::unclassified:
        case LeakKind::outstanding:
        case LeakKind::released_late:
            break;
    }
    return Loss::definitely;
}

std::string_view words(Loss loss) {
    switch (loss) {
        case Loss::definitely:
            return "definitely lost";
        case Loss::indirectly:
            return "indirectly lost";
        case Loss::possibly:
            return "possibly lost";
        case Loss::still:
            return "still reachable";
        case Loss::suppressed:
            break;
    }
    return "suppressed";
}

bool is_own_kind_of_valgrind(LeakKind kind) {
    return kind != LeakKind::unclassified && kind != LeakKind::outstanding &&
           kind != LeakKind::referenced && kind != LeakKind::released_late;
}

// What was released late is no loss. What neither counts nor is of a kind that only wants to be shown was set aside for a reason.
bool has_record(const Leak& leak, LeakKinds show) {
    const bool may = leak.not_gated == NotGated::none || leak.not_gated == NotGated::kind;
    return may && !is_released(leak) && is_of_shown_kind(leak, show);
}

std::string bytes_of(const Leak& leak) {
    if (leak.indirect_bytes == 0) return grouped_digits(leak.bytes.observed);
    return fmt::format("{} ({} direct, {} indirect)",
                       grouped_digits(leak.bytes.observed + leak.indirect_bytes),
                       grouped_digits(leak.bytes.observed), grouped_digits(leak.indirect_bytes));
}

class Log {
  public:
    Log(long process, std::ostream& out) : prefix_(fmt::format("=={}== ", process)), out_(out) {}

    void line(std::string_view text) { out_ << prefix_ << text << '\n'; }

    void record(const Leak& leak, std::size_t number, std::size_t of) {
        line(fmt::format("{} bytes in {} blocks are {} in loss record {} of {}", bytes_of(leak),
                         grouped_digits(leak.blocks.observed), words(loss_of(leak.kind)),
                         grouped_digits(number), grouped_digits(of)));
        for (std::size_t index = 0; index < leak.stack.size(); ++index)
            frame(leak.stack[index], index == 0 ? "at" : "by");
        for (const std::string& text : remarks(leak)) line("   (" + text + ")");
        line("");
    }

  private:
    void frame(const Frame& frame, std::string_view word) {
        const std::string function =
            frame.function.empty() ? "???" : cut(single_line(frame.function), longest_function);
        const bool in_module = !has_line(frame) && !frame.module.empty();
        line(fmt::format("   {} 0x{:X}: {} ({}{})", word, frame.address, function,
                         in_module ? "in " : "", frame_place(frame)));
    }

    static std::vector<std::string> remarks(const Leak& leak) {
        std::vector<std::string> texts{"allocated " + by_owner(leak.owner_kind, owner_name(leak))};
        if (!is_own_kind_of_valgrind(leak.kind))
            texts.push_back(std::string(leak_kind_name(leak.kind)));
        for (const std::string& text :
             {why_not_gated(leak), cut(single_line(leak.process), 160),
              estimated_amount(leak.bytes, leak.blocks, SizeStyle::plain)})
            if (!text.empty()) texts.push_back(text);
        return texts;
    }

    std::string prefix_;
    std::ostream& out_;
};

void summarize(const Report& report, Log& log) {
    std::map<Loss, LeakSum> sums;
    for (const Leak& leak : report.leaks) {
        if (is_released(leak)) continue;
        const bool set_aside = leak.not_gated != NotGated::none && leak.not_gated != NotGated::kind;
        sums[set_aside ? Loss::suppressed : loss_of(leak.kind)].add(leak);
    }
    log.line("LEAK SUMMARY:");
    for (const Loss loss :
         {Loss::definitely, Loss::indirectly, Loss::possibly, Loss::still, Loss::suppressed}) {
        const LeakSum& sum = sums[loss];
        log.line(fmt::format("{:>18}: {} bytes in {} blocks", words(loss),
                             grouped_digits(sum.bytes.observed),
                             grouped_digits(sum.blocks.observed)));
    }
}

}  // namespace

void render_valgrind(const Report& report, LeakKinds show, long process, std::ostream& out) {
    Log log(process, out);
    std::vector<const Leak*> listed;
    for (const Leak& leak : report.leaks)
        if (has_record(leak, show)) listed.push_back(&leak);
    for (std::size_t index = 0; index < listed.size(); ++index)
        log.record(*listed[index], index + 1, listed.size());
    summarize(report, log);
    log.line("");
    log.line(fmt::format("leakcheck {}: {}: {}", report.tool_version,
                         verdict_word(report.verdict.status), run_summary(report)));
    for (const std::string& reason : report.verdict.inconclusive_reasons)
        log.line("inconclusive: " + single_line(reason));
}

}  // namespace leakcheck
