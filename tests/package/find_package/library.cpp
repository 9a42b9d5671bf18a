// SPDX-License-Identifier: Apache-2.0
#include <leakcheck/leakcheck.hpp>

const int& shared_number() {
    static const int* number = leakcheck::known_leak(new int(7), "lives as long as the process");
    return *number;
}
