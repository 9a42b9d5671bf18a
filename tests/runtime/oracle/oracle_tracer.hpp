// SPDX-License-Identifier: Apache-2.0
//
// leakcheck's own tracer, with the oracle's capture beside it. Errors: TraceError.
#pragma once

#include "runner/trace/local_tracer.hpp"
#include "runner/unique_fd.hpp"
#include "tests/runtime/oracle/event_capture.hpp"
#include "tests/runtime/oracle/record_spool.hpp"

namespace leakcheck::oracle {

class OracleTracer final : public Tracer {
  public:
    // Puts records into `spool`, which outlives the object.
    OracleTracer(const TraceConfig& config, const CaptureOptions& options, RecordSpool& spool);

    void set_command(int pid) override { tracer_.set_command(pid); }
    int event_fd() const override { return epoll_.get(); }
    void dispatch() override;
    TraceProgress progress() override { return tracer_.progress(); }
    TraceCost cost() override { return tracer_.cost(); }
    void set_pressure(std::uint32_t level) override { tracer_.set_pressure(level); }
    TraceResult finish() override;

    CaptureCounts counts() const { return capture_.counts(); }

  private:
    LocalTracer tracer_;
    EventCapture capture_;
    UniqueFd epoll_;
};

}  // namespace leakcheck::oracle
