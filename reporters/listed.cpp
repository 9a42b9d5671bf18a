// SPDX-License-Identifier: Apache-2.0
#include "reporters/listed.hpp"

namespace leakcheck {

bool is_folded(const Leak& leak) {
    switch (leak.not_gated) {
        case NotGated::suppressed:
        case NotGated::in_baseline:
            return true;
        case NotGated::abnormal_end:
        case NotGated::replaced:
        case NotGated::still_running:
        case NotGated::death_test:
            return !leak.process.empty();
        case NotGated::none:
        case NotGated::outside_tests:
        case NotGated::no_tests:
        case NotGated::known:
        case NotGated::not_reproduced:
        case NotGated::one_time:
        case NotGated::kind:
            break;
    }
    return false;
}

bool is_of_shown_kind(const Leak& leak, LeakKinds show) {
    return leak.not_gated == NotGated::none || show.contains(leak.kind);
}

}  // namespace leakcheck
