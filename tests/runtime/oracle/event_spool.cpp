// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/oracle/event_spool.hpp"

#include <cerrno>
#include <system_error>

namespace leakcheck::oracle {
namespace {

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno != 0 ? errno : EIO, std::generic_category(), what);
}

// The fixed part of an event, as it lies in the file.
struct Head {
    std::uint64_t time_ns, size, frame, stack;
    std::uint32_t process;
    std::int32_t tid;
    std::uint32_t cut;
    std::uint32_t pages;
    Registers registers;
};

Head head_of(const Event& event) {
    return {event.time_ns,
            event.size,
            event.frame,
            static_cast<std::uint64_t>(event.stack),
            static_cast<std::uint32_t>(event.process),
            event.tid,
            event.cut ? 1u : 0u,
            static_cast<std::uint32_t>(event.pages.size()),
            event.registers};
}

Event event_of(const Head& head) {
    Event event;
    event.process = ProcessId{head.process};
    event.tid = head.tid;
    event.time_ns = head.time_ns;
    event.size = head.size;
    event.frame = head.frame;
    event.stack = StackId{head.stack};
    event.cut = head.cut != 0;
    event.registers = head.registers;
    event.pages.resize(head.pages);
    return event;
}

}  // namespace

EventSpool::EventSpool() : file_(std::tmpfile()) {
    if (!file_) fail("cannot make a temporary file for the events");
}

void EventSpool::write(const void* data, std::size_t size) {
    if (std::fwrite(data, 1, size, file_.get()) != size) fail("cannot write the events");
}

void EventSpool::read(void* data, std::size_t size) {
    if (std::fread(data, 1, size, file_.get()) != size) fail("cannot read the events again");
}

void EventSpool::add(const Event& event) {
    const Head head = head_of(event);
    write(&head, sizeof(head));
    for (const Page& page : event.pages) write(&page, sizeof(page));
    ++size_;
}

void EventSpool::for_each(const std::function<void(const Event&)>& visit) {
    if (std::fflush(file_.get()) != 0) fail("cannot write the events");
    std::rewind(file_.get());
    for (std::uint64_t i = 0; i < size_; ++i) {
        Head head{};
        read(&head, sizeof(head));
        Event event = event_of(head);
        for (Page& page : event.pages) read(&page, sizeof(page));
        visit(event);
    }
}

}  // namespace leakcheck::oracle
