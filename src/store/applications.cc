#include "store/applications.h"

#include <fmt/format.h>

#include "base/json.h"
#include "base/random.h"

namespace hookreel::store {
namespace {

constexpr int change_tries_max = 16;
constexpr int page_size = 100;

RecordKey record_key(model::ApplicationId id) {
    return {Kind::application, fmt::to_string(id.value())};
}

Put put(const model::Application& application, std::uint64_t expected_version) {
    return {record_key(application.id), to_json_text(application), expected_version};
}

}  // namespace

model::KeyPair make_key_pair() {
    return {"AKID" + random_alphanumeric(32), random_alphanumeric(32)};
}

Task<Result<std::optional<model::KeyPair>>> Applications::load(std::optional<model::KeyPair> keys,
                                                               TimePoint now) {
    if (keys && (keys->secret_id.empty() || keys->secret_key.empty()))
        co_return fail(Code::invalid, "a key pair needs both an id and a key");
    Result<void> read = co_await read_all();
    if (!read) co_return fail(std::move(read.error()));

    if (!find(model::default_application)) {
        const model::KeyPair first = keys ? *keys : make_key_pair();
        Result<Pointer> created = co_await create_default(first, now);
        if (!created) co_return fail(std::move(created.error()));
        co_return keys ? std::nullopt : std::optional(first);
    }
    if (keys) {
        const auto set_keys = [&](model::Application& application) { application.keys = {*keys}; };
        Result<Pointer> changed = co_await change(model::default_application, set_keys);
        if (!changed) co_return fail(std::move(changed.error()));
    }
    co_return std::nullopt;
}

Task<Result<void>> Applications::read_all() {
    ListOptions options{.prefix = "", .after = "", .count_max = page_size};
    for (;;) {
        Result<std::vector<Record>> page = co_await store_.list(Kind::application, options);
        if (!page) co_return fail(std::move(page.error()));
        for (const Record& record : *page) {
            Result<model::Application> application =
                from_json_text<model::Application>(record.value);
            if (!application)
                co_return fail(Code::invalid,
                               fmt::format("the record of application {}: {}", record.key.id,
                                           application.error().detail));
            keep({std::make_shared<const model::Application>(std::move(*application)),
                  record.version});
        }
        if (page->size() < page_size) co_return Result<void>();
        options.after = page->back().key.id;
    }
}

Task<Result<Applications::Pointer>> Applications::create_default(model::KeyPair keys,
                                                                 TimePoint now) {
    model::Application application;
    application.id = model::default_application;
    application.name = "main";
    application.created = now;
    application.keys.push_back(std::move(keys));
    Commit commit;
    commit.puts.push_back(put(application, 0));
    Result<void> done = co_await store_.commit(std::move(commit));
    if (!done) co_return fail(std::move(done.error()));
    auto pointer = std::make_shared<const model::Application>(std::move(application));
    keep({pointer, 1});
    co_return pointer;
}

model::ApplicationId Applications::next_id() const {
    const std::lock_guard lock(mutex_);
    if (entries_.empty()) return model::default_application;
    return model::ApplicationId(entries_.rbegin()->first.value() + 1);
}

Task<Result<Applications::Pointer>> Applications::create(model::Application application,
                                                         Commit with) {
    for (int tried = 0; tried < change_tries_max; ++tried) {
        if (all().size() >= count_max)
            co_return fail(Code::too_large,
                           fmt::format("there are {} applications; more are not taken", count_max));
        application.id = next_id();
        Commit commit = with;
        commit.puts.push_back(put(application, 0));
        Result<void> done = co_await store_.commit(std::move(commit));
        if (done) {
            auto pointer = std::make_shared<const model::Application>(std::move(application));
            keep({pointer, 1});
            tell(pointer->id);
            co_return pointer;
        }
        if (done.error().code != Code::conflict) co_return fail(std::move(done.error()));
        Result<void> read = co_await read_all();
        if (!read) co_return fail(std::move(read.error()));
    }
    co_return fail(Code::conflict, "too many changes at once");
}

Task<Result<Applications::Pointer>> Applications::change(
    model::ApplicationId id, std::function<void(model::Application&)> edit, Commit with) {
    for (int tried = 0; tried < change_tries_max; ++tried) {
        const std::optional<Entry> current = entry(id);
        if (!current) co_return fail(Code::not_found, "no such application");
        model::Application changed = *current->application;
        edit(changed);
        Commit commit = with;
        commit.puts.push_back(put(changed, current->version));
        Result<void> done = co_await store_.commit(std::move(commit));
        if (done) {
            auto pointer = std::make_shared<const model::Application>(std::move(changed));
            keep({pointer, current->version + 1});
            tell(id);
            co_return pointer;
        }
        if (done.error().code != Code::conflict) co_return fail(std::move(done.error()));
        Result<void> read = co_await read_all();
        if (!read) co_return fail(std::move(read.error()));
    }
    co_return fail(Code::conflict, "too many changes at once");
}

Applications::Pointer Applications::find(model::ApplicationId id) const {
    const std::optional<Entry> found = entry(id);
    return found ? found->application : nullptr;
}

std::optional<Applications::Key> Applications::find_key(std::string_view secret_id) const {
    const std::lock_guard lock(mutex_);
    const auto found = keys_.find(secret_id);
    if (found == keys_.end()) return std::nullopt;
    return Key{entries_.at(found->second.application).application, found->second.secret_key};
}

std::vector<Applications::Pointer> Applications::all() const {
    const std::lock_guard lock(mutex_);
    std::vector<Pointer> applications;
    for (const auto& [id, entry] : entries_)
        applications.push_back(entry.application);
    return applications;
}

std::optional<Applications::Entry> Applications::entry(model::ApplicationId id) const {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(id);
    if (found == entries_.end()) return std::nullopt;
    return found->second;
}

void Applications::tell(model::ApplicationId id) {
    if (!heard_) return;
    const std::lock_guard lock(telling_);
    heard_(find(id));
}

void Applications::keep(Entry entry) {
    const std::lock_guard lock(mutex_);
    const model::ApplicationId id = entry.application->id;
    Entry& kept = entries_[id];
    if (kept.version >= entry.version) return;  // A later change was kept meanwhile.
    std::erase_if(keys_, [&](const auto& pair) { return pair.second.application == id; });
    for (const model::KeyPair& key : entry.application->keys)
        keys_.insert_or_assign(key.secret_id, KeyEntry{id, key.secret_key});
    kept = std::move(entry);
}

}  // namespace hookreel::store
