// A receiver of webhooks made of unmodified libraries. It prints its port, then a line of JSON for
// each request: what the libraries made of it. Secrets come as lines of JSON on the standard input:
// {"path": "/a", "secret": "whsec_…"}; each is answered by the line {"known": "/a"}.
const http = require("node:http");
const readline = require("node:readline");
const { Webhook } = require("standardwebhooks");
const svix = require("svix");
const { HTTP } = require("cloudevents");

const secrets = new Map();

function say(value) {
  console.log(JSON.stringify(value));
}

function attempt(work) {
  try {
    return work();
  } catch (error) {
    return { error: error.constructor.name };
  }
}

function take(path, headers, body) {
  const secret = secrets.get(path);
  const text = body.toString();
  return {
    path,
    id: headers["webhook-id"],
    signature: headers["webhook-signature"],
    standardwebhooks: attempt(() => new Webhook(secret).verify(text, headers)),
    svix: attempt(() => new svix.Webhook(secret).verify(text, headers)),
    tampered: attempt(() => new Webhook(secret).verify(`${text} `, headers)),
    cloudevents: attempt(() => HTTP.toEvent({ headers, body: text })),
  };
}

const server = http.createServer((request, response) => {
  const pieces = [];
  request.on("data", (piece) => pieces.push(piece));
  request.on("end", () => {
    say(take(request.url, request.headers, Buffer.concat(pieces)));
    response.writeHead(204).end();
  });
});

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const { path, secret } = JSON.parse(line);
  secrets.set(path, secret);
  say({ known: path });
}).on("close", () => process.exit(0));

server.listen(0, "127.0.0.1", () => say({ port: server.address().port }));
