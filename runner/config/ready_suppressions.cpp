// SPDX-License-Identifier: Apache-2.0
#include "runner/config/ready_suppressions.hpp"

#include <initializer_list>
#include <string>

#include "runner/config/suppression_files.hpp"

namespace leakcheck {
namespace {

constexpr LeakKinds not_lost{LeakKind::possible, LeakKind::reachable, LeakKind::referenced,
                             LeakKind::unclassified, LeakKind::outstanding};

struct Ready {
    const char* name;
    const char* reason;
    std::initializer_list<const char*> stack;
};

// Functions that call back into a program (GoogleTest's that run tests, for one) must not stand behind "...": what the
// program allocates there is its own.
const Ready ready[] = {
    {"glibc: buffers of standard streams",
     "a stream gets its buffer at its first use; those of stdin, stdout and stderr stay",
     {"fun:_IO_file_doallocate"}},
    {"glibc: functions registered for the end",
     "atexit and the constructors of static objects note down what is to run at exit",
     {"fun:__new_exitfn"}},
    {"glibc: destructors of thread-local objects",
     "noted down when such an object is first used, and taken back when the thread ends",
     {"fun:__cxa_thread_atexit_impl"}},
    {"glibc: values of further thread-specific keys",
     "the first 32 keys have room in the thread, the others get a table at first use",
     {"fun:*pthread_setspecific*"}},
    {"glibc: the loader's records of libraries",
     "what dlopen loads is known to the loader until it is closed, often by nobody",
     {"...", "fun:_dl_new_object"}},
    {"glibc: the loader's lists of a library's dependencies",
     "kept with the library",
     {"...", "fun:_dl_map_object*"}},
    {"glibc: search paths of the loader",
     "put together when a library is first looked for",
     {"...", "fun:_dl_init_paths"}},
    {"glibc: thread-local storage of running threads",
     "belongs to the stack of a thread; glibc keeps stacks of ended threads for new ones",
     {"...", "fun:_dl_allocate_tls*"}},
    {"glibc: the locale", "setlocale keeps what it has loaded", {"...", "fun:setlocale"}},
    {"glibc: message catalogues",
     "gettext keeps the catalogues it has loaded",
     {"...", "fun:__dcigettext"}},
    {"glibc: character set conversions",
     "modules of iconv and their list stay loaded",
     {"...", "fun:__gconv_load_conf"}},
    {"glibc: name services",
     "the configuration of name services (users, hosts) is read once and kept",
     {"...", "fun:__nss_database_get"}},
    {"glibc: modules of name services",
     "stay loaded after their first use",
     {"...", "fun:__nss_module_load"}},
    {"glibc: the time zone", "read once, at the first use of local time", {"...", "fun:tzset*"}},
    {"libstdc++: the pool for exceptions",
     "memory that is set aside at start-up, so that exceptions can be thrown when there is no more",
     {"obj:*/libstdc++.so*", "...", "fun:call_init*"}},
    {"libstdc++: the classic locale",
     "made at the first use of a stream or locale",
     {"...", "fun:std::locale::_S_initialize*"}},
    {"libstdc++: caches of a locale",
     "made when a number is first formatted, and kept with the locale",
     {"...", "fun:std::__use_cache<*"}},
    {"GoogleTest: registered tests",
     "tests are registered before main and live as long as the process",
     {"...", "fun:testing::internal::MakeAndRegisterTestInfo*"}},
    {"GoogleTest: the one UnitTest",
     "made at first use and never destroyed",
     {"...", "fun:testing::UnitTest::GetInstance*"}},
    {"GoogleTest: values of thread-local variables",
     "traces and reporters of a thread are made when it first asserts something",
     {"...", "fun:testing::internal::ThreadLocal<*>::GetOrCreateValue*"}},
    {"GoogleMock: the registry of mocks",
     "grows with the first mock object and is kept to find leaked ones at the end",
     {"...", "fun:testing::*MockObjectRegistry*"}},
    {"OpenSSL: initialisation",
     "done once by the first function that needs it; freed by OPENSSL_cleanup at exit",
     {"...", "fun:OPENSSL_init_*"}},
    {"OpenSSL: the default library context",
     "made at first use; freed by OPENSSL_cleanup",
     {"...", "fun:ossl_lib_ctx_get_*"}},
    {"OpenSSL: algorithms that were fetched",
     "kept in the library context for the next time",
     {"...", "fun:ossl_method_construct*"}},
    {"OpenSSL: the error queue of a thread",
     "made at the first error, freed when the thread ends",
     {"...", "fun:ossl_err_get_state_int"}},
    {"OpenSSL: the error queue of a thread (1.1)",
     "made at the first error, freed when the thread ends",
     {"...", "fun:ERR_get_state"}},
    {"OpenSSL: random generators",
     "made at first use; freed by OPENSSL_cleanup or when their thread ends",
     {"...", "fun:RAND_get0_*"}},
    {"protobuf: generated files",
     "descriptors of generated files are added to a pool that lives as long as the process",
     {"...", "fun:google::protobuf::DescriptorPool::InternalAddGeneratedFile*"}},
    {"protobuf: the pool of generated files",
     "built at first use; freed by ShutdownProtobufLibrary",
     {"...", "fun:google::protobuf::DescriptorPool::*generated_pool*"}},
    {"protobuf: descriptors of messages",
     "assigned when a message is first reflected",
     {"...", "fun:google::protobuf::internal::AssignDescriptors*"}},
    {"protobuf: registered files and messages",
     "registered before main",
     {"...", "fun:google::protobuf::internal::AddDescriptors*"}},
    {"protobuf: default instances",
     "made once for each kind of message",
     {"...", "fun:google::protobuf::internal::InitSCC*"}},
    {"protobuf: functions for the end",
     "run by ShutdownProtobufLibrary",
     {"...", "fun:google::protobuf::internal::OnShutdown*"}},
};

}  // namespace

std::vector<Suppression> ready_suppressions() {
    std::vector<Suppression> rules;
    for (const Ready& one : ready) {
        Suppression rule;
        rule.facts.name = one.name;
        rule.facts.source = "built in";
        rule.facts.reason = one.reason;
        rule.facts.built_in = true;
        rule.kinds = not_lost;
        for (const char* line : one.stack) rule.innermost.push_back(read_frame_pattern(line, 0));
        rules.push_back(std::move(rule));
    }
    return rules;
}

}  // namespace leakcheck
