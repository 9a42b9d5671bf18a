// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/reporters/sample_reports.hpp"

#include <array>
#include <fstream>
#include <sstream>
#include <utility>

namespace leakcheck {
namespace {

Quantity exactly(std::uint64_t value) {
    const auto number = static_cast<double>(value);
    return {value, number, number, number};
}

Frame frame(std::string function, std::string file, std::uint32_t line) {
    Frame f;
    f.function = std::move(function);
    f.in_project = !file.empty() && file[0] != '/';
    f.file = std::move(file);
    f.line = line;
    f.module = "/home/dev/shop/build/unit_tests";
    f.build_id = "3b6f1c";
    f.address = 0x4000 + line;
    return f;
}

Frame library_frame(std::string function, std::string module, std::uint64_t address) {
    Frame f;
    f.function = std::move(function);
    f.module = std::move(module);
    f.address = address;
    return f;
}

std::vector<Frame> framework_frames() {
    return {library_frame("testing::Test::Run()", "/usr/lib/libgtest.so.1.12", 0x3ab10),
            library_frame("testing::TestInfo::Run()", "/usr/lib/libgtest.so.1.12", 0x3ad44),
            library_frame("testing::UnitTest::Run()", "/usr/lib/libgtest.so.1.12", 0x3b901),
            library_frame("main", "/usr/lib/libgtest_main.so.1.12", 0x1090),
            library_frame("__libc_start_main", "/lib/x86_64-linux-gnu/libc.so.6", 0x2724a)};
}

TestResult test(std::string suite, std::string name, std::uint32_t line) {
    TestResult t;
    t.name = suite + "." + name;
    t.suite = std::move(suite);
    t.test = std::move(name);
    t.runs = 1;
    t.allocated_bytes = exactly(6400);
    t.allocated_blocks = exactly(100);
    t.definition =
        SourceLocation{t.suite + "_" + t.test + "_Test::TestBody()", "tests/queue_test.cpp", line};
    return t;
}

void set_leaked(TestResult& t, TestStatus status, std::uint64_t bytes, std::uint64_t blocks) {
    t.status = status;
    t.leaked_bytes = exactly(bytes);
    t.leaked_blocks = exactly(blocks);
}

Leak unowned_leak(OwnerKind kind, std::string owner, std::uint64_t bytes, std::uint64_t blocks,
                  std::vector<Frame> stack) {
    Leak leak;
    leak.fingerprint = "00000000000000" + std::to_string(10 + bytes % 90);
    leak.owner_kind = kind;
    leak.owner = std::move(owner);
    leak.bytes = exactly(bytes);
    leak.blocks = exactly(blocks);
    leak.stack = std::move(stack);
    leak.site = {leak.stack[0].function, leak.stack[0].file, leak.stack[0].line};
    leak.stack_status = StackStatus::complete;
    leak.largest_block = bytes / blocks;
    leak.over_budget = true;
    return leak;
}

}  // namespace

void leave_out(Leak& leak, NotGated reason) {
    leak.not_gated = reason;
    leak.over_budget = false;
}

Leak make_leak(const std::string& suite, const std::string& name, std::uint64_t bytes,
               std::uint64_t blocks, std::uint32_t line) {
    Leak leak = unowned_leak(
        OwnerKind::test, suite + "." + name, bytes, blocks,
        {library_frame("operator new(unsigned long)", "/usr/lib/libstdc++.so.6", 0xae98),
         frame("std::__cxx11::list<Item, std::allocator<Item> >::_M_get_node()",
               "/usr/include/c++/12/bits/stl_list.h", 441),
         frame("make_node(Item const&)", "src/queue.cpp", line),
         frame("Queue::push(Item)", "src/queue.cpp", line + 20),
         frame(suite + "_" + name + "_Test::TestBody()", "tests/queue_test.cpp", 17)});
    leak.test = leak.owner;
    leak.site_frame = 2;
    leak.site = {leak.stack[2].function, leak.stack[2].file, leak.stack[2].line};
    leak.stack[2].inlined = true;
    for (Frame& f : framework_frames()) leak.stack.push_back(std::move(f));
    return leak;
}

Report clean_report() {
    Report r;
    r.tool_version = "0.1.0";
    r.engine = "sampler";
    r.command = {"./build/unit_tests", "--gtest_filter=*"};
    r.working_directory = "/home/dev/shop";
    r.source_root = "/home/dev/shop";
    r.started_at = "2024-05-01T10:00:00Z";
    r.wall_seconds = 0.25;
    r.sampling.mode = "1:1";
    r.sampling.seed = 42;
    r.tests = {test("Queue", "Push", 16),           test("Queue", "Pop", 18),
               test("Queue", "Records", 23),        test("Queue", "Skips", 28),
               test("Holder/0", "Holds", 43),       test("Holder/1", "Holds", 43),
               test("Sizes/Buffer", "Grows/0", 34), test("Sizes/Buffer", "Grows/1", 34)};
    r.allocated_bytes = exactly(51200);
    r.allocated_blocks = exactly(800);
    r.libc_blocks = 2;
    r.libc_bytes = 5120;
    r.stacks.allocations.complete = 800;
    r.processes = 1;
    r.events = 1600;
    r.discovery = TestDiscovery::brackets;
    return r;
}

Report leaking_report() {
    Report r = clean_report();
    r.child.status = 1;
    r.exit_code = 1;
    r.leaks = {make_leak("Queue", "Push", 2048, 16, 42),
               make_leak("Queue", "Pop", 640, 5, 42),
               make_leak("Sizes/Buffer", "Grows/1", 72, 1, 88),
               make_leak("Queue", "Skips", 24, 1, 99),
               unowned_leak(OwnerKind::suite_set_up, "Queue (set-up)", 4096, 1,
                            {frame("Queue::SetUpTestSuite()", "tests/queue_test.cpp", 12)}),
               unowned_leak(OwnerKind::outside_tests, "outside tests", 160, 2,
                            {frame("(anonymous namespace)::registry()", "src/registry.cpp", 9)}),
               make_leak("Queue", "Records", 32, 1, 120)};
    leave_out(r.leaks[4], NotGated::outside_tests);
    leave_out(r.leaks[5], NotGated::outside_tests);
    leave_out(r.leaks[6], NotGated::known);
    r.leaks[6].known_reason = "the logger keeps its first line";
    r.stacks.leaks.complete = 7;
    r.stacks.leaked_blocks.complete = 27;
    r.leaked_bytes = exactly(2784);
    r.leaked_blocks = exactly(23);
    r.other_bytes = exactly(4288);
    r.other_blocks = exactly(4);
    set_leaked(r.tests[0], TestStatus::leaked, 2048, 16);
    set_leaked(r.tests[1], TestStatus::leaked, 640, 5);
    set_leaked(r.tests[3], TestStatus::leaked, 24, 1);
    set_leaked(r.tests[7], TestStatus::leaked, 72, 1);
    r.suites = {{"Queue", 4, exactly(2712), exactly(22), exactly(25600), exactly(400)},
                {"Holder/0", 1, exactly(0), exactly(0), exactly(6400), exactly(100)},
                {"Sizes/Buffer", 2, exactly(72), exactly(1), exactly(12800), exactly(200)}};
    r.sites = {{r.leaks[0].site, 2, exactly(2688), exactly(21)},
               {r.leaks[2].site, 1, exactly(72), exactly(1)},
               {{}, 1, exactly(24), exactly(1)}};
    r.verdict.status = VerdictStatus::fail;
    r.verdict.violations = {{"run", "bytes", 2784, 0,
                             "the run leaked 2784 bytes where none is allowed; the worst leak: "
                             "Queue.Push at src/queue.cpp:42"}};
    return r;
}

Report within_budget_report() {
    Report r = clean_report();
    r.leaks = {make_leak("Queue", "Push", 96, 3, 42)};
    r.leaks[0].over_budget = false;
    r.leaked_bytes = exactly(96);
    r.leaked_blocks = exactly(3);
    r.budget = {1000, UINT64_MAX, true, false};
    r.stacks.leaks.complete = 1;
    r.stacks.leaked_blocks.complete = 3;
    r.config_file = "../leakcheck.json";
    r.environment = "ci";
    r.budgets = {{{"queue", "Queue.*", "src/**", std::nullopt, 1000, std::nullopt, BudgetPer::test,
                   "nodes are cached", "2099-12-31"},
                  false,
                  false,
                  1,
                  1,
                  "test Queue.Push",
                  exactly(96),
                  exactly(3)},
                 {{"old", "", "", LeakKinds{LeakKind::definite}, std::nullopt, 3, BudgetPer::run,
                   "", "2024-01-31"},
                  true,
                  false,
                  0,
                  0,
                  "",
                  {},
                  {}}};
    r.leaks[0].budget = "queue";
    set_leaked(r.tests[0], TestStatus::within_budget, 96, 3);
    r.tests[0].budget_bytes = 128;
    return r;
}

Report sampled_report() {
    Report r = clean_report();
    r.sampling.mode = "1:100";
    r.sampling.rate = 100;
    r.sampling.min_size = 16;
    Leak leak = make_leak("Queue", "Push", 1280, 10, 42);
    leak.bytes = {1280, 128000, 68000.5, 201000.25};
    leak.blocks = {10, 1000, 531.5, 1570};
    leak.stack_status = StackStatus::truncated;
    r.leaks = {leak};
    r.suites = {
        {"Queue", 4, leak.bytes, leak.blocks, {256, 25600, 10200.5, 51000}, {4, 400, 150, 870}},
        {"Holder/0", 1, {0, 0, 0, 298.5}, {0, 0, 0, 298}, exactly(0), exactly(0)}};
    r.sites = {{leak.site, 1, leak.bytes, leak.blocks}};
    r.stacks.leaks = {0, 0, 1, 0};
    r.stacks.leaked_blocks = {0, 0, 10, 0};
    r.stacks.allocations = {788, 1, 10, 1};
    r.leaked_bytes = leak.bytes;
    r.leaked_blocks = leak.blocks;
    r.allocated_bytes = {51200, 5120000, 4400000, 5900000};
    r.allocated_blocks = {800, 80000, 75000, 85000};
    set_leaked(r.tests[0], TestStatus::leaked, 0, 0);
    r.tests[0].leaked_bytes = leak.bytes;
    r.tests[0].leaked_blocks = leak.blocks;
    r.verdict.status = VerdictStatus::fail;
    r.verdict.violations = {
        {"run", "bytes", 1280, 0,
         "the run leaked at least 1280 bytes (about 128000) where none is allowed"}};
    r.exit_code = 23;
    return r;
}

Report crash_report() {
    Report r = clean_report();
    r.tests.resize(2);
    r.tests[1].status = TestStatus::interrupted;
    r.leaks = {make_leak("Queue", "Pop", 640, 5, 42)};
    leave_out(r.leaks[0], NotGated::abnormal_end);
    r.stacks.leaks.complete = 1;
    r.stacks.leaked_blocks.complete = 5;
    r.other_bytes = exactly(640);
    r.other_blocks = exactly(5);
    r.child = {ProcessEnd::signaled, 11, true, "Queue.Pop"};
    r.exit_code = 139;
    return r;
}

Report no_tests_report() {
    Report r = clean_report();
    r.command = {"/usr/bin/importer", "data.csv"};
    r.tests.clear();
    r.discovery = TestDiscovery::no_framework;
    r.discovery_note = "the program has no GoogleTest in it";
    r.leaks = {unowned_leak(
        OwnerKind::outside_tests, "outside tests", 512, 4,
        {library_frame("", "/usr/lib/libimport.so.2", 0x1234), library_frame("", "", 0xffff5550)})};
    r.leaks[0].stack[0].build_id = "4f1c20d9a3b7e6584f1c20d9a3b7e6584f1c20d9";
    r.warnings = {
        "no debug information for /usr/lib/libimport.so.2 (build id "
        "4f1c20d9a3b7e6584f1c20d9a3b7e6584f1c20d9): leaks there have no line; build with -g, "
        "install the debug package, or name a debuginfod server in DEBUGINFOD_URLS"};
    r.stacks.leaks = {0, 1, 0, 0};
    r.stacks.leaked_blocks = {0, 4, 0, 0};
    r.stacks.allocations = {99'990, 10, 0, 0};
    leave_out(r.leaks[0], NotGated::no_tests);
    r.leaks[0].stack_status = StackStatus::frame_pointer;
    r.leaks[0].process = "child 4711: importer --worker";
    r.other_bytes = exactly(512);
    r.other_blocks = exactly(4);
    r.younger_blocks = 3;
    r.younger_bytes = 300;
    return r;
}

Report hostile_report() {
    const std::string hostile =
        "x]]>%0A::error::,:\n\r\t\x1b[31m\x9b\xc2\x9b"
        "1m\"'<&>\xff\xed\xa0\x80\xe2\x80\xae[a](1){0}\\\xef\xbf\xbe";
    Report r = clean_report();
    r.command = {"./odd name%/" + hostile, hostile};
    r.tests = {test("Suite" + hostile, "Test" + hostile, 5)};
    r.suites = {{"Suite" + hostile, 1, exactly(64), exactly(2), exactly(64), exactly(2)}};
    r.tests[0].definition->file = "tests/odd name, 100%:" + hostile + ".cpp";
    Leak leak = make_leak("Suite" + hostile, "Test" + hostile, 64, 2, 7);
    leak.stack[2].function = "f<" + hostile + ">(int)";
    leak.stack[2].file = "src/odd name#?.cpp";
    leak.site = {leak.stack[2].function, leak.stack[2].file, 7};
    std::string templates;
    for (int depth = 0; depth < 1000; ++depth) templates += "Wrapper<";
    templates += "int" + std::string(1000, '>') + "::operator[](unsigned long)";
    leak.stack.push_back(frame(templates, "src/templates.hpp", 70));
    leak.process = "child 1: " + hostile;
    r.leaks = {leak};
    r.sites = {{{"f<" + hostile + ">(int)", "", 0}, 1, exactly(64), exactly(2)}};
    r.stacks.leaks.complete = 1;
    r.stacks.leaked_blocks.complete = 2;
    r.leaked_bytes = exactly(64);
    r.leaked_blocks = exactly(2);
    set_leaked(r.tests[0], TestStatus::leaked, 64, 2);
    r.warnings = {"warned of " + hostile};
    r.losses = {{"odd" + hostile, "explained by " + hostile, 3, false}};
    r.verdict.status = VerdictStatus::fail;
    r.verdict.violations = {{"run", "bytes", 64, 0, "over: " + hostile}};
    r.child.running_test = r.tests[0].name;
    r.exit_code = 23;
    return r;
}

Report inconclusive_report() {
    Report r = clean_report();
    r.losses = {
        {"live_map_full", "blocks beyond the limit are not known; raise --max-live", 1200, true},
        {"mappings", "some frames have no symbol", 2, false}};
    r.warnings = {
        "not traced: process 4711 (/bin/static-helper); static programs run without the sampler"};
    r.untraced_processes = 1;
    r.verdict.status = VerdictStatus::inconclusive;
    r.verdict.inconclusive_reasons = {
        "live_map_full (1200 times): blocks beyond the limit are not known; raise --max-live"};
    r.exit_code = 125;
    return r;
}

Report confirmed_report() {
    Report r = leaking_report();
    r.sampling.mode = "1:100";
    r.sampling.rate = 100;
    for (Leak& leak : r.leaks) leak.confirmation = Confirmation::unconfirmed;
    for (const std::size_t again : {0u, 1u, 3u}) {
        r.leaks[again].confirmation = Confirmation::confirmed;
        r.leaks[again].repetition = {Growth::growing, 2048.0, 16.0};
    }
    r.leaks[1].repetition = {Growth::one_time, 0.0, 0.0};
    r.leaks[2].confirmation = Confirmation::not_reproduced;
    r.leaks[3].repetition = {Growth::one_time, 0.0, 0.0};
    leave_out(r.leaks[3], NotGated::one_time);
    r.leaked_bytes = exactly(2760);
    r.leaked_blocks = exactly(22);
    r.other_bytes = exactly(4312);
    r.other_blocks = exactly(5);
    set_leaked(r.tests[3], TestStatus::clean, 0, 0);
    r.verdict.stage = VerdictStage::confirm;
    r.verdict.confirmed = ConfirmSummary{4, 1, 3, 1, 3, 2, 5, 1.5, NotReproducedPolicy::fail, {}};
    r.verdict.confirmed->problems = {"no --gtest_filter selects Odd.Name* alone"};
    r.warnings = {"not confirmed: no --gtest_filter selects Odd.Name* alone"};
    r.overhead = {1600, 100, 1150.5, 170.25, 0.5, 50, {{0.25, 2, false}, {1.5, 11, true}}};
    return r;
}

namespace {

HoldingRoot root(RootKind kind) {
    HoldingRoot root;
    root.kind = kind;
    return root;
}

// What keeps the leaks of the report on kinds.
void add_paths(std::vector<Leak>& leaks) {
    const Frame maker = leaks[0].stack[2];
    const Frame unknown;
    leaks[0].held_by = {
        root(RootKind::lost_block), {{{32, 0, 8, {}}, maker}, {{32, 0, 0, {}}, maker}}, 0, 0};
    leaks[1].held_by = {
        root(RootKind::ring), {{{32, 0, 8, {}}, maker}, {{48, 16, 40, {}}, unknown}}, 0, 0};
    HoldingRoot stack = root(RootKind::stack);
    stack.address = 0x7ffd00001000;
    stack.thread = 4711;
    leaks[4].held_by = {stack, {{{32, 16, 0, {}}, maker}}, 0, 0};
    HoldingRoot data = root(RootKind::static_data);
    data.address = 0x555500005010;
    data.object = "/home/dev/shop/build/unit_tests";
    data.object_address = 0x5010;
    data.variable = {"(anonymous namespace)::registry()::all",
                     "std::map<int, Item, std::less<int>, std::allocator<std::pair<int const, "
                     "Item> > >",
                     16};
    leaks[5].held_by = {data, {{{72, 0, 40, {}}, maker}, {{288, 8, 0, {}}, maker}}, 30, 1};
}

}  // namespace

Report kinds_report() {
    Report r = clean_report();
    r.sampling.mode = "counted";
    r.sampling.kind = SamplingKind::counted;
    r.leaks = {make_leak("Queue", "Push", 64, 2, 42),
               make_leak("Queue", "Push", 320, 10, 52),
               unowned_leak(OwnerKind::outside_tests, "outside tests", 24, 1,
                            {frame("start()", "src/start.cpp", 30)}),
               make_leak("Queue", "Pop", 16, 1, 62),
               make_leak("Queue", "Pop", 128, 4, 72),
               unowned_leak(OwnerKind::outside_tests, "outside tests", 3456, 12,
                            {frame("(anonymous namespace)::registry()", "src/registry.cpp", 9)}),
               make_leak("Queue", "Pop", 200, 2, 42),
               make_leak("Queue", "Push", 96, 3, 47)};
    const std::array kinds{LeakKind::indirect,     LeakKind::definite,     LeakKind::definite,
                           LeakKind::unclassified, LeakKind::possible,     LeakKind::reachable,
                           LeakKind::reachable,    LeakKind::released_late};
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        Leak& leak = r.leaks[i];
        leak.kind = kinds[i];
        leak.fingerprint = "000000000000000" + std::to_string(i);
        if (!failing_by_default.contains(leak.kind)) leave_out(leak, NotGated::kind);
        r.by_kind.try_emplace(leak.kind, KindTotal{exactly(0), exactly(0)});
    }
    r.leaks.back().released_in = {"Queue.Pop", "outside tests"};
    r.leaks.back().test_runs = 3;
    add_paths(r.leaks);
    std::swap(r.leaks[0], r.leaks[1]);
    r.leaks[0].indirect_bytes = 64;
    r.leaks[0].indirect_blocks = 2;
    r.by_kind[LeakKind::definite] = {exactly(344), exactly(11)};
    r.by_kind[LeakKind::indirect] = {exactly(64), exactly(2)};
    r.by_kind[LeakKind::possible] = {exactly(128), exactly(4)};
    r.by_kind[LeakKind::reachable] = {exactly(3656), exactly(14)};
    r.by_kind[LeakKind::unclassified] = {exactly(16), exactly(1)};
    r.by_kind[LeakKind::released_late] = {exactly(96), exactly(3)};
    r.tests[0].by_kind = {{LeakKind::definite, {exactly(320), exactly(10)}},
                          {LeakKind::indirect, {exactly(64), exactly(2)}},
                          {LeakKind::released_late, {exactly(96), exactly(3)}}};
    r.tests[1].by_kind = {{LeakKind::possible, {exactly(128), exactly(4)}},
                          {LeakKind::reachable, {exactly(200), exactly(2)}},
                          {LeakKind::unclassified, {exactly(16), exactly(1)}}};
    set_leaked(r.tests[0], TestStatus::leaked, 384, 12);
    set_leaked(r.tests[1], TestStatus::leaked, 16, 1);
    r.stacks.leaks.complete = 7;
    r.stacks.leaked_blocks.complete = 32;
    r.leaked_bytes = exactly(424);
    r.leaked_blocks = exactly(14);
    r.other_bytes = exactly(3784);
    r.other_blocks = exactly(18);
    r.pointer_checks = {{"", {ProcessId{1}, "", 3, 12'582'912, 4096, 3'250'000, 40, 1, 90'500'000}},
                        {"child 4711: importer --worker",
                         {ProcessId{2}, "it did not stop within 2 s", 1, 0, 0, 2'000'000'000}}};
    r.warnings = {
        "pointers to 16 bytes in 1 block could not be looked for, so they may be leaked or not; "
        "they count as without --check: child 4711: importer --worker: it did not stop within 2 s"};
    r.verdict.status = VerdictStatus::fail;
    r.verdict.violations = {{"run", "bytes", 424, 0,
                             "the run leaked 424 bytes where none is allowed; the worst leak: "
                             "Queue.Push at src/queue.cpp:52"}};
    r.exit_code = 23;
    return r;
}

Report known_report() {
    Report r = leaking_report();
    r.child.status = 0;
    r.exit_code = 23;
    leave_out(r.leaks[1], NotGated::in_baseline);
    r.leaks[1].baseline_state = BaselineState::known;
    leave_out(r.leaks[2], NotGated::suppressed);
    r.leaks[2].suppression = "leak:make_node";
    r.leaks[0].baseline_state = BaselineState::fresh;
    r.leaks[3].baseline_state = BaselineState::grown;
    r.leaked_bytes = exactly(2072);
    r.leaked_blocks = exactly(17);
    set_leaked(r.tests[1], TestStatus::clean, 0, 0);
    set_leaked(r.tests[7], TestStatus::clean, 0, 0);
    r.suppressions = {
        {{"leak:make_node", "lsan.supp:3"}, false, false, true, {1, 72, 1}},
        {{"driver", "ours.json", "ticket 4711", "2024-01-31", 4000, 2}, true, false, false, {}},
        {{"pools", "ours.json", "", "", std::nullopt, 2}, false, true, true, {1, 300, 3}},
        {{"glibc: buffers of standard streams", "built in", "they stay", "", std::nullopt,
          std::nullopt, true},
         false,
         false,
         true,
         {0, 0, 0}}};
    r.suppressed = {1, 72, 1};
    BaselineEntry fixed{"Queue.Records",   "00000000000000aa", 48,          2, "definite",
                        "make_node(Item)", "src/queue.cpp",    "unit_tests"};
    BaselineEntry expired{"Queue.Skips", "00000000000000ab", std::nullopt, std::nullopt};
    expired.reason = "third party";
    expired.until = "2024-01-31";
    expired.by_hand = true;
    r.baseline = BaselineResult{"ci/known.json", 4, 1, 1, {1, 640, 5}, {fixed}, {expired}, true};
    r.verdict.violations.push_back(
        {"baseline", "entries", 1, 0, "1 leak of the baseline ci/known.json is fixed", ""});
    return r;
}

std::vector<Sample> all_samples() {
    return {{"clean", clean_report(), true},
            {"leaking", leaking_report(), true},
            {"within-budget", within_budget_report(), true},
            {"sampled", sampled_report(), true},
            {"crash", crash_report(), false},
            {"no-tests", no_tests_report(), false},
            {"hostile", hostile_report(), false},
            {"inconclusive", inconclusive_report(), true},
            {"confirmed", confirmed_report(), true},
            {"kinds", kinds_report(), true},
            {"known", known_report(), true}};
}

std::string gtest_xml() {
    std::ifstream file(REPORTERS_TEST_DATA "/gtest-1.12.xml", std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::optional<std::string> sample_source(const std::string& file) {
    if (file != "src/queue.cpp") return std::nullopt;
    std::string text;
    for (int line = 1; line <= 200; ++line) text += "    call(" + std::to_string(line) + ");\n";
    return text;
}

}  // namespace leakcheck
