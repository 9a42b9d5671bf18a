// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <vector>

namespace inventory {

struct Price {
    std::int64_t item;
    std::int64_t cents;
};
static_assert(sizeof(Price) == 16, "the size that the table in README.md is made of");

class PriceCache {
  public:
    void put(std::int64_t item, std::int64_t cents);
    // -1 for an item without a price.
    std::int64_t find(std::int64_t item) const;
    // All prices, by item. The caller deletes the list.
    std::vector<Price>* list() const;

  private:
    std::map<std::int64_t, std::int64_t> cents_by_item_;
};

}  // namespace inventory
