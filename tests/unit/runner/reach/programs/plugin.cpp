// SPDX-License-Identifier: Apache-2.0
//
// A library that is opened while the program runs, and holds what it is given.
extern "C" {
void* plugin_holds = nullptr;
thread_local void* plugin_holds_in_tls = nullptr;

void plugin_hold_in_tls(void* block) {
    plugin_holds_in_tls = block;
}
}
