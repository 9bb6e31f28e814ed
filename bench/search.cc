// ./dev bench search: how long SearchMedia takes over many files.
//
//     ./dev bench search [--runs N] [--events FILES] [--json]
//
// FILES (default 1 million) are written into the store of a data folder in large commits, as
// records like those that uploads leave; then the server runs on it in a process of its own. One
// caller asks one query after the other over the signed API, 20 times per run, each kind in turn.
// The yardstick is DescribeMediaInfos of ten files: what an answer costs without a search.
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <thread>

#include "app/node.h"
#include "bench/figures.h"
#include "bench/vod_server.h"
#include "media/files/library.h"
#include "model/application.h"
#include "store/sqlite/sqlite_store.h"

namespace hookreel::bench {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::uint64_t files_default = 1'000'000;
constexpr std::uint64_t commit_files = 2'000;
constexpr int asks_per_run = 20;
constexpr std::string_view first_day = "2024-01-01T00:00:00Z";

[[noreturn]] void give_up(std::string_view why) {
    fmt::print(stderr, "search: {}\n", why);
    std::exit(1);
}

std::string file_id(std::uint64_t number) {
    return fmt::format("5{:018}", number * 7919 % 1'000'000'000'000'000'000ull);
}

// A file as an upload leaves it; one a minute, each hundredth only sound.
model::Asset file(std::uint64_t number) {
    constexpr std::array<std::string_view, 10> what = {
        "Summer holiday", "Board meeting", "Lecture on algebra", "Goal of the month",
        "Trailer",        "Unboxing",      "Winter walk",        "Interview",
        "Cooking pasta",  "Night drive"};
    constexpr std::array<std::string_view, 7> where = {
        "at the lake", "in Lisbon", "part two", "behind the scenes", "live", "uncut", "at home"};
    model::Asset asset;
    asset.id = model::FileId(file_id(number));
    asset.application = model::default_application;
    asset.name = fmt::format("{} {} {:07}", what[number % what.size()],
                             where[number / 3 % where.size()], number);
    asset.description = fmt::format("Recorded by team {}", number % 97);
    asset.tags = {fmt::format("team{}", number % 97), fmt::format("series{}", number / 100)};
    asset.type = number % 100 == 0 ? "mp3" : "mp4";
    asset.class_id = static_cast<std::int64_t>(number % 12);
    asset.created = asset.updated =
        parse_time(first_day).value() + std::chrono::minutes(static_cast<std::int64_t>(number));
    asset.path = fmt::format("1500000001/{}/{}/f0.{}", asset.id.text().substr(0, 2),
                             asset.id.text(), asset.type);
    asset.md5 = fmt::format("{:032x}", number);
    asset.size_bytes = 40'000'000;
    model::Metadata metadata;
    metadata.size_bytes = asset.size_bytes;
    metadata.container = asset.type;
    metadata.duration = 61.5;
    if (asset.type == "mp4") metadata.video.emplace_back();
    metadata.audio.emplace_back();
    asset.metadata = std::move(metadata);
    return asset;
}

Task<void> fill(store::Store* store, std::uint64_t count) {
    for (std::uint64_t number = 0; number < count;) {
        store::Commit commit;
        for (; number < count && commit.puts.size() < commit_files; ++number) {
            const model::Asset asset = file(number);
            commit.puts.push_back(
                {media::asset_key(asset.application, asset.id), to_json_text(asset), 0});
        }
        const Result<void> done = co_await store->commit(std::move(commit));
        if (!done) give_up(done.error().detail);
    }
}

void fill_folder(const std::string& folder, std::uint64_t count) {
    const SystemClock clock;
    const Log log(Level::error);
    store::SqliteOptions options;
    options.path = folder + "/hookreel.db";
    const auto store = store::SqliteStore::open(options, clock, log);
    if (!store) give_up(store.error().detail);
    Loop loop(1);
    TaskGroup group(loop.get_executor());
    group.spawn(fill(store->get(), count));
    loop.run();
    (*store)->close();
}

Task<void> be_server(app::Config config, app::Loops* loops, const Log* log, int out) {
    const Result<std::unique_ptr<app::Node>> node = co_await app::Node::start(config, *loops, *log);
    if (!node) give_up(node.error().detail);
    write_text(out, (*node)->url() + "\n");
    co_await sleep_for(std::chrono::hours(1));
}

[[noreturn]] void run_server(const std::string& folder, int out) {
    // While files are counted it says that it cannot search, once for each time it is asked.
    const Log log(Level::error, -1);
    app::Loops loops(2);
    TaskGroup group(loops.first().get_executor());
    group.spawn(be_server(server_config(folder), &loops, &log, out));
    loops.run();
    ::_exit(0);
}

struct Question {
    std::string what;
    std::string action;
    std::string body;
};

std::string ids(std::uint64_t count) {
    std::string list;
    for (std::uint64_t i = 0; i < 10; ++i)
        list += fmt::format("{}\"{}\"", i ? "," : "", file_id(count / 10 * i));
    return "\"FileIds\":[" + list + "]";
}

std::vector<Question> questions(std::uint64_t count) {
    const auto search = [](std::string what, std::string parameters) {
        return Question{std::move(what), "SearchMedia", "{" + std::move(parameters) + "}"};
    };
    const std::string middle = fmt::format("{:07}", count / 2);
    return {
        search("newest first", ""),
        search("oldest first", R"("Sort":{"Field":"CreateTime","Order":"Asc"})"),
        search("deep page: Offset 4990", R"("Offset":4990)"),
        search("name begins, a tenth fit", R"("NamePrefixes":["winter"])"),
        search("name begins, none fit", R"("NamePrefixes":["zebra"])"),
        search("name has a word, a tenth fit", R"("Names":["holiday"])"),
        search("name has a word, one fits", "\"Names\":[\"" + middle + "\"]"),
        search("text in name or description, none", R"("Text":"zebra")"),
        search("tag, a hundred fit", fmt::format(R"("Tags":["series{}"])", count / 200)),
        search("category Audio, a hundredth", R"("Categories":["Audio"])"),
        search("class and category, none fit", R"("ClassIds":[5],"Categories":["Image"])"),
        search("a day long ago",
               R"("CreateTime":{"After":"2024-02-01T00:00:00Z","Before":"2024-02-02T00:00:00Z"})"),
        search("ten ids", ids(count)),
        {"yardstick: DescribeMediaInfos of ten", "DescribeMediaInfos", "{" + ids(count) + "}"},
    };
}

// In milliseconds.
double since(Steady::time_point begin) {
    return std::chrono::duration<double, std::milli>(Steady::now() - begin).count();
}

Task<void> ask_all(VodServer* server, std::vector<Question> all, int rounds,
                   std::vector<Figure>* figures) {
    // Until its files are counted, it says that it cannot search yet.
    const auto begin = Steady::now();
    for (bool is_ready = false; !is_ready;) {
        const auto answer = co_await call(*server, "SearchMedia", "{}");
        if (!answer) give_up(answer.error().detail);
        is_ready = answer->body.find("\"Error\"") == std::string::npos;
        if (!is_ready) co_await sleep_for(Duration(20));
    }
    figures->push_back({"start until files are found", "ms", {since(begin)}});
    for (const Question& question : all)
        figures->push_back({question.what, "ms", {}});
    for (int round = 0; round < rounds; ++round)
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto asked = Steady::now();
            const auto answer = co_await call(*server, all[i].action, all[i].body);
            if (!answer) give_up(answer.error().detail);
            if (answer->body.find("\"Error\"") != std::string::npos) give_up(answer->body);
            (*figures)[i + 1].runs.push_back(since(asked));
        }
    server->client.close();
}

