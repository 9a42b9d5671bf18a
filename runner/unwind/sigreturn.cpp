// SPDX-License-Identifier: Apache-2.0
#include "runner/unwind/sigreturn.hpp"

#include <algorithm>
#include <cstring>

namespace leakcheck::unwind {
namespace {

constexpr char kBytes[] = "\x48\xc7\xc0\x0f\x00\x00\x00\x0f\x05";
constexpr std::size_t kSize = sizeof(kBytes) - 1;
// Shorter gaps are padding between functions. To look into all of those would read most of the code,
// which may be far larger than its call frame information, from the disk.
constexpr std::size_t kShortestGap = 16;
// When the handler has returned, rsp is at struct ucontext: its uc_mcontext begins 40 bytes on, and
// has rsp at 120 (asm/ucontext.h, asm/sigcontext.h).
constexpr leakcheck_unwind_rule kRule = plain_rule(LEAKCHECK_CFA_SIGNAL, 40 + 120);

// The part of a piece that lies in a range of addresses.
LoadedBytes part_of(const LoadedBytes& piece, const CodeRange& range) {
    const std::uint64_t start = std::max(piece.address, range.start);
    const std::uint64_t end = std::min(piece.end(), range.end);
    if (start + kShortestGap > end) return {};
    return {start, piece.bytes.substr(start - piece.address, end - start)};
}

class Search {
  public:
    Search(const CodeRange& code, RuleSet& rules) : code_(code), rules_(rules) {}

    // The bytes follow all those searched before.
    void search(const LoadedBytes& bytes) {
        if (bytes.bytes.empty()) return;
        const char* at = bytes.bytes.data();
        const char* end = at + bytes.bytes.size();
        while (const void* found = memmem(at, static_cast<std::size_t>(end - at), kBytes, kSize)) {
            const char* start = static_cast<const char*>(found);
            // One byte early, unless that is out of the bytes, or in the trampoline before.
            const char* early = std::max(at, start - 1);
            at = start + kSize;
            rows_.add(offset(bytes, early), rules_.number(kRule));
            rows_.add(offset(bytes, at), kRuleNone);
        }
    }

    std::vector<CodeRow> take() { return rows_.take(); }

  private:
    std::uint32_t offset(const LoadedBytes& bytes, const char* place) const {
        const auto distance = static_cast<std::uint64_t>(place - bytes.bytes.data());
        return static_cast<std::uint32_t>(bytes.address + distance - code_.start);
    }

    const CodeRange& code_;
    RuleSet& rules_;
    RowWriter rows_;
};

}  // namespace

std::vector<CodeRow> find_sigreturn(const std::vector<LoadedBytes>& pieces, const CodeRange& code,
                                    const std::vector<CodeRow>& rows, RuleSet& rules) {
    Search search(code, rules);
    std::size_t row = 0;
    for (const LoadedBytes& piece : pieces) {
        for (; row < rows.size(); ++row) {
            const bool last = row + 1 == rows.size();
            const CodeRange range{code.start + rows[row].offset,
                                  last ? code.end : code.start + rows[row + 1].offset};
            if (rows[row].rule == kRuleNone) search.search(part_of(piece, range));
            if (range.end >= piece.end()) break;  // it may reach into the next piece
        }
    }
    return search.take();
}

}  // namespace leakcheck::unwind
