// The fixtures of the wire and the values that they tell of, for the tests of this folder.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/json.h"
#include "dialect/tencent_vod/events/media_json.h"
#include "dialect/tencent_vod/protocol/schema.h"
#include "model/application.h"
#include "model/event.h"

namespace hookreel::dialect::tencent_vod {

inline json::value fixture(const std::string& file) {
    std::ifstream stream(std::string(HOOKREEL_FIXTURES "/tencent_vod/") + file);
    std::stringstream text;
    text << stream.rdbuf();
    if (text.str().empty()) throw std::runtime_error("no fixture " + file);
    return json::parse(text.str());
}

// Names of the fixtures that begin and end so, in order.
inline std::vector<std::string> fixture_names(std::string_view begin, std::string_view end) {
    std::vector<std::string> names;
    for (const auto& entry :
         std::filesystem::directory_iterator(HOOKREEL_FIXTURES "/tencent_vod")) {
        const std::string name = entry.path().filename();
        if (name.starts_with(begin) && name.ends_with(end)) names.push_back(name);
    }
    std::ranges::sort(names);
    return names;
}

// The first place where the two differ, or nothing. Order of members does not count, and 0 is 0.0:
// what kind of number a member must be, `misfit` knows.
inline std::string difference(const json::value& left, const json::value& right,
                              const std::string& path = "") {
    if (left.is_number() && right.is_number())
        return left.to_number<double>() == right.to_number<double>() ? "" : path;
    if (left.kind() != right.kind()) return path + " (kind)";
    if (left.is_array()) {
        if (left.get_array().size() != right.get_array().size()) return path + " (size)";
        for (std::size_t i = 0; i < left.get_array().size(); ++i) {
            std::string found = difference(left.at(i), right.at(i), path + "." + std::to_string(i));
            if (!found.empty()) return found;
        }
        return "";
    }
    if (!left.is_object()) return left == right ? "" : path;
    for (const auto& pair : left.get_object())
        if (!right.get_object().contains(pair.key()))
            return path + "." + std::string(pair.key()) + " (only left)";
    for (const auto& pair : right.get_object()) {
        const json::value* other = left.get_object().if_contains(pair.key());
        const std::string name = path + "." + std::string(pair.key());
        if (!other) return name + " (only right)";
        std::string found = difference(*other, pair.value(), name);
        if (!found.empty()) return found;
    }
    return "";
}

// The first member that breaks the definition of an answer's type, or nothing. Strict clients
// refuse an integer with a fraction.
inline std::string misfit(const json::value& value, const schema::Object& type,
                          const std::string& path = "");

inline std::string misfit(const json::value& value, const schema::Member& member,
                          const std::string& path) {
    switch (member.kind) {
        case schema::Kind::text:
            return value.is_string() ? "" : path;
        case schema::Kind::integer:
            return value.is_int64() ? "" : path;
        case schema::Kind::natural:
            return value.is_uint64() || (value.is_int64() && value.get_int64() >= 0) ? "" : path;
        case schema::Kind::real:
            return value.is_number() ? "" : path;
        case schema::Kind::boolean:
            return value.is_bool() ? "" : path;
        case schema::Kind::object:
            break;
    }
    return value.is_object() ? misfit(value, *member.object, path) : path;
}

inline std::string misfit(const json::value& value, const schema::Object& type,
                          const std::string& path) {
    for (const auto& pair : value.as_object()) {
        const std::string name = path + "." + std::string(pair.key());
        const schema::Member* member = type.find(pair.key());
        if (!member) return name + " (unknown)";
        if (pair.value().is_null()) continue;
        if (!member->list) {
            std::string found = misfit(pair.value(), *member, name);
            if (!found.empty()) return found;
            continue;
        }
        if (!pair.value().is_array()) return name + " (no list)";
        for (const json::value& element : pair.value().get_array()) {
            std::string found = misfit(element, *member, name);
            if (!found.empty()) return found;
        }
    }
    return "";
}

// What the fixtures tell of, as values of the model.

inline MediaUrls fixture_urls() {
    return {"http://1300000001.vod2.example.com/d0428870vodtransgzp1300000001"};
}
inline const std::string fixture_folder = "c643347c3701925921299637010/";

inline TimePoint at(std::string_view text) {
    return parse_time(text).value();
}

inline model::Metadata fixture_metadata() {
    model::Metadata metadata;
    metadata.size_bytes = 7700180;
    metadata.container = "mov,mp4,m4a,3gp,3g2,mj2";
    metadata.bitrate = 1021028;
    metadata.width = 640;
    metadata.height = 480;
    metadata.duration = 60;
    metadata.video = {{637174, 640, 480, "h264", 25, "", ""}};
    metadata.audio = {{383854, 48000, "aac"}};
    metadata.video_duration = 60;
    metadata.audio_duration = 59.990001678467;
    return metadata;
}

inline model::Asset fixture_asset() {
    model::Asset asset;
    asset.id = model::FileId("3701925921299637010");
    asset.application = model::default_application;
    asset.name = "demo clip";
    asset.type = "mp4";
    asset.created = at("2026-03-02T08:10:22Z");
    asset.updated = at("2026-03-02T08:10:24Z");
    asset.path = fixture_folder + "f0.mp4";
    asset.metadata = fixture_metadata();
    return asset;
}

// The transcoded file of the fixtures; in DescribeMediaInfos the original has its figures too.
inline model::Rendition fixture_rendition() {
    model::Rendition rendition;
    rendition.definition = 10;
    rendition.path = fixture_folder + "v.f10.mp4";
    rendition.md5 = "eff7031ad7877865f9a3240e9ab165ad";
    rendition.metadata.size_bytes = 4189073;
    rendition.metadata.container = "mov,mp4,m4a,3gp,3g2,mj2";
    rendition.metadata.bitrate = 304491;
    rendition.metadata.width = 320;
    rendition.metadata.height = 240;
    rendition.metadata.duration = 60.04700088501;
    rendition.metadata.video = {{256000, 320, 240, "h264", 24, "", ""}};
    rendition.metadata.audio = {{48491, 44100, "aac"}};
    return rendition;
}

inline model::Step succeeded(model::Work work, std::string_view finished) {
    model::Step step;
    step.work = std::move(work);
    step.status = model::StepStatus::success;
    step.message = "SUCCESS";
    step.progress = 100;
    step.begun = at("2026-03-02T08:11:02Z");
    step.finished = at(finished);
    return step;
}

inline model::Step fixture_transcode() {
    return succeeded(model::TranscodeWork{.definition = 10, .output = fixture_rendition()},
                     "2026-03-02T08:11:40Z");
}

inline model::Step fixture_cover() {
    model::CoverWork work;
    work.definition = 10;
    work.output = fixture_folder + "coverBySnapshot_10_0.jpg";
    return succeeded(std::move(work), "2026-03-02T08:11:05Z");
}

inline model::Task fixture_task() {
    model::Task task;
    task.id = model::TaskId("1300000001-Procedure-475b7237438a39560b9879a4556cb177t2");
    task.application = model::default_application;
    task.file = fixture_asset().id;
    task.status = model::TaskStatus::finish;
    task.steps = {fixture_transcode(), fixture_cover()};
    task.created = at("2026-03-02T08:11:00Z");
    task.begun = at("2026-03-02T08:11:02Z");
    task.finished = at("2026-03-02T08:11:40Z");
    return task;
}

inline model::Event fixture_upload_event() {
    return {model::EventId("e1"), model::default_application, at("2026-03-02T08:10:24Z"),
            model::FileUploaded{fixture_asset(), {}}};
}

inline model::Event fixture_task_event(model::Task task = fixture_task()) {
    return {model::EventId("e2"), model::default_application, at("2026-03-02T08:11:40Z"),
            model::ProcedureChanged{std::move(task), fixture_asset()}};
}

}  // namespace hookreel::dialect::tencent_vod
