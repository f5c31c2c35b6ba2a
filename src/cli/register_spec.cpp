// SPDX-License-Identifier: BSL-1.0
#include "cli/register_spec.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <reseal/error.hpp>
#include <set>

#include "fs/read_whole.hpp"

namespace reseal::cli {
namespace {

using Json = nlohmann::ordered_json;
using namespace store;

/// The fields of one object, each asked for once; what nobody asked for is unknown.
class Fields {
public:
    Fields(const Json& object, std::string where) : object_(object), where_(std::move(where)) {
        if (!object.is_object()) throw Error(ErrorCode::misuse, "an object is expected", where_);
    }

    /// The field, or null where it is missing or null.
    const Json* find(const char* key) {
        asked_.insert(key);
        const auto it = object_.find(key);
        return it == object_.end() || it->is_null() ? nullptr : &*it;
    }
    std::optional<std::string> text(const char* key) {
        const Json* value = find(key);
        if (value == nullptr) return {};
        if (!value->is_string()) fail(key, "a string is expected");
        return value->get<std::string>();
    }
    std::string needed(const char* key) {
        std::optional<std::string> value = text(key);
        if (!value) fail(key, "is missing");
        return *value;
    }
    bool flag(const char* key) {
        const Json* value = find(key);
        if (value == nullptr) return false;
        if (!value->is_boolean()) fail(key, "true or false is expected");
        return value->get<bool>();
    }
    std::vector<std::string> texts(const char* key) {
        std::vector<std::string> all;
        const Json* value = find(key);
        if (value == nullptr) return all;
        if (!value->is_array()) fail(key, "a list of strings is expected");
        for (const Json& each : *value) {
            if (!each.is_string()) fail(key, "a list of strings is expected");
            all.push_back(each.get<std::string>());
        }
        return all;
    }
    /// One of the words, as what it stands for.
    template <class Value>
    Value word(const char* key, std::initializer_list<std::pair<std::string_view, Value>> words, Value otherwise) {
        const std::optional<std::string> value = text(key);
        if (!value) return otherwise;
        std::string all;
        for (const auto& [word, meaning] : words) {
            if (*value == word) return meaning;
            all.append(all.empty() ? "" : ", ").append(word);
        }
        fail(key, "'" + *value + "' is none of " + all);
    }
    /// Whatever `parse` makes of the text, its errors with the field before them.
    template <class Parse>
    auto parsed(const char* key, const std::string& value, Parse&& parse) const {
        try {
            return parse(value);
        } catch (const Error& error) {
            fail(key, error.what());
        }
    }

