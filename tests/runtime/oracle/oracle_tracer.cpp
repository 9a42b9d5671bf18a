// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/oracle/oracle_tracer.hpp"

#include <sys/epoll.h>

#include "runner/trace/trace_error.hpp"

namespace leakcheck::oracle {
namespace {

void watch(const UniqueFd& epoll, int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    if (::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd, &event) != 0)
        throw TraceError("the oracle cannot watch its buffers");
}

}  // namespace

OracleTracer::OracleTracer(const TraceConfig& config, const CaptureOptions& options,
                           RecordSpool& spool)
    : tracer_(config),
      capture_(tracer_.maps(), config.sampler, options,
               [&spool](const void* record, std::size_t size) { spool.add(record, size); }),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    watch(epoll_, tracer_.event_fd());
    watch(epoll_, capture_.fd());
}

void OracleTracer::dispatch() {
    tracer_.dispatch();
    capture_.drain();
}

// The capture looks into maps of the tracer's, which it empties at its end.
TraceResult OracleTracer::finish() {
    capture_.finish();
    return tracer_.finish();
}

}  // namespace leakcheck::oracle
