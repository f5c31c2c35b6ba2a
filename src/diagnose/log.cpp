// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <memory>
#include <reseal/log.hpp>

#include "diagnose/crash_text.hpp"
#include "diagnose/event_message.hpp"
#include "diagnose/log_message.hpp"

namespace reseal {
namespace {

constexpr std::size_t log_block = std::size_t{1} << 20;

class LogReader {
public:
    /// False: enough.
    bool line(std::string_view text) {
        ++log_.lines;
        if (text.size() > max_log_line) {
            ++long_lines_;
            text = text.substr(0, max_log_line);
        }
        while (text.ends_with('\r')) text.remove_suffix(1);
        if (std::optional<LogEvent> ended = crash_.add(text, log_.lines)) keep(std::move(*ended));
        std::optional<std::string> message = diagnose::event_message(text);
        if (!message && diagnose::is_json_field(text)) return !full_;
        for (LogEvent& event : diagnose::read_messages(message ? std::string_view(*message) : text)) {
            event.line = log_.lines;
            keep(std::move(event));
        }
        return !full_;
    }

    Log finish(bool cut) {
        if (!full_)
            if (std::optional<LogEvent> ended = crash_.finish()) keep(std::move(*ended));
        std::stable_sort(log_.events.begin(), log_.events.end(),
                         [](const LogEvent& a, const LogEvent& b) { return a.line < b.line; });
        if (long_lines_ > 0)
            note(std::to_string(long_lines_) + (long_lines_ == 1 ? " line was" : " lines were") +
                 " read only as far as the first " + std::to_string(max_log_line) + " bytes");
        if (full_)
            note("the log was read only as far as line " + std::to_string(log_.lines) + ", which has event number " +
                 std::to_string(max_log_events + 1));
        if (cut) note("the log was read only as far as its first " + std::to_string(max_log_size) + " bytes");
        return std::move(log_);
    }

private:
    void keep(LogEvent event) {
        if (log_.events.size() == max_log_events) full_ = true;
        else log_.events.push_back(std::move(event));
    }
    void note(std::string text) { log_.notes.push_back(std::move(text)); }

    Log log_;
    diagnose::CrashText crash_;
    std::size_t long_lines_ = 0;
    bool full_ = false;
};

/// Lines out of blocks. Of a line that never ends no more is kept than is looked at, and a byte that says that there was more.
class LineSplitter {
public:
    /// False as soon as the reader has enough.
    bool add(std::string_view block, LogReader& reader) {
        while (!block.empty()) {
            const std::size_t end = block.find('\n');
            const std::string_view part = block.substr(0, end);
            block.remove_prefix(end == std::string_view::npos ? block.size() : end + 1);
            if (end != std::string_view::npos && begun_.empty()) {
                if (!reader.line(part)) return false;
                continue;
            }
            begun_.append(part.substr(0, max_log_line + 1 - std::min(begun_.size(), max_log_line + 1)));
            if (end != std::string_view::npos && !finish(reader)) return false;
        }
        return true;
    }
    bool finish(LogReader& reader) {
        const bool more = begun_.empty() || reader.line(begun_);
        begun_.clear();
        return more;
    }

private:
    std::string begun_;
};

}  // namespace

Log read_log(const Source& log) {
    const std::uint64_t size = std::min(log.size(), max_log_size);
    const auto block = std::make_unique_for_overwrite<char[]>(log_block);
    LogReader reader;
    LineSplitter lines;
    std::uint64_t at = 0;
    while (at < size) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(log_block, size - at));
        const std::size_t got = log.read_at(at, block.get(), wanted);
        if (!lines.add({block.get(), got}, reader)) return reader.finish(false);
        if (got < wanted) break;
        at += got;
    }
    lines.finish(reader);
    return reader.finish(at == max_log_size && log.size() > at);
}

Log read_log(std::string_view log) { return read_log(MemorySource(log)); }

}  // namespace reseal
