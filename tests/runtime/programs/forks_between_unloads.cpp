// SPDX-License-Identifier: Apache-2.0
//
// forks_between_unloads LIBRARY ROUNDS CHILDREN
//
// In each round loads and unloads the library, and then forks children that leak 1001 bytes each: all from the
// same stack, but for the process and for what it had unloaded before.
#include <dlfcn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    for (int round = std::atoi(argv[2]); round > 0; --round) {
        void* library = ::dlopen(argv[1], RTLD_NOW);
        if (library == nullptr) return 2;
        ::dlclose(library);
        for (int child = std::atoi(argv[3]); child > 0; --child) {
            const pid_t pid = ::fork();
            if (pid == 0) {
                void* volatile block = std::malloc(1001);
                ::_exit(block != nullptr ? 0 : 1);
            }
            if (pid > 0) ::waitpid(pid, nullptr, 0);
        }
    }
}
