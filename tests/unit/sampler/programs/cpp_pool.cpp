// SPDX-License-Identifier: Apache-2.0
//
// A C++ program that leaks one block; libstdc++ keeps its pool for exceptions, and frees late.
#include <cstdio>
#include <string>
#include <vector>

static std::vector<std::string> kept_until_the_end{std::string(100, 'a'), std::string(200, 'b')};

int main() {
    static long* leaked = new long[4];
    try {
        throw std::string(300, 'c');
    } catch (const std::string& text) {
        std::printf("%zu %ld\n", text.size(), leaked[0] = 0);
    }
    return 0;
}
