// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/symbolizer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "runner/elf/mapping_history.hpp"
#include "runner/elf/module.hpp"
#include "runner/elf/source_paths.hpp"
#include "runner/elf/test_bodies.hpp"

namespace leakcheck {
namespace {

constexpr std::string_view kDeleted = " (deleted)";

// What the kernel names a mapping of a file that can be opened by that name. Shared anonymous
// memory and devices look like files in its reports and are none.
bool is_file(std::string_view path) {
    using namespace std::string_view_literals;
    for (const std::string_view other :
         {"//"sv, "/memfd:"sv, "/dev/zero"sv, "/SYSV"sv, "/anon_hugepage"sv}) {
        if (path.starts_with(other)) return false;
    }
    return path.starts_with('/');
}

bool is_anonymous(std::string_view path) {
    return path.empty() || path == "//anon";
}

bool is_deleted(std::string_view path) {
    return path.ends_with(kDeleted);
}

std::string without_deleted(const std::string& path) {
    return is_deleted(path) ? path.substr(0, path.size() - kDeleted.size()) : path;
}

std::string warning_about(const std::string& path, const std::string& error) {
    if (is_deleted(path)) {
        return fmt::format(
            "'{}' was deleted or replaced while it was in use: its frames have no function names; "
            "leave it in place until leakcheck has ended",
            without_deleted(path));
    }
    return fmt::format("cannot read '{}': {}; its frames have no function names", path, error);
}

}  // namespace

class Symbolizer::Impl {
  public:
    explicit Impl(SymbolizerOptions options)
        : options_(std::move(options)),
          sources_(options_.source_root, elf::PathPrefixMap(options_.path_mappings)) {}

    std::vector<Frame> symbolize(const StackRecord& stack);
    std::optional<SourceLocation> test_definition(const std::string& suite,
                                                  const std::string& test);

    Variable variable(const HoldingRoot& root);

    elf::MappingHistory history;
    std::vector<std::string> warnings;

  private:
    void append_frames(const StackRecord& stack, std::uint64_t return_address,
                       std::vector<Frame>& frames);
    static void append_module_frames(elf::Module* module, std::uint64_t file_offset, Frame known,
                                     std::vector<Frame>& frames);
    struct CachedModule {
        SharedText name;                      // as frames show it
        std::unique_ptr<elf::Module> module;  // null: cannot be read, or no file
        std::string error;                    // why; emptied once it was told
    };
    CachedModule& module_at(const std::string& path);
    bool index_next_module();

    SymbolizerOptions options_;
    elf::SourcePaths sources_;
    std::unordered_map<std::string, CachedModule> modules_;
    elf::TestBodyIndex test_bodies_;
    std::optional<std::vector<std::string>> unindexed_;  // paths, the next one last
    std::vector<elf::Module*> indexed_modules_;          // by TestBody::module
};

std::vector<Frame> Symbolizer::Impl::symbolize(const StackRecord& stack) {
    std::vector<Frame> frames;
    for (const std::uint64_t return_address : stack.frames) {
        append_frames(stack, return_address, frames);
    }
    return frames;
}

// The call stands before the return address, which may already belong to the next line, function or
// mapping; so everything is looked up one byte before it.
void Symbolizer::Impl::append_frames(const StackRecord& stack, std::uint64_t return_address,
                                     std::vector<Frame>& frames) {
    const std::uint64_t address = return_address - 1;
    Frame known;
    known.address = return_address;
    const Mapping* mapping = history.find(stack.process, address, stack.first_seen_ns);
    if (mapping == nullptr || is_anonymous(mapping->path)) {
        frames.push_back(known);
        return;
    }
    CachedModule& cached = module_at(mapping->path);
    const std::uint64_t offset = address - mapping->start + mapping->file_offset;
    known.module = cached.name;
    known.address = offset + 1;
    if (!cached.error.empty()) {
        warnings.push_back(warning_about(mapping->path, std::exchange(cached.error, {})));
    }
    append_module_frames(cached.module.get(), offset, known, frames);
}

void Symbolizer::Impl::append_module_frames(elf::Module* module, std::uint64_t file_offset,
                                            Frame known, std::vector<Frame>& frames) {
    if (module != nullptr) known.build_id = module->build_id();
    const auto address = module != nullptr ? module->address_of(file_offset) : std::nullopt;
    if (!address) {
        frames.push_back(std::move(known));
        return;
    }
    known.address = *address + 1;
    for (const elf::ModuleFrame& part : module->frames_at(*address)) {
        Frame& frame = frames.emplace_back(known);
        frame.function = part.function;
        if (part.place != nullptr) {
            frame.file = part.place->file;
            frame.in_project = part.place->in_project;
        }
        frame.line = part.line;
        frame.column = part.column;
        frame.inlined = part.inlined;
    }
}

Symbolizer::Impl::CachedModule& Symbolizer::Impl::module_at(const std::string& path) {
    const auto [entry, is_new] = modules_.try_emplace(path);
    CachedModule& cached = entry->second;
    if (!is_new) return cached;
    if (is_file(path)) {
        cached.module = elf::Module::open(path, options_.debug_directories, sources_, cached.error);
    }
    cached.name = cached.module ? path : without_deleted(path);
    return cached;
}

// False when all were indexed.
bool Symbolizer::Impl::index_next_module() {
    if (!unindexed_) {
        unindexed_ = history.paths();
        std::reverse(unindexed_->begin(), unindexed_->end());
    }
    if (unindexed_->empty()) return false;
    elf::Module* module = module_at(unindexed_->back()).module.get();
    unindexed_->pop_back();
    if (module == nullptr) return true;
    const std::size_t index = indexed_modules_.size();
    indexed_modules_.push_back(module);
    module->for_each_function([&](const elf::Symbol& symbol) {
        test_bodies_.add(symbol.name, {index, symbol.address});
    });
    return true;
}

// Tests are in the program itself, as a rule: the libraries are looked into, and their symbols
// searched for, only where they are not.
std::optional<SourceLocation> Symbolizer::Impl::test_definition(const std::string& suite,
                                                                const std::string& test) {
    const elf::TestBody* body = test_bodies_.find(suite, test);
    while (body == nullptr && index_next_module()) body = test_bodies_.find(suite, test);
    if (body == nullptr) return std::nullopt;
    return indexed_modules_[body->module]->definition_at(body->address);
}

Variable Symbolizer::Impl::variable(const HoldingRoot& root) {
    const bool of_thread = root.kind == RootKind::thread_data;
    if (root.kind != RootKind::static_data && !of_thread) return {};
    elf::Module* const module = module_at(root.object).module.get();
    if (module == nullptr) return {};
    const auto kind = of_thread ? elf::SymbolKind::thread_data : elf::SymbolKind::data;
    return module->variable_at(root.object_address, kind).value_or(Variable{});
}

Symbolizer::Symbolizer(SymbolizerOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}

Symbolizer::~Symbolizer() = default;

void Symbolizer::add_process(const ProcessRecord& process) {
    impl_->history.add_process(process);
}

void Symbolizer::add_mapping(Mapping mapping) {
    impl_->history.add_mapping(std::move(mapping));
}

std::vector<Frame> Symbolizer::symbolize(const StackRecord& stack) {
    return impl_->symbolize(stack);
}

std::optional<SourceLocation> Symbolizer::test_definition(const std::string& suite,
                                                          const std::string& test) {
    return impl_->test_definition(suite, test);
}

Variable Symbolizer::variable(const HoldingRoot& root) {
    return impl_->variable(root);
}

const std::vector<std::string>& Symbolizer::warnings() const {
    return impl_->warnings;
}

}  // namespace leakcheck
