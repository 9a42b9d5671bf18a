// SPDX-License-Identifier: Apache-2.0
//
// What came out over all events: counts, where stacks ended that are not whole, and the first of each verdict
// but "identical" in full, for people to read. Thread safety: none.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_set>
#include <vector>

#include "tests/runtime/oracle/comparison.hpp"
#include "tests/runtime/oracle/event.hpp"

namespace leakcheck::oracle {

class Tally {
  public:
    using DescribeFn = std::function<std::string(std::uint64_t return_address)>;

    // `shown`: how many stacks of a verdict to keep whole.
    explicit Tally(std::size_t shown) : shown_(shown) {}

    // `describe` is called only meanwhile, for frames of this event.
    void add(const Event& event, const StackRecord* recorded, const UnwoundStack& actual,
             const Comparison& comparison, const DescribeFn& describe);

    std::uint64_t events() const { return events_; }
    std::uint64_t count(Verdict verdict) const;
    nlohmann::json json() const;

  private:
    void note_end(Verdict verdict, const StackRecord* recorded, const UnwoundStack& actual,
                  const Comparison& comparison, const DescribeFn& describe);

    std::size_t shown_;
    std::uint64_t events_ = 0;
    std::uint64_t frames_ = 0;  // that are the same in both
    std::uint64_t ended_ = 0;   // events that libdw could follow to the outermost frame
    std::map<Verdict, std::uint64_t> verdicts_;
    std::map<std::string, std::uint64_t> statuses_;
    std::map<std::string, std::uint64_t> ends_;  // of stacks that are not identical
    std::unordered_set<StackId> stacks_;
    std::map<Verdict, std::vector<std::string>> examples_;
};

}  // namespace leakcheck::oracle
