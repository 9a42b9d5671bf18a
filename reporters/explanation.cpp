// SPDX-License-Identifier: Apache-2.0
//
// What keeps one leak, for `leakcheck explain`.
#include <fmt/format.h>

#include <string>

#include "reporters/function_name.hpp"
#include "reporters/kind_words.hpp"
#include "reporters/path_words.hpp"
#include "reporters/places.hpp"
#include "reporters/reporters.hpp"
#include "reporters/text.hpp"
#include "reporters/wording.hpp"

namespace leakcheck {
namespace {

constexpr std::size_t longest_function = 300;

void print_heading(const Leak& leak, std::size_t number, std::ostream& out) {
    out << fmt::format("Leak {}: {} {} {}\n", number,
                       observed_amount(leak.bytes, leak.blocks, SizeStyle::rounded),
                       kind_verb(leak.kind), by_owner(leak.owner_kind, owner_name(leak)));
    const std::string indirect = indirect_words(leak, SizeStyle::rounded);
    if (!indirect.empty()) out << "  " << indirect << '\n';
    const std::string function = readable_function(leak.site.function, longest_function);
    out << "  allocated " << (function.empty() ? "" : "in " + function + " ") << "at "
        << site_place(leak) << '\n';
    if (!leak.process.empty()) out << "  in " << cut(single_line(leak.process), 160) << '\n';
    out << "  fingerprint " << single_line(leak.fingerprint) << "\n\n";
}

std::string place_words(const HoldingRoot& root) {
    if (root.kind != RootKind::static_data || root.variable.name.empty()) return "";
    return fmt::format(" in {}, at {:#x}", cut(single_line(root.object), 300), root.object_address);
}

std::string path_heading(const Leak& leak) {
    const std::string which = leak.blocks.observed == 1 ? "it" : "the nearest of its blocks";
    switch (leak.held_by.root.kind) {
        case RootKind::ring:
            return "Nothing but a ring of blocks keeps " + which + ":";
        case RootKind::lost_block:
            return "Nothing points to the first of these blocks any more. From there to " + which +
                   ":";
        default:
            return "What keeps " + which + ":";
    }
}

class PathPrinter {
  public:
    PathPrinter(const HeldBy& held_by, std::ostream& out)
        : held_by_(held_by), is_ring_(held_by.root.kind == RootKind::ring), out_(out) {}

    void print() {
        const bool is_word = !is_ring_ && held_by_.root.kind != RootKind::lost_block;
        if (is_word) {
            out_ << "  " << root_words(held_by_.root) << place_words(held_by_.root) << '\n';
            print_pointer("", held_by_.blocks.front());
        }
        for (std::size_t i = 0; i < held_by_.blocks.size(); ++i) {
            print_block(i);
            if (i + 1 < held_by_.blocks.size()) print_way_to(i + 1);
        }
        if (!is_ring_) return;
        print_pointer(place_in(held_by_.blocks.back()), held_by_.blocks.front());
        out_ << "  the first of these blocks\n";
    }

  private:
    static std::string place_in(const Holder& holder) {
        return fmt::format("at +{} ", holder.block.pointer_at);
    }

    // From the block before.
    void print_way_to(std::size_t number) {
        const Holder& target = held_by_.blocks[number];
        const std::string from = place_in(held_by_.blocks[number - 1]);
        if (held_by_.left_out == 0 || number != held_by_.cut_at) return print_pointer(from, target);
        out_ << "    " << from << "points to\n";
        out_ << "  ... " << plural(held_by_.left_out, "more block") << '\n';
        print_pointer("of which the last ", target);
    }

    void print_pointer(const std::string& from, const Holder& target) {
        out_ << "    " << from << "points ";
        const std::uint64_t offset = target.block.entered_at;
        out_ << (offset == 0 ? "to" : plural(offset, "byte") + " into") << '\n';
    }

    void print_block(std::size_t number) {
        const bool is_leak = number == (is_ring_ ? 0 : held_by_.blocks.size() - 1);
        out_ << "  " << holder_words(held_by_.blocks[number]) << (is_leak ? "  <- this leak" : "")
             << '\n';
    }

    const HeldBy& held_by_;
    bool is_ring_;
    std::ostream& out_;
};

std::string nothing_to_tell(const Leak& leak, const std::string& why_unknown) {
    switch (leak.kind) {
        case LeakKind::definite:
            return "Nothing points to it any more. Where its last pointer was is not known: "
                   "pointers are looked "
                   "at when a process or a test ends, not whenever one changes.";
        case LeakKind::outstanding:
            return "Pointers were not looked at (--check none), so it is not known whether "
                   "anything "
                   "keeps it.";
        case LeakKind::released_late:
            return "Nothing keeps it any more: it was " + release_words(leak) + ".";
        default:
            return "What keeps it is not known: " + why_unknown;
    }
}

}  // namespace

void render_explanation(const Leak& leak, std::size_t number, const std::string& why_unknown,
                        std::ostream& out) {
    print_heading(leak, number, out);
    if (leak.held_by.root.kind == RootKind::none || leak.held_by.blocks.empty()) {
        out << nothing_to_tell(leak, why_unknown) << '\n';
        return;
    }
    out << path_heading(leak) << "\n\n";
    PathPrinter(leak.held_by, out).print();
}

}  // namespace leakcheck
