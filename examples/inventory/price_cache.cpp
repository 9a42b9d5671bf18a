// SPDX-License-Identifier: Apache-2.0
#include "inventory/price_cache.hpp"

namespace inventory {

void PriceCache::put(std::int64_t item, std::int64_t cents) {
    cents_by_item_[item] = cents;
}

std::int64_t PriceCache::find(std::int64_t item) const {
    const auto found = cents_by_item_.find(item);
    return found != cents_by_item_.end() ? found->second : -1;
}

std::vector<Price>* PriceCache::list() const {
    auto* prices = new std::vector<Price>();
    prices->reserve(cents_by_item_.size());
    for (const auto& entry : cents_by_item_) prices->push_back({entry.first, entry.second});
    return prices;
}

}  // namespace inventory
