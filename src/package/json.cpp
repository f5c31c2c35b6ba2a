// SPDX-License-Identifier: BSL-1.0
#include "package/json.hpp"

#include <algorithm>
#include <reseal/error.hpp>
#include <utility>
#include <vector>

#include "bytes/byte_string.hpp"
#include "package/text_place.hpp"

namespace reseal::package {
namespace {

// What the parser says, built into a value. Returning false ends the parse; `problem_` says why.
class Builder final : public nlohmann::json_sax<Json> {
public:
    bool null() override { return add(nullptr); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(number_integer_t value) override { return add(value); }
    bool number_unsigned(number_unsigned_t value) override { return add(value); }
    bool number_float(number_float_t value, const string_t&) override { return add(value); }
    bool string(string_t& value) override { return add(std::move(value)); }
    bool binary(binary_t&) override { return fail("bytes in JSON"); }
    bool start_object(std::size_t) override { return open(Json::object()); }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(Json::array()); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override {
        Json& object = *open_.back();
        if (object.size() == max_json_keys) return fail("more than " + std::to_string(max_json_keys) + " keys in one object");
        const auto [place, fresh] = object.emplace(name, nullptr);
        if (!fresh) return fail("the key '" + printable(name) + "' is there twice");
        member_ = &*place;
        return true;
    }

    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
        position_ = position;
        return fail("not JSON");
    }

    const std::string& problem() const { return problem_; }
    std::size_t position() const { return position_; }
    Json take() { return std::move(root_); }

private:
    Json* place(Json value) {
        if (open_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        if (open_.back()->is_array()) return &open_.back()->emplace_back(std::move(value));
        *member_ = std::move(value);
        return member_;
    }
    bool add(Json value) {
        if (!counted()) return false;
        place(std::move(value));
        return true;
    }
    bool counted() { return ++values_ <= max_json_values || fail("more than " + std::to_string(max_json_values) + " values"); }
    bool open(Json value) {
        if (!counted()) return false;
        if (open_.size() == max_json_depth) return fail("nested deeper than " + std::to_string(max_json_depth) + " levels");
        open_.push_back(place(std::move(value)));
        return true;
    }
    bool close() {
        open_.pop_back();
        return true;
    }
    bool fail(std::string problem) {
        problem_ = std::move(problem);
        return false;
    }

    Json root_;
    std::vector<Json*> open_;  // nothing is added to a container while one inside it is open, so they stay where they are
    Json* member_ = nullptr;
    std::string problem_;
    std::size_t position_ = 0;
    std::size_t values_ = 0;
};

constexpr int indent = 2, none = -1;

// A large document is not copied to have its keys sorted. As deep as parse_json() lets it be.
void append_sorted(std::string& out, const Json& json, std::size_t level) {
    const auto item = [&](bool first) { out.append(first ? "\n" : ",\n").append((level + 1) * indent, ' '); };
    if (const auto* object = json.get_ptr<const Json::object_t*>(); object != nullptr && !object->empty()) {
        std::vector<const Json::object_t::value_type*> members;
        for (const auto& each : *object) members.push_back(&each);
        std::sort(members.begin(), members.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
        out += '{';
        for (const auto* each : members) {
            item(each == members.front());
            out.append(Json(each->first).dump(none, ' ', true)).append(": ");
            append_sorted(out, each->second, level + 1);
        }
        out.append("\n").append(level * indent, ' ').append("}");
    } else if (const auto* list = json.get_ptr<const Json::array_t*>(); list != nullptr && !list->empty()) {
        out += '[';
        for (const Json& each : *list) {
            item(&each == &list->front());
            append_sorted(out, each, level + 1);
        }
        out.append("\n").append(level * indent, ' ').append("]");
    } else {
        out.append(json.dump(none, ' ', true));
    }
}

}  // namespace

Json parse_json(std::string_view text, const std::string& file) {
    if (text.size() > max_json_text) throw Error(ErrorCode::malformed, "more than 64 MiB of JSON", file);
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    Builder builder;
    if (Json::sax_parse(text, &builder)) return builder.take();
    std::string what = builder.problem();
    // The parser counts the byte that it could not take.
    if (builder.position() > 0) what += " (" + text_place(text, std::min(builder.position() - 1, text.size())) + ")";
    throw Error(ErrorCode::malformed, what, file);
}

const Json* member(const Json& object, const std::string& key) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
}

std::string json_text(const Json& json, const std::string& file) {
    std::string out;
    try {
        append_sorted(out, json, 0);
    } catch (const Json::type_error&) {
        throw Error(ErrorCode::malformed, "a name in it is not UTF-8", file);
    }
    return out += '\n';
}

}  // namespace reseal::package
