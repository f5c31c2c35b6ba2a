// SPDX-License-Identifier: BSL-1.0
#include <exception>
#include <optional>
#include <reseal/error.hpp>
#include <reseal/relocation.hpp>
#include <utility>

#include "digest/digest.hpp"
#include "relocate/binary_stream.hpp"
#include "relocate/text_pass.hpp"

namespace reseal {
namespace {

// A search has a price of its own, whatever its length; writes of a few bytes share it.
constexpr std::size_t gathered_bytes = 4096;

}  // namespace

class FileRelocator::Engine {
public:
    Engine(Prefixes prefixes, Sink& out, FileOptions options)
        : prefixes_(std::move(prefixes)), out_(out), options_(std::move(options)) {
        if (options_.mode == FileMode::unknown)
            throw Error(ErrorCode::misuse, "whether a stream is text or binary must be known", options_.name);
        if (!options_.linkage.empty())
            throw Error(ErrorCode::misuse, "linkage is changed where a file can be read twice", options_.name);
        if (options_.mode == FileMode::binary) start_binary();
        if (options_.digest_before) before_.emplace(HashType::sha256);
    }

    void write(std::string_view chunk) {
        proceed([&] {
            if (chunk.size() < gathered_bytes - gathered_.size()) {
                gathered_.append(chunk);
                return;
            }
            take(gathered_);
            gathered_.clear();
            take(chunk);
        });
    }

    FileRelocation finish() {
        FileRelocation result;
        proceed([&] {
            take(gathered_);
            if (undecided()) decide(true);
            if (text_) {
                text_->finish();
                result = text_->result();
            } else {
                result = binary_->finish();
            }
            if (before_) result.sha256_before = before_->finish().bytes();
        });
        finished_ = true;
        return result;
    }

private:
    /// The first failure is the last: it is raised again by every later call, and nothing happens any more.
    template <class Action>
    void proceed(Action action) {
        if (failure_) std::rethrow_exception(failure_);
        if (finished_) throw Error(ErrorCode::misuse, "the relocator has finished");
        try {
            action();
        } catch (...) {
            failure_ = std::current_exception();
            throw;
        }
    }

    void take(std::string_view chunk) {
        if (chunk.empty()) return;
        if (before_) before_->update(chunk);
        if (undecided() && (!script_.empty() || chunk.starts_with('#'))) {
            script_.append(chunk);
            decide(false);
            return;
        }
        if (undecided()) start_text();
        pass(chunk);
    }

    bool undecided() const { return !text_ && !binary_; }

    /// A script waits for what follows it, as far as max_held: with a NUL there it is no text, whatever it was said to be.
    void decide(bool all) {
        const std::string_view head = std::string_view(script_).substr(0, max_held);
        const bool script = head.starts_with("#!");
        if (!all && head != "#" && !script) all = true;
        const bool payload = script && head.find('\0', searched_) != std::string_view::npos;
        searched_ = head.size();
        if (!all && !payload && head.size() < max_held) return;
        if (payload) start_binary();
        else start_text();
        pass(script_);
        script_ = {};
    }

    void start_text() { text_.emplace(prefixes_, options_, &out_); }
    void start_binary() {
        FileOptions options = options_;
        options.mode = FileMode::binary;
        binary_.emplace(prefixes_, options, out_);
    }
    void pass(std::string_view bytes) {
        if (text_) text_->write(bytes);
        else binary_->write(bytes);
    }

    Prefixes prefixes_;
    Sink& out_;
    FileOptions options_;
    std::string script_;        // the beginning of one, until it is decided what it is
    std::size_t searched_ = 0;  // of it, for a NUL
    std::string gathered_;
    std::optional<relocate::TextPass> text_;
    std::optional<relocate::BinaryStream> binary_;
    std::optional<digest::Hasher> before_;
    bool finished_ = false;
    std::exception_ptr failure_;
};

FileRelocator::FileRelocator(Prefixes prefixes, Sink& out, FileOptions options)
    : engine_(std::make_unique<Engine>(std::move(prefixes), out, std::move(options))) {}
FileRelocator::FileRelocator(FileRelocator&&) noexcept = default;
FileRelocator& FileRelocator::operator=(FileRelocator&&) noexcept = default;
FileRelocator::~FileRelocator() = default;

void FileRelocator::write(std::string_view chunk) { engine_->write(chunk); }
FileRelocation FileRelocator::finish() { return engine_->finish(); }

}  // namespace reseal
