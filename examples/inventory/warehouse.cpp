// SPDX-License-Identifier: Apache-2.0
#include "inventory/warehouse.hpp"

#include <cstdio>

namespace inventory {

void Warehouse::add(const std::string& name, int quantity) {
    quantities_[name] += quantity;
    std::snprintf(journal_.text, sizeof(journal_.text), "+%d %s", quantity, name.c_str());
}

bool Warehouse::take(const std::string& name, int quantity) {
    const auto found = quantities_.find(name);
    if (found == quantities_.end() || found->second < quantity) return false;
    found->second -= quantity;
    std::snprintf(journal_.text, sizeof(journal_.text), "-%d %s", quantity, name.c_str());
    return true;
}

int Warehouse::quantity(const std::string& name) const {
    const auto found = quantities_.find(name);
    return found != quantities_.end() ? found->second : 0;
}

}  // namespace inventory
