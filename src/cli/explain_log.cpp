// SPDX-License-Identifier: BSL-1.0
#include "cli/explain_log.hpp"

#include <algorithm>
#include <map>
#include <reseal/error.hpp>
#include <tuple>
#include <utility>

#include "bytes/byte_string.hpp"
#include "cli/decoded_event.hpp"
#include "cli/explain_log_files.hpp"
#include "cli/explain_log_input.hpp"
#include "cli/explain_log_json.hpp"
#include "cli/explain_log_text.hpp"
#include "cli/explain_log_words.hpp"
#include "cli/explain_text.hpp"
#include "cli/json_line.hpp"
#include "cli/message.hpp"
#include "cli/surroundings.hpp"
#include "fs/file_source.hpp"
#include "fs/output_file.hpp"

namespace reseal::cli {
namespace {

constexpr std::size_t most_pages = 256, most_files = 16;

class LogExplanation {
public:
    explicit LogExplanation(const ExplainLogArguments& arguments) : arguments_(arguments) {}

    ExitStatus run() {
        Log log = read_log_or_report(arguments_.log);
        for (const std::string& note : log.notes) message("note: " + note);
        const std::vector<DecodedEvent> events = decode(std::move(log.events));
        explain_files(events);
        if (std::any_of(events.begin(), events.end(), [](const DecodedEvent& each) { return tells_of_trouble(each.event); }))
            status_ = worse(status_, refused);
        if (arguments_.json) print_json(events);
        else if (events.empty()) out_.write(nothing_text(log.lines));
        else print_text(events);
        out_.commit();
        return status_;
    }

private:
    std::string nothing_text(std::size_t lines) const {
        const std::string name = arguments_.log == "-" ? "standard input" : printable(arguments_.log);
        return name + ": " + counted(lines, "line") + ", none of them about a signature\n";
    }

    std::vector<DecodedEvent> decode(std::vector<LogEvent> events) {
        const LoggedFiles files(arguments_.paths, events);
        status_ = worse(status_, files.status());
        std::vector<DecodedEvent> decoded;
        for (LogEvent& event : events) {
            DecodedEvent one{std::move(event), {}, {}};
            one.file = files.find(one.event);
            if (!one.file.empty()) look_into(one);
            decoded.push_back(std::move(one));
        }
        return decoded;
    }

    /// The same page comes again and again. Another one each time is what a log has to be made for.
    void look_into(DecodedEvent& one) {
        const LoggedPage page{one.file, one.event.offset, one.event.address, one.event.image_base, one.event.arch};
        if (const auto found = known_.find(page); found != known_.end()) {
            one.places = found->second;
            return;
        }
        if (known_.size() == most_pages) {
            if (!std::exchange(many_pages_, true))
                message("note: only the first " + std::to_string(most_pages) + " different pages were looked at");
            return;
        }
        try {
            one.places = places(fs::FileSource::open(one.file), one.event);
            known_.emplace(page, one.places);
        } catch (const Error& error) {
            message(error.what());
            status_ = worse(status_, failed);
            one.file.clear();
        }
    }

    void explain_files(const std::vector<DecodedEvent>& events) {
        for (const DecodedEvent& each : events) {
            if (each.file.empty() || explained_.contains(each.file)) continue;
            if (explained_.size() == most_files) {
                message("note: only the first " + std::to_string(most_files) + " files are explained");
                return;
            }
            Surroundings around = surroundings_of(each.file, arguments_.processor);
            around.modification = modification_of(events, each.file);
            // What has to become a new file is the one on that Mac, not what is at hand of it.
            if (around.modification == Modification::in_place && !each.event.path.empty() && !each.event.path_cut)
                around.path = each.event.path;
            try {
                explained_.emplace(each.file, explain(fs::FileSource::open(each.file), around));
                files_.push_back(each.file);
            } catch (const Error& error) {
                message(error.what());
                status_ = worse(status_, failed);
                explained_.emplace(each.file, Explanation{});
            }
        }
    }

    std::vector<CauseCode> causes_in(const std::string& file) const {
        std::vector<CauseCode> codes;
        if (const auto found = explained_.find(file); found != explained_.end())
            for (const Cause& cause : found->second.causes) codes.push_back(cause.code);
        return codes;
    }

    void print_json(const std::vector<DecodedEvent>& events) {
        for (const DecodedEvent& each : events) out_.write(json_line(logged_event_json(each, causes_in(each.file))));
    }

    void print_text(const std::vector<DecodedEvent>& events) {
        for (const LoggedProcess& process : by_process(events)) print_part(logged_process_text(process));
        for (const std::string& file : files_) print_part(explain_text(file, explained_.at(file)));
        print_part(absent_files_text(events));
    }

    /// With an empty line between one and the next.
    void print_part(const std::string& text) {
        if (text.empty()) return;
        if (std::exchange(printed_, true)) out_.write("\n");
        out_.write(text);
    }

    using LoggedPage = std::tuple<std::string, std::optional<std::uint64_t>, std::optional<std::uint64_t>,
                                  std::optional<std::uint64_t>, std::string>;

    const ExplainLogArguments& arguments_;
    std::map<LoggedPage, std::vector<Place>> known_;
    bool many_pages_ = false;
    std::map<std::string, Explanation> explained_;
    std::vector<std::string> files_;  // of these, those that could be read, in the log's order
    bool printed_ = false;
    fs::OutputFile out_{"-"};
    ExitStatus status_ = complete;
};

}  // namespace

ExitStatus run_explain_log(const ExplainLogArguments& arguments) { return LogExplanation(arguments).run(); }

}  // namespace reseal::cli
