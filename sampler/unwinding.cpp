// SPDX-License-Identifier: Apache-2.0
//
// The personality routine of the interposed functions through which exceptions pass: see
// LEAKCHECK_UNWINDS_GUARD in sampler/tracking.hpp. It catches nothing and has no landing pad: when
// the frame is unwound it resets the thread's guard and lets the exception go on. A C++ operator
// new that catches the exception of one it calls (the nothrow form does) loses its guard that way,
// which does no harm: it has no block to count.
#include <unwind.h>

#include "sampler/thread_state.hpp"

extern "C" [[gnu::used, gnu::visibility("hidden")]] _Unwind_Reason_Code leakcheck_reset_guard(
    int, _Unwind_Action actions, _Unwind_Exception_Class, _Unwind_Exception*, _Unwind_Context*) {
    if ((actions & _UA_CLEANUP_PHASE) != 0) leakcheck::sampler::thread_state.guard = 0;
    return _URC_CONTINUE_UNWIND;
}
