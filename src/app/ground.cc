#include "app/ground.h"

#include <fmt/format.h>

#include <filesystem>

namespace hookreel::app {

Task<Result<Ground>> lay_ground(const Config& config, const Clock& clock, const Log& log) {
    std::error_code error;
    std::filesystem::create_directories(config.data_dir, error);
    if (error)
        co_return fail(
            Code::unavailable,
            fmt::format("cannot make the data folder {}: {}. Choose another with --data-dir.",
                        config.data_dir, error.message()));
    std::string folder = std::filesystem::absolute(config.data_dir).lexically_normal().string();
    while (folder.size() > 1 && folder.ends_with('/'))
        folder.pop_back();

    store::SqliteOptions options;
    options.path = folder + "/hookreel.db";
    Result<std::unique_ptr<store::SqliteStore>> store =
        store::SqliteStore::open(options, clock, log);
    if (!store)
        co_return fail(store.error().code,
                       fmt::format("cannot open {}: {}. `hookreel doctor` looks at the folder.",
                                   options.path, store.error().detail));

    auto applications = std::make_unique<store::Applications>(**store);
    std::optional<model::KeyPair> given;
    if (!config.secret_id.empty()) given = model::KeyPair{config.secret_id, config.secret_key};
    Result<std::optional<model::KeyPair>> made = co_await applications->load(given, clock.now());
    if (!made) co_return fail(std::move(made.error()));
    auto endpoints = std::make_unique<store::Endpoints>(**store);
    auto consumers = std::make_unique<store::Consumers>(**store);
    auto keys = std::make_unique<store::AccessKeys>(**store);
    if (Result<void> done = co_await endpoints->load(); !done)
        co_return fail(std::move(done.error()));
    if (Result<void> done = co_await consumers->load(); !done)
        co_return fail(std::move(done.error()));
    if (Result<void> done = co_await keys->load(); !done) co_return fail(std::move(done.error()));
    co_return Ground{std::move(folder),    std::move(*store),    std::move(applications),
                     std::move(endpoints), std::move(consumers), std::move(keys),
                     std::move(*made)};
}

}  // namespace hookreel::app
