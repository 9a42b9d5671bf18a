// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/unwind/try_object.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/unit/unwind/native_walk.hpp"

namespace leakcheck::test {
namespace {

constexpr std::uint64_t kStack = 0x7ffc00000000;  // where the stack of the walks lies
constexpr std::uint64_t kBias = 0x550000000000;   // where the object is loaded
constexpr int kWalks = 8;

void require(bool holds, const char* promise) {
    if (holds) return;
    std::fprintf(stderr, "broken: %s\n", promise);
    std::abort();
}

// Numbers from the end of the bytes backwards, where ELF objects have what matters least.
class Numbers {
  public:
    explicit Numbers(std::string_view bytes) : bytes_(bytes) {}

    std::uint64_t next() {
        std::uint64_t number = 0;
        const std::size_t size = std::min(sizeof(number), bytes_.size());
        std::memcpy(&number, bytes_.data() + bytes_.size() - size, size);
        bytes_.remove_suffix(size);
        return number;
    }

  private:
    std::string_view bytes_;
};

void require_promises(const unwind::CodeTable& table) {
    require(table.rows.empty() == !table.problem.empty(), "either rows or a problem");
    if (table.rows.empty()) return;
    require(table.start % LEAKCHECK_UNWIND_BUCKET_SIZE == 0, "begins with a bucket");
    require(table.start < table.end && table.end - table.start < std::uint64_t{1} << 32, "span");
    require(table.rows.front().offset == 0, "the first row stands at 0");
    require(table.rows.back().rule == unwind::kRuleNone, "the last row says nothing");
    require(table.rows.back().offset <= table.end - table.start, "rows lie in the code");
    for (std::size_t i = 1; i < table.rows.size(); ++i) {
        require(table.rows[i - 1].offset < table.rows[i].offset, "rows are sorted");
        require(table.rows[i - 1].rule != table.rows[i].rule, "neighbours differ");
    }
}

// The rule by the walk's lookup and that of the rows.
void require_same_rules(const unwind::CodeTable& table, const NativeMemory& memory,
                        const unwind::RuleSet& rules, const leakcheck_address_range& range) {
    const std::size_t stride = table.rows.size() / 64 + 1;
    for (std::size_t i = 0; i < table.rows.size(); i += stride) {
        const std::uint64_t address = range.table_start + table.rows[i].offset;
        if (address >= range.end) continue;
        const leakcheck_unwind_rule found = find_rule(memory, rules, range, address);
        const leakcheck_unwind_rule& wanted = rules.rule(table.rows[i].rule);
        require(std::memcmp(&found, &wanted, sizeof(found)) == 0, "packed rules are those of rows");
    }
}

// A stack that holds the bytes: every eighth word is made a return address into the object.
class Stack {
  public:
    Stack(std::string_view bytes, const leakcheck_address_range& range)
        : bytes_(bytes), range_(range) {}

    bool read(void* to, std::uint32_t size, std::uint64_t address) const {
        if (address < kStack || address - kStack >= bytes_.size()) return false;
        const std::string_view rest = bytes_.substr(address - kStack);
        if (rest.size() < size) return false;
        std::memcpy(to, rest.data(), size);
        for (std::uint64_t at = -address % 64; at + 8 <= size; at += 64) {
            std::uint64_t word = 0;
            char* place = static_cast<char*>(to) + at;
            std::memcpy(&word, place, sizeof(word));
            word = range_.start + word % (range_.end - range_.start);
            std::memcpy(place, &word, sizeof(word));
        }
        return true;
    }

  private:
    std::string_view bytes_;
    const leakcheck_address_range& range_;
};

std::uint64_t walk(const NativeMemory& memory, const unwind::RuleSet& rules,
                   const ReadStack& read_stack, unwind_walk state) {
    walk_on(memory, rules, read_stack, state);
    require(state.frame_count <= state.depth, "no more frames than asked for");
    return state.frame_count;
}

}  // namespace

Tried try_object(std::string_view bytes) {
    Numbers numbers(bytes);
    unwind::RuleSet rules;
    const unwind::CodeTable table = unwind::read_code_table(bytes, rules);
    require_promises(table);
    Tried tried{table.rows.size()};
    if (table.rows.empty()) return tried;

    NativeMemory memory;
    constexpr std::uint64_t slabs = 3;
    const std::uint64_t word = numbers.next() % (slabs * LEAKCHECK_UNWIND_SLAB_WORDS);
    memory.set_next_word(1 + static_cast<std::uint32_t>(word));
    const leakcheck_address_range range = memory.add_table(table, kBias - table.start);
    require_same_rules(table, memory, rules, range);

    const Stack stack(bytes, range);
    const ReadStack read_stack = [&stack](void* to, std::uint32_t size, std::uint64_t address) {
        return stack.read(to, size, address);
    };
    unwind_walk state{};
    state.map = memory.add_address_map({range});
    state.depth = LEAKCHECK_MAX_FRAMES;
    state.flags = UNWIND_KNOWS_RBP | UNWIND_KNOWS_RBX | UNWIND_EXACT_PC;
    for (int i = 0; i < kWalks; ++i) {
        state.pc = range.start + numbers.next() % (range.end - range.start);
        state.sp = kStack + numbers.next() % bytes.size() / 8 * 8;
        state.rbp = kStack + numbers.next() % bytes.size() / 8 * 8;
        state.rbx = numbers.next();
        tried.frames += walk(memory, rules, read_stack, state);
    }
    return tried;
}

}  // namespace leakcheck::test
