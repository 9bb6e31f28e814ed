#include "app/node.h"

#include "api/health.h"
#include "api/native_api.h"
#include "api/playback.h"
#include "app/callback_trouble.h"
#include "app/ground.h"
#include "app/janitor.h"
#include "app/media_settings.h"
#include "app/process_figures.h"
#include "app/queue_figures.h"
#include "app/receiver_handshake.h"
#include "app/tracing/traces.h"
#include "delivery/http_transport.h"
#include "delivery/overseer.h"
#include "delivery/senders.h"
#include "dialect/cos/objects.h"
#include "dialect/standard/events/announcer.h"
#include "dialect/standard/events/event_types.h"
#include "dialect/standard/sending/cloud_events.h"
#include "dialect/standard/sending/webhook.h"
#include "dialect/tencent_vod/api.h"
#include "dialect/tencent_vod/events/announcer.h"
#include "dialect/tencent_vod/events/callback.h"
#include "dialect/tencent_vod/events/external_json.h"
#include "http/client/client.h"
#include "http/server/server.h"
#include "media/agenda/local_agenda.h"
#include "media/drawings/local_drawings.h"
#include "media/editing/edit_job.h"
#include "media/external/external_workers.h"
#include "media/ffmpeg/ffprobe.h"
#include "media/files/local_library.h"
#include "media/procedures/local_procedures.h"
#include "media/pulls/pull_workers.h"
#include "media/steps/film_muxer.h"
#include "media/steps/step_runner.h"
#include "media/tasks/local_tasks.h"
#include "media/tasks/service_parts.h"
#include "media/tasks/task_workers.h"
#include "media/templates/local_templates.h"
#include "media/uploads/local_uploads.h"
#include "model/queue.h"
#include "process/sandbox.h"
#include "store/announcers.h"