int run(const Options& options) {
    const std::uint64_t count = options.events > 0 ? options.events : files_default;
    const Folder folder;
    fill_folder(folder.path(), count);
    int from_server[2];
    if (::pipe(from_server) != 0) std::abort();
    const pid_t server = ::fork();
    if (server == 0) run_server(folder.path(), from_server[1]);

    Loop loop(1);
    http::ClientOptions client_options;
    if (!client_options.rules.allow("127.0.0.1")) std::abort();
    http::Client client(loop, client_options);
    VodServer called{client, http::parse_url(read_line(from_server[0])).value()};
    std::vector<Figure> figures;
    TaskGroup group(loop.get_executor());
    group.spawn(ask_all(&called, questions(count), options.runs * asks_per_run, &figures));
    loop.run();
    ::kill(server, SIGKILL);
    ::waitpid(server, nullptr, 0);
    for (int descriptor : from_server)
        ::close(descriptor);
    utsname machine{};
    ::uname(&machine);
    print(fmt::format("search: {} files, {} calls of each kind over the signed API, one at a time; "
                      "{} cores, kernel {}",
                      count, options.runs * asks_per_run, std::thread::hardware_concurrency(),
                      machine.release),
          figures, options.form);
    return 0;
}

}  // namespace
}  // namespace hookreel::bench

int main(int argc, char** argv) {
    return hookreel::bench::run(hookreel::bench::read_options(argc, argv));
}
