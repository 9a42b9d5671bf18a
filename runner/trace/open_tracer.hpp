// SPDX-License-Identifier: Apache-2.0
//
// The tracer that this user can have: in this process where its privileges allow, else in a helper that
// sudo starts without asking for a password. Only the helper is elevated, never the command.
// Errors: TraceError.
#pragma once

#include <memory>

#include "runner/trace/tracer.hpp"

namespace leakcheck {

std::unique_ptr<Tracer> open_tracer(const TraceConfig& config);

}  // namespace leakcheck
