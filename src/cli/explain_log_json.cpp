// SPDX-License-Identifier: BSL-1.0
#include "cli/explain_log_json.hpp"

#include "bytes/byte_string.hpp"
#include "cli/explain_log_words.hpp"
#include "cli/logged_cause.hpp"

namespace reseal::cli {
namespace {

using Json = nlohmann::ordered_json;

template <class Value>
Json logged_or_null(const std::optional<Value>& value) {
    return value ? Json(*value) : Json();
}

Json logged_text_or_null(const std::string& text) { return text.empty() ? Json() : Json(byte_string(text)); }

Json logged_time_json(const std::optional<LogTime>& time) {
    if (!time) return {};
    return {{"seconds", time->seconds}, {"nanoseconds", time->nanoseconds}};
}

Json logged_page_json(const std::optional<LogPage>& page) {
    if (!page) return {};
    return {{"signed", page->signed_},    {"validated", page->validated}, {"tainted", page->tainted}, {"nx", page->nx},
            {"wpmapped", page->wpmapped}, {"dirty", page->dirty},         {"depth", page->depth}};
}

Json logged_status_json(const std::optional<std::uint32_t>& status) {
    if (!status) return {};
    return {{"value", *status}, {"names", status_names(*status)}};
}

Json logged_number_json(const LogEvent& event) {
    if (!event.number) return {};
    const std::string_view known = number_name(event);
    return {{"value", *event.number}, {"name", known.empty() ? Json() : Json(known)}};
}

Json logged_termination_json(const std::optional<Termination>& termination) {
    if (!termination) return {};
    return {{"namespace", byte_string(termination->space)},
            {"code", logged_or_null(termination->code)},
            {"reason", logged_text_or_null(termination->reason)}};
}

Json logged_place_json(const Place& place) {
    return {{"offset", place.offset},
            {"arch", logged_text_or_null(place.arch)},
            {"slice_offset", place.slice_offset},
            {"offset_in_slice", place.offset_in_slice},
            {"page_size", place.page_size},
            {"slot", logged_or_null(place.slot)},
            {"valid", logged_or_null(place.valid)},
            {"segment", logged_text_or_null(place.segment)},
            {"section", logged_text_or_null(place.section)},
            {"text", logged_text_or_null(place.text)},
            {"text_offset", place.text_offset}};
}

}  // namespace

nlohmann::ordered_json logged_event_json(const DecodedEvent& decoded, const std::vector<CauseCode>& causes) {
    const LogEvent& event = decoded.event;
    const std::optional<CauseCode> named = logged_cause(event);
    Json places = Json::array(), codes = Json::array();
    for (const Place& place : decoded.places) places.push_back(logged_place_json(place));
    for (CauseCode code : causes) codes.push_back(name(code));
    return {{"line", event.line},
            {"kind", name(event.kind)},
            {"what", logged_sentence(event)},
            {"about_signatures", is_about_signatures(event)},
            {"process", logged_text_or_null(event.process)},
            {"pid", logged_or_null(event.pid)},
            {"arch", logged_text_or_null(event.arch)},
            {"path", logged_text_or_null(event.path)},
            {"path_cut", event.path_cut},
            {"address", logged_or_null(event.address)},
            {"offset", logged_or_null(event.offset)},
            {"image_base", logged_or_null(event.image_base)},
            {"page", logged_page_json(event.page)},
            {"cs_mtime", logged_time_json(event.cs_mtime)},
            {"mtime", logged_time_json(event.mtime)},
            {"modification", name(modification(event))},
            {"status", logged_status_json(event.status)},
            {"action", name(event.action)},
            {"number", logged_number_json(event)},
            {"exception", logged_text_or_null(event.exception)},
            {"termination", logged_termination_json(event.termination)},
            {"message", logged_text_or_null(event.message)},
            {"points_to", named ? Json(name(*named)) : Json()},
            {"file", logged_text_or_null(decoded.file)},
            {"places", std::move(places)},
            {"causes", std::move(codes)}};
}

}  // namespace reseal::cli
