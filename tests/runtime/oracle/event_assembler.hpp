// SPDX-License-Identifier: Apache-2.0
//
// From the records of the ring buffer to whole events. Thread safety: none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

#include "tests/runtime/oracle/event.hpp"

namespace leakcheck::oracle {

class EventAssembler {
  public:
    using EventFn = std::function<void(const Event&)>;

    explicit EventAssembler(EventFn on_event) : on_event_(std::move(on_event)) {}

    // In the order in which they came. An event of which a page was lost is left out.
    void add(const void* record, std::size_t size);

  private:
    void add_page(const oracle_page& record);
    void add_event(const oracle_event& record);

    EventFn on_event_;
    std::unordered_map<std::uint32_t, std::vector<Page>> pages_;  // by thread, of the event to come
};

}  // namespace leakcheck::oracle
