// SPDX-License-Identifier: Apache-2.0
//
// How reports put budgets of the configuration into words. Thread safety: free functions without state.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "analysis/report.hpp"

namespace leakcheck {

// "db: 3 leaks in 2 tests; most in test Db.Open: 4.1 kB in 3 blocks of 10 kB allowed".
std::string budget_use_words(const BudgetResult& result);

// "4.0 kB in 2 blocks", "2 blocks"; empty where there is no limit.
std::string limit_words(const std::optional<std::uint64_t>& bytes,
                        const std::optional<std::uint64_t>& blocks);

}  // namespace leakcheck
