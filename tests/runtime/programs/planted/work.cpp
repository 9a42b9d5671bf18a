// SPDX-License-Identifier: Apache-2.0
#include "work.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "planted.hpp"

namespace planted {
namespace {

class Numbers {
  public:
    std::size_t next() {
        state_ = state_ * 6364136223846793005u + 1442695040888963407u;
        return static_cast<std::size_t>(state_ >> 33);
    }

  private:
    std::uint64_t state_ = 1;
};

struct Slot {
    Buffer raw;
    std::string text;
    std::vector<int> numbers;
    std::map<int, int> pairs;
};

// Puts something else into one place of a slot; returns how many allocations that took.
std::size_t replace(Slot& slot, Numbers& numbers) {
    const std::size_t size = 16 + numbers.next() % 500;
    switch (numbers.next() % 4) {
        case 0:
            slot.raw.reset(buffer(size));
            return 1;
        case 1:
            slot.text = std::string(size, 't');
            return 1;
        case 2:
            slot.numbers = std::vector<int>(size);
            return 1;
        default:
            slot.pairs.clear();
            for (int i = 0; i < 3; ++i) slot.pairs.emplace(i, i);
            return 3;
    }
}

}  // namespace

void allocate_and_free(std::size_t allocations) {
    Numbers numbers;
    std::array<Slot, 64> slots;
    for (std::size_t made = 0; made < allocations;)
        made += replace(slots[numbers.next() % slots.size()], numbers);
}

}  // namespace planted
