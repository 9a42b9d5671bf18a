// SPDX-License-Identifier: Apache-2.0
//
// Tells of libraries that go: another one may come to the same addresses, and stacks through it are other
// stacks. dlclose is interposed and dlopen is not, since dlopen looks at who calls it.
#include "sampler/interpose_dlclose.hpp"

#include "sampler/config.hpp"
#include "sampler/counted/counting.hpp"
#include "sampler/exported.hpp"
#include "sampler/next_function.hpp"
#include "sampler/probes.hpp"

namespace leakcheck::sampler {
namespace {

int nothing_to_close(void*) {
    return -1;
}

constinit NextFunction<int(void*)> next_dlclose{"dlclose", nothing_to_close};

void tell(leakcheck_unload_phase phase) {
    counted::forget_code();
    if (leakcheck_config_record.enabled != 0) leakcheck_fire_unload(phase);
}

}  // namespace

void prepare_dlclose() {
    next_dlclose.prepare();
}

}  // namespace leakcheck::sampler

// Before: another thread may load the next library as soon as this one is gone. After: the library's own
// destructors have allocated meanwhile.
extern "C" LEAKCHECK_EXPORT int dlclose(void* library) {
    leakcheck::sampler::tell(LEAKCHECK_UNLOAD_BEGINS);
    const int result = leakcheck::sampler::next_dlclose.get()(library);
    leakcheck::sampler::tell(LEAKCHECK_UNLOAD_ENDS);
    return result;
}
