// SPDX-License-Identifier: BSL-1.0
#include "store/merged_files.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace reseal::store {
namespace {

void merge(std::vector<std::int64_t>& slots, const std::vector<std::int64_t>& later) {
    slots.insert(slots.end(), later.begin(), later.end());
    std::sort(slots.begin(), slots.end());
    slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
}

void merge(ImageReport& image, const ImageReport& later) {
    if (later.uuid) {
        const std::string before = image.uuid ? image.uuid->before : later.uuid->before;
        image.uuid = later.uuid;
        image.uuid->before = before;
    }
    if (later.codedirectories.empty()) {
        if (image.status == ImageStatus::untouched) image.status = later.status;
        return;
    }
    if (image.codedirectories.size() != later.codedirectories.size()) {
        image.codedirectories = later.codedirectories;
        image.status = later.status;
        return;
    }
    // An image made ad-hoc by one pass is an ordinary one to the next.
    if (image.status != ImageStatus::downgraded) image.status = later.status;
    for (std::size_t i = 0; i < image.codedirectories.size(); ++i) {
        merge(image.codedirectories[i].slots_changed, later.codedirectories[i].slots_changed);
        image.codedirectories[i].cdhash_after = later.codedirectories[i].cdhash_after;
    }
}

void merge(EntryReport& file, const EntryReport& later) {
    file.substitutions += later.substitutions;
    file.status = std::max(file.status, later.status);
    if (file.images.size() != later.images.size()) {
        if (file.images.empty()) file.images = later.images;
        return;
    }
    for (std::size_t i = 0; i < file.images.size(); ++i) merge(file.images[i], later.images[i]);
}

}  // namespace

void merge_files(std::vector<EntryReport>& files, const std::vector<EntryReport>& later) {
    std::map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < files.size(); ++i) places[files[i].path] = i;
    for (const EntryReport& each : later) {
        const auto place = places.find(each.path);
        if (place == places.end()) files.push_back(each);
        else merge(files[place->second], each);
    }
}

}  // namespace reseal::store
