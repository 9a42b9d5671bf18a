// SPDX-License-Identifier: Apache-2.0
//
// Builds the snapshot of an imagined run, one record a call, and analyses it. The main process has
// id 1 and pid 1000, and exited with status 0.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analysis/analysis.hpp"
#include "analysis/findings.hpp"

namespace leakcheck::testing_support {

Frame frame(const std::string& function, const std::string& file = "", std::uint32_t line = 0);
Frame own_frame(const std::string& function, const std::string& file, std::uint32_t line);
Frame module_frame(const std::string& module, std::uint64_t address);

class RunBuilder {
  public:
    static constexpr ProcessId main_process{1};

    RunBuilder();

    ProcessRecord& main();
    ProcessRecord& add_process(ProcessId parent, int pid, const std::string& command);
    OwnerId add_owner(OwnerKind kind, const std::string& suite = "", const std::string& test = "");
    OwnerId add_test(const std::string& suite, const std::string& test);
    StackId add_stack(std::vector<Frame> frames, StackStatus status = StackStatus::complete,
                      ProcessId process = main_process);
    NoteId add_note(NoteKind kind, OwnerId owner, std::uint64_t bytes, std::uint64_t blocks,
                    const std::string& text = "");
    // Blocks of equal size.
    LiveGroup& add_live(OwnerId owner, StackId stack, std::uint64_t blocks, std::uint64_t size,
                        double weight = 1.0);
    void add_total(OwnerId owner, std::uint64_t blocks, std::uint64_t bytes, double weight = 1.0,
                   StackId stack = StackId{});

    Report analyse();
    // Its two halves. The findings refer to this object.
    Findings examine();
    Report conclude(Findings findings);

    Snapshot snapshot;
    RunFacts facts;
    AnalysisOptions options;
    std::map<StackId, int> symbolized;     // how often each stack was asked for
    std::vector<std::string> definitions;  // tests whose definition was asked for

  private:
    std::map<StackId, std::vector<Frame>> frames_;
};

}  // namespace leakcheck::testing_support
