// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/harness.hpp"

#include <sys/wait.h>
#include <algorithm>

#include <boost/process.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace leakcheck::runtime {
namespace {

namespace bp = boost::process;
namespace fs = std::filesystem;

bp::environment environment(const Setting& setting) {
    bp::environment result = boost::this_process::environment();
    for (const std::string& name : setting.unset) result.erase(name);
    for (const auto& [name, value] : setting.environment) result[name] = value;
    return result;
}

int status_of(bp::child& child) {
    const int native = child.native_exit_code();
    return WIFSIGNALED(native) ? 128 + WTERMSIG(native) : WEXITSTATUS(native);
}

// Why this machine cannot trace; empty when it can. Asked once.
const std::string& blocker() {
    static const std::string reason = [] {
        const Outcome doctor = run({leakcheck_program(), "doctor"});
        return doctor.status == 0 ? std::string()
                                  : "leakcheck doctor says:\n" + doctor.out + doctor.err;
    }();
    return reason;
}

}  // namespace

Outcome run(const Strings& command, const Setting& setting) {
    const TemporaryDirectory files;
    const fs::path in = files.path() / "in";
    const fs::path out = files.path() / "out";
    const fs::path err = files.path() / "err";
    std::ofstream(in, std::ios::binary) << setting.input;
    const fs::path directory = setting.directory.empty() ? files.path() : setting.directory;
    const fs::path found = bp::search_path(command[0]);
    bp::child child(found.empty() ? fs::path(command[0]) : found,
                    bp::args(Strings(command.begin() + 1, command.end())), environment(setting),
                    bp::start_dir(directory.string()),
                    bp::std_in<in.string(), bp::std_out> out.string(), bp::std_err > err.string());
    child.wait();
    return {status_of(child), read_file(out), read_file(err)};
}

std::string read_file(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

void unavailable(const std::string& reason) {
    if (std::getenv("LEAKCHECK_CI") != nullptr) FAIL() << reason;
    GTEST_SKIP() << reason;
}

void RuntimeTest::SetUp() {
    fs::permissions(directory(), fs::perms::others_exec | fs::perms::others_read,
                    fs::perm_options::add);
    if (!blocker().empty()) unavailable(blocker());
}

Setting RuntimeTest::here(Setting setting) const {
    if (setting.directory.empty()) setting.directory = directory();
    return setting;
}

RuntimeTest::Traced RuntimeTest::trace(const Strings& options, const Strings& command,
                                       const Setting& setting) {
    const fs::path result = directory() / "result.json";
    fs::remove(result);
    Strings whole{leakcheck_program(), "--json", result.string()};
    const bool asks = std::find(options.begin(), options.end(), "--github") != options.end();
    if (!asks) whole.push_back("--no-github");
    whole.insert(whole.end(), options.begin(), options.end());
    whole.push_back("--");
    whole.insert(whole.end(), command.begin(), command.end());
    Traced traced;
    traced.outcome = run(whole, here(setting));
    if (fs::exists(result)) traced.result = nlohmann::json::parse(read_file(result));
    return traced;
}

std::string leakcheck_program() {
    return LEAKCHECK_PROGRAM;
}

std::string program(const std::string& name) {
    return std::string(LEAKCHECK_TEST_PROGRAMS) + "/" + name;
}

Totals leaked(const nlohmann::json& result) {
    Totals totals;
    for (const auto& leak : result.at("leaks")) {
        totals.bytes += leak.at("bytes").at("observed").get<std::uint64_t>();
        totals.blocks += leak.at("blocks").at("observed").get<std::uint64_t>();
    }
    return totals;
}

void PrintTo(const Totals& totals, std::ostream* out) {
    *out << totals.bytes << " bytes in " << totals.blocks << " blocks";
}

}  // namespace leakcheck::runtime
