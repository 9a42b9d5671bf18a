// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/oracle/event_capture.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "runner/trace/dynamic_symbol.hpp"
#include "runner/trace/trace_error.hpp"
#include "stack_oracle.skel.h"

namespace leakcheck::oracle {
namespace {

constexpr int kRecordsADrain = 4096;
constexpr const char* kSite = "leakcheck_probe_alloc";
constexpr std::uint64_t kNopSize = 1;  // bytes

[[noreturn]] void fail(const std::string& what, int error) {
    throw TraceError(fmt::format("the oracle {}: {}", what, std::strerror(error)));
}

void share(bpf_map* map, int fd) {
    if (const int error = bpf_map__reuse_fd(map, fd); error != 0)
        fail("cannot share leakcheck's maps", -error);
}

}  // namespace

EventCapture::EventCapture(const BpfSession::MapFds& maps, const std::filesystem::path& sampler,
                           const CaptureOptions& options, RecordFn on_record)
    : on_record_(std::move(on_record)) {
    skeleton_ = stack_oracle_bpf__open();
    if (skeleton_ == nullptr) fail("cannot open its BPF program", errno);
    try {
        load(maps, options);
        const std::uint64_t place = symbol_file_offset(sampler, kSite) + kNopSize;
        probe_.emplace(skeleton_->progs.on_recorded, sampler, std::vector<UprobePlace>{{place, 0}},
                       UprobeLink::every_process);
    } catch (const std::system_error& error) {
        close();
        fail("cannot place its probe", error.code().value());
    } catch (...) {
        close();
        throw;
    }
}

EventCapture::~EventCapture() {
    close();
}

void EventCapture::close() {
    probe_.reset();
    ring_buffer__free(ring_);
    stack_oracle_bpf__destroy(skeleton_);
}

void EventCapture::load(const BpfSession::MapFds& maps, const CaptureOptions& options) {
    bpf_program* program = skeleton_->progs.on_recorded;
    prepare_for_uprobes(program);
    bpf_program__set_flags(program, bpf_program__flags(program) | BPF_F_SLEEPABLE);
    share(skeleton_->maps.live, maps.live);
    share(skeleton_->maps.process_states, maps.process_states);
    bpf_map__set_max_entries(skeleton_->maps.records, options.ring_mib << 20);
    skeleton_->rodata->take_every = options.every;
    skeleton_->rodata->take_most = options.most;
    if (const int error = stack_oracle_bpf__load(skeleton_); error != 0)
        fail("cannot load its BPF program", -error);
    ring_ = ring_buffer__new(bpf_map__fd(skeleton_->maps.records), take_record, this, nullptr);
    if (ring_ == nullptr) fail("cannot map its ring buffer", errno);
}

int EventCapture::fd() const {
    return ring_buffer__epoll_fd(ring_);
}

void EventCapture::drain() {
    budget_ = kRecordsADrain;
    ring_buffer__consume(ring_);
}

void EventCapture::finish() {
    probe_.reset();
    do {
        drain();
    } while (budget_ <= 0);
}

// A negative result ends the drain, with this record taken.
int EventCapture::take_record(void* self, void* data, std::size_t size) {
    auto& capture = *static_cast<EventCapture*>(self);
    capture.on_record_(data, size);
    return --capture.budget_ > 0 ? 0 : -EAGAIN;
}

CaptureCounts EventCapture::counts() const {
    const auto& bss = *skeleton_->bss;
    return {bss.seen, bss.passed_over, bss.lost, bss.asked_back, bss.unrecorded};
}

}  // namespace leakcheck::oracle