    void done() const {
        for (const auto& [key, unused] : object_.items())
            if (!asked_.contains(key)) throw Error(ErrorCode::misuse, "there is no field '" + key + "' here", where_);
    }
    [[noreturn]] void fail(const std::string& key, const std::string& why) const {
        throw Error(ErrorCode::misuse, "\"" + key + "\": " + why, where_);
    }

private:
    const Json& object_;
    std::string where_;
    std::set<std::string> asked_;
};

/// Of a key that is there twice JSON parsers keep the last.
class OnlyOnce {
public:
    explicit OnlyOnce(std::string name) : name_(std::move(name)) {}
    bool operator()(int, Json::parse_event_t event, Json& value) {
        if (event == Json::parse_event_t::object_start) keys_.emplace_back();
        if (event == Json::parse_event_t::object_end) keys_.pop_back();
        if (event == Json::parse_event_t::key && !keys_.back().insert(value.get<std::string>()).second)
            throw Error(ErrorCode::misuse, "the key '" + value.get<std::string>() + "' is there twice", name_);
        return true;
    }

private:
    std::string name_;
    std::vector<std::set<std::string>> keys_;
};

HashType parse_algorithm(const std::string& text) {
    for (const HashType type : {HashType::sha1, HashType::sha256, HashType::sha512})
        if (text == reseal::name(type)) return type;
    throw Error(ErrorCode::misuse, "'" + text + "' is none of sha1, sha256, sha512");
}

OutputSpec parse_output(const Json& object, const std::string& id, const std::string& where, const std::string& store_dir) {
    Fields fields(object, where + ": outputs." + id);
    const auto path = [&](const std::string& text) { return parse_store_path(text, store_dir); };
    OutputSpec out;
    out.id = id;
    fields.needed("kind");
    out.kind = fields.word<OutputKind>("kind",
                                       {{"ca-floating", OutputKind::ca_floating},
                                        {"ca-fixed", OutputKind::ca_fixed},
                                        {"input-addressed", OutputKind::input_addressed},
                                        {"valid", OutputKind::valid}},
                                       OutputKind::valid);
    out.scratch = fields.parsed("scratchPath", fields.needed("scratchPath"), path);
    const bool addressed = out.kind == OutputKind::ca_floating || out.kind == OutputKind::ca_fixed;
    if (!addressed) out.path = fields.parsed("path", fields.needed("path"), path);
    if (out.kind != OutputKind::valid) out.tree = fields.text("tree").value_or("");
    if (addressed) {
        const std::string name = fields.needed("name");
        if (name != out.scratch.name)
            fields.fail("name", "'" + name + "' is not the name in its scratch path: '" + out.scratch.name + "'");
        out.method = fields.parsed("method", fields.text("method").value_or("nar"),
                                   [](const std::string& text) { return parse_method(text); });
        out.algorithm = fields.parsed("hashAlgo", fields.text("hashAlgo").value_or("sha256"), parse_algorithm);
    }
    if (out.kind == OutputKind::ca_fixed)
        out.hash = fields.parsed("hash", fields.needed("hash"), [](const std::string& text) { return parse_hash(text); });
    fields.done();
    return out;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        if (end > at) lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

}  // namespace

RegistrationSpec parse_register_spec(const std::string& text, const std::string& name) {
    Json json;
    try {
        json = Json::parse(text, OnlyOnce(name));
    } catch (const Json::parse_error& error) {
        throw Error(ErrorCode::misuse, "not JSON", name, error.byte == 0 ? 0 : error.byte - 1);
    }
    Fields fields(json, name);
    const Json* version = fields.find("version");
    if (version == nullptr || *version != 1) fields.fail("version", "1 is the only one there is");
    RegistrationSpec spec;
    spec.store_dir = fields.text("storeDir").value_or(spec.store_dir);
    spec.real_store = fields.text("realStore").value_or("");
    spec.regime = fields.text("regime").value_or(spec.regime);
    spec.on_signed_self_reference = fields.word<SignedSelfReference>("onSignedSelfReference",
                                                                     {{"normalise", SignedSelfReference::normalise},
                                                                      {"refuse", SignedSelfReference::refuse},
                                                                      {"drop-ca", SignedSelfReference::drop_ca}},
                                                                     SignedSelfReference::normalise);
    spec.cms = fields.word<CmsPolicy>(
        "cms", {{"refuse", CmsPolicy::refuse}, {"adhoc", CmsPolicy::adhoc}, {"keep", CmsPolicy::keep}}, CmsPolicy::refuse);
    spec.stale = fields.word<StalePolicy>("stale", {{"refuse", StalePolicy::refuse}, {"reseal", StalePolicy::reseal}},
                                          StalePolicy::refuse);
    spec.unsealable = fields.word<UnsealablePolicy>(
        "unsealable", {{"refuse", UnsealablePolicy::refuse}, {"keep", UnsealablePolicy::keep}}, UnsealablePolicy::refuse);
    spec.strict_references = fields.flag("strictReferences");
    spec.derive_uuid = fields.flag("deriveUuid");
    const auto path = [&](const std::string& each) { return parse_store_path(each, spec.store_dir); };
    for (const std::string& each : fields.texts("references"))
        spec.references.push_back(fields.parsed("references", each, path));
    if (const std::optional<std::string> file = fields.text("referencesFile"))
        for (const std::string& each : lines_of(fs::read_whole(*file)))
            spec.references.push_back(fields.parsed("referencesFile", each, path));
    if (const Json* rewrites = fields.find("rewrites")) {
        if (!rewrites->is_object()) fields.fail("rewrites", "an object of hash parts is expected");
        for (const auto& [from, to] : rewrites->items()) {
            if (!to.is_string()) fields.fail("rewrites", "an object of hash parts is expected");
            spec.rewrites.push_back({from, to.get<std::string>()});
        }
    }
    spec.order = fields.texts("order");
    spec.sign_with = fields.texts("signWith");
    const Json* outputs = fields.find("outputs");
    if (outputs == nullptr || !outputs->is_object()) fields.fail("outputs", "an object of outputs is expected");
    for (const auto& [id, object] : outputs->items()) spec.outputs.push_back(parse_output(object, id, name, spec.store_dir));
    fields.done();
    return spec;
}

}  // namespace reseal::cli