namespace hookreel::app {
namespace {

namespace standard = dialect::standard;
namespace vod = dialect::tencent_vod;
using CloudEvents = standard::CloudEventsRenderer;

const SystemClock system_clock;

constexpr int file_threads = 2;
constexpr Duration request_grace{3'000};
constexpr Duration delivery_grace{5'000};
constexpr Duration trace_grace{2'000};

std::string own_url(const Config& config, std::uint16_t port) {
    const bool v6 = config.host.find(':') != std::string::npos;
    return fmt::format("{}://{}:{}", config.tls_certificate.empty() ? "http" : "https",
                       v6 ? "[" + config.host + "]" : config.host, port);
}

http::ServerOptions server_options(const Config& config) {
    http::ServerOptions options;
    options.address = config.host;
    options.port = config.port;
    options.certificate_file = config.tls_certificate;
    options.private_key_file = config.tls_private_key;
    return options;
}

http::ClientOptions client_options(const Config& config) {
    http::ClientOptions options;
    options.ca_file = config.ca_file;
    options.proxy = config.egress_proxy;
    for (const std::string& cidr : config.allowed_addresses)
        if (Result<void> fine = options.rules.allow(cidr); !fine)
            std::abort();  // read_config has checked it.
    return options;
}

// Services and the collector of traces are the operator's own choice, so they may be anywhere, and
// no proxy is between.
http::ClientOptions operator_client_options(const Config& config) {
    http::ClientOptions options;
    options.ca_file = config.ca_file;
    for (const char* everywhere : {"0.0.0.0/0", "::/0"})
        if (Result<void> fine = options.rules.allow(everywhere); !fine) std::abort();
    return options;
}

media::WriteRequest external_request_with(const std::string& secret) {
    model::Endpoint signer;
    if (!secret.empty()) signer.secrets.push_back({.value = secret});
    return [signer](std::string id, std::string body) {
        standard::Content content{std::move(id), "application/json", std::move(body)};
        return standard::signed_post(signer, std::move(content), system_clock.now());
    };
}

std::function<std::string(std::string_view)> trouble_with(http::AddressRules rules) {
    return
        [rules = std::move(rules)](std::string_view url) { return callback_trouble(rules, url); };
}

media::WorkerOptions worker_options(const Config& config) {
    media::WorkerOptions options;
    options.jobs_max = config.jobs > 0 ? config.jobs : media::default_jobs_max();
    return options;
}

delivery::SenderLimits sender_limits(const Config& config) {
    delivery::SenderLimits limits;
    limits.health.disable_after = config.disable_after;
    return limits;
}

// What the native API is told of this server and of the dialects that endpoints may have.
api::NativeApi::Values api_values(const Config& config, const dialect::MediaUrls& urls) {
    api::NativeApi::Values values;
    values.catalogue = standard::event_types(urls);
    for (const char* name :
         {"standard", "cloudevents_structured", "cloudevents_binary", "cloudevents_batched"})
        values.dialects.push_back({name, standard::schedule()});
    values.owner_token = config.api_token;
    values.settings.requests_per_second = config.api_rate;
    values.settings.address_rules = client_options(config).rules;
    return values;
}

// What callbacks need on one loop.
struct Outgoing {
    http::Client client;
    delivery::HttpTransport transport;
    Outgoing(Loop& loop, const http::ClientOptions& options)
        : client(loop, options), transport(client) {}
};

std::vector<std::unique_ptr<Outgoing>> outgoing_of(Loops& loops, const Config& config) {
    std::vector<std::unique_ptr<Outgoing>> all;
    for (Loop* loop : loops.all())
        all.push_back(std::make_unique<Outgoing>(*loop, client_options(config)));
    return all;
}

std::vector<delivery::Senders::Place> places_of(
    Loops& loops, const std::vector<std::unique_ptr<Outgoing>>& outgoing) {
    std::vector<delivery::Senders::Place> places;
    const std::vector<Loop*> all = loops.all();
    for (std::size_t i = 0; i < all.size(); ++i)
        places.push_back({*all[i], outgoing[i]->transport});
    return places;
}

std::unique_ptr<Traces> traces_of(Loop& loop, const Config& config, const Log& log) {
    if (!config.otlp_endpoint) return nullptr;
    TraceSettings settings{.ca_file = config.ca_file, .version = HOOKREEL_VERSION, .exporter = {}};
    settings.exporter.endpoint = *config.otlp_endpoint;
    for (const auto& [name, value] : config.otlp_headers)
        settings.exporter.headers.add(name, value);
    return std::make_unique<Traces>(loop, std::move(settings), log);
}

// What is short can be guessed from afar.
void warn_of_short_token(const Config& config, const Log& log) {
    constexpr std::size_t characters_min = 16;
    if (!config.api_token.empty() && config.api_token.size() < characters_min)
        log.warning("the API token is short: choose at least 16 characters");
}

vod::ApiSettings vod_settings(const Config& config) {
    return {config.vod_strict ? vod::Unknown::refused : vod::Unknown::ignored,
            config.vod_rates ? vod::Rates::platform : vod::Rates::lifted};
}

// The door of the server: open when the parts behind it are.
struct Door {
    std::atomic<const Parts*> parts{nullptr};
};

Task<http::Response> enter(const Door& door, http::Request& request) {
    const Parts* parts = door.parts.load(std::memory_order_acquire);
    if (parts == nullptr) co_return starting(request.head());
    co_return co_await route(*parts, request);
}

}  // namespace

// The parts, each below what uses it.
struct Node::House {
    House(const Config& config, Loops& loops, const Log& log_to, Ground on, std::string served_at);

    const Log& log;
    Ground ground;
    std::string url;
    std::unique_ptr<Traces> traces;  // Null: none are sent.
    std::optional<model::LinkSigner> link_signer;
    dialect::MediaUrls media_urls;

    process::Sandbox sandbox;
    media::FfprobeProber prober;
    media::FileThreads files;
    media::FilmMuxer muxer;
    vod::Announcer vod_announcer;
    standard::Announcer standard_announcer;
    store::Announcers announcer;
    media::Catalog catalog;
    media::LocalProcedures procedures;
    media::LocalTemplates templates;
    media::LocalDrawings drawings;
    media::LocalLibrary library;
    media::LocalUploads uploads;
    media::LiveTasks live_tasks;
    media::LocalTasks tasks;
    media::StepRunner steps;
    media::LiveEdits live_edits;
    media::LocalEdits edits;
    std::optional<media::EditWorker> edit_worker;
    std::optional<media::TaskWorkers> workers;
    media::LivePulls live_pulls;
    media::LocalPulls pulls;
    std::optional<media::PullWorkers> pull_workers;

    http::Client external_client;
    media::HttpExternalService external_service;
    media::LocalExternalTasks external_tasks;
    std::optional<media::ExternalWorkers> external_workers;
    std::optional<media::ExternalWorkers> part_workers;
    media::LocalAgenda agenda;

    std::vector<std::unique_ptr<Outgoing>> outgoing;
    vod::CallbackRenderer vod_renderer;
    standard::WebhookRenderer standard_renderer;
    CloudEvents structured_renderer{CloudEvents::Mode::structured};
    CloudEvents binary_renderer{CloudEvents::Mode::binary};
    CloudEvents batched_renderer{CloudEvents::Mode::batched};
    delivery::Renderers renderers{{"tencent_vod", &vod_renderer},
                                  {"standard", &standard_renderer},
                                  {"cloudevents_structured", &structured_renderer},
                                  {"cloudevents_binary", &binary_renderer},
                                  {"cloudevents_batched", &batched_renderer}};
    delivery::EndpointOverseer overseer;
    delivery::Senders senders;

    vod::VodApi api;
    dialect::cos::ObjectEndpoint objects;
    api::LinkGuard link_guard;
    api::Playback playback;
    ReceiverHandshake handshake;
    api::NativeApi native_api;
    QueueFigures queue_figures;
    Parts parts;
    TaskGroup background;

    std::unique_ptr<Door> door;
    std::unique_ptr<http::Server> server;

    // Finishes what a crash cut.
    Task<Result<void>> recover(const media::PullOptions& pulling);
    // Each endpoint and each application's callback has its sender, now and after each change.
    void follow_settings();
    void ask_services(Loops& loops, media::ExternalOptions options);
    Parts make_parts();
    api::UploadPorts upload_ports();
    SpanSink* spans() const { return traces ? &traces->exporter : nullptr; }
    Task<http::Response> metrics();
    // What somebody asked to send again by hand.
    void send_now(const store::Delivery& delivery);
    void write_metrics(MetricsText& text) const;
    void write_http_metrics(MetricsText& text) const;
    std::vector<PulledQueue> pulled_queues(const Retention& retention) const;
};

Node::House::House(const Config& config, Loops& loops, const Log& log_to, Ground on,
                   std::string served_at)
    : log(log_to),
      ground(std::move(on)),
      url(std::move(served_at)),
      traces(traces_of(loops.first(), config, log)),
      link_signer(app::link_signer(config, system_clock)),
      media_urls{(config.public_url.empty() ? url : config.public_url) + "/media",
                 link_signer ? &*link_signer : nullptr},
      sandbox(process::strictest_isolation(log)),
      prober(sandbox, "/usr/bin/ffprobe"),
      files(file_threads),
      muxer({sandbox, prober, files, log, step_options(ground.data_folder + "/media")}),
      vod_announcer(*ground.applications, media_urls),
      standard_announcer({*ground.endpoints, *ground.consumers}, media_urls),
      announcer({&vod_announcer, &standard_announcer}),
      procedures(*ground.store, system_clock),
      templates(*ground.store, system_clock, files, ground.data_folder + "/media"),
      drawings({*ground.store, system_clock, files, procedures, log},
               ground.data_folder + "/media"),
      library({*ground.store, announcer, system_clock, files, catalog, log},
              ground.data_folder + "/media"),
      uploads({*ground.store, announcer, prober, system_clock, files, catalog, procedures, muxer},
              upload_options(config, ground.data_folder)),
      tasks(*ground.store, system_clock, live_tasks),
      steps({sandbox, prober, files, log, step_options(ground.data_folder + "/media")}),
      edits(*ground.store, system_clock, live_edits),
      pulls(*ground.store, system_clock, live_pulls),
      external_client(loops.first(), operator_client_options(config)),
      external_service(external_client, config.external_services,
                       external_request_with(config.external_secret)),
      external_tasks(*ground.store, system_clock, external_service),
      agenda(*ground.store, system_clock, live_tasks, log),
      outgoing(outgoing_of(loops, config)),
      overseer({*ground.endpoints, announcer, system_clock, log}),
      senders(places_of(loops, outgoing),
              {*ground.store, renderers, system_clock, log, &overseer, spans()},
              sender_limits(config)),
      api({*ground.store, *ground.applications, *ground.keys, uploads, tasks, library, pulls, edits,
           external_tasks, agenda, procedures, templates, drawings, system_clock, log, media_urls,
           Duration(5'000), trouble_with(client_options(config).rules)},
          vod_settings(config)),
      objects(uploads, system_clock, log),
      link_guard(config.media_key, public_path(config), system_clock),
      playback(library, files, link_guard),
      handshake(places_of(loops, outgoing)),
      native_api(
          {*ground.store, *ground.applications, *ground.endpoints, *ground.consumers, *ground.keys,
           announcer, system_clock, log, upload_ports(), &handshake,
           [this](const store::Delivery& delivery) { send_now(delivery); },
           [this](std::vector<model::EndpointId> ids) { return senders.standings(std::move(ids)); },
           spans()},
          api_values(config, media_urls)),
      queue_figures(*ground.store, system_clock),
      parts(make_parts()),
      background(loops.first().get_executor()) {}

void Node::House::send_now(const store::Delivery& delivery) {
    constexpr std::string_view prefix = "endpoint/";
    const std::string& queue = delivery.queue.text();
    if (queue.starts_with(prefix))
        senders.send_now(model::EndpointId(queue.substr(prefix.size())), delivery.event);
}

Task<Result<void>> Node::House::recover(const media::PullOptions& pulling) {
    Result<void> done = co_await uploads.recover();
    if (done) done = co_await library.recover();
    if (done) done = co_await templates.recover();
    if (done) done = co_await drawings.recover();
    if (done) done = co_await media::PullWorkers::recover(*ground.store, files, pulling);
    co_return done;
}

void Node::House::follow_settings() {
    ground.applications->listen([this](const store::Applications::Pointer& application) {
        senders.set(delivery::share(vod::callback_endpoint(*application)));
    });
    for (const store::Applications::Pointer& application : ground.applications->all())
        senders.set(delivery::share(vod::callback_endpoint(*application)));
    ground.endpoints->listen([this](auto change, const auto& endpoint) {
        if (change == store::Change::set)
            senders.set(endpoint);
        else
            senders.remove(endpoint->id);
    });
    for (const store::Endpoints::Pointer& endpoint : ground.endpoints->all())
        senders.set(endpoint);
}

api::UploadPorts Node::House::upload_ports() {
    return {uploads, uploads.resumable(),
            [this](std::string_view path) { return media_urls.of(path); }};
}

Parts Node::House::make_parts() {
    Parts made;
    made.vod_api = [this](http::Request& request) { return api.handle(request); };
    made.objects = [this](http::Request& request) { return objects.handle(request); };
    made.playback = [this](http::Request& request) { return playback.handle(request); };
    made.native_api = [this](http::Request& request) { return native_api.handle(request); };
    made.healthz = [] { return api::healthz(); };
    made.readyz = [this] { return api::readyz(*ground.store); };
    made.metrics = [this] { return metrics(); };
    made.spans = spans();
    return made;
}

Task<http::Response> Node::House::metrics() {
    const store::QueueTotals totals = co_await queue_figures.read();
    co_return api::metrics([&](MetricsText& text) {
        write_metrics(text);
        app::write_metrics(text, totals, system_clock.now());
    });
}

// By two crews: tasks of their own, and parts of the tasks on files.
void Node::House::ask_services(Loops& loops, media::ExternalOptions options) {
    media::ExternalTools tools{*ground.store,
                               announcer,
                               system_clock,
                               external_service,
                               log,
                               [this](std::string_view path) { return media_urls.of(path); },
                               vod::checked_external_output,
                               vod::findings_of,
                               catalog,
                               options};
    const Executor executor = loops.first().get_executor();
    external_workers.emplace(executor, tools, model::external_queues(), media::ask_for_task);
    part_workers.emplace(executor, std::move(tools), model::outside_queues(), media::ask_for_part);
}

void Node::House::write_metrics(MetricsText& text) const {
    text.gauge("hookreel_build_info", "1; the version is in the label.",
               fmt::format(R"(version="{}")", HOOKREEL_VERSION), 1);
    write_http_metrics(text);
    delivery::write_metrics(text, senders.counters());
    ground.store->write_metrics(text);
    if (workers) workers->write_metrics(text);
    if (traces) traces->exporter.write_metrics(text);
    write_process_metrics(text);
}

void Node::House::write_http_metrics(MetricsText& text) const {
    const http::ServerCounters& http = server->counters();
    text.counter("hookreel_http_requests_total", "Requests taken.", "", http.requests.value());
    text.counter("hookreel_http_bad_requests_total", "Requests refused as no HTTP.", "",
                 http.bad_requests.value());
    text.counter("hookreel_http_connections_total", "Connections accepted.", "",
                 http.connections.value());
    text.counter("hookreel_http_timeouts_total", "Connections cut by a deadline.", "",
                 http.timeouts.value());
}

std::vector<PulledQueue> Node::House::pulled_queues(const Retention& retention) const {
    std::vector<PulledQueue> queues;
    for (const store::Applications::Pointer& application : ground.applications->all())
        queues.push_back({model::reel_queue(application->id), model::reel_retention});
    for (const store::Consumers::Pointer& consumer : ground.consumers->all())
        queues.push_back(
            {model::consumer_queue(consumer->application, consumer->name), retention.archive});
    return queues;
}

Node::Node(std::unique_ptr<House> house) : house_(std::move(house)) {}
Node::~Node() = default;

Task<Result<std::unique_ptr<Node>>> Node::start(const Config& config, Loops& loops,
                                                const Log& log) {
    Result<Ground> ground = co_await lay_ground(config, system_clock, log);
    if (!ground) co_return fail(std::move(ground.error()));

    // The port is bound first, because links to media carry it; requests are answered when all
    // stands.
    auto door = std::make_unique<Door>();
    http::Handler handler = [at = door.get()](http::Request& request) {
        return enter(*at, request);
    };
    auto server = std::make_unique<http::Server>(loops.all(), server_options(config),
                                                 std::move(handler), log);
    if (Result<void> bound = server->start(); !bound) co_return fail(std::move(bound.error()));

    std::string url = own_url(config, server->port());
    auto house = std::make_unique<House>(config, loops, log, std::move(*ground), std::move(url));
    house->door = std::move(door);
    house->server = std::move(server);
    house->catalog.quota().limit(config.application_quota_mib << 20);
    const media::PullOptions pulling = pull_options(config, house->ground.data_folder);
    if (Result<void> done = co_await house->recover(pulling); !done)
        co_return fail(std::move(done.error()));

    if (Result<void> done = co_await house->native_api.load(); !done)
        co_return fail(std::move(done.error()));
    warn_of_short_token(config, log);

    House* at = house.get();
    at->follow_settings();
    media::JobTools tools{*at->ground.store, at->announcer, system_clock,
                          at->steps,         at->templates, at->catalog,
                          at->live_tasks,    log,           worker_options(config)};
    at->edit_worker.emplace(
        media::EditTools{*at->ground.store, at->announcer, system_clock,
                         media::StepTools{at->sandbox, at->prober, at->files, log,
                                          step_options(at->ground.data_folder + "/media")},
                         at->procedures, at->catalog, at->live_edits, log, worker_options(config)});
    at->workers.emplace(loops.first().get_executor(), tools, &*at->edit_worker);
    media::PullTools pull_tools{
        *at->ground.store, at->announcer,  system_clock, at->outgoing.front()->client,
        at->files,         at->prober,     at->muxer,    at->procedures,
        at->catalog,       at->live_pulls, log,          pulling};
    at->pull_workers.emplace(loops.first().get_executor(), std::move(pull_tools));
    at->ask_services(loops, external_options(config));
    at->background.spawn(at->uploads.tend());
    at->background.spawn(at->native_api.tend());
    at->background.spawn(at->library.tend());
    at->background.spawn(at->drawings.tend());
    at->background.spawn(at->agenda.tend());
    if (at->traces) at->background.spawn(at->traces->exporter.tend());
    Retention retention;
    retention.archive = config.event_retention;
    retention.attempts = config.attempt_retention;
    at->background.spawn(keep_clean(
        *at->ground.store, [at, retention] { return at->pulled_queues(retention); }, retention,
        system_clock, log));
    at->door->parts.store(&at->parts, std::memory_order_release);
    co_return std::unique_ptr<Node>(new Node(std::move(house)));
}

Task<void> Node::stop() {
    House& house = *house_;
    house.background.cancel();
    // Side by side: it takes as long as the longest of them, and all must fit into 10 s.
    TaskGroup ends(house.background.executor());
    ends.spawn(house.server->stop(request_grace));
    ends.spawn(house.workers->stop());
    ends.spawn(house.pull_workers->stop());
    ends.spawn(house.external_workers->stop());
    ends.spawn(house.part_workers->stop());
    ends.spawn(house.senders.stop(delivery_grace));
    co_await ends.join();
    co_await house.background.join();
    if (house.traces) co_await house.traces->exporter.stop(trace_grace);
    house.ground.store->close();
    house.external_client.close();
    for (const auto& out : house.outgoing)
        out->client.close();
    if (house.traces) house.traces->client.close();
}

const std::string& Node::url() const {
    return house_->url;
}

store::Store& Node::store() {
    return *house_->ground.store;
}

const std::optional<model::KeyPair>& Node::new_keys() const {
    return house_->ground.new_keys;
}

}  // namespace hookreel::app
