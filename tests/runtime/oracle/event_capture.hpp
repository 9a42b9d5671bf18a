// SPDX-License-Identifier: Apache-2.0
//
// The oracle's own BPF program, on the instruction behind the probe site that leakcheck records an
// allocation at, reading leakcheck's own maps. Needs Linux 6.1 (a sleepable probe that looks into hash
// maps).
// Ownership: the probe is there until detach() or the end of the object. Errors: TraceError.
// Thread safety: none.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

#include "runner/trace/bpf_session.hpp"
#include "runner/trace/uprobe_link.hpp"

struct ring_buffer;
struct stack_oracle_bpf;

namespace leakcheck::oracle {

struct CaptureOptions {
    std::uint64_t every = 1;       // of so many recorded allocations, one
    std::uint64_t most = 200'000;  // events; those behind them are passed over
    std::uint32_t ring_mib = 256;  // of kernel memory, a power of two
};

struct CaptureCounts {
    std::uint64_t seen = 0;         // allocations that leakcheck recorded
    std::uint64_t passed_over = 0;  // as the options say
    std::uint64_t lost = 0;         // no room in the ring buffer
    std::uint64_t asked_back = 0;   // probes that fired in vain, and fired again
    std::uint64_t unrecorded = 0;   // leakcheck kept no block of them
};

class EventCapture {
  public:
    using RecordFn = std::function<void(const void* record, std::size_t size)>;

    // `sampler`: the run's copy. `on_record` is called by drain(), for each of records.h.
    EventCapture(const BpfSession::MapFds& maps, const std::filesystem::path& sampler,
                 const CaptureOptions& options, RecordFn on_record);
    ~EventCapture();
    EventCapture(const EventCapture&) = delete;
    EventCapture& operator=(const EventCapture&) = delete;

    int fd() const;  // readable when there is something to drain
    // Hands over what has come, but no more than some thousand records, so that others get their turn.
    void drain();
    // Takes the probe away and hands over all the rest.
    void finish();
    CaptureCounts counts() const;

  private:
    static int take_record(void* self, void* data, std::size_t size);
    void load(const BpfSession::MapFds& maps, const CaptureOptions& options);
    void close();

    stack_oracle_bpf* skeleton_ = nullptr;
    ring_buffer* ring_ = nullptr;
    std::optional<UprobeLink> probe_;
    RecordFn on_record_;
    int budget_ = 0;  // records that this drain may take yet
};

}  // namespace leakcheck::oracle
