// SPDX-License-Identifier: Apache-2.0
//
// A tracer in a helper process: this program once more, started by `sudo -n`, which does nothing but trace.
// It ends when this process does, however that comes, and takes the probes with it. The protocol is
// request and answer, in trace_helper.cpp.
#pragma once

#include <sys/types.h>

#include <memory>

#include "runner/trace/message_channel.hpp"
#include "runner/trace/tracer.hpp"

namespace leakcheck {

class RemoteTracer final : public Tracer {
  public:
    explicit RemoteTracer(const TraceConfig& config);
    ~RemoteTracer() override;

    void set_command(int pid) override;
    int event_fd() const override { return -1; }  // the helper serves its own events
    void dispatch() override {}
    TraceProgress progress() override;
    TraceCost cost() override;
    void set_pressure(std::uint32_t level) override;
    TraceResult finish() override;

  private:
    nlohmann::json ask(const nlohmann::json& request);

    pid_t helper_ = -1;
    std::unique_ptr<MessageChannel> channel_;
};

}  // namespace leakcheck
