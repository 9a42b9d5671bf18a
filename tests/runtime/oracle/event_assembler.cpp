// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/oracle/event_assembler.hpp"

#include <cstring>

namespace leakcheck::oracle {

void EventAssembler::add(const void* record, std::size_t size) {
    if (size == sizeof(oracle_page)) add_page(*static_cast<const oracle_page*>(record));
    if (size == sizeof(oracle_event)) add_event(*static_cast<const oracle_event*>(record));
}

void EventAssembler::add_page(const oracle_page& record) {
    Page& page = pages_[record.tid].emplace_back();
    page.address = record.address;
    std::memcpy(page.bytes.data(), record.bytes, sizeof(record.bytes));
}

// Pages of an event whose own record found no room come first, and are not this one's.
void EventAssembler::add_event(const oracle_event& record) {
    std::vector<Page> pages = std::move(pages_[record.tid]);
    pages_.erase(record.tid);
    if (record.lost != 0 || pages.size() < record.pages) return;
    pages.erase(pages.begin(), pages.end() - static_cast<std::ptrdiff_t>(record.pages));
    Event event;
    event.process = ProcessId{record.process};
    event.tid = static_cast<int>(record.tid);
    event.time_ns = record.time_ns;
    event.size = record.size;
    event.frame = record.frame;
    event.stack = StackId{record.stack};
    event.cut = record.cut != 0;
    std::memcpy(event.registers.data(), record.registers, sizeof(record.registers));
    event.pages = std::move(pages);
    on_event_(event);
}

}  // namespace leakcheck::oracle
