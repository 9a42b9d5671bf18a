// SPDX-License-Identifier: Apache-2.0
#include "analysis/owners.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace leakcheck {

std::string owner_label(OwnerKind kind, const std::string& suite, const std::string& test) {
    switch (kind) {
        case OwnerKind::environment_set_up:
            return "environment (set-up)";
        case OwnerKind::environment_tear_down:
            return "environment (tear-down)";
        case OwnerKind::suite_set_up:
            return suite + " (set-up)";
        case OwnerKind::suite_tear_down:
            return suite + " (tear-down)";
        case OwnerKind::test:
            return suite + "." + test;
        case OwnerKind::outside_tests:
            break;
    }
    return "outside tests";
}

Owners::Owners(const Snapshot& snapshot) {
    all_.push_back({OwnerKind::outside_tests, "", "", "outside tests", 0, 0});
    using Name = std::tuple<OwnerKind, std::string, std::string>;
    std::map<Name, std::size_t> by_name{{{OwnerKind::outside_tests, "", ""}, 0}};
    for (const OwnerRecord& record : snapshot.owners) {
        const auto [entry, is_new] =
            by_name.try_emplace({record.kind, record.suite, record.test}, all_.size());
        if (is_new) {
            all_.push_back({record.kind, record.suite, record.test,
                            owner_label(record.kind, record.suite, record.test), 0,
                            record.first_order});
        }
        Owner& owner = all_[entry->second];
        owner.runs += record.runs;
        owner.duration_ns += record.duration_ns;
        owner.first_order = std::min(owner.first_order, record.first_order);
        index_.emplace(record.id, entry->second);
    }
}

std::size_t Owners::index_of(OwnerId id) const {
    const auto found = index_.find(id);
    return found == index_.end() ? 0 : found->second;
}

std::vector<std::size_t> Owners::tests() const {
    std::vector<std::size_t> tests;
    for (std::size_t i = 0; i < all_.size(); ++i) {
        if (all_[i].kind == OwnerKind::test) tests.push_back(i);
    }
    std::stable_sort(tests.begin(), tests.end(), [this](std::size_t a, std::size_t b) {
        return all_[a].first_order < all_[b].first_order;
    });
    return tests;
}

}  // namespace leakcheck
