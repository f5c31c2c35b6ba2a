// SPDX-License-Identifier: BSL-1.0
#include <exception>
#include <reseal/error.hpp>
#include <reseal/nar.hpp>
#include <utility>

#include "fs/nar_reader.hpp"

namespace reseal {

using fs::NarEvent;

class NarListing::Work {
public:
    void write(std::string_view chunk) {
        proceed([&] { reader_.feed(chunk); });
    }
    void finish() {
        proceed([&] { reader_.end(); });
        finished_ = true;
    }
    std::vector<NarEntry> take() { return std::exchange(entries_, {}); }

private:
    template <class Action>
    void proceed(Action action) {
        if (failure_) std::rethrow_exception(failure_);
        if (finished_) throw Error(ErrorCode::misuse, "the listing has finished");
        try {
            action();
            drain();
        } catch (...) {
            failure_ = std::current_exception();
            throw;
        }
    }

    void drain() {
        NarEvent event;
        while (reader_.next(event)) {
            switch (event.kind) {
                case NarEvent::Kind::enter: entries_.push_back({reader_.path(), NarEntry::Kind::folder}); break;
                case NarEvent::Kind::symlink: link(event.bytes); break;
                case NarEvent::Kind::contents: contents(event); break;
                case NarEvent::Kind::leave:
                case NarEvent::Kind::behind: break;
            }
        }
    }

    void link(std::string_view target) {
        entries_.push_back({reader_.path(), NarEntry::Kind::symlink});
        entries_.back().target = target;
    }

    void contents(const NarEvent& event) {
        if (event.first) file_ = {reader_.path(), NarEntry::Kind::regular, event.executable, 0, event.offset};
        file_.size += event.bytes.size();
        if (event.last) entries_.push_back(std::move(file_));
    }

    fs::NarReader reader_;
    NarEntry file_;  // whose contents go by
    std::vector<NarEntry> entries_;
    bool finished_ = false;
    std::exception_ptr failure_;
};

NarListing::NarListing() : work_(std::make_unique<Work>()) {}
NarListing::NarListing(NarListing&&) noexcept = default;
NarListing& NarListing::operator=(NarListing&&) noexcept = default;
NarListing::~NarListing() = default;

void NarListing::write(std::string_view chunk) { work_->write(chunk); }
void NarListing::finish() { work_->finish(); }
std::vector<NarEntry> NarListing::take() { return work_->take(); }

}  // namespace reseal
