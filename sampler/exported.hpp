// SPDX-License-Identifier: Apache-2.0
//
// How the interposed functions are declared, and where they stand on the stack.
#pragma once

#define LEAKCHECK_EXPORT [[gnu::visibility("default")]]

// The frame address that leakcheck_probe_alloc documents. Only in the exported function itself.
#define LEAKCHECK_FRAME __builtin_frame_address(0)
#define LEAKCHECK_CALLER __builtin_return_address(0)
